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

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Analyzers returns all checks, in the order in which they are explained.
func Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{Unguarded, Undeclared, Bypass, Literal, Stale, Handroll}
}

// home is where the checks are explained.
const home = "https://pkg.go.dev/github.com/webapi-gen/webapi-gen/analyzer"

// declarationsOf returns what the pass knows of resources.
func declarationsOf(pass *analysis.Pass) *declarations {
	return pass.ResultOf[declared].(*declarations)
}

// sources returns the files of the package that people write, less its tests.
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

// fileName returns the name of the file that the driver reads at pos.
func fileName(pass *analysis.Pass, pos token.Pos) string {
	return pass.Fset.PositionFor(pos, false).Filename
}

// What the analysis of a package tells those that import it. The drivers send
// facts from process to process with encoding/gob.

// A resourceFact says that a type is a resource.
type resourceFact struct{}

func (*resourceFact) AFact()         {}
func (*resourceFact) String() string { return "resource" }

// A publicFact says that a type or function is declared webapi:public.
type publicFact struct{}

func (*publicFact) AFact()         {}
func (*publicFact) String() string { return "public" }

// A guardFact says that a function goes through a guard: it asks one itself, or
// returns a handler that does.
type guardFact struct{}

func (*guardFact) AFact()         {}
func (*guardFact) String() string { return "guard" }

// A viewFact says that a method is a view of the resource that declares it.
type viewFact struct{}

func (*viewFact) AFact()         {}
func (*viewFact) String() string { return "view" }

// A scopesFact lists the scopes that a package declares.
type scopesFact struct{ Scopes []scope }

// A scope is a declared scope and its constant, which may be "".
type scope struct{ Value, Const string }

func (*scopesFact) AFact() {}

func (f *scopesFact) String() string {
	values := make([]string, len(f.Scopes))
	for i, s := range f.Scopes {
		values[i] = s.Value
	}
	return "scopes " + strings.Join(values, " ")
}
