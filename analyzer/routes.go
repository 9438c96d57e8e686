package analyzer

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// registered finds the routes that a package registers.
var registered = &analysis.Analyzer{
	Name:       "webapiroutes",
	Doc:        "find the routes that are registered, and what stands before their handlers",
	Run:        func(pass *analysis.Pass) (any, error) { return findRoutes(pass), nil },
	Requires:   []*analysis.Analyzer{declared},
	FactTypes:  []analysis.Fact{new(summaryFact)},
	ResultType: reflect.TypeFor[[]*routes.Route](),
}

// A summaryFact says what a function does with routers, handlers and guards.
type summaryFact struct{ routes.Summary }

func (*summaryFact) AFact()         {}
func (*summaryFact) String() string { return "summary" }

// findRoutes returns the routes of a package, and exports what its functions do for
// packages that import it.
func findRoutes(pass *analysis.Pass) []*routes.Route {
	d := declarationsOf(pass)
	if !mayServe(pass) {
		return nil
	}
	found := routes.Find(&routes.Program{
		Fset:       pass.Fset,
		Packages:   []*routes.Package{{Types: pass.Pkg, Info: pass.TypesInfo, Files: sources(pass)}},
		IsResource: d.isResource,
		IsPublic:   func(obj types.Object) bool { return d.public[obj] },
		GuardedBy:  func(obj types.Object) string { return d.guarded[obj] },
		Summary: func(fn *types.Func) *routes.Summary {
			var fact summaryFact
			if fn.Pkg() == pass.Pkg || !pass.ImportObjectFact(fn, &fact) {
				return nil
			}
			return &fact.Summary
		},
	})
	for fn, s := range found.Summaries {
		pass.ExportObjectFact(fn, &summaryFact{*s})
	}
	return found.Routes
}

// mayServe reports whether a package of a module may register routes, or has functions
// that help with it. The routers themselves are left out.
func mayServe(pass *analysis.Pass) bool {
	if pass.Module == nil && !pass.Pkg.Complete() || routes.IsRouterPackage(pass.Pkg.Path()) || isStandard(pass) {
		return false
	}
	return slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool { return routes.ServesHTTP(p.Path()) })
}

// isStandard reports whether the package belongs to the standard library.
func isStandard(pass *analysis.Pass) bool { return pass.Module == nil || pass.Module.Path == "std" }

// reported reports whether a route is to be judged in this pass. One on a group or an
// interface that an exported function is given may be behind guards of that: it is judged
// where the function is called.
func reported(pass *analysis.Pass, r *routes.Route) bool {
	return !r.OfCaller() || pass.Pkg.Name() == "main"
}

// settled reports whether the pass over another package of this module has judged a route.
func settled(pass *analysis.Pass, r *routes.Route) bool {
	return r.Settled && strings.HasPrefix(r.Package+"/", pass.Module.Path+"/")
}
