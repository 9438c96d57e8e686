package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
)

// An early is what a handler does although no guard has let the request through.
type early struct {
	pos    token.Pos // of the call or the return; NoPos if nothing is known
	reason string
}

// in returns a handler that does it.
func (e early) in(h Handler) Handler {
	h.Unknown, h.Past = e.reason, e.pos
	return h
}

// readEarly records what a body that asks a guard does although no guard has let the request
// through: it writes an answer that is no error, or changes data.
func (in *interp) readEarly(r *reading, block *ast.BlockStmt) {
	skip := map[token.Pos]bool{} // calls that ask, and those of handlers behind guards
	for _, a := range r.asks {
		skip[a.call] = true
	}
	for _, i := range r.items {
		skip[i.pos] = skip[i.pos] || len(i.guards) > 0 || i.router != nil || !i.next && !i.self
	}
	in.trace(block)
	walk(block, in.pkg.Info, func(n ast.Node, stack []ast.Node) bool {
		if skip[n.Pos()] {
			in.recordsInto(n)
			return false
		}
		denied := false // a guard may have denied the request here
		for _, a := range r.asks {
			if between(a.from, n.Pos(), a.to) {
				call, ok := n.(*ast.CallExpr)
				r.answers = r.answers || ok && in.getsWriter(call)
				return true
			}
			denied = denied || between(a.call, n.Pos(), a.from)
		}
		if r.early.pos.IsValid() {
			return true
		}
		what := ""
		switch n := n.(type) {
		case *ast.CallExpr:
			if !denied && in.changes(n, 0) || in.responds(n, stack, denied, 0) {
				what = "calls " + types.ExprString(n.Fun)
			}
		case *ast.ReturnStmt:
			if len(n.Results) == 1 && skip[n.Results[0].Pos()] {
				return false
			}
			if x, ok := in.returnsAnswer(n, stack, denied); ok {
				what = strings.TrimSpace("returns " + x)
			}
		}
		if what != "" {
			r.early = pastGuard(n.Pos(), what)
		}
		return true
	})
}

// recordsInto records the variable that a guarded handler is given to write to, if that is not the
// http.ResponseWriter itself.
func (in *interp) recordsInto(n ast.Node) {
	for n := range ast.Preorder(n) {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
			if t := in.pkg.Info.TypeOf(call.Args[0]); isWriter(t) && !types.IsInterface(t) && Ident(call.Args[0]) != nil {
				in.recorders[in.pkg.Info.Uses[Ident(call.Args[0])]] = true
			}
		}
	}
}

// besides returns what a body does before or after the guards in the rest of its chain: it answers,
// or changes data. What runs after the rest may answer where that was not aborted: in an if that says
// so, or after one that returns otherwise.
func (in *interp) besides(block *ast.BlockStmt, pkg *Package) (e early) {
	ran, let := false, token.NoPos // where the rest has run, and from where on it was not aborted
	in.inPackage(pkg, func() {
		in.trace(block)
		walk(block, pkg.Info, func(n ast.Node, stack []ast.Node) bool {
			switch n := n.(type) {
			case *ast.IfStmt:
				if ran && !let.IsValid() && slices.Contains(block.List, ast.Stmt(n)) && in.isAborted(n.Cond) && returns(n.Body) {
					let = n.End()
				}
				not, ok := ast.Unparen(n.Cond).(*ast.UnaryExpr)
				return !(ran && n.Else == nil && ok && not.Op == token.NOT && in.isAborted(not.X))
			case *ast.CallExpr:
				through := let.IsValid() && n.Pos() > let
				if !through && !e.pos.IsValid() && (in.responds(n, stack, ran, 0) || !ran && in.changes(n, 0)) {
					e = pastGuard(n.Pos(), "calls "+types.ExprString(n.Fun))
				}
				ran = ran || callsNext(n, pkg.Info)
			}
			return true
		})
	})
	return e
}

// pastGuard returns what a handler does at a position.
func pastGuard(pos token.Pos, what string) early {
	return early{pos, "its handler " + what + " although no guard has let the request through"}
}

// returnsAnswer reports whether a statement returns an answer, as the handlers of huma and Connect
// do: a value, and an error that is nil or may be. It returns the value as it stands there.
func (in *interp) returnsAnswer(s *ast.ReturnStmt, stack []ast.Node, failed bool) (string, bool) {
	sig := in.signature()
	inLiteral := slices.ContainsFunc(stack, func(n ast.Node) bool { _, isLit := n.(*ast.FuncLit); return isLit })
	if sig == nil || sig.Results().Len() < 2 || inLiteral {
		return "", false
	}
	failed = failed || in.isFailure(stack)
	switch len(s.Results) {
	case 0:
		return "", !failed
	case 1: // a call
		return types.ExprString(s.Results[0]), !failed
	}
	last := s.Results[len(s.Results)-1]
	_, isVariable := ast.Unparen(last).(*ast.Ident)
	v, _ := in.pkg.Info.ObjectOf(Ident(last)).(*types.Var)
	tv := in.pkg.Info.Types[last]
	mayPass := tv.IsNil() || tv.Value != nil && tv.Value.String() == "true" || isVariable && v != nil && v.Parent() != in.pkg.Types.Scope()
	if failed {
		mayPass = tv.IsNil() && !in.isHarmless(s.Results[0])
	}
	return types.ExprString(s.Results[0]), mayPass && !in.pkg.Info.Types[s.Results[0]].IsNil()
}

// walk calls visit for the nodes of a block that run when it runs, with those around each of them,
// until visit returns false for the nodes below. A function literal runs where it is called, in a
// go or defer statement, or where a function is given it that makes no handler of it.
func walk(block *ast.BlockStmt, info *types.Info, visit func(n ast.Node, stack []ast.Node) bool) {
	stack := []ast.Node{}
	ast.Inspect(block, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if lit, ok := n.(*ast.FuncLit); ok {
			call, ok := stack[len(stack)-1].(*ast.CallExpr)
			sig, isSig := info.TypeOf(lit).(*types.Signature)
			if !ok || !isSig || call.Fun != lit && (info.Types[call.Fun].IsType() || TakesRequest(sig)) {
				return false
			}
		}
		if !visit(n, append(stack, n)) {
			return false
		}
		stack = append(stack, n)
		return true
	})
}

// maxCalls is how many calls below a handler are looked into for what they do.
const maxCalls = 3

// changing lists the words with which names of methods begin that change data.
var changing = []string{"Archive", "Create", "Delete", "Destroy", "Drop", "Exec", "Insert", "Publish", "Purge", "Remove", "Revoke", "Save", "Send", "Truncate", "Update", "Upsert"}

// changes reports whether a call changes data, which its name says, or the body of its function.
// A method of another module that is given the writer of the answer changes a cookie.
func (in *interp) changes(x *ast.CallExpr, level int) bool {
	info := in.pkg.Info
	if id := Ident(x.Fun); id != nil && info.Uses[id] == types.Universe.Lookup("delete") {
		_, isField := ast.Unparen(x.Args[0]).(*ast.SelectorExpr)
		return isField
	}
	fn := Callee(info, x)
	if fn == nil || level > maxCalls {
		return false
	}
	b, known := in.bodies[fn]
	switch path := PackageOf(fn); {
	case slices.Contains(changing, firstWord(fn.Name())):
		return known || path == "os" || fn.Signature().Recv() != nil && !slices.ContainsFunc(x.Args, in.writes) && (in.pkgOf[fn.Pkg()] != nil || path == "database/sql" || strings.Contains(path, "."))
	case !known:
		return false
	}
	found := false
	in.inPackage(b.pkg, func() {
		walk(b.decl.Body, b.pkg.Info, func(n ast.Node, _ []ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			found = found || ok && in.changes(call, level+1)
			return !found
		})
	})
	return found
}

// firstWord returns the first word of a name, such as Delete of DeleteAll.
func firstWord(name string) string {
	for i, c := range name {
		if i > 0 && unicode.IsUpper(c) {
			return name[:i]
		}
	}
	return name
}

// inPackage calls f with what is known of the types of a package.
func (in *interp) inPackage(pkg *Package, f func()) {
	caller := in.frame
	in.frame = &frame{pkg: pkg}
	defer func() { in.frame = caller }()
	f()
}
