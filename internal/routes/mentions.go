package routes

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"
)

// readMethod records that a method of a resource is called. One that asks for a decision and returns
// it is a helper.
func (in *interp) readMethod(r *reading, x *ast.CallExpr, fn *types.Func, stack []ast.Node, block *ast.BlockStmt, within map[ast.Node]bool) {
	f, _ := in.eval(x.Fun).(function)
	if f.of == nil || in.isPublic(fn) {
		return
	}
	if returnsHandler(fn) {
		return // its ServeHTTP is called, or nothing is
	}
	read := in.readFunction(f, nil)
	if in.decides(f, read, stack) {
		in.readHelper(r, x, f, stack, block, within)
		return
	}
	if read != nil && read.guarded() {
		for _, i := range read.items {
			i.pos = x.Pos()
			r.items = append(r.items, i)
		}
		r.early = cmp.Or(r.early, read.early)
		return
	}
	r.items = append(r.items, item{served: served{handler: in.view(x.Fun, fn, f.of)}, pos: x.Pos()})
}

// decides reports whether a method asks for a decision and returns it, to a call that obeys it or
// that has no other use for it: the method cannot answer.
func (in *interp) decides(f function, read *reading, stack []ast.Node) bool {
	sig := f.fn.Signature()
	if s := in.summary(f.fn); sig.Results().Len() == 0 || s != nil && len(s.Asks) == 0 {
		return false
	} else if s == nil && (read == nil || slices.ContainsFunc(read.items, func(i item) bool { return !i.self })) {
		return false
	}
	_, how := in.obeyed(stack)
	return how == obeyed || !slices.ContainsFunc(slices.Collect(sig.Params().Variables()), func(v *types.Var) bool {
		return isWriter(v.Type()) || isContext(v.Type())
	})
}

// held returns the method values of resources that a block assigns to its own variables. They
// count where the variables are used.
func (in *interp) held(block *ast.BlockStmt, within map[ast.Node]bool) map[types.Object][]item {
	held := map[types.Object][]item{}
	hold := func(to *ast.Ident, x ast.Expr) {
		sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
		if v := in.pkg.Info.ObjectOf(to); ok && v != nil && between(block.Pos(), v.Pos(), block.End()) {
			var r reading
			in.readMention(&r, sel)
			held[v] = append(held[v], r.items...)
			within[sel], within[to] = true, true
		}
	}
	for n := range ast.Preorder(block) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, to := range n.Lhs {
				if id, ok := to.(*ast.Ident); ok && len(n.Lhs) == len(n.Rhs) {
					hold(id, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, x := range n.Values {
				if len(n.Values) == len(n.Names) {
					hold(n.Names[i], x)
				}
			}
		}
	}
	return held
}

// onlyServed returns the function literals of a block that run only as a handler on which the
// block calls ServeHTTP, or which it calls by the name of a variable: they are read there.
func (in *interp) onlyServed(block *ast.BlockStmt) map[*ast.FuncLit]bool {
	only := map[*ast.FuncLit]bool{}
	variables := map[types.Object]*ast.FuncLit{}
	reading := map[*ast.Ident]bool{}
	handler := func(x ast.Expr) *ast.FuncLit {
		if call, ok := ast.Unparen(x).(*ast.CallExpr); ok && len(call.Args) == 1 && in.pkg.Info.Types[call.Fun].IsType() {
			x = call.Args[0]
		}
		lit, _ := ast.Unparen(x).(*ast.FuncLit)
		if sig, isSig := in.pkg.Info.TypeOf(x).(*types.Signature); !isSig || !TakesRequest(sig) {
			return nil
		}
		return lit
	}
	for n := range ast.Preorder(block) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if v := in.pkg.Info.Defs[Ident(n.Lhs[0])]; v != nil {
				variables[v] = handler(n.Rhs[0])
			}
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
				reading[id] = true
			}
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "ServeHTTP" {
				in.servedBy(sel.X, handler, reading, only)
			}
		}
	}
	for n := range ast.Preorder(block) {
		if id, ok := n.(*ast.Ident); ok && !reading[id] {
			delete(variables, in.pkg.Info.Uses[id])
		}
	}
	for _, lit := range variables {
		only[lit] = true
	}
	return only
}

// servedBy adds the variables and the literals from which a handler is made that serves.
func (in *interp) servedBy(x ast.Expr, handler func(ast.Expr) *ast.FuncLit, variables map[*ast.Ident]bool, literals map[*ast.FuncLit]bool) {
	switch in.eval(x).(type) {
	case serving, *closure:
	default:
		return
	}
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			variables[n] = true
		case *ast.CallExpr:
			for _, arg := range append([]ast.Expr{n}, n.Args...) {
				if lit := handler(arg); lit != nil {
					literals[lit] = true
				}
			}
		case *ast.FuncLit:
			return false
		}
		return true
	})
}

// readMention records a method value of a resource that the body has.
func (in *interp) readMention(r *reading, x *ast.SelectorExpr) {
	selection := in.pkg.Info.Selections[x]
	if selection == nil || selection.Kind() == types.FieldVal || slices.Contains(guardMethods, x.Sel.Name) {
		return
	}
	f, _ := in.eval(x).(function)
	if f.of == nil || in.isPublic(f.fn) || returnsHandler(f.fn) {
		return
	}
	if read := in.readFunction(f, nil); read != nil && read.guarded() {
		return
	}
	r.items = append(r.items, item{served: served{handler: in.view(x, f.fn, f.of)}, pos: x.Pos()})
}
