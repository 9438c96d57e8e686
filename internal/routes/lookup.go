package routes

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// runtimePath is the import path of the package that guards are built on.
const runtimePath = "github.com/webapi-gen/webapi-gen/webapi"

// IsRuntimePath reports whether path is the import path of the runtime.
func IsRuntimePath(path string) bool { return path == runtimePath }

// ImportsRuntime reports whether a package imports the runtime itself.
func ImportsRuntime(pkg *types.Package) bool {
	return slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == runtimePath })
}

// InRuntime reports whether the runtime declares obj, under one of names if there
// are any.
func InRuntime(obj types.Object, names ...string) bool {
	return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == runtimePath &&
		(len(names) == 0 || slices.Contains(names, obj.Name()))
}

// IsRuntimeType reports whether t is, or points to, the named type of the runtime.
func IsRuntimeType(t types.Type, name string) bool {
	named := NamedOf(t)
	return named != nil && InRuntime(named, name)
}

// NamedOf returns the declaration of a type, or of the type that it points to. It
// returns nil if the type has no name. The type may be nil.
func NamedOf(t types.Type) *types.TypeName {
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

// ReceiverOf returns the type that declares a method, or nil.
func ReceiverOf(fn *types.Func) *types.TypeName {
	if recv := fn.Signature().Recv(); recv != nil {
		return NamedOf(recv.Type())
	}
	return nil
}

// PackageOf returns the import path of the package that declares obj, without a
// major version at its end, or "".
func PackageOf(obj types.Object) string {
	if obj == nil || obj.Pkg() == nil {
		return ""
	}
	path := obj.Pkg().Path()
	if i := strings.LastIndex(path, "/v"); i >= 0 && strings.Trim(path[i+2:], "0123456789") == "" {
		return path[:i]
	}
	return path
}

// DeclaredAs reports whether t is, or points to, one of the types of a package.
func DeclaredAs(t types.Type, path string, names ...string) bool {
	named := NamedOf(t)
	return named != nil && PackageOf(named) == path && slices.Contains(names, named.Name())
}

// Callee returns the function or method that a call names, as it is declared, or
// nil.
func Callee(info *types.Info, call *ast.CallExpr) *types.Func {
	if fn, ok := typeutil.Callee(info, call).(*types.Func); ok {
		return fn.Origin()
	}
	return nil
}

// Ident returns the identifier by which an expression names an object, that after
// the dot of a selector, or nil.
func Ident(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	}
	return nil
}

// Functions returns the functions and methods that the files declare.
func Functions(files []*ast.File, info *types.Info) map[*types.Func]*ast.FuncDecl {
	decls := map[*types.Func]*ast.FuncDecl{}
	for _, file := range files {
		for _, d := range file.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok {
				if fn, ok := info.Defs[decl.Name].(*types.Func); ok {
					decls[fn] = decl
				}
			}
		}
	}
	return decls
}

// Constant returns the value of a constant string, and whether e is one.
func Constant(info *types.Info, e ast.Expr) (value string, ok bool) {
	if v := info.Types[e].Value; v != nil && v.Kind() == constant.String {
		return constant.StringVal(v), true
	}
	return "", false
}

// IsString reports whether the underlying type of t is string.
func IsString(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}
