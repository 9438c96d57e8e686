package analyzer

import (
	"go/ast"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
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
