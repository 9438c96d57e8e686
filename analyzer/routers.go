package analyzer

import (
	"go/types"
	"slices"
)

// A registrar is a function or method that registers handlers.
type registrar struct {
	handler int  // the index of the handler among the arguments
	whole   bool // it is the handler of a whole server
	chain   bool // handlers follow each other up to the last argument, which serves
}

// registrarOf returns what is known of a function of a router.
func registrarOf(fn *types.Func) (registrar, bool) {
	name := fn.Name()
	switch packageOf(fn) {
	case "net/http":
		switch recv := receiverOf(fn); {
		case recv != nil && recv.Name() != "ServeMux":
		case name == "Handle" || name == "HandleFunc":
			return registrar{handler: 1}, true
		case name == "ListenAndServe" || name == "Serve" || name == "ServeTLS":
			return registrar{handler: 1, whole: true}, true
		case name == "ListenAndServeTLS":
			return registrar{handler: 3, whole: true}, true
		}
	case chiPath:
		switch name {
		case "Method", "MethodFunc":
			return registrar{handler: 2}, true
		case "NotFound", "MethodNotAllowed":
			return registrar{handler: 0}, receiverOf(fn) != nil
		}
		return registrar{handler: 1}, receiverOf(fn) != nil && slices.Contains(chiMethods, name)
	case gorillaPath:
		switch recv := receiverOf(fn); {
		case recv == nil:
		case recv.Name() == "Router":
			return registrar{handler: 1}, name == "Handle" || name == "HandleFunc"
		case recv.Name() == "Route":
			return registrar{handler: 0}, name == "Handler" || name == "HandlerFunc"
		}
	case ginPath:
		switch name {
		case "Handle", "Match":
			return registrar{handler: 2, chain: true}, true
		case "NoRoute", "NoMethod":
			return registrar{handler: 0, chain: true}, true
		}
		return registrar{handler: 1, chain: true}, receiverOf(fn) != nil && (name == "Any" || slices.Contains(verbs, name))
	case echoPath:
		if name == "Add" || name == "Match" {
			return registrar{handler: 2}, true
		}
		return registrar{handler: 1}, receiverOf(fn) != nil &&
			(name == "Any" || name == "RouteNotFound" || slices.Contains(verbs, name))
	}
	return registrar{}, false
}

// verbs are the HTTP methods that routers have methods for.
var verbs = []string{"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"}

var chiMethods = []string{
	"Handle", "HandleFunc", "Mount",
	"Connect", "Delete", "Get", "Head", "Options", "Patch", "Post", "Put", "Query", "Trace",
}
