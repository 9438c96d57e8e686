package routes

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// maxDepth is how many steps are followed from an expression to what it stands
// for, so that a circle ends.
const maxDepth = 10

// A finder looks at one package.
type finder struct {
	*index
	fset   *token.FileSet
	others Results
	of     func(*types.Func) *finder // that of the package of a function; nil if unknown
}

func newFinder(files []*ast.File, info *types.Info, fset *token.FileSet, others Results) *finder {
	f := &finder{index: newIndex(files, info), fset: fset, others: others}
	f.of = func(*types.Func) *finder { return f }
	return f
}

// A tally is what is found in packages.
type tally struct {
	Found
	made       []token.Position        // where webapi.Handle and webapi.HandleList are called, or handed on
	registered map[token.Position]bool // those of them whose handler a registration has
}

// add adds what the package registers.
func (f *finder) add(t *tally) {
	var visit func(ast.Node) bool
	visit = f.alive(func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		r, ok := f.registration(call)
		if !ok {
			return true
		}
		t.add(r)
		ast.Inspect(call.Fun, visit) // the arguments are wrappers of the handler
		return false
	})
	for _, file := range f.files {
		ast.Inspect(file, visit)
		ast.Inspect(file, f.alive(t.noteMade(f)))
	}
}

// noteMade returns a visitor that notes where handlers are made. Where Handle is
// not called but handed on, nobody knows.
func (t *tally) noteMade(f *finder) func(ast.Node) bool {
	called := map[types.Object]int{}
	return func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if fn := f.callee(n); f.isHandle(fn) {
				called[fn]++
				t.made = append(t.made, f.fset.Position(n.Pos()))
			}
		case *ast.Ident:
			fn, ok := f.info.Uses[n].(*types.Func)
			if !ok || !f.isHandle(fn) {
				break
			}
			if called[fn]--; called[fn] < 0 {
				called[fn] = 0
				t.made = append(t.made, f.fset.Position(n.Pos()))
			}
		}
		return true
	}
}

// add adds the routes of a registration.
func (t *tally) add(r registration) {
	for _, h := range r.handlers {
		t.registered[h.Pos] = true
		if !h.known() || r.route.Pattern == "" {
			r.read = false
			continue
		}
		r.route.Handler = h
		t.Routes = append(t.Routes, r.route)
	}
	if !r.read && !r.dropped {
		t.Unread = append(t.Unread, r.route.Pos)
	}
}

// found returns what is found in all packages. A handler that no registration has
// is registered in a way that is not understood, or where nobody has looked.
func (t *tally) found() Found {
	for _, pos := range t.made {
		if !t.registered[pos] {
			t.Unread = append(t.Unread, pos)
		}
	}
	slices.SortFunc(t.Unread, func(a, b token.Position) int {
		return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Offset, b.Offset))
	})
	t.Unread = slices.Compact(t.Unread)
	return t.Found
}

// alive returns a visitor that passes over what stands below if false.
func (f *finder) alive(visit func(ast.Node) bool) func(ast.Node) bool {
	var alive func(ast.Node) bool
	alive = func(n ast.Node) bool {
		if branch, ok := n.(*ast.IfStmt); ok && f.isFalse(branch.Cond) {
			if branch.Else != nil {
				ast.Inspect(branch.Else, alive)
			}
			return false
		}
		return visit(n)
	}
	return alive
}

// isFalse reports whether an expression is false itself. What a constant says may
// be otherwise in another build.
func (f *finder) isFalse(e ast.Expr) bool {
	return f.object(e) == types.Universe.Lookup("false")
}

// isServeMux reports whether an expression is an http.ServeMux, or net/http with
// its own.
func (f *finder) isServeMux(e ast.Expr) bool {
	if f.packageOf(e) == "net/http" {
		return true
	}
	of, ok := resource(f.info.TypeOf(e))
	return ok && of == Resource{"net/http", "ServeMux"}
}
