package analyzer

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"
)

// lists are the functions that take a scope string apart or rewrite it.
var lists = []string{"Split", "SplitN", "SplitAfter", "SplitSeq", "Fields", "FieldsSeq", "ToLower", "ToUpper", "TrimSpace", "Trim"}

// isScopes reports whether x is the scope string of a token, or what was made of
// one. It goes through variables, each once.
func (h *handrolls) isScopes(x ast.Expr, been []*types.Var) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.TypeAssertExpr:
		return h.isScopes(x.X, been)
	case *ast.IndexExpr:
		key := h.info.Types[x.Index].Value
		return key != nil && key.Kind() == constant.String && saysScopes(constant.StringVal(key)) && h.isToken(x.X)
	case *ast.SelectorExpr:
		if saysScopes(x.Sel.Name) && h.isText(x) && h.isToken(x.X) {
			return true
		}
	case *ast.CallExpr:
		return h.makesScopes(x, been)
	}
	v := h.variable(x)
	if v == nil || slices.Contains(been, v) || !h.isText(x) {
		return false
	}
	return slices.ContainsFunc(h.exprs[v], func(given ast.Expr) bool { return h.isScopes(given, append(been, v)) })
}

// makesScopes reports whether a call returns a scope string, or makes something
// of one.
func (h *handrolls) makesScopes(call *ast.CallExpr, been []*types.Var) bool {
	fn := calleeOf(h.info, call)
	sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	switch {
	case h.info.Types[call.Fun].IsType() && len(call.Args) == 1:
		return h.isScopes(call.Args[0], been)
	case fn == nil:
		return false
	case inRuntime(fn, "String") && receiverOf(fn) != nil && receiverOf(fn).Name() == "Scopes":
		return true
	case fn.Pkg() != nil && fn.Pkg().Path() == "strings" && slices.Contains(lists, fn.Name()):
		return h.isScopes(call.Args[0], been)
	}
	name := strings.TrimPrefix(fn.Name(), "Get")
	return isSel && saysScopes(name) && len(call.Args) == 0 && h.isText(call) && h.isToken(sel.X)
}

// isText reports whether x is a string, a list of strings or of any type.
func (h *handrolls) isText(x ast.Expr) bool {
	t := h.info.TypeOf(x)
	if t == nil {
		return false
	}
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
	}
	if isScope(t) || isRuntimeType(t, "Scopes") {
		return false
	}
	if list, ok := t.Underlying().(*types.Slice); ok {
		t = list.Elem()
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0 || types.IsInterface(t)
}

// saysScopes reports whether a name is one that tokens have their scopes under.
func saysScopes(name string) bool {
	name = strings.ToLower(name)
	return name == "scope" || name == "scopes" || name == "scp"
}

// isToken reports whether the name or the type of x speaks of a token.
func (h *handrolls) isToken(x ast.Expr) bool {
	if named := namedOf(h.info.TypeOf(x)); named != nil && saysToken(named.Name()) {
		return true
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		return h.isToken(x.Fun)
	case *ast.TypeAssertExpr:
		return h.isToken(x.X)
	default:
		id := identOf(x)
		return id != nil && saysToken(id.Name)
	}
}

func saysToken(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"token", "claim", "introspect"}, func(word string) bool { return strings.Contains(name, word) })
}
