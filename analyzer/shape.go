package analyzer

import (
	"go/types"
	"slices"
	"strings"
)

// The packages that routers are known of, as a major version of them is imported.
const (
	chiPath     = "github.com/go-chi/chi"
	gorillaPath = "github.com/gorilla/mux"
	ginPath     = "github.com/gin-gonic/gin"
	echoPath    = "github.com/labstack/echo"
)

// packageOf returns the import path of the package that declares obj, without a
// major version at its end.
func packageOf(obj types.Object) string {
	if obj == nil || obj.Pkg() == nil {
		return ""
	}
	path := obj.Pkg().Path()
	if i := strings.LastIndex(path, "/v"); i >= 0 && strings.Trim(path[i+2:], "0123456789") == "" {
		return path[:i]
	}
	return path
}

// declaredAs reports whether t is, or points to, one of the types of a package.
func declaredAs(t types.Type, path string, names ...string) bool {
	named := namedOf(t)
	return named != nil && packageOf(named) == path && slices.Contains(names, named.Name())
}

// isHandler reports whether a value of type t can answer requests: it has the
// method ServeHTTP, or is a function of the request.
func isHandler(t types.Type) bool {
	if t == nil {
		return false
	}
	if sig, ok := t.Underlying().(*types.Signature); ok {
		return takesRequest(sig)
	}
	return methodNamed(t, "ServeHTTP") != nil
}

// takesRequest reports whether a function takes a request, or what a router
// makes of one.
func takesRequest(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		t := v.Type()
		if declaredAs(t, "net/http", "Request", "ResponseWriter") || declaredAs(t, ginPath, "Context") || declaredAs(t, echoPath, "Context") {
			return true
		}
	}
	return false
}

// methodNamed returns the method of a value of type t, or nil. A value that is
// not a pointer counts as one of a variable.
func methodNamed(t types.Type, name string) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	fn, _ := obj.(*types.Func)
	if fn != nil {
		fn = fn.Origin()
	}
	return fn
}

// isRouter reports whether t is a router, whose own routes are judged where they
// are registered.
func isRouter(t types.Type) bool {
	return declaredAs(t, "net/http", "ServeMux") ||
		declaredAs(t, chiPath, "Mux", "Router", "Routes") ||
		declaredAs(t, gorillaPath, "Router") ||
		declaredAs(t, ginPath, "Engine") ||
		declaredAs(t, echoPath, "Echo")
}

// harmless are the functions of the standard library that serve nothing of the
// program's.
var harmless = []string{"NotFound", "NotFoundHandler", "Redirect", "RedirectHandler"}

// isHarmless reports whether a handler needs no guard and no mark: it tells
// nothing, or belongs to the runtime, such as its metadata.
func isHarmless(obj types.Object) bool {
	return inRuntime(obj) || packageOf(obj) == "net/http" && slices.Contains(harmless, obj.Name())
}
