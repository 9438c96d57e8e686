package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// before reports whether a guard is asked before some statement of a body, and not after all of
// them.
func before(a ask, block *ast.BlockStmt) bool {
	for n := range ast.Preorder(block) {
		if s, ok := n.(ast.Stmt); ok && a.from <= s.Pos() {
			if _, isBlock := s.(*ast.BlockStmt); !isBlock {
				return true
			}
		}
	}
	return false
}

// passes reports whether a statement returns that a request is allowed: nil, true, a variable that
// may be one of them, or nothing where the handlers that follow in a chain run. The stack has
// the nodes around it.
func (in *interp) passes(s *ast.ReturnStmt, stack []ast.Node) (v types.Object, ok bool) {
	if slices.ContainsFunc(stack, func(n ast.Node) bool { _, isLit := n.(*ast.FuncLit); return isLit }) {
		return nil, false
	}
	if len(s.Results) > 0 {
		x := ast.Unparen(s.Results[len(s.Results)-1])
		if tv := in.pkg.Info.Types[x]; tv.IsNil() || tv.Value != nil && tv.Value.String() == "true" {
			return nil, true
		}
		if id, isID := x.(*ast.Ident); isID {
			v, ok := in.pkg.Info.ObjectOf(id).(*types.Var)
			return v, ok && v.Parent() != in.pkg.Types.Scope() && !in.isError(v, stack)
		}
		return nil, false
	}
	switch b := stack[len(stack)-1].(type) {
	case *ast.BlockStmt:
		return nil, !in.aborts(b.List)
	case *ast.CaseClause:
		return nil, !in.aborts(b.Body)
	}
	return nil, true
}

// returnsFalse reports whether a statement returns false.
func (in *interp) returnsFalse(s *ast.ReturnStmt, stack []ast.Node) bool {
	if len(s.Results) == 0 || slices.ContainsFunc(stack, func(n ast.Node) bool { _, isLit := n.(*ast.FuncLit); return isLit }) {
		return false
	}
	v := in.pkg.Info.Types[s.Results[len(s.Results)-1]].Value
	return v != nil && v.String() == "false"
}

// isError reports whether the nodes around a statement have a condition which says that a variable is
// not nil, or which asks something else of it, as errors.Is does.
func (in *interp) isError(v types.Object, stack []ast.Node) bool {
	mentions := func(x ast.Expr) bool {
		for n := range ast.Preorder(x) {
			if id, ok := n.(*ast.Ident); ok && in.pkg.Info.Uses[id] == v {
				return true
			}
		}
		return false
	}
	for _, n := range stack {
		switch n := n.(type) {
		case *ast.IfStmt:
			eq, ok := n.Cond.(*ast.BinaryExpr)
			isNil := ok && eq.Op == token.EQL && in.pkg.Info.Types[eq.Y].IsNil()
			inElse := !slices.Contains(stack, ast.Node(n.Body))
			if mentions(n.Cond) && isNil == inElse {
				return true
			}
		case *ast.CaseClause:
			if slices.ContainsFunc(n.List, mentions) {
				return true
			}
		}
	}
	return false
}

const notClear = "it is not clear whether the decision of a guard is obeyed"

// decided records what runs only if a guard allows it, after its decision.
func (in *interp) decided(r *reading, g Guard, stack []ast.Node, block *ast.BlockStmt, hasView bool) {
	a, how := in.obeyed(stack)
	switch how {
	case obeyed:
		a.guard, a.call, a.held = g, stack[len(stack)-1].Pos(), isHeld(stack)
		r.asks = append(r.asks, a)
	case unclear:
		if !hasView {
			r.unclear = true
		}
	}
}

// isHeld reports whether the node at the end of a stack stands in a function literal that is assigned
// to a variable, so that it may run later or never.
func isHeld(stack []ast.Node) bool {
	for i, n := range stack[1:] {
		if _, ok := n.(*ast.FuncLit); !ok {
			continue
		}
		switch stack[i].(type) {
		case *ast.AssignStmt, *ast.ValueSpec:
			return true
		}
	}
	return false
}

type obedience int

const (
	ignored obedience = iota
	obeyed
	unclear
)

// obeyed returns what runs only if the call at the end of the stack returns no error:
// what follows an if statement that ends otherwise, or the body of one.
func (in *interp) obeyed(stack []ast.Node) (ask, obedience) {
	call := stack[len(stack)-1].(*ast.CallExpr)
	for _, n := range slices.Backward(stack[:len(stack)-1]) {
		outer, ok := n.(*ast.CallExpr)
		if _, isMethod := n.(*ast.SelectorExpr); isMethod || ok && in.forgives(outer) { // of what is made of the decision
			return ask{}, unclear
		}
		if !ok {
			break
		}
	}
	for i, n := range slices.Backward(stack[:len(stack)-1]) {
		switch s := n.(type) {
		case *ast.ExprStmt:
			return ask{}, ignored
		case *ast.ReturnStmt: // what else it evaluates runs whatever the guard decides
			last := s.Results[len(s.Results)-1]
			denied, known := in.denies(last, answer{call: call})
			if call.Pos() < last.Pos() || !known && isBool(in.pkg.Info.TypeOf(last)) {
				return ask{}, unclear
			}
			return ask{from: s.End(), to: s.End(), chain: s.End(), denies: denied && known}, obeyed
		case *ast.AssignStmt:
			v := in.assigned(s)
			if v == nil {
				return ask{}, ignored
			}
			parent := stack[i-1]
			result := answer{call: call, v: v, assigned: s.Rhs[0]}
			denied, _ := in.denies(s.Rhs[0], answer{call: call})
			if cond, _ := asIf(parent); cond != nil { // which begins with it
				found, how := in.branches(cond, result, stack[:i-1])
				found.denies = denied
				return found, how
			}
			cond, ret := in.after(parent, s, v)
			if cond != nil {
				found, how := in.branches(cond, result, stack[:i])
				if found.denies = denied; how != ignored || ret == nil {
					return found, how
				}
			}
			if ret != nil {
				return ask{from: ret.End(), to: ret.End(), chain: ret.End(), v: v, denies: denied}, obeyed
			}
			return ask{}, unclear
		case *ast.IfStmt: // the call is in its condition
			return in.branches(s, answer{call: call}, stack[:i])
		case *ast.BlockStmt, *ast.CaseClause, *ast.FuncLit:
			return ask{}, unclear
		}
	}
	return ask{}, unclear
}

func isBool(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsBoolean != 0
}

// forgives reports whether a function of the program may return nil although it is given an
// error: not only in an if statement that says that it is nil.
func (in *interp) forgives(x *ast.CallExpr) bool {
	fn := Callee(in.pkg.Info, x)
	b, known := in.bodies[fn]
	if !known {
		return false
	}
	info, kept := b.pkg.Info, map[types.Object]bool{} // variables that have an error where there is one
	for v := range fn.Signature().Params().Variables() {
		kept[v] = true
	}
	keep := func(list []ast.Stmt) {
		for _, s := range list {
			if s, ok := s.(*ast.AssignStmt); ok {
				kept[info.ObjectOf(Ident(s.Lhs[len(s.Lhs)-1]))] = !info.Types[s.Rhs[len(s.Rhs)-1]].IsNil()
			}
		}
	}
	keep(b.decl.Body.List)
	for _, s := range b.decl.Body.List {
		if s, ok := s.(*ast.IfStmt); ok {
			if cond, ok := s.Cond.(*ast.BinaryExpr); ok && cond.Op == token.NEQ && info.Types[cond.Y].IsNil() {
				keep(s.Body.List)
			}
		}
	}
	forgives := false
	ast.Inspect(b.decl.Body, func(n ast.Node) bool {
		switch s := n.(type) {
		case *ast.IfStmt:
			if cond, ok := s.Cond.(*ast.BinaryExpr); ok && cond.Op == token.EQL && info.Types[cond.Y].IsNil() {
				return false
			}
		case *ast.ReturnStmt:
			results := fn.Signature().Results()
			if results.Len() == 0 {
				return true
			}
			v := results.At(results.Len() - 1)
			if len(s.Results) > 0 {
				last := s.Results[len(s.Results)-1]
				forgives = forgives || info.Types[last].IsNil()
				v, _ = info.Uses[Ident(last)].(*types.Var)
			}
			forgives = forgives || v != nil && !v.IsField() && v.Parent() != v.Pkg().Scope() && !kept[v]
		}
		return true
	})
	return forgives
}

// assigned returns the variable that a statement assigns the last result to, or nil.
func (in *interp) assigned(s *ast.AssignStmt) types.Object {
	id := Ident(s.Lhs[len(s.Lhs)-1])
	if id == nil || id.Name == "_" {
		return nil
	}
	return in.pkg.Info.ObjectOf(id)
}

// after returns the if statement after a statement that is the first to ask about a variable, or
// what a switch there stands for, and the statement that returns the variable. They are nil if there
// is none, or if the variable may be another one by then.
func (in *interp) after(parent ast.Node, s *ast.AssignStmt, v types.Object) (first *ast.IfStmt, ret *ast.ReturnStmt) {
	var stmts []ast.Stmt
	switch p := parent.(type) {
	case *ast.BlockStmt:
		stmts = p.List
	case *ast.CaseClause:
		stmts = p.Body
	}
	names := func(x ast.Node) bool {
		for n := range ast.Preorder(x) {
			if id, ok := n.(*ast.Ident); ok && in.pkg.Info.ObjectOf(id) == v {
				return true
			}
		}
		return false
	}
	sets := func(x ast.Node) bool {
		for n := range ast.Preorder(x) {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if slices.ContainsFunc(n.Lhs, func(x ast.Expr) bool { return names(x) }) {
					return true
				}
			case *ast.RangeStmt:
				if n.Key != nil && names(n.Key) || n.Value != nil && names(n.Value) {
					return true
				}
			case *ast.UnaryExpr:
				if n.Op == token.AND && names(n.X) {
					return true
				}
			}
		}
		return false
	}
	for i, next := range stmts[slices.Index(stmts, ast.Stmt(s))+1:] {
		cond, init := asIf(next)
		if (i > 0 || init != nil) && in.pkg.Info.Defs[Ident(s.Lhs[len(s.Lhs)-1])] == nil { // a function that is called may set the variable
			return first, nil
		}
		if first == nil && cond != nil && names(cond.Cond) && (init == nil || !sets(init)) {
			first = cond
		}
		if r, ok := next.(*ast.ReturnStmt); ok && len(r.Results) > 0 && in.pkg.Info.ObjectOf(Ident(r.Results[len(r.Results)-1])) == v {
			return first, r
		}
		if sets(next) {
			return first, nil
		}
	}
	return first, nil
}

// An answer is the decision of a guard as the code has it: what a call returns, and the variable
// that the last result of an expression with the call is assigned to, if there is one.
type answer struct {
	call     *ast.CallExpr
	v        types.Object
	assigned ast.Expr
}

// denies reports whether a condition says that the guard denies the request, or that it allows
// it. The second result is false if it says neither.
func (in *interp) denies(x ast.Expr, a answer) (denied, known bool) {
	x = ast.Unparen(x)
	if x == a.call { // a bool, as of a helper
		return in.inverted[a.call], true
	}
	switch x := x.(type) {
	case *ast.CallExpr:
		for i, arg := range x.Args {
			if arg == a.call || in.isAnswer(arg, a) {
				allowed, known := in.tells(x, i)
				return !allowed, known
			}
		}
	case *ast.BinaryExpr:
		if or := x.Op == token.LOR; or || x.Op == token.LAND { // it denies if one of several does, and allows if all do
			for _, y := range []ast.Expr{x.X, x.Y} {
				if denied, known = in.denies(y, a); known && denied == or {
					return or, true
				}
			}
			return false, false
		}
		of := x.X
		if in.pkg.Info.Types[of].IsNil() {
			of = x.Y
		} else if !in.pkg.Info.Types[x.Y].IsNil() {
			return false, false
		}
		within := of.Pos() <= a.call.Pos() && a.call.End() <= of.End() // as an error that is wrapped
		return x.Op == token.NEQ, within || in.isAnswer(of, a)
	case *ast.UnaryExpr:
		denied, known = in.denies(x.X, a)
		return !denied, known && x.Op == token.NOT
	}
	if in.isAnswer(x, a) {
		return in.denies(a.assigned, answer{call: a.call})
	}
	return false, false
}

// tells reports what a function of the program that is given an error, and returns a bool, says by
// true: that the error is nil, or that it is not. The second result is false if it says neither.
func (in *interp) tells(x *ast.CallExpr, i int) (isNil, known bool) {
	fn := Callee(in.pkg.Info, x)
	b, ok := in.bodies[fn]
	if !ok || i >= fn.Signature().Params().Len() || fn.Signature().Variadic() || fn.Signature().Results().Len() != 1 {
		return false, false
	}
	info, p := b.pkg.Info, fn.Signature().Params().At(i)
	compares := func(x ast.Expr, op token.Token) bool {
		c, ok := ast.Unparen(x).(*ast.BinaryExpr)
		return ok && c.Op == op && info.Types[c.Y].IsNil() && info.Uses[Ident(c.X)] == p
	}
	var after token.Pos        // an if statement that returns where there is an error
	answers := map[bool]bool{} // what is returned where it is nil
	for _, s := range b.decl.Body.List {
		if cond, ok := s.(*ast.IfStmt); ok && after == 0 && cond.Else == nil && compares(cond.Cond, token.NEQ) && returns(cond.Body) {
			after = cond.Body.Rbrace
		}
	}
	walk(b.decl.Body, info, func(n ast.Node, _ []ast.Node) bool {
		switch s := n.(type) {
		case *ast.AssignStmt:
			ok = ok && !slices.ContainsFunc(s.Lhs, func(to ast.Expr) bool { return info.ObjectOf(Ident(to)) == p })
		case *ast.ReturnStmt:
			if ok = ok && len(s.Results) == 1; !ok {
				return false
			}
			value := info.Types[s.Results[0]].Value
			switch {
			case compares(s.Results[0], token.EQL), compares(s.Results[0], token.NEQ):
				answers[compares(s.Results[0], token.EQL)] = true
			case value != nil && after.IsValid():
				answers[(value.String() == "true") == (s.Pos() > after)] = true
			default:
				ok = false
			}
		}
		return ok
	})
	return answers[true], ok && len(answers) == 1
}

// isAnswer reports whether x is the variable of an answer.
func (in *interp) isAnswer(x ast.Expr, a answer) bool {
	return a.v != nil && in.pkg.Info.ObjectOf(Ident(x)) == a.v
}

// branches returns what an if statement lets run only if the guard allows it. Around
// holds the nodes around the statement.
func (in *interp) branches(s *ast.IfStmt, a answer, around []ast.Node) (ask, obedience) {
	denied, known := in.denies(s.Cond, a)
	if next, ok := s.Else.(*ast.IfStmt); ok && !known && next.Init == nil {
		found, how := in.branches(next, a, around)
		if !in.ends(s.Body) {
			end := max(next.Body.End(), next.End()) // a default may stand first
			found.to, found.chain = min(found.to, end), min(found.chain, end)
		}
		return found, how
	}
	if !known {
		return ask{}, unclear
	}
	end := s.End() + 1
	switch p := around[len(around)-1].(type) {
	case *ast.BlockStmt, *ast.CaseClause:
		end = p.End()
	}
	e, hasElse := s.Else.(*ast.BlockStmt)
	switch {
	case denied && in.ends(s.Body):
		return ask{from: s.Body.End(), to: end, chain: end, v: a.v}, obeyed
	case denied && in.aborts(s.Body.List):
		return ask{from: s.Body.End(), to: s.End(), chain: end, v: a.v}, obeyed
	case denied && s.Else != nil:
		return ask{from: s.Else.Pos(), to: s.Else.End(), chain: s.Else.End(), v: a.v}, obeyed
	case denied:
		return ask{}, ignored
	case hasElse && in.ends(e):
		return ask{from: s.Body.Pos(), to: end, chain: end, v: a.v}, obeyed
	case hasElse && in.aborts(e.List):
		return ask{from: s.Body.Pos(), to: s.Body.End(), chain: end, v: a.v}, obeyed
	}
	return ask{from: s.Body.Pos(), to: s.Body.End(), chain: s.Body.End(), v: a.v}, obeyed
}

// ends reports whether a block does not get to its end.
func (in *interp) ends(b *ast.BlockStmt) bool {
	for n := range ast.Preorder(b) {
		if s, ok := n.(*ast.BranchStmt); ok && s.Tok == token.GOTO { // which may lead past its end
			return false
		}
	}
	for _, s := range b.List {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			return s.Tok == token.CONTINUE
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok {
				if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "panic" {
					return true
				}
			}
		}
	}
	return false
}

// aborts reports whether statements abort the chain of handlers, by themselves or in a function
// of the program. What follows in the body runs all the same.
func (in *interp) aborts(list []ast.Stmt) bool {
	return abort(list, in.pkg) || slices.ContainsFunc(list, func(s ast.Stmt) bool {
		call := callOf(s)
		if call == nil {
			return false
		}
		b, known := in.bodies[Callee(in.pkg.Info, call)]
		return known && abort(b.decl.Body.List, b.pkg)
	})
}

func abort(list []ast.Stmt, pkg *Package) bool {
	return slices.ContainsFunc(list, func(s ast.Stmt) bool {
		call := callOf(s)
		return call != nil && isAbort(call, pkg)
	})
}

// callOf returns the call that a statement is, or nil.
func callOf(s ast.Stmt) *ast.CallExpr {
	if x, ok := s.(*ast.ExprStmt); ok {
		call, _ := x.X.(*ast.CallExpr)
		return call
	}
	return nil
}

// isAbort reports whether a call is that of a method which aborts the chain of handlers.
func isAbort(x *ast.CallExpr, pkg *Package) bool {
	sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	return ok && strings.HasPrefix(sel.Sel.Name, "Abort") && isContext(pkg.Info.TypeOf(sel.X))
}

// chained records the guards that a handler of gin calls by itself, alone or in a list of
// middleware, and obeys: it returns where one has aborted the chain.
func (in *interp) chained(r *reading, block *ast.BlockStmt, within map[ast.Node]bool) {
	for i, s := range block.List {
		body, end := block.List[i:], s.End()
		loop, isLoop := s.(*ast.RangeStmt)
		if isLoop {
			body = loop.Body.List
		} else if i+1 < len(block.List) {
			end = block.List[i+1].End()
		}
		call := in.untilAborted(body)
		if call == nil {
			continue
		}
		middleware := in.eval(call.Fun)
		if isLoop {
			if middleware = nil; len(body) == 2 && in.pkg.Info.ObjectOf(Ident(call.Fun)) == in.pkg.Info.ObjectOf(Ident(loop.Value)) {
				middleware = in.eval(loop.X)
			}
		}
		elements, isList := middleware.(list)
		if !isList {
			elements = list{{value: middleware}}
		}
		for _, e := range elements {
			if g, ok := e.value.(guardian); ok {
				within[call] = true
				r.asks = append(r.asks, ask{guard: Guard(g), call: s.Pos(), from: end, to: block.End(), chain: block.End()})
			}
		}
	}
}

// untilAborted returns the call of middleware of gin with which statements begin, if they return
// where it has aborted the chain, or nil.
func (in *interp) untilAborted(stmts []ast.Stmt) *ast.CallExpr {
	if len(stmts) < 2 {
		return nil
	}
	call := callOf(stmts[0])
	cond, ok := stmts[1].(*ast.IfStmt)
	if call == nil || len(call.Args) != 1 || !isContext(in.pkg.Info.TypeOf(call.Args[0])) || Ident(call.Fun) == nil || !ok || cond.Init != nil || !returns(cond.Body) {
		return nil
	}
	if !in.isAborted(cond.Cond) {
		return nil
	}
	return call
}

// isAborted reports whether an expression asks a context of gin whether the chain was aborted.
func (in *interp) isAborted(x ast.Expr) bool {
	asked, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := asked.Fun.(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "IsAborted" && isContext(in.pkg.Info.TypeOf(sel.X))
}

// returns reports whether a block ends with a return, and has no other way out.
func returns(b *ast.BlockStmt) bool {
	if len(b.List) == 0 {
		return false
	}
	for n := range ast.Preorder(b) {
		if _, ok := n.(*ast.BranchStmt); ok {
			return false
		}
	}
	_, ok := b.List[len(b.List)-1].(*ast.ReturnStmt)
	return ok
}

// asIf returns a statement as an if statement, and what it begins with: a switch of conditions, or
// one of an error, stands for one. It returns nil for another, and for a switch that jumps.
func asIf(n ast.Node) (cond *ast.IfStmt, init ast.Stmt) {
	s, ok := n.(*ast.SwitchStmt)
	if !ok {
		if cond, ok = n.(*ast.IfStmt); ok {
			init = cond.Init
		}
		return cond, init
	}
	var last *ast.IfStmt
	var otherwise *ast.BlockStmt // which may stand anywhere
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		body := &ast.BlockStmt{Lbrace: clause.Colon, List: clause.Body, Rbrace: clause.End()}
		if jumps(body) || len(clause.List) > 1 {
			return nil, nil
		}
		if clause.List == nil {
			otherwise = body
			continue
		}
		next := &ast.IfStmt{If: clause.Case, Cond: clause.List[0], Body: body}
		if s.Tag != nil {
			next.Cond = &ast.BinaryExpr{X: s.Tag, Op: token.EQL, Y: next.Cond}
		}
		if last == nil {
			cond = next
		} else {
			last.Else = next
		}
		last = next
	}
	if last == nil {
		return nil, nil
	}
	if otherwise != nil {
		last.Else = otherwise
	}
	return cond, s.Init
}

// jumps reports whether a block has a break, a goto or a fallthrough.
func jumps(b *ast.BlockStmt) bool {
	for n := range ast.Preorder(b) {
		if s, ok := n.(*ast.BranchStmt); ok && s.Tok != token.CONTINUE {
			return true
		}
	}
	return false
}
