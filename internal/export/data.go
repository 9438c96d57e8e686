// Package export describes an API to people and programs that do not read Go: who may call
// what, by which routes, and what is not known of it.
package export

import "slices"

// An API is what the documents show. It has no aliases of scopes: guards accept them, and
// nothing advertises them. All lists are in an order that depends on the source alone, and
// are empty rather than nil.
type API struct {
	Module    string     `json:"module"`    // the path of the Go module, such as example.com/notes; "" if there is none
	Scopes    []Scope    `json:"scopes"`    // sorted by name
	Resources []Resource `json:"resources"` // by package and name
	Routes    []Route    `json:"routes"`    // that are known, guarded or not, by pattern and method
	Unread    []Place    `json:"unread"`    // where routes could not be read, so that some may be missing
	// NotLookedAt says why routes were not looked at; "" if they were. There are no routes
	// then, and that a resource or an operation has none means nothing.
	NotLookedAt string `json:"notLookedAt"`
}

// A Scope is one that a package declares or an operation requires.
type Scope struct {
	Name     string   `json:"name"`     // as tokens have it, such as note:read
	Text     string   `json:"text"`     // what it allows, for users; "" if nobody says so
	Constant string   `json:"constant"` // the Go constant, such as notes.NoteScopeRead; "" if there is none
	Implies  []string `json:"implies"`  // all that it grants besides itself, also through others, sorted
}

// A Resource is a type with a guard.
type Resource struct {
	ID          string `json:"id"`          // the shortest word that is none for another resource, such as note or api.note
	Name        string `json:"name"`        // such as note
	Package     string `json:"package"`     // the name of its Go package
	Dir         string `json:"dir"`         // the folder of the package, relative to the module's, with slashes; "." for that of the module
	Type        string `json:"type"`        // the Go type, without the package
	Description string `json:"description"` // one line; may be ""
	OAuth2      bool   `json:"oauth2"`      // whether OAuth2 tokens are accepted
	APITokens   bool   `json:"apitokens"`   // whether API tokens are accepted, by operations that look at no login
	// Unmounted says that no route that could be read has the guard. It is false if routes
	// were not looked at.
	Unmounted  bool        `json:"unmounted"`
	Operations []Operation `json:"operations"` // HEAD is left out, which needs what GET needs
	// Grants has, for scopes that the operations name, the other scopes that this resource
	// accepts in the place of each, sorted: those that imply it where the resource is
	// declared. A scope that nothing grants has no key. It is what guards decide by; the
	// implications of a scope may be unknown to another package.
	Grants map[string][]string `json:"grants"`
}

// An Operation is a method of a resource, or a named operation of a method.
//
// The guard allows a request if it is public; if it is anonymous and the request has no
// credentials; if it is authenticated and any valid OAuth2 token is there; if an OAuth2
// token holds all scopes of one alternative of Requires, see [Resource.Opens]; or if
// APITokens is true and the policy of an API token allows it. Nobody is allowed if none
// of these applies. At most one of Public, Anonymous and Authenticated is true.
type Operation struct {
	Name          string `json:"name"`   // GET or POST/archive
	Method        string `json:"method"` // GET or POST
	Action        string `json:"action"` // such as read
	Public        bool   `json:"public"`
	Anonymous     bool   `json:"anonymous"`
	Authenticated bool   `json:"authenticated"`
	APITokens     bool   `json:"apitokens"`
	// Requires has alternatives, of which each is a list of scopes that are all needed, as
	// the source declares them: without what implications add. The least powerful is first,
	// the one that opens the fewest operations. It is empty if the operation is public or
	// authenticated, and where OAuth2 tokens are not accepted.
	Requires [][]string `json:"requires"`
	ACR      []string   `json:"acr"`    // how the user must have logged in, any one of these; any login will do if there is none
	MaxAge   int64      `json:"maxage"` // how many seconds ago the user may have logged in; any time will do if 0
	Routes   []RouteRef `json:"routes"` // those that ask the guard for it
}

// A RouteRef is a route, as an operation has it.
type RouteRef struct {
	Method  string `json:"method"`  // of the requests
	Pattern string `json:"pattern"` // as the router has it, such as /notes/{id} or /notes/:id; "" if it is not known
}

// A Route is a pattern with a handler.
type Route struct {
	Methods []string `json:"methods"` // one if the route is guarded; none: all methods
	Pattern string   `json:"pattern"` // as the router has it, with {?} for a part that is not known; "" if nothing of it is
	Guard   State    `json:"guard"`
	// Guards are the operations that a request has to get through, all of them. There is none
	// unless the route is guarded.
	Guards []Call `json:"guards"`
	// By says how a wrapper that is webapi:guarded guards the route: instead of guards, or in
	// addition to them. It is "" if there is none.
	By      string `json:"by"`
	Why     string `json:"why"`     // the reason that the source gives for a public route; "" if there is none
	Handler string `json:"handler"` // the function or type that answers, such as notes.NoteResource.get; ? if it has no name
	Reason  string `json:"reason"`  // what is not known of the route, such as a pattern or further guards; "" if all is
}

// A Call is an operation of a resource.
type Call struct {
	Resource  string `json:"resource"`  // the ID of the resource
	Operation string `json:"operation"` // the name of the operation
}

// A State is what stands before the handler of a route.
type State string

// The states of routes.
const (
	Guarded   State = "guarded"              // the guards of resources
	Public    State = "public"               // nothing: the source says that the handler is public
	Wrapped   State = "guarded by a wrapper" // a wrapper that is webapi:guarded, see Route.By
	Unguarded State = "unguarded"            // nothing that is known
	Unknown   State = "not readable"         // the handler, or its guard, is not known
)

// A Place is where the source could not be followed.
type Place struct {
	File   string `json:"file"` // relative to the module's folder, with slashes; "" if it is not known
	Line   int    `json:"line"` // documents that are kept leave it out, since each edit above moves it
	Reason string `json:"reason"`
}

// Opens reports whether a token with some scopes meets what an operation of the resource
// requires: of one alternative it holds each scope, or one that grants it.
func (r *Resource) Opens(o *Operation, held []string) bool {
	if o.Public || o.Authenticated && r.OAuth2 {
		return true
	}
	holds := func(scope string) bool {
		return slices.Contains(held, scope) || slices.ContainsFunc(r.Grants[scope], func(by string) bool { return slices.Contains(held, by) })
	}
	return slices.ContainsFunc(o.Requires, func(all []string) bool {
		return len(all) > 0 && !slices.ContainsFunc(all, func(scope string) bool { return !holds(scope) })
	})
}
