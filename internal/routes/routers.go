package routes

import (
	"go/types"
	"slices"
	"strings"
)

// The import paths of routers, without a major version.
const (
	chiPath     = "github.com/go-chi/chi"
	gorillaPath = "github.com/gorilla/mux"
	ginPath     = "github.com/gin-gonic/gin"
	echoPath    = "github.com/labstack/echo"
)

// A RegisterFunc describes a function or method that registers handlers.
type RegisterFunc struct {
	Handler int  // the index of the handler among the arguments
	Server  bool // the handler is that of a whole server
	Chain   bool // handlers follow each other up to the last argument, which serves
}

// RegisterFuncOf returns the description of a function of a known router, and
// whether the function registers handlers.
func RegisterFuncOf(fn *types.Func) (RegisterFunc, bool) {
	name, recv := fn.Name(), ReceiverOf(fn)
	switch PackageOf(fn) {
	case "net/http":
		switch {
		case recv != nil && recv.Name() != "ServeMux":
		case name == "Handle" || name == "HandleFunc":
			return RegisterFunc{Handler: 1}, true
		case name == "ListenAndServe" || name == "Serve" || name == "ServeTLS":
			return RegisterFunc{Handler: 1, Server: true}, true
		case name == "ListenAndServeTLS":
			return RegisterFunc{Handler: 3, Server: true}, true
		}
	case chiPath:
		switch name {
		case "Method", "MethodFunc":
			return RegisterFunc{Handler: 2}, true
		case "NotFound", "MethodNotAllowed":
			return RegisterFunc{Handler: 0}, recv != nil
		case "Handle", "HandleFunc", "Mount":
			return RegisterFunc{Handler: 1}, recv != nil
		}
		isVerb := slices.ContainsFunc(verbs, func(v string) bool { return name == v[:1]+strings.ToLower(v[1:]) })
		return RegisterFunc{Handler: 1}, recv != nil && isVerb
	case gorillaPath:
		switch {
		case recv == nil:
		case recv.Name() == "Router":
			return RegisterFunc{Handler: 1}, name == "Handle" || name == "HandleFunc"
		case recv.Name() == "Route":
			return RegisterFunc{Handler: 0}, name == "Handler" || name == "HandlerFunc"
		}
	case ginPath:
		switch name {
		case "Handle", "Match":
			return RegisterFunc{Handler: 2, Chain: true}, true
		case "NoRoute", "NoMethod":
			return RegisterFunc{Handler: 0, Chain: true}, true
		}
		return RegisterFunc{Handler: 1, Chain: true}, recv != nil && (name == "Any" || slices.Contains(verbs, name))
	case echoPath:
		switch name {
		case "Add", "Match":
			return RegisterFunc{Handler: 2}, true
		case "Any", "RouteNotFound":
			return RegisterFunc{Handler: 1}, recv != nil
		}
		return RegisterFunc{Handler: 1}, recv != nil && slices.Contains(verbs, name)
	}
	return RegisterFunc{}, false
}

// verbs are the HTTP methods that routers have methods for.
var verbs = []string{"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}

// IsRouter reports whether t is the type of a router, which has routes of its own.
func IsRouter(t types.Type) bool {
	return DeclaredAs(t, "net/http", "ServeMux") ||
		DeclaredAs(t, chiPath, "Mux", "Router", "Routes") ||
		DeclaredAs(t, gorillaPath, "Router") ||
		DeclaredAs(t, ginPath, "Engine") ||
		DeclaredAs(t, echoPath, "Echo")
}

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
		if DeclaredAs(t, "net/http", "Request", "ResponseWriter") || DeclaredAs(t, ginPath, "Context") || DeclaredAs(t, echoPath, "Context") {
			return true
		}
	}
	return false
}

// MethodNamed returns the method of t, or of a pointer to t, or nil.
func MethodNamed(t types.Type, name string) *types.Func {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, name)
	if fn, ok := obj.(*types.Func); ok {
		return fn.Origin()
	}
	return nil
}
