package analyzer

import (
	"go/ast"
	"go/types"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// A kind is what can be said of a handler.
type kind int

const (
	unseen  kind = iota // nothing
	guarded             // it goes through a guard
	past                // it gets to a resource without
	public              // it is unguarded on purpose
	other               // it has to do with no resource
)

// A leaf is what an expression comes to once conversions, middleware and
// variables are looked through.
type leaf struct {
	kind     kind
	node     ast.Expr
	method   *types.Func     // that a handler of kind past gets to
	resource *types.TypeName // whose method it is
	obj      types.Object    // the function or type of one of kind other, if it has a name
}

// A judge looks for the leaves of handlers.
type judge struct {
	*declarations
	info *types.Info
	been map[*types.Var]bool
}

func newJudge(d *declarations, info *types.Info) *judge {
	return &judge{declarations: d, info: info, been: map[*types.Var]bool{}}
}

// judge returns the leaves of an expression, at least one.
func (j *judge) judge(x ast.Expr) []leaf {
	x = ast.Unparen(x)
	switch x := x.(type) {
	case *ast.FuncLit:
		return j.literal(x)
	case *ast.CallExpr:
		return j.call(x)
	case *ast.UnaryExpr:
		return j.judge(x.X)
	case *ast.IndexExpr:
		return j.index(x)
	case *ast.SelectorExpr:
		if method, t := j.methodOf(j.info, x); method != nil {
			return []leaf{j.method(x, method, t)}
		}
		return j.named(x, j.info.Uses[x.Sel])
	case *ast.Ident:
		return j.named(x, j.info.Uses[x])
	}
	return []leaf{j.value(x)}
}

// method judges a method of a resource.
func (j *judge) method(x ast.Expr, method *types.Func, t *types.TypeName) leaf {
	switch {
	case j.public[method]:
		return leaf{kind: public, node: x}
	case j.guards[method]:
		return leaf{kind: guarded, node: x}
	}
	return leaf{kind: past, node: x, method: method, resource: t}
}

// named judges what an identifier stands for.
func (j *judge) named(x ast.Expr, obj types.Object) []leaf {
	switch obj := obj.(type) {
	case *types.Func:
		return []leaf{j.function(x, obj.Origin())}
	case *types.Var:
		if l := j.value(x); l.kind != unseen && l.kind != other {
			return []leaf{l}
		}
		obj = obj.Origin()
		if given := j.givens.exprs[obj]; len(given) > 0 && !j.been[obj] {
			j.been[obj] = true
			return j.all(given)
		}
	}
	return []leaf{j.value(x)}
}

func (j *judge) all(list []ast.Expr) []leaf {
	var leaves []leaf
	for _, x := range list {
		leaves = append(leaves, j.judge(x)...)
	}
	return leaves
}

// function judges a function or a method of a type that is no resource.
func (j *judge) function(x ast.Expr, fn *types.Func) leaf {
	recv := routes.ReceiverOf(fn)
	switch {
	case j.guards[fn]:
		return leaf{kind: guarded, node: x}
	case j.public[fn] || recv != nil && j.public[recv] || isHarmless(fn):
		return leaf{kind: public, node: x}
	case recv != nil && types.IsInterface(recv.Type()):
		return leaf{node: x}
	}
	return leaf{kind: other, node: x, obj: fn}
}

// value judges a value by its type.
func (j *judge) value(x ast.Expr) leaf {
	t := j.info.TypeOf(x)
	named := routes.NamedOf(t)
	switch {
	case named == nil || routes.IsRouter(t):
		return leaf{node: x}
	case j.isResource(named):
		if serve := routes.MethodNamed(t, "ServeHTTP"); serve != nil {
			return j.method(x, serve, named)
		}
		return leaf{node: x}
	case j.public[named] || routes.InRuntime(named):
		return leaf{kind: public, node: x}
	case types.IsInterface(t):
		return leaf{node: x}
	}
	if serve := routes.MethodNamed(t, "ServeHTTP"); serve != nil {
		if _, isFunc := t.Underlying().(*types.Signature); !isFunc {
			l := j.function(x, serve)
			l.obj = named
			return l
		}
	}
	return leaf{node: x}
}

// index judges an element of a literal, or an instance of a generic function.
func (j *judge) index(x *ast.IndexExpr) []leaf {
	if fn, ok := j.info.Uses[routes.Ident(x.X)].(*types.Func); ok {
		return []leaf{j.function(x, fn.Origin())}
	}
	if v := j.givens.variable(x.X); v != nil {
		if j.been[v] {
			return []leaf{{node: x}}
		}
		j.been[v] = true
	}
	if elements := j.givens.elementsOf(x.X); len(elements) > 0 {
		return j.all(elements)
	}
	return []leaf{{node: x}}
}
