package routes

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
)

func (in *interp) eval(x ast.Expr) value {
	if !in.step() {
		return nil
	}
	x = ast.Unparen(x)
	if v := in.pkg.Info.Types[x].Value; v != nil {
		switch v.Kind() {
		case constant.String:
			return text(constant.StringVal(v))
		case constant.Int, constant.Bool:
			return text(v.ExactString())
		}
		return in.typed(x, "it is computed")
	}
	switch x := x.(type) {
	case *ast.Ident:
		return in.ident(x)
	case *ast.SelectorExpr:
		return in.selector(x)
	case *ast.CallExpr:
		return in.call(x)
	case *ast.FuncLit:
		c := &closure{x, in.env, in.pkg, in.fn}
		if in.running(x) == 0 {
			in.pending = append(in.pending, c)
		}
		return c
	case *ast.CompositeLit:
		return in.composite(x)
	case *ast.UnaryExpr:
		v := in.eval(x.X)
		if t := in.pkg.Info.TypeOf(x.X); x.Op == token.AND && (IsHandlerInterface(t) || isSignature(t) && in.concernsType(t)) {
			in.note(x.Pos(), "what is assigned through the address of %s is not followed", types.ExprString(x.X))
			in.assign(x.X, either(v, opaque{typ: t, reason: "it may be assigned through its address", node: x}))
		}
		if x.Op == token.AND {
			in.addressed(x.X, v)
		}
		if x.Op == token.AND || x.Op == token.ARROW {
			return v
		}
		return nil
	case *ast.StarExpr:
		return in.eval(x.X)
	case *ast.BinaryExpr:
		if Ident(x.X) != nil && in.pkg.Info.Types[x.Y].IsNil() {
			return nil // to ask whether there is a router makes none
		}
		a := in.eval(x.X)
		if x.Op == token.LAND || x.Op == token.LOR {
			in.conditional(func() { in.eval(x.Y) })
			return nil
		}
		b := in.eval(x.Y)
		switch x.Op {
		case token.ADD, token.SUB:
			return in.computed(a, x.Op, b, in.pkg.Info.TypeOf(x))
		case token.LSS, token.LEQ, token.GTR, token.GEQ, token.NEQ, token.EQL:
			return compared(a, x.Op, b)
		}
		return nil
	case *ast.IndexExpr:
		return in.index(x)
	case *ast.IndexListExpr:
		return in.eval(x.X)
	case *ast.TypeAssertExpr:
		return in.eval(x.X)
	case *ast.SliceExpr:
		return in.slice(x)
	}
	return in.typed(x, "it is computed")
}

// addressed records that code may change the slice x, which has the value v, through its address.
func (in *interp) addressed(x ast.Expr, v value) {
	if t := in.pkg.Info.TypeOf(x); isSlice(t) && Ident(x) != nil {
		in.assign(x, either(v, in.symbol(t, "it may be changed through its address", 0, x)))
	}
}

// slice returns a part of a list.
func (in *interp) slice(x *ast.SliceExpr) value {
	of := in.eval(x.X)
	if in.pkg.Info.Types[x.High].Value != nil && constant.Sign(in.pkg.Info.Types[x.High].Value) == 0 { // whatever it is a part of
		return list{}
	}
	elements, ok := of.(list)
	if !ok || !elements.certain() {
		return in.typed(x, "it is a part of what is not known")
	}
	low, high := 0, len(elements)
	if n, known := number(in.eval(x.Low)); known {
		low = n
	} else if x.Low != nil {
		return in.typed(x, "it is a part that is computed")
	}
	if n, known := number(in.eval(x.High)); known {
		high = n
	} else if x.High != nil {
		return in.typed(x, "it is a part that is computed")
	}
	if high > len(elements) {
		return list{}
	}
	return elements[min(low, high):high:high]
}

// integer returns the integer that a value is.
func integer(v value) (n int, ok bool) {
	s, _ := v.(text)
	n, err := strconv.Atoi(string(s))
	return n, err == nil
}

// number returns the integer that a value is, if it can be an index.
func number(v value) (n int, ok bool) {
	n, ok = integer(v)
	return n, ok && n >= 0
}

// typed returns a value that is known by the type of x.
func (in *interp) typed(x ast.Expr, reason string) value {
	t := in.pkg.Info.TypeOf(x)
	switch t := t.(type) {
	case nil:
		return nil
	case *types.Tuple:
		var p pair
		for v := range t.Variables() {
			p = append(p, in.symbol(v.Type(), reason, 0, x))
		}
		return p
	}
	return in.symbol(t, reason, 0, x)
}

func (in *interp) ident(x *ast.Ident) value {
	switch obj := in.pkg.Info.ObjectOf(x).(type) {
	case *types.Var:
		return in.variable(x, obj)
	case *types.Func:
		return function{fn: obj.Origin(), node: x, pkg: in.pkg}
	}
	return nil
}

func (in *interp) variable(x ast.Expr, obj *types.Var) value {
	if local := in.env.find(obj); local != nil {
		if local.value == nil && routerKind(obj.Type()) != "" {
			local.value = in.typed(x, "it is not assigned")
		}
		v := local.value
		if in.depth >= maxDepth && local.born.depth < maxDepth { // a handler runs later
			local.read = true
			v = either(v, in.later[obj])
		}
		return in.orTyped(v, x, "it is not known what is assigned to it")
	}
	if obj.Parent() == obj.Pkg().Scope() {
		init, hasInit := in.inits[obj]
		if v, ok := in.anywhere(in.globals, obj), in.globals[obj] != nil; ok || hasInit {
			v = either(init, v)
			share(v)
			return in.orTyped(v, x, "the package variable is assigned what is not known")
		}
		v := in.typed(x, fmt.Sprintf("the variable %s is assigned in code that is not followed", obj.Name()))
		if DeclaredAs(obj.Type(), "net/http", "Server") {
			v = in.newObject(obj.Type())
		}
		switch v.(type) {
		case *router, *object:
			in.globals[obj] = v
		}
		return v
	}
	return in.typed(x, "it is not known what the variable holds")
}

func (in *interp) orTyped(v value, x ast.Expr, reason string) value {
	if v == nil {
		return in.typed(x, reason)
	}
	return v
}

// through returns what a selector selects from, after embedded fields.
func (in *interp) through(x *ast.SelectorExpr) value {
	v := in.eval(x.X)
	selection := in.pkg.Info.Selections[x]
	if selection == nil {
		return v
	}
	t := in.pkg.Info.TypeOf(x.X)
	for _, i := range selection.Index()[:len(selection.Index())-1] {
		if _, ok := v.(*router); ok { // which embeds another
			return v
		}
		s, ok := structOf(t)
		if !ok {
			return nil
		}
		field := s.Field(i)
		v = in.field(v, field, x)
		t = field.Type()
	}
	return v
}

const requestMethod = "it is the method of a request"

func structOf(t types.Type) (*types.Struct, bool) {
	if t == nil {
		return nil, false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	return s, ok
}

// field returns what a field of a struct holds: of that one, if it is known, or else what
// any code assigns to the field.
func (in *interp) field(of value, field *types.Var, x ast.Expr) value {
	if r, ok := of.(*router); ok && field.Embedded() && routerKind(field.Type()) != "" { // that of an engine of gin
		return r
	}
	if r, ok := of.(*router); ok && isChain(field) {
		return r.combined()
	}
	if field.Name() == "Method" && PackageOf(field) == "net/http" {
		return opaque{typ: field.Type(), reason: requestMethod, node: x}
	}
	field = field.Origin()
	var result value
	empty := false // nil, since nothing assigns the field but literals that have it
	for _, v := range alternatives(of) {
		obj, ok := v.(*object)
		if !ok {
			empty, result = false, either(result, in.anywhere(in.fields, field))
			continue
		}
		v, ok := obj.fields[field]
		if isSlice(field.Type()) {
			switch open := obj.open && !in.concernsType(field.Type()); {
			case open:
				v = either(v, either(in.fields[field], in.elsewhere(field, x)))
			case !ok:
				v = list{}
			}
			ok = true
		}
		if !ok && !obj.open && !in.setLater[field] {
			empty = true
			switch {
			case IsString(field.Type()):
				v, ok = text(""), true
			case isMap(field.Type()):
				v, ok = &table{born: in.born()}, true
			}
		}
		if ok {
			result = either(result, v)
		}
		if in.depth >= maxDepth && obj.born.depth < maxDepth { // a handler runs later
			obj.read = append(obj.read, field)
			result = either(result, in.later[field])
		}
	}
	if of, ok := of.(opaque); ok && of.made && routerKind(field.Type()) != "" {
		return in.madeRouter(of.node, field)
	}
	if result == nil && empty && (types.IsInterface(field.Type()) || isPointer(field.Type())) {
		return nil
	}
	if result == nil {
		result = in.anywhere(in.fields, field)
	}
	if result == nil {
		result = in.elsewhere(field, x)
		if obj, ok := of.(*object); ok {
			obj.fields[field] = result
		} else if _, ok := result.(*router); ok {
			in.fields[field] = result
		}
	}
	return result
}

// anywhere returns what code assigns to a package variable or a field. The code of this pass may not
// have run yet: handlers and middleware of the pass before are among it.
func (in *interp) anywhere(known map[*types.Var]value, v *types.Var) value {
	result := known[v]
	for _, w := range alternatives(in.first[v]) {
		switch w.(type) {
		case function, *closure, serving, guardian, wrapping, list:
			result = either(result, w)
		}
	}
	return result
}

// madeRouter returns the router in a field of what a call returns, before which nothing but this
// program puts guards.
func (in *interp) madeRouter(call ast.Expr, field *types.Var) *router {
	key := madeField{call, field}
	if in.ofCalls[key] == nil {
		in.ofCalls[key], _ = in.elsewhere(field, call).(*router)
		in.ofCalls[key].given = false
	}
	return in.ofCalls[key]
}

// elsewhere returns the value of a field of which it is not known what is assigned to it.
func (in *interp) elsewhere(field *types.Var, x ast.Expr) value {
	return in.symbol(field.Type(), fmt.Sprintf("the field %s is assigned in code that is not followed", field.Name()), 0, x)
}

func (in *interp) selector(x *ast.SelectorExpr) value {
	selection := in.pkg.Info.Selections[x]
	if selection == nil { // of a package
		switch obj := in.pkg.Info.Uses[x.Sel].(type) {
		case *types.Var:
			if PackageOf(obj) == "net/http" && obj.Name() == "DefaultServeMux" {
				return in.defaultMux
			}
			return in.variable(x, obj)
		case *types.Func:
			return function{fn: obj.Origin(), node: x, pkg: in.pkg}
		}
		return nil
	}
	switch obj := selection.Obj().(type) {
	case *types.Var:
		return in.field(in.through(x), obj, x)
	case *types.Func:
		recv := in.through(x)
		if v, ok := methodOfRouter(recv, obj.Name()); ok && selection.Kind() == types.MethodVal {
			return v
		}
		return in.method(x, selection, obj.Origin(), recv)
	}
	return nil
}

// methodOfRouter returns a method of a value that is a router, or one of several, and false if it
// may be something else.
func methodOfRouter(recv value, name string) (v value, ok bool) {
	for _, of := range alternatives(recv) {
		r, isRouter := of.(*router)
		if !isRouter {
			return nil, false
		}
		if name == "ServeHTTP" {
			v = either(v, r)
		} else {
			v = either(v, native{r, name})
		}
	}
	return v, true
}

// method returns a method value. That of an interface is the one of the value in it, if
// that is known.
func (in *interp) method(x *ast.SelectorExpr, selection *types.Selection, fn *types.Func, recv value) value {
	if selection.Kind() == types.MethodExpr {
		recv = nil
	}
	f := function{fn: fn, recv: recv, node: x, pkg: in.pkg}
	if isInterfaceMethod(fn) {
		var known, unknown value
		for _, v := range alternatives(recv) {
			if found := in.methodOfValue(x, v, fn.Name()); found != nil {
				known = either(known, found)
			} else {
				unknown = f
			}
		}
		if known != nil {
			return either(known, unknown)
		}
	}
	for _, t := range []*types.TypeName{ReceiverOf(fn), NamedOf(selection.Recv())} {
		if in.isResource(t) {
			f.of = t
			break
		}
	}
	return f
}

func isInterfaceMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

func (in *interp) methodOfValue(x ast.Expr, v value, name string) value {
	t := typeOf(v)
	if t == nil || types.IsInterface(t) {
		switch v.(type) {
		case serving, *closure, function:
			if name == "ServeHTTP" {
				return v
			}
		}
		return nil
	}
	fn := MethodNamed(t, name)
	if fn == nil {
		return nil
	}
	f := function{fn: fn, recv: v, node: x, pkg: in.pkg}
	for _, t := range []*types.TypeName{ReceiverOf(fn), NamedOf(t)} {
		if in.isResource(t) {
			f.of = t
			break
		}
	}
	return f
}

func typeOf(v value) types.Type {
	switch v := v.(type) {
	case *object:
		return v.typ
	case opaque:
		return v.typ
	}
	return nil
}

func (in *interp) isResource(t *types.TypeName) bool {
	return t != nil && in.IsResource(t)
}

func (in *interp) isPublic(obj types.Object) bool {
	return obj != nil && in.IsPublic(obj)
}

func (in *interp) composite(x *ast.CompositeLit) value {
	t := in.pkg.Info.TypeOf(x)
	if t == nil {
		return nil
	}
	if s, ok := structOf(t); ok {
		var made value
		if kind := routerKind(t); kind != "" {
			made = in.newRouter(kind, "")
		} else {
			made = in.newObject(t)
		}
		for i, e := range x.Elts {
			var field *types.Var
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				field, _ = in.pkg.Info.ObjectOf(Ident(kv.Key)).(*types.Var)
				e = kv.Value
			} else if i < s.NumFields() {
				field = s.Field(i)
			}
			if field != nil {
				in.setField(made, field, in.orEmpty(in.eval(e), e, field.Type()), e)
			}
		}
		return made
	}
	elements := list{}
	for _, e := range x.Elts {
		var key value
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			key, e = in.eval(kv.Key), kv.Value
			if key == nil {
				key = opaque{reason: "the key is computed", node: kv.Key}
			}
		}
		elements = append(elements, element{key, in.orEmpty(in.eval(e), e, elementType(t))})
	}
	if isMap(t) {
		return &table{elements: elements, born: in.born()}
	}
	return elements
}

// elementType returns the type of the elements of a collection, or nil.
func elementType(t types.Type) types.Type {
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Map:
		return t.Elem()
	}
	return nil
}

func (in *interp) index(x *ast.IndexExpr) value {
	if fn, ok := in.pkg.Info.Uses[Ident(x.X)].(*types.Func); ok { // an instance of a generic function
		return function{fn: fn.Origin(), node: x, pkg: in.pkg}
	}
	key := in.eval(x.Index)
	var result value
	for _, v := range alternatives(in.eval(x.X)) {
		elements, ok := elementsOf(v)
		if !ok {
			return in.typed(x, "it is an element of a collection that is filled elsewhere")
		}
		found := false
		for _, e := range elements {
			have, known := e.key.(text)
			wanted, asked := key.(text)
			if !known || !asked || have == wanted {
				result = either(result, e.value)
				found = found || known && asked
			}
		}
		if t := in.pkg.Info.TypeOf(x); !found && isSlice(t) {
			result = either(result, list{})
		}
		if !found && isMap(in.pkg.Info.TypeOf(x.X)) {
			result = orNil(result)
		}
	}
	return in.orTyped(result, x, "it is an element of a collection that is filled elsewhere")
}
