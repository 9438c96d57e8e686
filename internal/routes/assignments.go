package routes

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
)

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
