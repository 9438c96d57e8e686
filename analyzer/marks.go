package analyzer

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"

	"golang.org/x/tools/go/analysis"
)

// marks are what directives say of declarations, as the syntax tree has them.
// They are read once more in full by the generator, which reports mistakes.
type marks struct {
	resources, public []types.Object
	defaults          bool
}

func readMarks(pass *analysis.Pass) marks {
	var m marks
	take := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		obj := pass.TypesInfo.Defs[name]
		if obj == nil {
			return
		}
		for _, doc := range docs {
			if hasDirective(doc, annotations.DirectiveResource) {
				m.resources = append(m.resources, obj)
			}
			if hasDirective(doc, annotations.DirectivePublic) {
				m.public = append(m.public, obj)
			}
		}
	}
	for _, file := range pass.Files {
		m.defaults = m.defaults || hasDirective(file.Doc, annotations.DirectiveDefaults)
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				take(decl.Name, decl.Doc)
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok && decl.Lparen.IsValid() {
						take(spec.Name, spec.Doc)
					} else if ok {
						take(spec.Name, spec.Doc, decl.Doc)
					}
				}
			}
		}
	}
	return m
}

// hasDirective reports whether a doc comment has the directive of that name.
func hasDirective(doc *ast.CommentGroup, name string) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		d, ok := ast.ParseDirective(c.Slash, c.Text)
		return ok && d.Tool == annotations.Tool && d.Name == name
	})
}
