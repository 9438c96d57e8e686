// Package analyzer finds what generated guards cannot see: routes that go past
// them, and code that does by hand what they do. Command webapi-vet runs it for
// the go command, and the package is a plugin of golangci-lint as well.
//
// Each check is an [analysis.Analyzer] with a switch of its own. They know the
// resources of a package from its annotations or spec, and those of its imports
// from facts. A package that neither declares resources nor imports any is not
// reported on.
//
// # Checks
//
//	unguarded   a route serves a resource without its guard
//	undeclared  a route's handler belongs to no resource and is not webapi:public
//	bypass      a view is called past the guard
//	literal     a scope is written as a string, or nobody declares it
//	stale       the generated files are not what webapi-gen would write
//	handroll    the scope string of a token is tested by hand
//
// # What is looked at
//
// Routes are those of net/http, chi, gorilla/mux, gin and echo, and for unguarded
// also what a server of net/http is given. A route is judged where it is registered:
// a method value or expression, a function literal, a value that serves HTTP itself,
// all of these behind conversions and middleware, and what variables and fields are
// given in the same package. A function of the package that registers its parameter
// counts as a registration where it is called.
//
// Where a handler cannot be seen, because it is a parameter of an exported
// function, comes out of an interface or is read from a map that is filled
// elsewhere, nothing is reported. Test files are not looked at, for tests
// call views and write scopes out on purpose; only stale knows of them.
//
// # Silencing
//
// A handler that is unguarded on purpose says so where people read it:
//
//	//webapi:public reason="a client asks this before it has a token"
//	func info(w http.ResponseWriter, r *http.Request) { ... }
//
// The directive stands on a function, method or type of this module. A function
// literal and a handler of another module cannot carry it. Name the literal, or
// write a function that makes the handler:
//
//	//webapi:public reason="the style sheets of the login page"
//	func assets() http.Handler { return http.FileServerFS(files) }
//
// Or put the registrations into a function of their own and mark that: undeclared
// takes it for all routes that the function registers itself.
//
// A whole check is switched off by -NAME=false with go vet, and in the settings of
// golangci-lint, which knows //nolint as well.
//
// # golangci-lint
//
// The package registers itself with the module plugin system of golangci-lint. In
// .custom-gcl.yml:
//
//	version: v2.15.0
//	plugins:
//	  - module: github.com/webapi-gen/webapi-gen
//	    import: github.com/webapi-gen/webapi-gen/analyzer
//	    version: latest
//
// After "golangci-lint custom", in .golangci.yml:
//
//	linters:
//	  enable: [webapi]
//	  settings:
//	    custom:
//	      webapi:
//	        type: module
//	        description: routes that go past generated guards
//	        settings:
//	          disable: [undeclared]
package analyzer
