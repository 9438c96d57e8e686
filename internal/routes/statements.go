package routes

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
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

func (in *interp) assignment(s *ast.AssignStmt) {
	switch s.Tok {
	case token.ASSIGN, token.DEFINE:
	case token.ADD_ASSIGN, token.SUB_ASSIGN:
		op := token.ADD
		if s.Tok == token.SUB_ASSIGN {
			op = token.SUB
		}
		old, new := in.eval(s.Lhs[0]), in.eval(s.Rhs[0])
		in.assign(s.Lhs[0], in.computed(old, op, new, in.pkg.Info.TypeOf(s.Lhs[0])))
		return
	default:
		in.assign(s.Lhs[0], in.typed(s.Lhs[0], "it is computed"))
		return
	}
	if len(s.Rhs) == 1 && len(s.Lhs) > 1 {
		results := resultsOf(in.eval(s.Rhs[0]), len(s.Lhs))
		for i, to := range s.Lhs {
			in.assign(to, results[i])
		}
		return
	}
	values := make([]value, len(s.Rhs))
	for i, x := range s.Rhs {
		if values[i] = in.copied(x); i < len(s.Lhs) {
			values[i] = in.orEmpty(values[i], x, in.pkg.Info.TypeOf(s.Lhs[i]))
		}
	}
	for i, to := range s.Lhs {
		if i < len(values) {
			in.assign(to, values[i])
		}
	}
}

// copied returns the value of an expression where it is assigned or passed.
func (in *interp) copied(x ast.Expr) value { return in.copyOf(in.eval(x), in.pkg.Info.TypeOf(x)) }

// copyOf returns a value of type t, which may be nil, where it is assigned: a struct or an array is
// copied.
func (in *interp) copyOf(v value, t types.Type) value {
	if t == nil {
		return v
	}
	switch t.Underlying().(type) {
	case *types.Struct:
		switch v := v.(type) {
		case *object:
			return &object{typ: v.typ, fields: maps.Clone(v.fields), born: in.born(), open: v.open, shared: v.shared}
		case *router:
			c := *v
			return &c
		}
	case *types.Array:
		if v, ok := v.(list); ok {
			return slices.Clone(v)
		}
	}
	return v
}

// computed returns what an operator makes of two values.
func (in *interp) computed(a value, op token.Token, b value, t types.Type) value {
	x, ok1 := a.(text)
	y, ok2 := b.(text)
	m, ok3 := integer(a)
	n, ok4 := integer(b)
	if t == nil {
		return opaque{reason: "it is computed"}
	}
	basic, _ := t.Underlying().(*types.Basic)
	switch {
	case basic == nil:
	case basic.Info()&types.IsString != 0:
		if ok1 && ok2 {
			return x + y
		}
		if s := patternOf(a) + patternOf(b); s != hole+hole {
			return partial(s)
		}
	case ok3 && ok4:
		if op == token.SUB {
			n = -n
		}
		return text(strconv.Itoa(m + n))
	}
	return opaque{typ: t, reason: "it is computed"}
}

// compared returns whether two numbers compare as an operator says, nil if that is not known.
func compared(a value, op token.Token, b value) value {
	m, ok1 := integer(a)
	n, ok2 := integer(b)
	if !ok1 || !ok2 {
		return nil
	}
	return text(strconv.FormatBool(constant.Compare(constant.MakeInt64(int64(m)), op, constant.MakeInt64(int64(n)))))
}

func (in *interp) valueSpec(spec *ast.ValueSpec) {
	if len(spec.Values) == 1 && len(spec.Names) > 1 {
		results := resultsOf(in.eval(spec.Values[0]), len(spec.Names))
		for i, name := range spec.Names {
			in.declare(name, results[i])
		}
		return
	}
	for i, name := range spec.Names {
		var v value
		if i < len(spec.Values) {
			v = in.orEmpty(in.copied(spec.Values[i]), spec.Values[i], in.pkg.Info.TypeOf(name))
		} else if t := in.pkg.Info.TypeOf(name); t != nil {
			v = in.zero(t)
		}
		in.declare(name, v)
	}
}

// orEmpty returns what x has for something of type t: v, or an empty slice or map if it is nil.
func (in *interp) orEmpty(v value, x ast.Expr, t types.Type) value {
	if in.pkg.Info.Types[x].IsNil() && (isSlice(t) || isMap(t)) {
		return in.zero(t)
	}
	return v
}

func isSlice(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Slice)
	return ok
}

func isPointer(t types.Type) bool {
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

// zero returns the value of a variable that is declared without one.
func (in *interp) zero(t types.Type) value {
	if _, ok := t.(*types.Pointer); ok {
		return nil
	}
	if kind := routerKind(t); kind != "" && !types.IsInterface(t) {
		return in.newRouter(kind, "")
	}
	switch t.Underlying().(type) {
	case *types.Struct:
		return in.newObject(t)
	case *types.Slice:
		return list{}
	case *types.Map:
		return &table{born: in.born()}
	}
	return nil
}

func (in *interp) assign(to ast.Expr, v value) {
	if to == nil {
		return
	}
	switch to := ast.Unparen(to).(type) {
	case *ast.Ident:
		if to.Name == "_" {
			return
		}
		if in.pkg.Info.Defs[to] != nil {
			in.declare(to, v)
			return
		}
		obj, ok := in.pkg.Info.ObjectOf(to).(*types.Var)
		if !ok {
			return
		}
		if local := in.env.find(obj); local != nil {
			if local.read {
				in.later[obj] = either(in.later[obj], v)
			}
			if in.uncertain(local.born) {
				if v = either(local.value, v); local.value == nil {
					v = orNil(v)
				}
			}
			local.value = v
		} else {
			in.learn(in.globals, obj, v)
		}
	case *ast.SelectorExpr:
		selection := in.pkg.Info.Selections[to]
		field, ok := in.pkg.Info.Uses[to.Sel].(*types.Var)
		if !ok {
			return
		}
		if selection == nil { // of a package
			in.learn(in.globals, field, v)
			if in.pkgOf[field.Pkg()] == nil && in.concernsType(field.Type()) { // such as NotFoundHandler of echo
				in.note(to.Pos(), "what is assigned to %s.%s is not followed", field.Pkg().Name(), field.Name())
			}
			return
		}
		in.setField(in.through(to), field, v, to)
	case *ast.IndexExpr:
		in.assignElement(to, v)
	case *ast.StarExpr:
		if !in.overwrite(in.eval(to.X), v, to) {
			in.assign(to.X, v)
		}
	}
}

// overwrite assigns a struct to what a pointer points to, for all that have that. It reports whether
// that is a struct that is known.
func (in *interp) overwrite(of, v value, x ast.Expr) bool {
	obj, ok := of.(*object)
	s, isStruct := structOf(in.pkg.Info.TypeOf(x))
	if !ok || !isStruct {
		return false
	}
	from, known := v.(*object)
	for field := range s.Fields() {
		field = field.Origin()
		switch to, has := obj.fields[field]; {
		case !known && has:
			in.setField(obj, field, in.elsewhere(field, x), x)
		case !known:
		case from.fields[field] != nil:
			in.setField(obj, field, from.fields[field], x)
		case has && !in.uncertain(obj.born):
			delete(obj.fields, field)
		case has && isBool(field.Type()):
			obj.fields[field] = either(to, text("false"))
		}
	}
	return true
}

func (in *interp) setField(of value, field *types.Var, v value, x ast.Expr) {
	field = field.Origin()
	if one := alternatives(of); len(one) == 1 {
		of = one[0]
	}
	if obj, ok := of.(*object); ok {
		if slices.Contains(obj.read, field) {
			in.later[field] = either(in.later[field], v)
		}
		if old, was := obj.fields[field]; was && in.uncertain(obj.born) {
			v = either(old, v)
		}
		obj.fields[field] = v
	}
	if !InRuntime(field) { // catalogues and rules, of which there are many, make nothing that serves
		in.learn(in.fields, field, v)
	}
	if r, ok := of.(*router); ok && isChain(field) {
		in.replace(r, v)
		return
	}
	if r, ok := of.(*router); ok && !field.Embedded() && in.concernsType(field.Type()) {
		in.setHandler(r, field, v, x)
	}
	if v != nil && field.Name() == "Handler" && field.Pkg() != nil && field.Pkg().Path() == "net/http" && NamedOf(typeOf(of)) != nil && NamedOf(typeOf(of)).Name() == "Server" {
		in.serveServer(v, x)
	}
}

// learn records what is assigned to a package variable or field. In the second pass that
// takes the place of what the first has found.
func (in *interp) learn(known map[*types.Var]value, v *types.Var, assigned value) {
	if in.summarizing { // what is known of the program stays
		return
	}
	if !in.learned[v] {
		in.learned[v] = true
		delete(known, v)
	}
	known[v] = either(known[v], assigned)
}

// assignElement sets an element of a table, or adds one to a list that a variable holds.
func (in *interp) assignElement(to *ast.IndexExpr, v value) {
	key := in.eval(to.Index)
	switch of := in.eval(to.X).(type) {
	case *table:
		for i, e := range of.elements {
			if same(e.key, key) {
				if in.uncertain(of.born) {
					v = either(e.value, v)
				}
				of.elements[i].value = v
				return
			}
		}
		if _, known := key.(text); !known {
			key = opaque{reason: "the key is computed", node: to.Index}
		}
		of.elements = append(of.elements, element{key, v})
	case list: // whoever has it too sees the element
		switch n, known := number(key); {
		case known && n < len(of):
			in.setElement(of, n, v)
		case known || len(of) == 0:
			of = append(slices.Clip(of), element{nil, v})
		default: // it may be any of them
			for i, e := range of {
				of[i].value = either(e.value, v)
			}
		}
		in.assign(to.X, of)
	}
}

// setElement sets an element of a list.
func (in *interp) setElement(of list, n int, v value) {
	if in.uncertain(born{}) {
		v = either(of[n].value, v)
	}
	of[n].value = v
}

// typeOrNil returns the type of an expression, which may be nil.
func (in *interp) typeOrNil(x ast.Expr) types.Type {
	if x == nil {
		return nil
	}
	return in.pkg.Info.TypeOf(x)
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
