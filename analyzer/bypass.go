package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"

	"golang.org/x/tools/go/analysis"
)

// Bypass reports calls of views past the guard.
var Bypass = &analysis.Analyzer{
	Name: "bypass",
	Doc: `report calls of views past the guard

A method that is given to a guard as a view, in webapi.Views or by CallMethodView,
counts on the guard having been asked. Only the guard calls it, and methods of the
same resource. Other code that wants what the view does shares a function with it
that takes no request, or asks webapi.Decide before it calls the view.

The directive //webapi:public reason="..." on the view, or on the function that
calls it, says that the call is meant.`,
	URL:      home,
	Requires: []*analysis.Analyzer{declared, registered},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		if len(d.views) == 0 {
			return nil, nil
		}
		b := &bypasses{pass: pass, declarations: d, reported: map[token.Pos]bool{}}
		for _, r := range pass.ResultOf[registered].([]route) { // these are unguarded's
			for _, l := range slices.Concat(r.before, r.leaves) {
				b.reported[l.node.Pos()] = true
			}
		}
		for _, file := range sources(pass) {
			for _, decl := range file.Decls {
				b.declaration(decl)
			}
		}
		return nil, nil
	},
}

type bypasses struct {
	*declarations
	pass     *analysis.Pass
	reported map[token.Pos]bool
	self     *types.TypeName // whose methods are looked at
}

// declaration looks at a declaration, unless it may call what it likes.
func (b *bypasses) declaration(decl ast.Decl) {
	b.self = nil
	if fn, ok := decl.(*ast.FuncDecl); ok {
		if hasDirective(fn.Doc, annotations.DirectivePublic) || b.decides(fn) {
			return
		}
		if obj, ok := b.pass.TypesInfo.Defs[fn.Name].(*types.Func); ok {
			b.self = receiverOf(obj)
		}
	}
	ast.Inspect(decl, b.visit)
}

// decides reports whether a function asks for the guard's decision by itself.
func (b *bypasses) decides(fn *ast.FuncDecl) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !found {
			_, found = b.asksGuard(b.pass.TypesInfo, call)
		}
		return !found
	})
	return found
}

// visit leaves out what a guard is given.
func (b *bypasses) visit(n ast.Node) bool {
	info := b.pass.TypesInfo
	switch n := n.(type) {
	case *ast.CompositeLit:
		return !isRuntimeType(info.TypeOf(n), "Views")
	case *ast.CallExpr:
		if asks, _ := b.asksGuard(info, n); asks {
			return false
		}
		if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
			b.call(sel)
		}
	}
	return true
}

// isSelf reports whether t is the resource whose method is looked at, or one that
// it embeds: the guard of the first has asked that of the second.
func (b *bypasses) isSelf(t *types.TypeName) bool {
	return b.self != nil && (t == b.self || b.isResource(b.self) && embeds(b.self.Type(), t))
}

// embeds reports whether a struct embeds a type, or a struct that does.
func embeds(outer types.Type, inner *types.TypeName) bool {
	s, ok := outer.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		named := namedOf(f.Type())
		if f.Embedded() && named != nil && (named == inner || embeds(named.Type(), inner)) {
			return true
		}
	}
	return false
}

func (b *bypasses) call(sel *ast.SelectorExpr) {
	method, t := b.methodOf(b.pass.TypesInfo, sel)
	if method == nil || !b.views[method] || b.public[method] || b.isSelf(t) || b.reported[sel.Pos()] {
		return
	}
	b.pass.ReportRangef(sel, "%s.%s is a view of %s and is called past its guard; call CallMethodView, or webapi.Decide before",
		t.Name(), method.Name(), t.Name())
}
