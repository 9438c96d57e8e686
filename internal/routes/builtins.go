package routes

import (
	"go/ast"
	"slices"
	"strconv"
)

// builtin evaluates a call of a builtin function.
func (in *interp) builtin(x *ast.CallExpr, name string) value {
	switch {
	case name == "append" && len(x.Args) > 0:
		to := in.eval(x.Args[0])
		if to == nil {
			to = list{}
		}
		for _, arg := range x.Args[1:] {
			v := in.eval(arg)
			if !x.Ellipsis.IsValid() {
				v = list{{value: v}}
			}
			to = in.appended(x, to, v)
		}
		return to
	case name == "new" && len(x.Args) == 1:
		t := in.pkg.Info.TypeOf(x.Args[0])
		if kind := routerKind(t); kind != "" {
			return in.newRouter(kind, "")
		}
		return in.newObject(t)
	case name == "make":
		if isMap(in.pkg.Info.TypeOf(x)) {
			return &table{born: in.born()}
		}
		if len(x.Args) > 1 {
			if n, known := number(in.eval(x.Args[1])); known {
				return make(list, min(n, maxLoop))
			}
		}
		return list{}
	case name == "copy" && len(x.Args) == 2:
		in.copyElements(x)
		return nil
	}
	for _, arg := range x.Args {
		v := in.eval(arg)
		if t, ok := v.(*table); ok && (name == "delete" || name == "clear") {
			t.open = true
		}
		if elements, ok := elementsOf(v); ok && name == "len" && elements.certain() {
			return text(strconv.Itoa(len(elements)))
		}
	}
	return nil
}

// copyElements evaluates a call of copy.
func (in *interp) copyElements(x *ast.CallExpr) {
	from := in.eval(x.Args[1])
	for _, v := range alternatives(in.eval(x.Args[0])) {
		to, _ := v.(list)
		for i := range to {
			switch from, ok := from.(list); {
			case !ok || !from.certain():
				to[i].value = either(to[i].value, in.typed(x.Args[1], "it is an element of a list that is not known"))
			case i < len(from):
				in.setElement(to, i, from[i].value)
			}
		}
	}
}

// appended returns the elements of two lists, each of which may be one of several.
func (in *interp) appended(x *ast.CallExpr, to, more value) (result value) {
	const enough = 16
	if len(alternatives(to))*len(alternatives(more)) > enough {
		return in.typed(x, "it is appended to one of many lists")
	}
	for _, v := range alternatives(to) {
		for _, w := range alternatives(more) {
			result = either(result, append(slices.Clip(in.listOf(v, x)), in.listOf(w, x)...))
		}
	}
	return result
}

// listOf returns the elements of a list. Those that are not known stand as one that may be missing.
func (in *interp) listOf(v value, x *ast.CallExpr) list {
	if l, ok := v.(list); ok {
		return l
	}
	t := in.pkg.Info.TypeOf(x)
	if t != nil {
		t = elementType(t)
	}
	return list{{value: either(missing{}, opaque{typ: t, reason: "it is an element of a list that is not known", node: x})}}
}
