package routes

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

func (in *interp) block(stmts []ast.Stmt) {
	for _, s := range stmts {
		in.stmt(s)
		in.leave(s)
		if cond, ok := s.(*ast.IfStmt); ok && returns(cond.Body) {
			if is, known := in.truth(cond.Cond); known && is {
				return
			}
		}
	}
}

// conditional runs code that may not run. Middleware that it puts before routes is
// taken back after it, and what it assigns is joined with what was there.
func (in *interp) conditional(run func()) {
	outer := in.branch
	in.branch = nil
	in.depth++
	run()
	in.depth--
	for _, r := range slices.Backward(in.branch) {
		if r.router.born.depth <= in.depth { // it is there without the branch
			r.router.uses = r.router.uses[:r.uses]
		}
	}
	in.branch = outer
}

// oneOf runs one of several branches. What all of them assign to a variable is certain.
func (in *interp) oneOf(branches ...func()) {
	if in.depth >= maxDepth { // a handler, for which variables are not what they are now
		for _, run := range branches {
			in.conditional(run)
		}
		return
	}
	before, after, empty := map[*variable]variable{}, map[*variable]value{}, map[*variable]bool{}
	for e := in.env; e != nil; e = e.outer {
		for _, v := range e.vars {
			before[v] = *v
		}
	}
	for _, run := range branches {
		in.conditional(func() {
			for v, was := range before {
				v.value, v.born = was.value, in.born()
			}
			run()
		})
		for v := range before {
			after[v] = either(after[v], v.value)
			empty[v] = empty[v] || v.value == nil
		}
	}
	for v, was := range before {
		if v.value, v.born = after[v], was.born; in.uncertain(was.born) {
			v.value = either(was.value, v.value)
			empty[v] = empty[v] || was.value == nil
		}
		if empty[v] {
			v.value = orNil(v.value)
		}
	}
}

func (in *interp) stmt(s ast.Stmt) {
	if !in.step() {
		return
	}
	switch s := s.(type) {
	case *ast.ExprStmt:
		in.eval(s.X)
	case *ast.AssignStmt:
		in.assignment(s)
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok {
			for _, spec := range d.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					in.valueSpec(spec)
				}
			}
		}
	case *ast.ReturnStmt:
		in.returned(s)
	case *ast.BlockStmt:
		in.block(s.List)
	case *ast.LabeledStmt:
		in.stmt(s.Stmt)
	case *ast.GoStmt:
		in.eval(s.Call)
	case *ast.DeferStmt:
		in.eval(s.Call)
	case *ast.SendStmt:
		in.eval(s.Value)
	case *ast.IncDecStmt:
		op := token.ADD
		if s.Tok == token.DEC {
			op = token.SUB
		}
		in.assign(s.X, in.computed(in.eval(s.X), op, text("1"), in.pkg.Info.TypeOf(s.X)))
	case *ast.IfStmt:
		in.stmt(s.Init)
		is, known := in.truth(s.Cond)
		if known && is {
			in.block(s.Body.List)
			return
		}
		if known {
			in.stmt(s.Else)
			return
		}
		in.eval(s.Cond)
		body := func() { in.block(s.Body.List) }
		if s.Else == nil {
			in.conditional(body)
			return
		}
		in.oneOf(body, func() { in.stmt(s.Else) })
	case *ast.SwitchStmt:
		in.stmt(s.Init)
		in.clauses(s.Body)
	case *ast.TypeSwitchStmt:
		in.stmt(s.Init)
		in.stmt(s.Assign)
		in.clauses(s.Body)
	case *ast.SelectStmt:
		in.clauses(s.Body)
	case *ast.ForStmt:
		in.stmt(s.Init)
		in.loop(s)
	case *ast.RangeStmt:
		in.rangeOver(s)
	}
}

// truth returns whether a condition holds, where that is certain: one of false, of variables and fields
// that nothing sets later, and of the length of lists.
func (in *interp) truth(cond ast.Expr) (is, known bool) {
	switch x := ast.Unparen(cond).(type) {
	case *ast.Ident: // another constant may be true in another build
		if v, ok := in.settledVariable(x); ok {
			return v == text("true"), v == text("true") || v == text("false")
		}
		return false, in.pkg.Info.Uses[x] == types.Universe.Lookup("false")
	case *ast.UnaryExpr:
		is, known = in.truth(x.X)
		return !is, known && x.Op == token.NOT
	case *ast.SelectorExpr:
		v, ok := in.settledField(x)
		return v == text("true"), ok && (v == text("true") || v == text("false"))
	case *ast.BinaryExpr:
		switch op := x.Op; op {
		case token.LAND, token.LOR:
			a, known1 := in.truth(x.X)
			b, known2 := in.truth(x.Y)
			if or := x.Op == token.LOR; known1 && a == or || known2 && b == or {
				return or, true
			}
			return a, known1 && known2
		case token.EQL, token.NEQ:
			if !in.pkg.Info.Types[x.Y].IsNil() {
				break
			}
			switch x := ast.Unparen(x.X).(type) {
			case *ast.SelectorExpr:
				v, ok := in.settledField(x)
				return op == token.NEQ, ok && isMade(v)
			case *ast.Ident:
				v, ok := in.settledVariable(x)
				return op == token.NEQ, ok && isMade(v)
			}
		}
		if call, ok := ast.Unparen(x.X).(*ast.CallExpr); ok && in.pkg.Info.Uses[Ident(call.Fun)] == types.Universe.Lookup("len") && in.pkg.Info.Types[x.Y].Value != nil {
			v, ok := in.eval(x).(text)
			return v == "true", ok
		}
	}
	return false, false
}

// settledVariable returns the value of a local variable that nothing sets after its declaration.
func (in *interp) settledVariable(x *ast.Ident) (value, bool) {
	if v, ok := in.pkg.Info.Uses[x].(*types.Var); ok && !in.setLater[v] {
		if local := in.env.find(v); local != nil {
			return local.value, true
		}
	}
	return nil, false
}

// settledField returns the value of a field that nothing but literals set, of a struct that is known.
func (in *interp) settledField(x *ast.SelectorExpr) (value, bool) {
	selection := in.pkg.Info.Selections[x]
	if selection == nil || selection.Kind() != types.FieldVal {
		return nil, false
	}
	field := selection.Obj().(*types.Var).Origin()
	obj, ok := in.through(x).(*object)
	if !ok || obj.open || obj.shared || in.setLater[field] || !in.isOwn(field) {
		return nil, false
	}
	v, ok := obj.fields[field]
	if !ok && isBool(field.Type()) {
		return text("false"), true
	}
	return v, ok
}

// isOwn reports whether a package of the program declares an object, so that no code elsewhere sets it.
func (in *interp) isOwn(obj types.Object) bool { return in.pkgOf[obj.Pkg()] != nil }

// isMade reports whether a value is not nil.
func isMade(v value) bool {
	switch v.(type) {
	case guardian, wrapping, *closure, function, native, *router, *object:
		return true
	}
	return false
}

// loop runs the body of a loop that counts as often as that runs it, and another once.
func (in *interp) loop(s *ast.ForStmt) {
	for range maxLoop {
		switch goesOn, known := in.eval(s.Cond).(text); {
		case !known:
			in.conditional(func() { in.within(true, s.Body) })
			return
		case goesOn != "true":
			return
		}
		in.within(true, s.Body)
		in.stmt(s.Post)
	}
}

func (in *interp) clauses(body *ast.BlockStmt) {
	var branches []func()
	hasDefault := false
	for _, c := range body.List {
		switch c := c.(type) {
		case *ast.CaseClause:
			hasDefault = hasDefault || c.List == nil
			branches = append(branches, func() { in.block(c.Body) })
		case *ast.CommClause:
			branches = append(branches, func() { in.stmt(c.Comm); in.block(c.Body) })
		}
	}
	if hasDefault && !jumps(body) { // one of them runs to its end
		in.oneOf(branches...)
		return
	}
	for _, run := range branches {
		in.conditional(run)
	}
}

// rangeOver runs the body once for each element that is known, or once for all.
func (in *interp) rangeOver(s *ast.RangeStmt) {
	known := true
	of := alternatives(in.eval(s.X))
	for _, v := range of {
		elements, ok := elementsOf(v)
		if n, isNumber := integer(v); isNumber && n <= maxLoop && !IsString(in.pkg.Info.TypeOf(s.X)) {
			elements, ok = elementsOf(make(list, max(n, 0)))
		}
		if !ok {
			known = false
			continue
		}
		run := func() {
			for _, e := range elements {
				v, always := e.certain()
				body := func() {
					in.assign(s.Key, e.key)
					in.assign(s.Value, in.copyOf(v, in.typeOrNil(s.Value)))
					in.within(true, s.Body)
				}
				if always {
					body()
				} else {
					in.conditional(body)
				}
			}
		}
		if len(of) > 1 {
			in.conditional(run)
		} else {
			run()
		}
	}
	if known {
		return
	}
	in.conditional(func() {
		for _, x := range []ast.Expr{s.Key, s.Value} {
			if x != nil {
				in.assign(x, in.symbol(in.pkg.Info.TypeOf(x), "it is an element of a collection that is filled elsewhere", 0, x))
			}
		}
		in.within(true, s.Body)
	})
}

// elementsOf returns the elements of a list or a table, with their keys, if it has all of
// them.
func elementsOf(v value) (list, bool) {
	switch v := v.(type) {
	case *table:
		return v.elements, !v.open
	case list:
		elements := make(list, len(v))
		for i, e := range v {
			if elements[i] = e; e.key != nil {
				continue
			}
			if elements[i].key = text(fmt.Sprint(i)); !v[:i].certain() {
				elements[i].key = opaque{reason: "the key is computed"}
			}
		}
		return elements, true
	}
	return nil, false
}

func isMap(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

func (in *interp) returned(s *ast.ReturnStmt) {
	switch len(s.Results) {
	case 1:
		v := in.eval(s.Results[0])
		t := in.resultType(0)
		if v = in.orEmpty(v, s.Results[0], t); v == nil && isMiddleware(t) && in.pkg.Info.Types[s.Results[0]].IsNil() {
			v = opaque{typ: t, reason: "it may be nil"}
		}
		in.returns = append(in.returns, v)
	case 0: // named results
		list := in.results()
		if list == nil {
			return
		}
		var results pair
		for _, field := range list.List {
			for _, name := range field.Names {
				if v, ok := in.pkg.Info.Defs[name].(*types.Var); ok {
					if local := in.env.find(v); local != nil {
						results = append(results, local.value)
					}
				}
			}
		}
		if len(results) == 1 {
			in.returns = append(in.returns, results[0])
		} else {
			in.returns = append(in.returns, results)
		}
	default:
		var results pair
		for i, x := range s.Results {
			results = append(results, in.orEmpty(in.eval(x), x, in.resultType(i)))
		}
		in.returns = append(in.returns, results)
	}
}

// results returns the results of the function that runs, nil if there are none.
func (in *interp) results() *ast.FieldList {
	switch n := in.node.(type) {
	case *ast.FuncDecl:
		return n.Type.Results
	case *ast.FuncLit:
		return n.Type.Results
	}
	return nil
}

// resultType returns the type of the result with an index, or nil.
func (in *interp) resultType(i int) types.Type {
	if list := in.results(); list != nil {
		for _, field := range list.List {
			if i -= max(1, len(field.Names)); i < 0 {
				return in.pkg.Info.TypeOf(field.Type)
			}
		}
	}
	return nil
}
