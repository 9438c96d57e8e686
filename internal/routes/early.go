package routes

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
)

// readEarly records what a body that asks a guard does although no guard has let the request
// through: it writes an answer that is no error, or changes data.
func (in *interp) readEarly(r *reading, block *ast.BlockStmt) {
	in.out = in.outs(block)
	type span struct{ from, to token.Pos }
	var guarded []span
	for _, a := range r.asks {
		guarded = append(guarded, span{a.call, max(a.from, a.to)})
	}
	calls := map[token.Pos]bool{}
	for _, i := range r.items {
		calls[i.pos] = calls[i.pos] || len(i.guards) > 0
	}
	walk(block, func(n ast.Node, stack []ast.Node) bool {
		if r.early != "" || calls[n.Pos()] {
			return false
		}
		if slices.ContainsFunc(guarded, func(s span) bool { return s.from <= n.Pos() && n.Pos() < s.to }) {
			return true
		}
		switch n := n.(type) {
		case *ast.CallExpr:
			if in.changes(n, 0) || in.responds(n, stack, 0) {
				r.early = "its handler calls " + types.ExprString(n.Fun)
			}
		case *ast.ReturnStmt:
			if x, ok := in.returnsAnswer(n, stack); ok {
				r.early = strings.TrimSpace("its handler returns " + x)
			}
		}
		if r.early != "" {
			r.early += " although no guard has let the request through"
		}
		return true
	})
}

// returnsAnswer reports whether a statement returns an answer, as the handlers of huma and Connect
// do: a value, and an error that is nil or may be. It returns the value as it stands there.
func (in *interp) returnsAnswer(s *ast.ReturnStmt, stack []ast.Node) (string, bool) {
	sig := in.signature()
	inLiteral := slices.ContainsFunc(stack, func(n ast.Node) bool { _, isLit := n.(*ast.FuncLit); return isLit })
	if sig == nil || sig.Results().Len() < 2 || inLiteral || in.isFailure(stack) {
		return "", false
	}
	switch len(s.Results) {
	case 0:
		return "", true
	case 1: // a call
		return types.ExprString(s.Results[0]), true
	}
	last := s.Results[len(s.Results)-1]
	_, isVariable := ast.Unparen(last).(*ast.Ident)
	v, _ := in.pkg.Info.ObjectOf(Ident(last)).(*types.Var)
	tv := in.pkg.Info.Types[last]
	mayPass := tv.IsNil() || tv.Value != nil && tv.Value.String() == "true" || isVariable && v != nil && v.Parent() != in.pkg.Types.Scope()
	return types.ExprString(s.Results[0]), mayPass && !in.pkg.Info.Types[s.Results[0]].IsNil()
}

// walk calls visit for the nodes of a block that run when it runs, with those around each of them,
// until visit returns false for the nodes below. A function literal runs where it is called, or
// in a go or defer statement.
func walk(block *ast.BlockStmt, visit func(n ast.Node, stack []ast.Node) bool) {
	stack := []ast.Node{}
	ast.Inspect(block, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		if lit, ok := n.(*ast.FuncLit); ok {
			if call, ok := stack[len(stack)-1].(*ast.CallExpr); !ok || call.Fun != lit {
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

// blockOf returns the innermost list of statements in which the node at the end of a stack stands.
func blockOf(stack []ast.Node) ast.Node {
	for _, n := range slices.Backward(stack) {
		switch n.(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			return n
		}
	}
	return stack[0]
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
		return known || fn.Signature().Recv() != nil && !in.getsWriter(x) && (in.pkgOf[fn.Pkg()] != nil || path == "database/sql" || strings.Contains(path, "."))
	case !known:
		return false
	}
	found := false
	in.inPackage(b.pkg, func() {
		walk(b.decl.Body, func(n ast.Node, _ []ast.Node) bool {
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

// responding lists words in the names of functions that write what they are given.
var responding = []string{"Accept", "HTML", "JSON", "PlainText", "Render", "Reply", "Respond", "Send", "Serve", "Upgrade", "Write", "XML"}

// responds reports whether a call writes an answer that is no error: by itself, or in the body of
// its function. The stack has the nodes around it.
func (in *interp) responds(x *ast.CallExpr, stack []ast.Node, level int) bool {
	if level > maxCalls || in.isFailure(stack) {
		return false
	}
	if answers(x, in.pkg.Info, in.out) {
		fn := Callee(in.pkg.Info, x)
		return fn == nil || !slices.Contains([]string{"Error", "NoContent", "NotFound", "Redirect", "Status", "WriteHeader"}, fn.Name())
	}
	fn := Callee(in.pkg.Info, x)
	if fn == nil || !in.getsWriter(x) || isServeHTTP(fn) || takesError(fn.Signature()) {
		return false
	}
	b, known := in.bodies[fn]
	if !known {
		name := strings.ReplaceAll(fn.Name(), "Writer", "")
		return slices.ContainsFunc(responding, func(word string) bool { return strings.Contains(name, word) })
	}
	found := false
	in.inPackage(b.pkg, func() {
		walk(b.decl.Body, func(n ast.Node, stack []ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			found = found || ok && in.responds(call, stack, level+1)
			return !found
		})
	})
	return found
}

// getsWriter reports whether a call is given the writer of the answer, or the context that has it.
func (in *interp) getsWriter(x *ast.CallExpr) bool {
	return slices.ContainsFunc(x.Args, func(arg ast.Expr) bool {
		return isWriter(in.pkg.Info.TypeOf(arg)) || isContext(in.pkg.Info.TypeOf(arg))
	})
}

// outs returns the variables of a block that are made of the writer of the answer and that can be
// written to, such as the connection of a Hijacker.
func (in *interp) outs(block *ast.BlockStmt) map[types.Object]bool {
	out := map[types.Object]bool{}
	add := func(to *ast.Ident, from []ast.Expr) {
		v := in.pkg.Info.ObjectOf(to)
		if v == nil || MethodNamed(v.Type(), "Write") == nil {
			return
		}
		for _, x := range from {
			for n := range ast.Preorder(x) {
				if x, ok := n.(*ast.Ident); ok && (isWriter(in.pkg.Info.TypeOf(x)) || out[in.pkg.Info.ObjectOf(x)]) {
					out[v] = true
				}
			}
		}
	}
	for n := range ast.Preorder(block) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				if id, ok := to.(*ast.Ident); ok {
					add(id, n.Rhs)
				}
			}
		case *ast.ValueSpec:
			for _, to := range n.Names {
				add(to, n.Values)
			}
		}
	}
	return out
}

// isFailure reports whether the node at the end of a stack stands where a request has failed: below
// a condition that says that there is an error, or beside the status of one.
func (in *interp) isFailure(stack []ast.Node) bool {
	isError := func(x ast.Expr) bool {
		return types.Identical(in.pkg.Info.TypeOf(x), types.Universe.Lookup("error").Type())
	}
	for i, n := range stack[:len(stack)-1] {
		switch n := n.(type) {
		case *ast.IfStmt:
			denied := false
			for x := range ast.Preorder(n.Cond) {
				switch x := x.(type) {
				case *ast.BinaryExpr:
					denied = denied || (x.Op == token.NEQ) == (stack[i+1] == n.Body) && (isError(x.X) || isError(x.Y))
				case *ast.CallExpr: // as errors.Is
					denied = denied || stack[i+1] == n.Body && slices.ContainsFunc(x.Args, isError)
				}
			}
			if denied {
				return true
			}
		case *ast.CaseClause:
			for _, x := range n.List {
				for x := range ast.Preorder(x) {
					if x, ok := x.(ast.Expr); ok && isError(x) {
						return true
					}
				}
			}
		}
	}
	for n := range ast.Preorder(blockOf(stack)) {
		if x, ok := n.(ast.Expr); ok && in.isErrorStatus(x) {
			return true
		}
	}
	return false
}

// isErrorStatus reports whether an expression is an integer from 400 to 599.
func (in *interp) isErrorStatus(x ast.Expr) bool {
	v := in.pkg.Info.Types[x].Value
	if v == nil || v.Kind() != constant.Int {
		return false
	}
	code, exact := constant.Int64Val(v)
	return exact && 400 <= code && code < 600
}

// inPackage calls f with what is known of the types of a package.
func (in *interp) inPackage(pkg *Package, f func()) {
	caller := in.frame
	in.frame = &frame{pkg: pkg}
	defer func() { in.frame = caller }()
	f()
}
