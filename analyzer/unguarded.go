package analyzer

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// Unguarded reports routes that serve a resource without its guard.
var Unguarded = &analysis.Analyzer{
	Name: "unguarded",
	Doc: `report routes that serve a resource without its guard

A method of a type that is annotated webapi:resource, or that a spec names, must
not be registered as a handler by itself, nor be called by a function literal that
is: the request would get to it whatever its token may do. Mount the route with
webapi.Handle or webapi.HandleList, or call the resource's CallMethodView.

The fix puts webapi.Guard or webapi.GuardList before a route of net/http or chi that
names its method, where the file imports package webapi.

A method that is open on purpose says so: //webapi:public reason="..."

A type that has lines in webapi.lock and has lost its annotation is reported where it
is declared, and its routes as those of a resource. Golangci-lint keeps
what it found until a Go file changes, so a change of webapi.lock alone passes unseen by it;
webapi-vet and go vet look again.`,
	URL:      docURL,
	Requires: []*analysis.Analyzer{declared, registered},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		for _, t := range d.former {
			pass.Reportf(t.Pos(), "type %s is a resource in %s, and has no guard any more; annotate it with //webapi:resource again, "+
				`or with //webapi:public reason="..." if it is open to everybody, or run webapi-gen lock if it serves nothing`, t.Name(), lockfile.Name)
		}
		seen := map[token.Pos]bool{}
		for _, r := range pass.ResultOf[registered].([]*routes.Route) {
			h := r.Handler
			if r.State() == routes.Unguarded && h.Resource != nil && reported(pass, r) && !settled(pass, r) && !seen[h.Node.Pos()] {
				seen[h.Node.Pos()] = true
				reportUnguarded(pass, r, d.rules[h.Resource])
			}
		}
		return nil, nil
	},
}

func reportUnguarded(pass *analysis.Pass, r *routes.Route, rules *resourceFact) {
	h, key := r.Handler, ""
	if rules != nil {
		key = rules.Key
	}
	what := "goes to " + h.Resource.Name() + "." + h.Object.Name()
	if _, isMethod := ast.Unparen(h.Node.(ast.Expr)).(*ast.SelectorExpr); !isMethod && h.Object.Name() == "ServeHTTP" {
		what = "serves " + h.Resource.Name() + " itself"
	}
	pass.Report(analysis.Diagnostic{
		Pos: h.Node.Pos(), End: h.Node.End(), SuggestedFixes: guardFix(pass, r, key),
		Message: "this route " + what + " past the guard of the resource; mount it with webapi.Handle or webapi.HandleList, or put webapi.Guard before it",
	})
}

// Undeclared reports routes that are neither guarded nor declared public.
var Undeclared = &analysis.Analyzer{
	Name: "undeclared",
	Doc: `report routes that are neither guarded nor declared public

In a package with resources, or with webapi:defaults, each route belongs to a
resource or is open on purpose, and so does each handler of such a package, wherever
it is registered. A handler that belongs to none is one that somebody forgot, unless
its function or type says //webapi:public reason="...". A package that webapi.lock
has resources of counts as one with resources.

A function literal and a handler of another module cannot say so. Name the
literal, or return the handler from a function that carries the directive; what
serves files, profiles and variables of the standard library is no exception. The
directive on a function that registers routes speaks for all of them.`,
	URL:      docURL,
	Requires: []*analysis.Analyzer{declared, registered},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		declaring := map[string]bool{} // by path
		for t := range d.resources {
			declaring[t.Pkg().Path()] = true
		}
		type report struct {
			pos     token.Pos
			message string
		}
		seen := map[report]bool{}
		for _, r := range pass.ResultOf[registered].([]*routes.Route) {
			h := r.Handler
			if r.State() != routes.Unguarded || h.Resource != nil || r.Server || r.In != nil && d.public[r.In] || !reported(pass, r) || h.Node == nil {
				continue
			}
			owned := declaring[r.Package] || h.Object != nil && declaring[h.Object.Pkg().Path()]
			if !owned && !d.declares || owned && settled(pass, r) {
				continue
			}
			if it := (report{h.Node.Pos(), undeclared(pass, r)}); !seen[it] {
				seen[it] = true
				pass.ReportRangef(h.Node, "%s", it.message)
			}
		}
		return nil, nil
	},
}

// undeclared returns the message about a route.
func undeclared(pass *analysis.Pass, r *routes.Route) string {
	const belongs = " belongs to no resource and is not declared public; if it is meant to be open, "
	const say = `say //webapi:public reason="..." on `
	switch h := r.Handler; {
	case h.Object == nil && r.Package != pass.Pkg.Path(): // h.Node is the call that registers it
		pattern := strings.TrimSpace(strings.Join(r.Only, ",") + " " + cmp.Or(r.Pattern, "?"))
		return "the handler of " + pattern + belongs + "make it a function with a name and " + say + "that"
	case h.Object == nil:
		return "this handler" + belongs + "make it a function with a name and " + say + "that"
	case h.Object.Pkg() != pass.Pkg:
		return "handler " + nameOf(h.Object) + belongs + say + "it, or on a function that returns it"
	default:
		return "handler " + nameOf(h.Object) + belongs + say + "it"
	}
}

// nameOf returns the name of a function or type as another package writes it.
func nameOf(obj types.Object) string {
	name := obj.Name()
	if fn, ok := obj.(*types.Func); ok {
		if recv := routes.ReceiverOf(fn); recv != nil {
			name = recv.Name() + "." + name
		}
	}
	return obj.Pkg().Name() + "." + name
}
