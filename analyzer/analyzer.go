// Package analyzer has the checks for what generated guards cannot see: routes that
// bypass them, and code that does by hand what they do. Command webapi-vet runs the
// checks for the go command, and the package is a plugin of golangci-lint.
//
// Each check is an [analysis.Analyzer] with a switch of its own. The checks know the
// resources of a package from its annotations or spec, and those of its imports
// from facts. A type that webapi.lock has as a resource counts as one, even if it has
// no annotation any more. The checks report nothing on a package that neither has
// resources nor imports any.
//
// # Checks
//
//	unguarded   a route serves a resource without its guard
//	undeclared  a route's handler belongs to no resource and is not webapi:public
//	wrongguard  a route stands behind a guard that is not its own
//	bypass      a view or a guarded handler is called past the guard
//	handmade    a guard is written by hand, or a generated one is changed
//	literal     a scope is written as a string, or no package declares it
//	stale       the generated files are not what webapi-gen would write
//	handroll    the scope string of a token is tested by hand
//	baseline    a line of webapi.baseline applies no more
//
// # Scope
//
// Routes are those of net/http, chi, gorilla/mux, gin, echo, httprouter, huma and
// Connect, and the handler of a server of net/http. They are found by evaluating the code that sets
// a server up: through variables, fields, tables, loops, closures, interfaces and
// functions, those of imported packages by facts. A route is judged where the packages
// show all of it, at the latest in the package that makes the router.
//
// Nothing is reported where a handler or a guard is not known, because it is computed
// or comes from outside of the module: webapi-gen check and webapi-gen list name these
// places. Test files are left out, since tests call views and write scopes as strings
// on purpose; only stale reads them.
//
// # Silencing
//
// A directive declares that a handler is unguarded on purpose:
//
//	//webapi:public reason="a client asks this before it has a token"
//	func info(w http.ResponseWriter, r *http.Request) { ... }
//
// The directive belongs to a function, method or type of this module. A function
// literal and a handler of another module cannot have it. Give the literal a name, or
// write a function that returns the handler:
//
//	//webapi:public reason="the style sheets of the login page"
//	func assets() http.Handler { return http.FileServerFS(files) }
//
// Or move the registrations into a function with the directive: undeclared applies
// it to all routes that the function registers itself.
//
// The flag -NAME=false of go vet disables a check, as do the settings of
// golangci-lint, which honors //nolint as well.
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

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Analyzers returns all checks, in the order of the package documentation.
func Analyzers() []*analysis.Analyzer { return append(slices.Clone(checks), Baseline) }

var checks = []*analysis.Analyzer{Unguarded, Undeclared, WrongGuard, Bypass, Handmade, Literal, Stale, ManualScopeCheck}

// docURL is the documentation of the checks.
const docURL = "https://pkg.go.dev/github.com/webapi-gen/webapi-gen/analyzer"

func declarationsOf(pass *analysis.Pass) *declarations {
	return pass.ResultOf[declared].(*declarations)
}

// sources returns the files of the package, apart from tests and those that
// webapi-gen has written.
func sources(pass *analysis.Pass) []*ast.File {
	var files []*ast.File
	for _, file := range pass.Files {
		if !isTest(pass, file) && !isOutput(pass, file) {
			files = append(files, file)
		}
	}
	return files
}

func isTest(pass *analysis.Pass, file *ast.File) bool {
	return strings.HasSuffix(fileName(pass, file.FileStart), "_test.go")
}

// fileName returns the name of the file that the driver has read at pos, without
// regard to line directives.
func fileName(pass *analysis.Pass, pos token.Pos) string {
	return pass.Fset.PositionFor(pos, false).Filename
}

// The facts of a package are for the passes over packages that import it. Drivers
// encode them with encoding/gob.

// A resourceFact marks a type as a resource.
type resourceFact struct {
	Key      string // the path value that names an object
	Super    string // the type of the embedded resource whose guard has to let through as well
	Requires []methodRequires
}

// A methodRequires is what a method requires, as a text to compare.
type methodRequires struct{ Method, Text string }

// requires returns what a method requires; "" if that is not known.
func (f *resourceFact) requires(method string) string {
	if f != nil {
		for _, r := range f.Requires {
			if r.Method == method {
				return r.Text
			}
		}
	}
	return ""
}

func (*resourceFact) AFact()         {}
func (*resourceFact) String() string { return "resource" }

// A publicFact marks a type or function as declared webapi:public.
type publicFact struct{}

func (*publicFact) AFact()         {}
func (*publicFact) String() string { return "public" }

// A guardedFact marks a wrapper that is webapi:guarded.
type guardedFact struct{ By string }

func (*guardedFact) AFact()           {}
func (f *guardedFact) String() string { return "guarded by " + f.By }

// A viewFact marks a method as a view of the resource that declares it.
type viewFact struct{}

func (*viewFact) AFact()         {}
func (*viewFact) String() string { return "view" }

// A scopesFact lists the scopes that a package declares.
type scopesFact struct{ Scopes []scope }

// A scope is a declared scope and the name of its constant, which may be "".
type scope struct{ Value, Const string }

func (*scopesFact) AFact() {}

func (f *scopesFact) String() string {
	values := make([]string, len(f.Scopes))
	for i, s := range f.Scopes {
		values[i] = s.Value
	}
	return "scopes " + strings.Join(values, " ")
}
