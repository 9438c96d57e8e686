package analyzer

import (
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/types/typeutil"
)

// runtimePath is the import path of the package that guards are built on.
const runtimePath = "github.com/webapi-gen/webapi-gen/webapi"

// importsRuntime reports whether a package imports the runtime itself.
func importsRuntime(pkg *types.Package) bool {
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == runtimePath })
}

// inRuntime reports whether the runtime declares obj, under one of names if there
// are any.
func inRuntime(obj types.Object, names ...string) bool {
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == runtimePath &&
		(len(names) == 0 || slices.Contains(names, obj.Name()))
}

// isRuntimeType reports whether t is the named type of the runtime.
func isRuntimeType(t types.Type, name string) bool {
	named := namedOf(t)
	return named != nil && inRuntime(named, name)
}

// namedOf returns the declaration of a type, or of the type that it points to;
// nil if it has none.
func namedOf(t types.Type) *types.TypeName {
	if t == nil {
		return nil
	}
	if ptr, ok := types.Unalias(t).(*types.Pointer); ok {
		t = ptr.Elem()
	}
	if named, ok := types.Unalias(t).(*types.Named); ok {
		return named.Origin().Obj()
	}
	return nil
}

// receiverOf returns the type that declares a method, or nil.
func receiverOf(fn *types.Func) *types.TypeName {
	if recv := fn.Signature().Recv(); recv != nil {
		return namedOf(recv.Type())
	}
	return nil
}

// calleeOf returns the function or method that is called, if it has a name.
func calleeOf(info *types.Info, call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(info, call).(*types.Func)
	if fn != nil {
		fn = fn.Origin()
	}
	return fn
}

// asksGuard reports whether a call goes through a guard with what it is given,
// and decides whether it asks for the decision alone.
func (d *declarations) asksGuard(info *types.Info, call *ast.CallExpr) (asks, decides bool) {
	fn := calleeOf(info, call)
	switch {
	case fn == nil:
	case inRuntime(fn, "Handle", "HandleList", "CallMethodView"):
		return true, false
	case inRuntime(fn, "Decide", "DecideList"):
		return true, true
	case fn.Name() == "CallMethodView":
		return d.isResource(receiverOf(fn)), false
	}
	return false, false
}

// generated are the methods of a guard.
var generated = []string{"CallMethodView", "RequiredScopes", "AccessRules"}
