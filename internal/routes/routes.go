// Package routes finds the routes of a program: the methods and patterns for which
// handlers are registered, and the guards that a request passes before it gets to the
// handler.
//
// [Find] takes type-checked packages and runs the code that sets a server up, as far
// as it can tell what that does: it follows calls, closures, tables, fields and
// variables, and knows routers by what their methods do. It does not run handlers; it
// reads in them whether they ask a guard before they do anything else.
//
// It takes both branches of each condition. Middleware that is put before routes in a
// branch counts in that branch only, so that what may be open is never called guarded.
//
// What it cannot follow is in [Found.Unread], with the reason.
package routes

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// A Package is a type-checked package. Files are those in which routes are looked for,
// so that tests and generated files can be left out. If it is imported, they are looked for in
// what the other packages call of it.
type Package struct {
	Types    *types.Package
	Info     *types.Info
	Files    []*ast.File
	Imported bool
}

// A Program is what [Find] looks at, and what is known of it. Summary may be nil.
type Program struct {
	Fset     *token.FileSet
	Packages []*Package

	IsResource func(*types.TypeName) bool // the type has a guard
	IsPublic   func(types.Object) bool    // the type or function is webapi:public
	GuardedBy  func(types.Object) string  // the argument of webapi:guarded, "" without one
	Summary    func(*types.Func) *Summary // what a function of another package does
}

// Found is what a program registers.
type Found struct {
	// Routes are in the order in which they are registered. There are several at one
	// position if a function that registers them is called several times, if the handler
	// may be one of several, or if each method has a view of its own.
	Routes []*Route
	// Unread has what was not followed, sorted by position. Each may stand for routes
	// that are missing.
	Unread []Unread
	// Summaries are for passes over packages that import these.
	Summaries map[*types.Func]*Summary
}

// Unread is code that was not followed.
type Unread struct {
	Pos    token.Pos
	Reason string
}

// A Route is a pattern for which a handler is registered.
type Route struct {
	Only    []string // the methods that the router passes on, in canonical order; nil: all
	Methods []string // those that the handler is for, in canonical order; nil: those of Only. None if the guard is of an operation of another method
	Pattern string   // with the prefixes of its groups, and "{?}" for a part that is not known; "" if nothing of it is
	Router  Router   // by whose rules the pattern matches
	Guards  []Guard  // those that are asked before the handler, in this order
	By      string   // the argument of webapi:guarded of a wrapper around the handler
	Handler Handler
	Within  *ast.FuncLit // that passes requests on to the handler, behind all guards; nil if none
	Unread  string       // what is not known of the route; "" if all is
	Free    string       // why its router may be below a prefix or behind guards; "" if it is known where that is
	Group   bool         // that router is an interface or a group, before which the caller may put guards
	Pos     token.Pos    // of the call that registers it
	In      *types.Func  // the function in which that stands; nil at package level
	Package string       // the path of the package of the call, or that of the function there that registers a handler of its own
	Server  bool         // the handler is that of a whole server
	Settled bool         // a function of another package registers it, where all that is known of it is known already
	steps   []step       // the registrations of the routers around it, and its own
	param   int          // see placed
}

// State is what stands before a handler.
type State int

const (
	Unguarded State = iota // nothing that is known
	Unknown                // the handler is not known, and nothing that is known stands before it
	Public                 // nothing, and the handler is webapi:public
	Wrapped                // a wrapper that is webapi:guarded
	Guarded                // the guard of a resource
)

// String returns the words of messages for s.
func (s State) String() string {
	return [...]string{"unguarded", "not readable", "public", "guarded by a wrapper", "guarded"}[s]
}

// State returns what stands before the handler. [Table.State] knows what the guards of the
// route let through.
func (r *Route) State() State {
	switch {
	case len(r.Guards) > 0 && r.Guards[0].Resource != nil && r.Guards[0].Method != UnknownOperation:
		return Guarded
	case r.By != "":
		return Wrapped
	case len(r.Guards) > 0:
		return Unknown
	case r.Handler.Public:
		return Public
	case r.Handler.Unknown != "":
		return Unknown
	}
	return Unguarded
}

// Answers reports whether requests with the method get to the handler.
func (r *Route) Answers(method string) bool {
	return r.accepts(method) && (r.Methods == nil || slices.Contains(r.Methods, method))
}

// accepts reports whether the router passes on requests with the method.
func (r *Route) accepts(method string) bool { return accepts(r.Only, method) }

func accepts(only []string, method string) bool { return only == nil || slices.Contains(only, method) }

// OfCaller reports whether an exported function registers the route on a group or an
// interface that it is given, which may be behind guards where it is called.
func (r *Route) OfCaller() bool { return r.Group && r.In != nil && r.In.Exported() }

// equal reports whether nothing tells r from s: a function that registers it runs twice.
func (r *Route) equal(s *Route) bool {
	return slices.Equal(r.Only, s.Only) && (r.Only == nil) == (s.Only == nil) && slices.Equal(r.Methods, s.Methods) && (r.Methods == nil) == (s.Methods == nil) &&
		r.Pattern == s.Pattern && r.Router == s.Router && slices.Equal(r.Guards, s.Guards) && r.By == s.By && r.Handler == s.Handler &&
		r.Unread == s.Unread && r.Free == s.Free && r.Server == s.Server
}

// A Guard is one of a resource, on a route.
type Guard struct {
	Resource *types.TypeName // nil if it is not known
	List     bool            // it is that of the collection
	Views    bool            // it chooses the view by the method, as webapi.Handle does
	Method   string          // the method or the operation that it is asked for; "": the method of the request, or not known
	Alone    bool            // it is asked by webapi.Decide, which does not look at the method of the request
	Pos      token.Pos
	param    int // 1 + the index of the parameter that the resource is; 0 if none
}

// UnknownOperation is the Method of the guard of an operation that is not known.
const UnknownOperation = "?"

// Named reports whether the guard is asked for a named operation.
func (g Guard) Named() bool { return strings.Contains(g.Method, "/") }

// methods returns the methods of requests that get through the guard: those of its
// operation; nil: all.
func (g Guard) methods() []string {
	method, _, named := strings.Cut(g.Method, "/")
	switch {
	case !named || g.Alone:
		return nil
	case method == "GET":
		return []string{"GET", "HEAD"}
	}
	return []string{method}
}

// A Handler is what answers the requests of a route.
type Handler struct {
	Node     ast.Node        // the expression that stands for it
	Object   types.Object    // the function, or the type that serves; nil for a function literal
	Resource *types.TypeName // whose method it is, or which it reaches; nil if none
	Public   bool            // it is webapi:public, or serves nothing of the program
	Unknown  string          // what is not known of it, or what it does past its guard, as a sentence; "" if it is known
	Past     token.Pos       // where it does what Unknown says past its guard; NoPos otherwise
	param    int             // 1 + the index of the parameter that it is; 0 if none
}

// notKnown returns the sentence that a handler is not known, with the reason if there is one.
func notKnown(reason string) string {
	return strings.TrimSuffix("its handler is not known: "+reason, ": ")
}

// A Summary is what a function does, for a pass over a package that calls it. Drivers
// encode it with encoding/gob.
type Summary struct {
	Asks    []AskedGuard // the guards that the function asks, or what it returns
	Before  []AskedGuard // the guards that it asks before the handlers after it, in a chain as that of gin
	By      string       // the argument of webapi:guarded of a wrapper that stands there, or instead of the guards
	Answers bool         // the function is a handler that answers by itself behind the guards of Asks
	Routes  []GivenRoute // that it registers, with routers, patterns or handlers that it is given

	// Parameters, each 1 + its index, that are middleware: Passes before the routes of the
	// router that the function returns, Uses before those of the router that its receiver
	// embeds.
	Passes, Uses []int
	// The function returns a group, with a prefix, of the router that is the parameter Group,
	// 1 + its index; 0 if not.
	Group  int
	Prefix string
}

func (s *Summary) isEmpty() bool {
	return len(s.Asks) == 0 && len(s.Before) == 0 && s.By == "" && len(s.Routes) == 0 && len(s.Passes) == 0 && len(s.Uses) == 0 && s.Group == 0
}

// An AskedGuard is a guard of a type, or of the resource that a parameter is.
type AskedGuard struct {
	Package, Type string
	Param         int // 1 + the index of the parameter; 0 for that of the type
	List, Views   bool
	Alone         bool
	Method        string
}

// A GivenRoute is a route with what the caller gives: each parameter is 1 + its index,
// and 0 if there is none.
type GivenRoute struct {
	Router, Handler int
	Only, Methods   []string
	Pattern         string
	Asks            []AskedGuard
	By              string
	// Package, Type and Name are those of the function or method that serves; Type is
	// that of the receiver, or of the resource.
	Package, Type, Name string
	In                  string // the path of the package that registers it
	Settled             bool   // see Route.Settled
	Public              bool
	Unknown             string
}

// canonical returns the methods in canonical order, each once; nil for nil.
func canonical(methods []string) []string {
	if methods == nil {
		return nil
	}
	return slices.DeleteFunc(annotations.Methods(), func(m string) bool { return !slices.Contains(methods, m) })
}

func (f *Found) sort() {
	slices.SortStableFunc(f.Unread, func(a, b Unread) int {
		return cmp.Or(cmp.Compare(a.Pos, b.Pos), cmp.Compare(a.Reason, b.Reason))
	})
	f.Unread = slices.Compact(f.Unread)
}
