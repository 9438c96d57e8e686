package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/annotations"
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

A method that is open on purpose says so: //webapi:public reason="..."`,
	URL:      home,
	Requires: []*analysis.Analyzer{declared, registered},
	Run: func(pass *analysis.Pass) (any, error) {
		seen := map[token.Pos]bool{}
		for _, r := range pass.ResultOf[registered].([]route) {
			for _, l := range slices.Concat(r.before, r.leaves) {
				if l.kind == past && !seen[l.node.Pos()] {
					seen[l.node.Pos()] = true
					reportUnguarded(pass, l)
				}
			}
		}
		return nil, nil
	},
}

func reportUnguarded(pass *analysis.Pass, l leaf) {
	what := "goes to " + l.resource.Name() + "." + l.method.Name()
	if _, isMethod := ast.Unparen(l.node).(*ast.SelectorExpr); !isMethod && l.method.Name() == "ServeHTTP" {
		what = "serves " + l.resource.Name() + " itself"
	}
	pass.ReportRangef(l.node, "this route %s past the guard of the resource; mount it with webapi.Handle or webapi.HandleList", what)
}

// Undeclared reports routes of which nobody has said who may use them.
var Undeclared = &analysis.Analyzer{
	Name: "undeclared",
	Doc: `report routes that are neither guarded nor declared public

In a package with resources, or with webapi:defaults, each route belongs to a
resource or is open on purpose. A handler that belongs to none is one that somebody
forgot, unless its function or type says //webapi:public reason="...".

A function literal and a handler of another module cannot say so. Name the
literal, or return the handler from a function that carries the directive; what
serves files, profiles and variables of the standard library is no exception. The
directive on a function that registers routes speaks for all of them.`,
	URL:      home,
	Requires: []*analysis.Analyzer{declared, registered},
	Run: func(pass *analysis.Pass) (any, error) {
		if !declarationsOf(pass).speaks {
			return nil, nil
		}
		seen := map[token.Pos]bool{}
		for _, r := range pass.ResultOf[registered].([]route) {
			if r.whole || r.in != nil && hasDirective(r.in.Doc, annotations.DirectivePublic) {
				continue
			}
			for _, l := range r.leaves {
				if l.kind == other && !seen[l.node.Pos()] {
					seen[l.node.Pos()] = true
					reportUndeclared(pass, l)
				}
			}
		}
		return nil, nil
	},
}

func reportUndeclared(pass *analysis.Pass, l leaf) {
	const belongs = "belongs to no resource and is not declared public; if it is meant to be open, "
	const say = `say //webapi:public reason="..." on `
	switch {
	case l.obj == nil:
		pass.ReportRangef(l.node, "this handler "+belongs+"make it a function with a name and "+say+"that")
	case l.obj.Pkg() != pass.Pkg:
		pass.ReportRangef(l.node, "handler %s "+belongs+say+"it, or on a function that returns it", nameOf(l.obj))
	default:
		pass.ReportRangef(l.node, "handler %s "+belongs+say+"it", nameOf(l.obj))
	}
}

// nameOf returns the name of a function or type as code of another package has it.
func nameOf(obj types.Object) string {
	name := obj.Name()
	if fn, ok := obj.(*types.Func); ok {
		if recv := routes.ReceiverOf(fn); recv != nil {
			name = recv.Name() + "." + name
		}
	}
	return obj.Pkg().Name() + "." + name
}
