package routes

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// responding lists words in the names of functions that write what they are given.
var responding = []string{"Accept", "Encode", "Execute", "HTML", "JSON", "PlainText", "Render", "Reply", "Respond", "Send", "Serve", "Upgrade", "Write", "XML"}

// noAnswers lists what writes an error, or a status alone.
var noAnswers = []string{"Error", "NoContent", "NotFound", "Redirect", "Status", "WriteHeader", "WriteHeaderNow"}

// otherAnswers lists the methods of the context of gin that write an answer and end the chain of
// handlers, or write one of several.
var otherAnswers = []string{"AbortWithStatusJSON", "AbortWithStatusPureJSON", "AsciiJSON", "BSON", "Negotiate"}

func isResponding(name string) bool {
	name = strings.ReplaceAll(name, "Writer", "")
	return slices.ContainsFunc(responding, func(word string) bool { return strings.Contains(name, word) })
}

// failing lists words in the names of functions that answer with an error, and of what they are given.
var failing = []string{"bad", "denied", "deny", "err", "error", "errors", "fail", "failed", "failure", "forbidden", "invalid", "problem", "reject", "unauthorized"}

// isFailing reports whether the name of a function or a variable says that it is about an error.
func isFailing(x ast.Expr) bool {
	id := Ident(x)
	if id == nil {
		return false
	}
	words := camelCase.FindAllString(id.Name, -1)
	return strings.HasSuffix(id.Name, "NotFound") || slices.ContainsFunc(words, func(word string) bool { return slices.Contains(failing, strings.ToLower(word)) })
}

var camelCase = regexp.MustCompile(`[A-Z]*[a-z0-9]*`)

// responds reports whether a call writes an answer that is no error: by itself, or in the body of
// its function. The stack has the nodes around it. Where the request has failed, an answer is one if
// it has more than constants and errors.
func (in *interp) responds(x *ast.CallExpr, stack []ast.Node, failed bool, level int) bool {
	if level > maxCalls || in.hasStatus(stack) || in.makesWriter(stack) {
		return false
	}
	info, fn := in.pkg.Info, Callee(in.pkg.Info, x)
	failed = failed || in.isFailure(stack)
	harmless := in.isHarmless(outermost(stack))
	if harmless && in.replays(x) {
		return false
	}
	if answers(x, info) || in.isWritten(x) {
		return !(failed && harmless) && (fn == nil || !slices.Contains(noAnswers, fn.Name()) || fn.Name() == "Error" && in.isSuccess(x.Args[len(x.Args)-1]))
	}
	if fn == nil {
		if c, ok := in.literalOf(x); ok {
			return in.respondsIn(c.pkg, c.lit.Type, c.lit.Body, failed, harmless, level)
		}
		return !(failed && harmless) && in.writes(x.Fun)
	}
	if isContext(receiverType(fn)) {
		return !(failed && harmless) && slices.Contains(otherAnswers, fn.Name())
	}
	if !in.getsWriter(x) || isServeHTTP(fn) {
		return false
	}
	if isFailing(x.Fun) || slices.ContainsFunc(x.Args, func(arg ast.Expr) bool { return isErrorType(info.TypeOf(arg)) || isFailing(arg) }) {
		if failed = true; harmless {
			return false
		}
	}
	if b, known := in.bodies[fn]; known {
		return in.respondsIn(b.pkg, b.decl.Type, b.decl.Body, failed, harmless, level)
	}
	isView := isServingFunc(fn.Signature()) && (isInterfaceMethod(fn) || ReceiverOf(fn) == nil)
	return !(failed && harmless) && (isView || isResponding(fn.Name()))
}

// getsWriter reports whether a call is given what writes to the client, or is one of its methods.
func (in *interp) getsWriter(x *ast.CallExpr) bool {
	sel, _ := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	return in.pkg.Info.Selections[sel] != nil && in.writes(sel.X) || slices.ContainsFunc(x.Args, in.writes)
}

// respondsIn reports whether the body of a function writes an answer that is no error. Its parameters
// are harmless if all arguments are.
func (in *interp) respondsIn(pkg *Package, typ *ast.FuncType, block *ast.BlockStmt, failed, harmless bool, level int) (found bool) {
	in.inPackage(pkg, func() {
		for _, field := range typ.Params.List {
			for _, name := range field.Names {
				in.harmless[pkg.Info.Defs[name]] = harmless
			}
		}
		in.trace(block)
		walk(block, pkg.Info, func(n ast.Node, stack []ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			found = found || ok && in.responds(call, stack, failed, level+1)
			return !found
		})
	})
	return found
}

// literalOf returns the function literal that a variable holds which a call names.
func (in *interp) literalOf(x *ast.CallExpr) (*closure, bool) {
	if _, ok := ast.Unparen(x.Fun).(*ast.Ident); !ok {
		return nil, false
	}
	c, ok := in.eval(x.Fun).(*closure)
	return c, ok
}

// trace records the variables of a body that write to the client, and those that have nothing but
// constants and errors.
func (in *interp) trace(block *ast.BlockStmt) {
	assign := func(to *ast.Ident, x ast.Expr) {
		v := in.pkg.Info.ObjectOf(to)
		if v == nil {
			return
		}
		call, isCall := ast.Unparen(x).(*ast.CallExpr)
		in.harmless[v] = in.isHarmless(x) && (!isCall || in.isHarmlessCall(call)) && (in.pkg.Info.Defs[to] != nil || in.harmless[v])
		mentions := false
		ast.Inspect(x, func(n ast.Node) bool {
			if x, ok := n.(ast.Expr); ok && isRequest(in.pkg.Info.TypeOf(x)) {
				return false
			}
			_, isLit := n.(*ast.FuncLit)
			id, ok := n.(*ast.Ident)
			mentions = mentions || ok && in.writes(id)
			return !isLit
		})
		in.writers[v] = in.writers[v] || mentions && mayWrite(v.Type())
	}
	for n := range ast.Preorder(block) {
		switch n := n.(type) {
		case *ast.CallExpr:
			if id := writerOf(n); id != nil && slices.ContainsFunc(n.Args, in.writes) {
				in.writers[in.pkg.Info.ObjectOf(id)] = true
			}
		case *ast.AssignStmt:
			for i, to := range n.Lhs {
				if id, ok := ast.Unparen(to).(*ast.Ident); ok {
					assign(id, n.Rhs[min(i, len(n.Rhs)-1)])
				}
			}
		case *ast.ValueSpec:
			for i, to := range n.Names {
				if len(n.Values) > 0 {
					assign(to, n.Values[min(i, len(n.Values)-1)])
				}
			}
		}
	}
}

// writerOf returns the variable that a call of its method Reset gives a writer, or nil.
func writerOf(x *ast.CallExpr) *ast.Ident {
	if !isReset(x) {
		return nil
	}
	id, _ := ast.Unparen(ast.Unparen(x.Fun).(*ast.SelectorExpr).X).(*ast.Ident)
	return id
}

// replays reports whether a call writes to the client what guarded handlers have written to a
// variable.
func (in *interp) replays(x *ast.CallExpr) bool {
	from, to := false, false
	for n := range ast.Preorder(x) {
		if id, ok := n.(*ast.Ident); ok {
			recorded := in.recorders[in.pkg.Info.Uses[id]]
			from, to = from || recorded, to || !recorded && in.writes(id)
		}
	}
	return from && to
}

// isRequest reports whether a type is that of requests, or of their contexts, by which nothing is
// written.
func isRequest(t types.Type) bool {
	return DeclaredAs(t, "net/http", "Request") || DeclaredAs(t, "context", "Context")
}

// mayWrite reports whether a value of a type that is made with a writer may write to it.
func mayWrite(t types.Type) bool {
	if isErrorType(t) {
		return false
	}
	methods := types.NewMethodSet(t)
	for m := range methods.Methods() {
		if isResponding(m.Obj().Name()) {
			return true
		}
	}
	return types.IsInterface(t) || isSignature(t) || holdsWriter(t)
}

// writes reports whether an expression is what writes to the client, or has it.
func (in *interp) writes(x ast.Expr) bool {
	t := in.pkg.Info.TypeOf(x)
	id := Ident(x)
	return isWriter(t) || isContext(t) || holdsWriter(t) || id != nil && in.writers[in.pkg.Info.ObjectOf(id)]
}

// holdsWriter reports whether t is, or points to, a struct that has the http.ResponseWriter.
func holdsWriter(t types.Type) bool {
	s, ok := structOf(t)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		if isWriter(f.Type()) {
			return true
		}
	}
	return false
}

// isWritten reports whether a call is given a variable that writes to the client as an io.Writer.
func (in *interp) isWritten(x *ast.CallExpr) bool {
	sig, ok := in.pkg.Info.TypeOf(x.Fun).(*types.Signature)
	for i, arg := range x.Args {
		if ok && takesWriter(x, sig, i) && in.writes(arg) {
			return true
		}
	}
	return false
}

// makesWriter reports whether the node at the end of a stack is a part of what is assigned to a
// variable that writes to the client.
func (in *interp) makesWriter(stack []ast.Node) bool {
	for _, n := range slices.Backward(stack) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			id, ok := n.Lhs[0].(*ast.Ident)
			return ok && in.writers[in.pkg.Info.ObjectOf(id)]
		case *ast.ValueSpec:
			return in.writers[in.pkg.Info.ObjectOf(n.Names[0])]
		case ast.Stmt:
			return false
		}
	}
	return false
}

// outermost returns the whole expression in which the node at the end of a stack stands.
func outermost(stack []ast.Node) ast.Node {
	i := len(stack) - 1
	for i > 0 {
		if _, ok := stack[i-1].(ast.Expr); !ok {
			break
		}
		i--
	}
	return stack[i]
}

// isHarmless reports whether an expression has nothing but constants, numbers, errors, and what the
// request has.
func (in *interp) isHarmless(x ast.Node) bool {
	harmless := true
	var receiver ast.Node // of the outermost call
	if call, ok := x.(*ast.CallExpr); ok {
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && in.pkg.Info.Selections[sel] != nil && Ident(sel.X) != nil {
			receiver = sel.X
		}
	}
	ast.Inspect(x, func(n ast.Node) bool {
		if n == nil || n == receiver {
			return false
		}
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if in.pkg.Info.Selections[n] != nil && isErrorType(in.pkg.Info.TypeOf(n)) {
				return false
			}
		case *ast.CallExpr:
			harmless = harmless && (n == x || in.isHarmlessCall(n))
		case *ast.Ident:
			if v, ok := in.pkg.Info.Uses[n].(*types.Var); ok && !v.IsField() && !in.isHarmlessVar(v) && !isFailing(n) {
				harmless = false
			}
		}
		return harmless
	})
	return harmless
}

// isHarmlessCall reports whether a call of a function with harmless arguments returns nothing but what
// it makes of them, as fmt.Sprint does, and functions that are given an error.
func (in *interp) isHarmlessCall(x *ast.CallExpr) bool {
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && in.pkg.Info.Selections[sel] != nil && isErrorType(in.pkg.Info.TypeOf(sel.X)) {
		return true
	}
	fn := Callee(in.pkg.Info, x)
	if fn == nil || isErrorType(in.pkg.Info.TypeOf(x)) || slices.ContainsFunc(x.Args, func(arg ast.Expr) bool { return isErrorType(in.pkg.Info.TypeOf(arg)) }) {
		return true
	}
	_, known := in.bodies[fn]
	return !known && (len(x.Args) > 0 || !strings.Contains(PackageOf(fn), "."))
}

func (in *interp) isHarmlessVar(v *types.Var) bool {
	t := v.Type()
	basic, isBasic := t.Underlying().(*types.Basic)
	return in.harmless[v] || in.writers[v] || isErrorType(t) || isWriter(t) || isContext(t) || holdsWriter(t) ||
		isBasic && basic.Info()&types.IsString == 0 || isRequest(t) || DeclaredAs(t, humaPath, "Context")
}

// isErrorType reports whether a value of type t is an error.
func isErrorType(t types.Type) bool {
	if t == nil || t == types.Typ[types.UntypedNil] {
		return false
	}
	iface := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
	return types.Implements(t, iface) || types.Implements(types.NewPointer(t), iface)
}

// isFailure reports whether the node at the end of a stack stands where a request has failed: below
// a condition that says that there is an error.
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
	return false
}

// isErrorStatus reports whether an expression is an integer from 400 to 599.
func (in *interp) isErrorStatus(x ast.Expr) bool {
	code := in.status(x)
	return 400 <= code && code < 600
}

// isSuccess reports whether an expression is a status that is no error.
func (in *interp) isSuccess(x ast.Expr) bool {
	code := in.status(x)
	return 0 < code && code < 400
}

// status returns the integer that an expression is, or 0.
func (in *interp) status(x ast.Expr) int64 {
	v := in.pkg.Info.Types[x].Value
	if v == nil || v.Kind() != constant.Int {
		return 0
	}
	code, _ := constant.Int64Val(v)
	return code
}

// hasStatus reports whether the status of an error stands beside the node at the end of a stack, in
// its statement or in one before it: http.StatusNotFound, or an argument of a call that writes.
func (in *interp) hasStatus(stack []ast.Node) bool {
	info := in.pkg.Info
	i := len(stack) - 1
	var list []ast.Stmt
	for ; i >= 0 && list == nil; i-- {
		switch n := stack[i].(type) {
		case *ast.BlockStmt:
			list = n.List
		case *ast.CaseClause:
			list = n.Body
		case *ast.CommClause:
			list = n.Body
		}
	}
	found := false
	pos := stack[len(stack)-1].Pos()
	for _, s := range list {
		if s.Pos() > pos {
			break
		}
		switch s.(type) {
		case *ast.AssignStmt, *ast.DeclStmt, *ast.ExprStmt, *ast.ReturnStmt:
		default: // a condition may ask for a status
			if s.End() <= pos {
				continue
			}
		}
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BlockStmt, *ast.CaseClause, *ast.FuncLit:
				return false
			case *ast.SelectorExpr:
				found = found || in.isErrorStatus(n) && PackageOf(info.Uses[n.Sel]) == "net/http"
			case *ast.CallExpr:
				found = found || in.getsWriter(n) && slices.ContainsFunc(n.Args, in.isErrorStatus)
			}
			return !found
		})
	}
	return found
}
