package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A value is what an expression stands for, as far as that is known: one of the types
// below. A nil value is not known at all.
type value interface{}

type (
	// A text is a constant string.
	text string

	// A partial is a text of which parts are computed. They are holes.
	partial string

	// A list has the elements of a slice or an array.
	list []element

	// A table is a map. It is open if code that is not followed may change it.
	table struct {
		elements list
		open     bool
		born     born
	}

	// A pair has the results of a call that returns several.
	pair []value

	// A choice is one of several, or one that may be nil.
	choice []value

	// An object is a struct. A field that it lacks is not known.
	object struct {
		typ    types.Type
		fields map[*types.Var]value
		born   born
		read   []*types.Var // by handlers
		open   bool         // code that is not followed may change it
		shared bool         // a package variable has it, or what does
	}

	// A closure is a function literal and where it stands.
	closure struct {
		lit *ast.FuncLit
		env *env
		pkg *Package
		in  *types.Func
	}

	// A function is a declared function or a method value.
	function struct {
		fn   *types.Func
		recv value           // nil if it is not known
		node ast.Expr        // that names it
		pkg  *Package        // in which that stands
		of   *types.TypeName // the resource whose method it is, or nil
	}

	// An opaque value is known by its type alone.
	opaque struct {
		typ    types.Type
		reason string // why it is not known
		param  int    // 1 + the index of the parameter that it is; 0 if none
		node   ast.Expr
		made   bool // by a call, at node, of a function that is given no router
	}

	// A guardian is middleware that asks a guard: what webapi.Guard and the adapters return.
	guardian Guard

	// A wrapping is middleware that is webapi:guarded.
	wrapping string

	// A missing is what an element of a list is, beside other values, that may not be there.
	missing struct{}

	// A native is a method of a router, as a value.
	native struct {
		router *router
		name   string
	}
)

type element struct{ key, value value }

// hole stands for a part of a pattern that is computed.
const hole = "{?}"

// patternOf returns a text that may have holes.
func patternOf(v value) string {
	switch v := v.(type) {
	case text:
		return string(v)
	case partial:
		return string(v)
	}
	return hole
}

// whyUnread returns why a pattern or a prefix is not known, "" if it is.
func whyUnread(pattern, what string) string {
	switch {
	case pattern == hole:
		return what + " is computed"
	case strings.Contains(pattern, hole):
		return "a part of " + what + " is computed"
	}
	return ""
}

// either returns a value that may be one or the other.
func either(a, b value) value {
	if a == nil {
		return b
	}
	if b == nil {
		return a
	}
	list, ok := a.(choice)
	if !ok {
		list = choice{a}
	}
	more, isChoice := b.(choice)
	if !isChoice {
		more = choice{b}
	}
	if len(list) >= maxChoice { // the last of them stands for others
		return list
	}
	list = slices.Clone(list)
	for _, v := range more {
		if contains(list, v) || joins(list, v) {
			continue
		}
		if len(list) == maxChoice-1 {
			list = append(list, opaque{reason: "it is one of too many"})
			break
		}
		list = append(list, v)
	}
	if len(list) == 1 && !ok && !isChoice {
		return list[0]
	}
	return list
}

// orNil returns v as what may be nil, if it is known to be something that can be.
func orNil(v value) value {
	if _, isRouter := v.(*router); isMade(v) && !isRouter {
		return choice{v}
	}
	return v
}

// maxChoice bounds the values of a choice, each of which is compared with the others. The last of so many
// is not known.
const maxChoice = 100

// joins joins one of the values with v and returns true, if both are lists and one of them begins
// with the elements of the other.
func joins(values []value, v value) bool {
	b, ok := v.(list)
	for i := range values {
		a, isList := values[i].(list)
		if !ok || !isList {
			continue
		}
		if joined, ok := joinLists(a, b); ok {
			values[i] = joined
			return true
		}
	}
	return false
}

func joinLists(a, b list) (joined list, ok bool) {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b) > maxLoop {
		return nil, false
	}
	for i, e := range b {
		v := value(missing{})
		if i < len(a) {
			x, _ := a[i].certain()
			y, _ := e.certain()
			if !same(x, y) || !same(a[i].key, e.key) {
				return nil, false
			}
			v = a[i].value
		}
		joined = append(joined, element{e.key, either(e.value, v)})
	}
	return joined, true
}

// certain returns the value of an element, and false if the element may not be there.
func (e element) certain() (v value, always bool) {
	always = true
	for _, w := range alternatives(e.value) {
		if w == value(missing{}) {
			always = false
			continue
		}
		v = either(v, w)
	}
	return v, always
}

// certain reports whether all elements of a list are there.
func (l list) certain() bool {
	return !slices.ContainsFunc(l, func(e element) bool { _, always := e.certain(); return !always })
}

// contains reports whether a list has a value that can be compared and is the same.
func contains(list []value, v value) bool {
	for _, w := range list {
		if same(v, w) {
			return true
		}
	}
	return false
}

func same(v, w value) bool {
	switch v := v.(type) {
	case text, wrapping, native, missing:
		return v == w
	case *object, *router, *closure, *table:
		return v == w
	case function:
		w, ok := w.(function)
		return ok && v.fn == w.fn && same(v.recv, w.recv)
	case opaque:
		w, ok := w.(opaque)
		return ok && v == w
	case guardian:
		w, ok := w.(guardian)
		return ok && v == w
	case list:
		w, ok := w.(list)
		return ok && slices.EqualFunc(v, w, func(a, b element) bool { return same(a.key, b.key) && same(a.value, b.value) })
	case serving:
		w, ok := w.(serving)
		return ok && slices.EqualFunc(v, w, served.equal)
	case nil:
		return w == nil
	}
	return false
}

// alternatives returns the values that v may be.
func alternatives(v value) []value {
	if list, ok := v.(choice); ok {
		return list
	}
	return []value{v}
}

// opened records that code that is not followed may change what a value holds.
func opened(v value) {
	eachObject(v, func(o *object) (seen bool) {
		seen, o.open = o.open, true
		return seen
	})
}

// share records that a package variable has a value, which any code may change before it is used.
func share(v value) {
	eachObject(v, func(o *object) (seen bool) {
		seen, o.shared = o.shared, true
		return seen
	})
}

// eachObject calls mark for the structs that a value may be, and for those in their fields, until it
// returns that it has seen one.
func eachObject(v value, mark func(*object) (seen bool)) {
	switch v := v.(type) {
	case *object:
		if mark(v) {
			return
		}
		for _, f := range v.fields {
			eachObject(f, mark)
		}
	case choice:
		for _, v := range v {
			eachObject(v, mark)
		}
	}
}

// resultsOf returns the n results of a call, each of which may be one of several if the
// function returns in several places. A value that is no pair is the first of them.
func resultsOf(v value, n int) []value {
	results := make([]value, n)
	for _, v := range alternatives(v) {
		list, ok := v.(pair)
		if !ok {
			list = pair{v}
		}
		for i, r := range list[:min(n, len(list))] {
			results[i] = either(results[i], r)
		}
	}
	return results
}

// An env has the variables of a call of a function.
type env struct {
	vars  map[*types.Var]*variable
	outer *env // of the function around a closure
}

type variable struct {
	value value
	born  born
	read  bool // by a handler
}

// A born says how deep in conditions something was made, and after how many steps: what is done
// to it deeper, or where the code around may have been left, may not be done.
type born struct{ depth, steps int }

func newEnv(outer *env) *env { return &env{vars: map[*types.Var]*variable{}, outer: outer} }

func (e *env) find(v *types.Var) *variable {
	for ; e != nil; e = e.outer {
		if found := e.vars[v]; found != nil {
			return found
		}
	}
	return nil
}

// A served is a handler that a value stands for.
type served struct {
	guards  []Guard  // that are asked before it
	by      string   // the argument of webapi:guarded
	methods []string // nil: all
	prefix  string   // that http.StripPrefix has taken off
	handler Handler
	within  *ast.FuncLit // that passes requests on to it, before guards; nil if none
	router  *router      // which serves, if there is one
}

func (s served) equal(t served) bool {
	return slices.Equal(s.guards, t.guards) && slices.Equal(s.methods, t.methods) && s.by == t.by && s.prefix == t.prefix &&
		s.handler == t.handler && s.router == t.router
}

// A serving is the handlers that a value may stand for.
type serving []served

func (s serving) behind(g Guard) serving {
	list := make(serving, len(s))
	for i, h := range s {
		h.guards = append([]Guard{g}, h.guards...)
		list[i] = h
	}
	return list
}

func (s serving) wrapped(by string) serving {
	list := make(serving, len(s))
	for i, h := range s {
		h.by = by
		list[i] = h
	}
	return list
}

// A router is one, or a group of one.
type router struct {
	kind     Router
	parent   *router // of a group
	prefix   string
	unread   string  // why the prefix is not known
	uses     []value // middleware
	outer    []value // middleware of the parent that applies, if that is not late
	late     bool    // middleware applies to routes that were registered before it
	replaced bool    // its middleware is, or a goto passes it, so that routes may be without it from there on
	mounts   []mount
	methods  []string    // of a route of gorilla; nil: all
	last     *registered // which the route of gorilla is
	below    bool        // it is a prefix
	mounted  bool        // it is what chi.Route makes, which is mounted
	groups   []*router   // of echo, below a router, that have middleware
	routerOf bool        // it is a router of gorilla, and no route
	free     string      // why it is not known where it is mounted
	given    bool        // it is an interface or a group
	prefixes []string    // of a group of huma; it registers below each of them
	modifies bool        // a group of huma changes its operations
	adapter  bool        // it is the adapter of an API of huma, which has none of its middleware
	param    int         // 1 + the index of the parameter that it is; 0 if none
	born     born
}

// A mount is a router that serves below another.
type mount struct {
	at      *registered
	mounted bool   // by chi.Mount
	outer   served // the guards around it
}

// A registered is a registration as it was made, before it is known where its router
// is mounted.
type registered struct {
	router  *router
	uses    []value // middleware of the router that applies, if that is not late
	methods []string
	pattern string
	unread  string
	own     []value // middleware of the route
	loose   bool    // it may be without the middleware of the router
	handler serving
	chain   bool // handlers follow each other, as in gin
	pos     token.Pos
	in      *types.Func
	pkg     *Package
	from    string // the path of the package that registers it; "": pkg
	server  bool
	settled bool // see Route.Settled
	mounted bool // by chi.Mount
	apart   bool // no middleware of the router stands before it
}
