package webapi

import (
	"iter"
	"net/http"
	"slices"
	"strings"
	"time"
)

// View handles a request that the guard has allowed. It either writes the
// response and returns nil, or writes nothing and returns an error, which
// [Handle] passes to [WriteError]. A view that fails after it has started the
// response should log the error and return nil, or panic with
// [http.ErrAbortHandler], so that the client sees that the response is incomplete.
type View = func(http.ResponseWriter, *http.Request) error

// ViewOf returns a view that calls handler, which has to respond to its own
// errors. If handler is nil, ViewOf returns nil.
func ViewOf(handler http.Handler) View {
	if handler == nil {
		return nil
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		handler.ServeHTTP(w, r)
		return nil
	}
}

// ViewFunc is [ViewOf] for a function with the signature of http.HandlerFunc:
//
//	webapi.Views{"GET": webapi.ViewFunc(notes.get)}
func ViewFunc(f func(http.ResponseWriter, *http.Request)) View {
	if f == nil {
		return nil
	}
	return ViewOf(http.HandlerFunc(f))
}

// Views are the views of a route by HTTP method. A nil view counts as missing. If
// HEAD has no view, the view of GET handles it.
type Views map[string]View

// An Operation is a named operation of a resource, METHOD/name, such as POST/archive:
// what the route of an HTTP method does if the method alone does not say it. Wherever
// a function of this package takes a method, it takes an operation as well. Generated
// code has a constant for each.
type Operation string

// listOperation is the operation of the route of a collection, where a resource has it.
const listOperation = "GET/list"

// cutOperation returns the HTTP method of a method or an operation.
func cutOperation(method string) string {
	method, _, _ = strings.Cut(method, "/")
	return method
}

// isNamed reports whether an operation has a name. A method that is converted to an
// Operation has none; the guard of an operation denies it, as it is bound to no method.
func (o Operation) isNamed() bool {
	for i := range len(o) { // for every request; strings.IndexByte is slower for so few bytes
		if o[i] == '/' {
			return true
		}
	}
	return false
}

// A Resource is a resource of an API with its access rules. webapi-gen generates
// the methods.
type Resource interface {
	// CallMethodView calls view if the request r may call method, an HTTP method or
	// an [Operation], and returns the error of view. Otherwise it returns an *Error
	// and does not call view. Generated code calls the function CallMethodView.
	CallMethodView(w http.ResponseWriter, r *http.Request, method string, view View) error

	// RequiredScopes returns the scopes that an OAuth2 token needs for method,
	// and false if the resource does not answer method. The requirement is the zero
	// value if AccessRules lists the method as Public or Authenticated.
	RequiredScopes(method string) (Requirement, bool)

	// AccessRules returns the other rules. They must be the same for every
	// request.
	AccessRules() AccessRules
}

// AccessRules are the rules of a resource besides its scopes. The zero value
// denies every request.
type AccessRules struct {
	// Name is the resource's name. Rules without a name deny every request.
	Name string
	// Policy is the resource's ID in a [Policy]. If it is empty, API tokens are
	// denied.
	Policy string
	// Key is the name of the path value that identifies an object, as in
	// [http.Request.PathValue]. It is "" if there is none: then a method that the
	// policy of an API token blocks for any object is denied for all.
	Key string
	// Allow lists the methods that the resource answers, such as "GET, HEAD,
	// POST". It is the value of the Allow header (RFC 9110, section 10.2.1).
	Allow string
	// Public lists the methods and operations that everybody may call, in the form
	// of Allow. No credentials are looked at, not even rejected ones.
	Public string
	// Anonymous lists those that a request without credentials may call.
	Anonymous string
	// Authenticated lists those that every OAuth2 token may call, whatever its
	// scopes. API tokens need their policy all the same.
	Authenticated string
	// OAuth2 reports whether OAuth2 access tokens are accepted.
	OAuth2 bool
	// APITokens reports whether API tokens are accepted.
	APITokens bool
	// Super is another resource whose guard must allow the request as well, or
	// nil. The policy of an API token must allow the Super's own Policy ID: for
	// the same object if the Super has the same Key, else for the object that
	// its Key names.
	Super Resource
	// StepUp returns what a method or an operation needs of the user's login besides
	// scopes. If it is nil, none needs anything. Public ones never do. It must return
	// the same for every request.
	StepUp func(method string) StepUp

	// Each request copies the rules. 64-bit processors copy 16 bytes at a time: for
	// a size that is not a multiple of 16, the last two copies overlap, and the load
	// that follows has to wait for both. A further field needs padding.
}

// methodsIn returns the methods of a list such as "GET, HEAD".
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

// listed reports whether a list such as "GET, HEAD" has method. It is short enough to be
// inlined, since most lists are empty.
func listed(list, method string) bool { return list != "" && has(list, method) }

func has(list, method string) bool {
	for m := range methodsIn(list) {
		if m == method {
			return true
		}
	}
	return false
}

// ResourceInfo describes a resource, for a [Catalog], documentation or other tools.
// The generated function WebAPIResources returns it. No guard uses it.
type ResourceInfo struct {
	// Package is the package that declares Type. Generated code has its name, not
	// its path: packages of a program can have the same.
	Package string
	// Type is the name of the Go type. It is "" for the package itself, which has
	// only Scopes.
	Type string
	// Name is the resource's name, and ScopeName the one that its scopes are made
	// of. Policy and Key are those of its [AccessRules].
	Name, ScopeName, Policy, Key string
	// Description is one line about the resource, or "".
	Description string
	// OAuth2 and APITokens are those of the resource's [AccessRules].
	OAuth2, APITokens bool
	// Methods are the methods and operations that the resource answers.
	Methods []MethodInfo
	// Scopes are the scopes that the resource declares.
	Scopes []ScopeInfo
}

// MethodInfo describes a method or an operation of a resource.
type MethodInfo struct {
	// Method is the HTTP method or the [Operation], and Action what it does to the
	// resource, such as "read".
	Method, Action string
	// Public, Anonymous and Authenticated report whether [AccessRules] list it.
	Public, Anonymous, Authenticated bool
	// Requires is the requirement for an OAuth2 token. If it is empty, every
	// OAuth2 token is denied, unless the method is Public or Authenticated.
	Requires Alternatives
	// ACR are the values that the method accepts as Token.ACR, in order of
	// preference, and MaxAge the time since the user's login that it allows. Both
	// are empty if the login does not matter; see [StepUp].
	ACR    []string
	MaxAge time.Duration
}

// ScopeInfo describes a scope.
type ScopeInfo struct {
	// Scope is the scope.
	Scope Scope
	// Description is a text about what the scope grants, or "".
	Description string
	// Implies are the scopes that a token with Scope is taken to have too.
	Implies []Scope
}

// CloneResources returns a deep copy of infos. Generated code calls it, so that no
// caller of WebAPIResources can change the result of another.
func CloneResources(infos []ResourceInfo) []ResourceInfo {
	infos = slices.Clone(infos)
	for i := range infos {
		infos[i].Methods = slices.Clone(infos[i].Methods)
		infos[i].Scopes = slices.Clone(infos[i].Scopes)
		for j := range infos[i].Scopes {
			infos[i].Scopes[j].Implies = slices.Clone(infos[i].Scopes[j].Implies)
		}
		for j := range infos[i].Methods {
			infos[i].Methods[j].Requires = infos[i].Methods[j].Requires.clone()
			infos[i].Methods[j].ACR = slices.Clone(infos[i].Methods[j].ACR)
		}
	}
	return infos
}
