package routes

import (
	"go/types"
	"strings"
)

// The import paths of routers, without a major version.
const (
	chiPath     = "github.com/go-chi/chi"
	gorillaPath = "github.com/gorilla/mux"
	ginPath     = "github.com/gin-gonic/gin"
	echoPath    = "github.com/labstack/echo"
)

// verbs are the HTTP methods that routers have methods for.
var verbs = []string{"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}

// IsHandler reports whether a value of type t can answer requests: it has the
// method ServeHTTP, or is a function that takes a request.
func IsHandler(t types.Type) bool {
	if t == nil {
		return false
	}
	if sig, ok := t.Underlying().(*types.Signature); ok {
		return TakesRequest(sig)
	}
	return MethodNamed(t, "ServeHTTP") != nil
}

// TakesRequest reports whether a function has a request, a response writer or the
// context of a router among its parameters.
func TakesRequest(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		t := v.Type()
		if DeclaredAs(t, "net/http", "Request", "ResponseWriter") || isContext(t) || DeclaredAs(t, humaPath, "Context") {
			return true
		}
	}
	return false
}

// mayAsk reports whether a function has what a guard is asked with: a request, or its context.
func mayAsk(sig *types.Signature) bool {
	for v := range sig.Params().Variables() {
		if DeclaredAs(v.Type(), "context", "Context") {
			return true
		}
	}
	return TakesRequest(sig)
}

// MethodNamed returns the method of t, or of a pointer to t, or nil.
func MethodNamed(t types.Type, name string) *types.Func {
	var pkg *types.Package // in which a name that is not exported means the method
	if named := NamedOf(t); named != nil {
		pkg = named.Pkg()
	}
	obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	if fn, ok := obj.(*types.Func); ok {
		return fn.Origin()
	}
	return nil
}

// Wildcard returns the name of the path value that a segment of a pattern stands for, "" if it
// stands for none.
func Wildcard(segment string) string {
	if word, isBraces := strings.CutPrefix(segment, "{"); isBraces {
		word, _, _ = strings.Cut(strings.TrimSuffix(word, "}"), ":")
		return strings.TrimSuffix(word, "...")
	}
	word, _ := strings.CutPrefix(segment, ":")
	if word == segment {
		return ""
	}
	return word
}
