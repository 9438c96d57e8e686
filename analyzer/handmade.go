package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// Handmade reports guards that are written by hand.
var Handmade = &analysis.Analyzer{
	Name: "handmade",
	Doc: `report guards that are written by hand

What webapi-gen generates is what its annotations say, and what webapi-gen diff and
webapi.lock show. A guard by hand is seen by nobody. The check reports a type that
implements webapi.Resource with a method of its own, or that embeds the interface
webapi.Resource, and an assignment to a variable of a generated file.

Packages that do not import package webapi are left out.`,
	URL:      docURL,
	Requires: []*analysis.Analyzer{declared},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		if !d.runtime {
			return nil, nil
		}
		for _, file := range sources(pass) {
			for n := range ast.Preorder(file) {
				switch n := n.(type) {
				case *ast.FuncDecl:
					reportGuardMethod(pass, n)
				case *ast.StructType:
					for _, field := range n.Fields.List {
						if len(field.Names) == 0 && routes.IsRuntimeType(pass.TypesInfo.TypeOf(field.Type), "Resource") {
							pass.ReportRangef(field, "a type that embeds webapi.Resource is guarded as whatever it holds; annotate it with //webapi:resource")
						}
					}
				case *ast.AssignStmt:
					for _, x := range n.Lhs {
						reportGenerated(pass, x, "assigned")
					}
				case *ast.IncDecStmt:
					reportGenerated(pass, n.X, "assigned")
				case *ast.UnaryExpr:
					if n.Op == token.AND {
						reportGenerated(pass, n.X, "given away by its address, through which it can be assigned")
					}
				}
			}
		}
		return nil, nil
	},
}

// reportGuardMethod reports a method by which a type is a webapi.Resource.
func reportGuardMethod(pass *analysis.Pass, decl *ast.FuncDecl) {
	fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
	if !ok || decl.Recv == nil || !slices.Contains(guardMethods, fn.Name()) {
		return
	}
	resource := runtimeResource(pass.Pkg)
	recv := routes.ReceiverOf(fn)
	if resource == nil || recv == nil || !types.Implements(types.NewPointer(recv.Type()), resource) {
		return
	}
	pass.ReportRangef(decl.Name, "%s.%s makes %s a webapi.Resource by hand, which neither webapi.lock nor webapi-gen diff shows; annotate the type with //webapi:resource",
		recv.Name(), fn.Name(), recv.Name())
}

// runtimeResource returns the interface webapi.Resource, or nil.
func runtimeResource(pkg *types.Package) *types.Interface {
	for _, p := range pkg.Imports() {
		if t := p.Scope().Lookup("Resource"); routes.InRuntime(t) {
			i, _ := t.Type().Underlying().(*types.Interface)
			return i
		}
	}
	return nil
}

// reportGenerated reports a variable, or an element of one, that a generated file declares.
func reportGenerated(pass *analysis.Pass, x ast.Expr, how string) {
	for {
		switch y := ast.Unparen(x).(type) {
		case *ast.IndexExpr:
			x = y.X
			continue
		case *ast.StarExpr:
			x = y.X
			continue
		case *ast.SelectorExpr:
			if pass.TypesInfo.Selections[y] != nil {
				x = y.X
				continue
			}
		}
		break
	}
	v, ok := pass.TypesInfo.Uses[routes.Ident(x)].(*types.Var)
	if ok && v.Pkg() == pass.Pkg && v.Parent() == pass.Pkg.Scope() && inOutput(pass, v.Pos()) {
		pass.ReportRangef(x, "%s belongs to a generated guard and is %s; change the annotation instead", v.Name(), how)
	}
}
