package analyzer

import (
	"go/ast"
	"go/types"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// call judges what a call returns: what it is given, if that can answer
// requests, else what the function makes by itself.
func (j *judge) call(x *ast.CallExpr) []leaf {
	if j.info.Types[x.Fun].IsType() && len(x.Args) == 1 {
		return j.judge(x.Args[0])
	}
	if asks, _ := j.asksGuard(j.info, x); asks {
		return []leaf{{kind: guarded, node: x}}
	}
	fn := routes.Callee(j.info, x)
	if fn != nil && (j.guards[fn] || j.public[fn]) {
		return []leaf{j.function(x, fn)}
	}
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
		if method, t := j.methodOf(j.info, sel); method != nil && routes.IsHandler(j.info.TypeOf(x)) {
			return []leaf{j.method(x, method, t)}
		}
	}
	if given := j.arguments(x); len(given) > 0 {
		return given
	}
	if l := j.value(x); l.kind != unseen {
		return []leaf{l}
	}
	if fn == nil || routes.IsRouter(j.info.TypeOf(x)) {
		return []leaf{{node: x}}
	}
	return []leaf{j.function(x, fn)}
}

// arguments judges what a call is given, as far as it can answer requests or has
// to do with a resource. Other functions, such as middleware among the arguments
// of middleware, count if there is nothing else.
func (j *judge) arguments(x *ast.CallExpr) []leaf {
	var leaves, rest []leaf
	for _, arg := range x.Args {
		t := j.info.TypeOf(arg)
		if t == nil {
			continue
		}
		_, isFunc := t.Underlying().(*types.Signature)
		switch {
		case routes.IsHandler(t):
			leaves = append(leaves, j.judge(arg)...)
		case isFunc:
			for _, l := range j.judge(arg) {
				if l.kind == guarded || l.kind == past || l.kind == public {
					rest = append(rest, l)
				}
			}
		case j.isResource(routes.NamedOf(t)):
			rest = append(rest, leaf{node: arg})
		}
	}
	return append(leaves, rest...)
}

// literal judges a function literal by what it calls.
func (j *judge) literal(lit *ast.FuncLit) []leaf {
	var asks, decides bool
	var reached, served []leaf
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			ok, only := j.asksGuard(j.info, n)
			if fn := routes.Callee(j.info, n); !ok && j.guards[fn] {
				ok = true
			}
			asks, decides = asks || ok, decides || only
			if ok {
				return false
			}
			if sel, isSel := ast.Unparen(n.Fun).(*ast.SelectorExpr); isSel && sel.Sel.Name == "ServeHTTP" {
				served = append(served, j.judge(sel.X)...)
			}
		case *ast.SelectorExpr:
			if method, t := j.methodOf(j.info, n); method != nil {
				if l := j.method(n, method, t); l.kind == past {
					reached = append(reached, l)
				}
			}
		}
		return true
	})
	if decides {
		return []leaf{{kind: guarded, node: lit}}
	}
	if asks { // what takes no request may prepare or log
		reached = keepViews(j, reached)
	}
	switch {
	case len(reached) > 0:
		return reached
	case asks:
		return []leaf{{kind: guarded, node: lit}}
	case len(served) > 0:
		return served
	}
	return []leaf{{kind: other, node: lit}}
}

func keepViews(j *judge, leaves []leaf) []leaf {
	var kept []leaf
	for _, l := range leaves {
		if j.views[l.method] || routes.TakesRequest(l.method.Signature()) {
			kept = append(kept, l)
		}
	}
	return kept
}
