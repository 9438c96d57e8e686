package webapi

import (
	"iter"
	"net/http"
	"slices"
	"strings"
)

// View does the work of a request that the guard let through. It either
// responds and returns nil, or writes nothing and returns an error, which
// [Handle] answers with [WriteError]. A view that fails after it has begun to
// respond cannot take the response back: it logs the failure and returns nil,
// or panics with [http.ErrAbortHandler] so that the client sees that the
// response is not whole.
type View = func(http.ResponseWriter, *http.Request) error

// ViewOf returns the view that has a handler do the work, and so answers its own
// errors. For methods of the form of http.HandlerFunc:
//
//	webapi.Views{"GET": webapi.ViewOf(http.HandlerFunc(notes.get))}
//
// It returns nil, which is no view, for nil.
func ViewOf(handler http.Handler) View {
	if handler == nil {
		return nil
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		handler.ServeHTTP(w, r)
		return nil
	}
}

// Views are the views of a route by HTTP method. A nil view is no view. GET's
// view answers HEAD where HEAD has none.
type Views map[string]View

// Resource is what webapi-gen generates: one kind of thing of the API, with
// the rules of who may use it.
type Resource interface {
	// CallMethodView runs view if the request in r may call method, and
	// returns the view's error; otherwise it returns an *Error and has not run
	// view. Generated code calls the function CallMethodView.
	CallMethodView(w http.ResponseWriter, r *http.Request, method string, view View) error

	// RequiredScopes returns what an OAuth2 token needs to call method. It is
	// false if the resource does not answer method.
	RequiredScopes(method string) (Requirement, bool)

	// AccessRules returns the rest of the rules. They are the same for every
	// request.
	AccessRules() AccessRules
}

// AccessRules are the rules of a resource that do not depend on scopes. The
// zero value denies every request.
type AccessRules struct {
	// Name is the resource's name. Rules without a name deny every request.
	Name string
	// Policy is the resource's ID in the policies of API tokens. Without one,
	// API tokens are denied.
	Policy string
	// Key is the name of the path value that identifies an object, as in
	// [http.Request.PathValue]; "" if there is none.
	Key string
	// Allow lists the methods that the resource answers, as the Allow header
	// does (RFC 9110, section 10.2.1): "GET, HEAD, POST".
	Allow string
	// Anonymous lists the methods that are open to a request without any
	// credentials, in the form of Allow; "" if none is.
	Anonymous string
	// OAuth2 says that OAuth2 access tokens are accepted.
	OAuth2 bool
	// APITokens says that API tokens are accepted.
	APITokens bool
	// Super is a further resource whose guard must let the request through as
	// well; nil if there is none. The policy of an API token is asked by the
	// Super's own Policy, and for the same object if the Key is the same one,
	// else for the object that the Super's Key names.
	Super Resource

	// Rules are copied at each request, on 64-bit processors 16 bytes at a time.
	// Of a size that is no multiple of that, the last two copies overlap, and
	// reading them together back makes the processor wait.
	_ uintptr
}

// methodsIn returns the methods in a list such as "GET, HEAD".
func methodsIn(list string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for element := range strings.SplitSeq(list, ",") {
			method := strings.Trim(element, " \t")
			if method != "" && !yield(method) {
				return
			}
		}
	}
}

// listed reports whether a list such as "GET, HEAD" names method.
func listed(list, method string) bool {
	for m := range methodsIn(list) {
		if m == method {
			return true
		}
	}
	return false
}

// ResourceInfo describes a resource for people and for tools: documentation, a
// consent page, the scopes that a client is registered with. Generated code
// returns it from WebAPIResources. Nothing is decided by it.
type ResourceInfo struct {
	// Package is the package that declares Type: in generated code its name, which
	// packages of one program can have in common.
	Package string
	// Type is the Go type; "" for the package itself, of which there are Scopes
	// and nothing else.
	Type string
	// Name is the resource's name; ScopeName what its scopes begin with;
	// Policy its ID in the policies of API tokens; Key the name of the path
	// value that identifies an object, "" if none does.
	Name, ScopeName, Policy, Key string
	// Description is one line about the resource.
	Description string
	// OAuth2 and APITokens say which tokens are accepted.
	OAuth2, APITokens bool
	// Methods are the methods that the resource answers.
	Methods []MethodInfo
	// Scopes are the scopes that the resource declares.
	Scopes []ScopeInfo
}

// MethodInfo describes a method of a resource.
type MethodInfo struct {
	// Method is the HTTP method, and Action what it does to the resource,
	// such as "read".
	Method, Action string
	// Anonymous says that the method is open to a request without any
	// credentials.
	Anonymous bool
	// Requires is what an OAuth2 token needs; nil says that none is let through.
	Requires Alternatives
}

// ScopeInfo describes a scope.
type ScopeInfo struct {
	// Scope is the scope.
	Scope Scope
	// Description says for people what the scope grants; "" if nothing is said.
	Description string
}

// CloneResources returns a copy of the infos, which shares no memory with them
// that could be changed.
func CloneResources(infos []ResourceInfo) []ResourceInfo {
	infos = slices.Clone(infos)
	for i := range infos {
		infos[i].Methods = slices.Clone(infos[i].Methods)
		infos[i].Scopes = slices.Clone(infos[i].Scopes)
		for j := range infos[i].Methods {
			infos[i].Methods[j].Requires = infos[i].Methods[j].Requires.clone()
		}
	}
	return infos
}
