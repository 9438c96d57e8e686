package annotations

import (
	"bytes"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// A home is a declaration to which directives can be moved.
type home struct {
	pos   token.Pos         // of the declaration
	doc   *ast.CommentGroup // that it has; may be nil
	name  string
	what  string
	place Place
}

// start returns where the home begins, its doc comment included.
func (h home) start() token.Pos {
	if h.doc != nil {
		return h.doc.Pos()
	}
	return h.pos
}

// takes reports whether a directive can stand in the home's doc comment, where
// it is not yet.
func (h home) takes(name string) bool {
	def, _ := FindDirective(name)
	if def.Place != h.place && !(def.Place == OnTypeOrFunc && h.place == OnType) {
		return false
	}
	if h.doc == nil || name != DirectiveResource && name != DirectivePublic && name != DirectiveDefaults {
		return true
	}
	return !slices.ContainsFunc(h.doc.List, func(c *ast.Comment) bool {
		s, v := judge(strings.TrimPrefix(c.Text, "//"))
		return v != prose && strings.EqualFold(s.name, name)
	})
}

// homeOf returns the only declaration that a comment can be about which is the
// doc comment of none.
func (r *reader) homeOf(group *ast.CommentGroup) (home, bool) {
	homes := r.homes()
	if !r.startsLine(group.Pos()) {
		return r.homeOnLine(group, homes)
	}
	for _, decl := range r.tree.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok && decl.Doc == group && decl.Lparen.IsValid() {
			return homeInGroup(decl, homes)
		}
	}
	i := slices.IndexFunc(homes, func(h home) bool { return r.isDetached(group, h) })
	if i < 0 || !r.blankAbove(group.Pos()) { // it may be about what stands above
		return home{}, false
	}
	return homes[i], true
}

// blankAbove reports whether the line above that of pos is blank or not there.
func (r *reader) blankAbove(pos token.Pos) bool {
	above := bytes.TrimSuffix(r.src[:r.lineStart(pos)], newline)
	above = above[bytes.LastIndexByte(above, '\n')+1:]
	return len(bytes.TrimSpace(bytes.TrimPrefix(above, bom))) == 0
}

// homeOnLine returns the home on whose first line a comment stands, unless the
// comment goes on below or the line may declare more.
func (r *reader) homeOnLine(group *ast.CommentGroup, homes []home) (home, bool) {
	below := bytes.TrimLeft(r.src[r.lineEnd(group.Pos()):], " \t")
	before := r.src[r.lineStart(group.Pos()):r.offset(group.Pos())]
	if len(group.List) > 1 || bytes.HasPrefix(below, []byte("/")) || bytes.ContainsRune(before, ';') {
		return home{}, false
	}
	line := r.position(group.Pos()).Line
	homes = slices.DeleteFunc(homes, func(h home) bool {
		return h.place != OnType || r.position(h.pos).Line != line
	})
	if len(homes) != 1 {
		return home{}, false
	}
	return homes[0], true
}

// homeInGroup returns the home of a group that declares a single type.
func homeInGroup(decl *ast.GenDecl, homes []home) (home, bool) {
	if len(decl.Specs) != 1 {
		return home{}, false
	}
	i := slices.IndexFunc(homes, func(h home) bool { return h.pos == decl.Specs[0].Pos() })
	if i < 0 {
		return home{}, false
	}
	return homes[i], true
}

// homes returns the declarations of the file to which directives can be moved:
// its package clause, and its functions and types, but no methods and no types
// that can have none.
func (r *reader) homes() []home {
	var homes []home
	if !r.file.Test || r.pkg.External {
		name := r.tree.Name.Name
		homes = append(homes, home{r.tree.Package, r.tree.Doc, "Package " + name, "package " + name, InPackageDoc})
	}
	for _, decl := range r.tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				homes = append(homes, home{decl.Pos(), decl.Doc, decl.Name.Name, "func " + decl.Name.Name, OnTypeOrFunc})
			}
		case *ast.GenDecl:
			homes = append(homes, typeHomes(decl)...)
		}
	}
	return homes
}

func typeHomes(decl *ast.GenDecl) []home {
	var homes []home
	for _, spec := range decl.Specs {
		spec, ok := spec.(*ast.TypeSpec)
		if !ok || spec.Assign.IsValid() {
			continue
		}
		switch ast.Unparen(spec.Type).(type) {
		case *ast.InterfaceType, *ast.StarExpr:
			continue
		}
		h := home{spec.Pos(), spec.Doc, spec.Name.Name, "type " + spec.Name.Name, OnType}
		if !decl.Lparen.IsValid() {
			h.pos, h.doc = decl.Pos(), decl.Doc
		}
		homes = append(homes, h)
	}
	return homes
}
