package annotations

import (
	"bytes"
	"go/ast"
	"go/token"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// A reader takes one parsed Go file into a package.
type reader struct {
	*layout
	src   []byte
	tree  *ast.File
	file  *File
	pkg   *Package
	diags *diag.List

	targets map[*ast.CommentGroup]target
	returns bool // the file has carriage returns
}

// A target is what a doc comment documents, as far as directives go.
type target struct {
	place language.Place
	decl  *Type  // nil but for a type
	name  Text   // of the type or function
	what  string // where it stands, for people; "" if it stands alone
}

func (r *reader) text(id *ast.Ident) Text {
	return Text{Pos: r.position(id.Pos()), Value: id.Name}
}

// read takes the declarations first, since they say what each comment documents.
func (r *reader) read() {
	r.targets = map[*ast.CommentGroup]target{}
	r.returns = bytes.IndexByte(r.src, '\r') >= 0
	if r.tree.Doc != nil {
		to := target{place: language.InPackageDoc, what: "at the package clause"}
		if r.file.Test && !r.pkg.External {
			to = target{place: nowhere, what: "at the package clause of a test, which speaks for no package"}
		}
		r.targets[r.tree.Doc] = to
	}
	for _, decl := range r.tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			r.readFunc(decl)
		case *ast.GenDecl:
			r.readGen(decl)
		}
	}
	for _, group := range r.tree.Comments {
		r.readComments(group)
	}
	if !r.file.Test { // the struct of a test may stand for a resource
		r.readLiterals()
	}
}

func (r *reader) readFunc(decl *ast.FuncDecl) {
	name := r.text(decl.Name)
	what := "on a method"
	if decl.Recv == nil {
		what = "on a function"
	}
	if decl.Doc != nil {
		r.targets[decl.Doc] = target{place: language.OnTypeOrFunc, name: name, what: what}
	}
	if decl.Recv == nil {
		r.pkg.Idents = append(r.pkg.Idents, Ident{Name: name, File: r.file})
		return
	}
	if len(decl.Recv.List) == 1 {
		if recv, _, ok := typeName(decl.Recv.List[0].Type); ok {
			r.pkg.Methods = append(r.pkg.Methods, Method{Receiver: recv.Name, Name: name, File: r.file})
		}
	}
}

func (r *reader) readGen(decl *ast.GenDecl) {
	if decl.Doc != nil {
		what := "on a group, and would speak of none of its declarations"
		if !decl.Lparen.IsValid() {
			what = onDeclaration(decl.Tok)
		}
		r.targets[decl.Doc] = target{place: nowhere, what: what}
	}
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				r.pkg.Idents = append(r.pkg.Idents, Ident{Name: r.text(name), File: r.file})
			}
			if spec.Doc != nil {
				r.targets[spec.Doc] = target{place: nowhere, what: onDeclaration(decl.Tok)}
			}
		case *ast.TypeSpec:
			docs := spec.Doc
			if docs == nil && !decl.Lparen.IsValid() {
				docs = decl.Doc
			}
			t := r.readType(spec, docs)
			if docs != nil {
				r.targets[docs] = target{place: language.OnType, decl: t, name: t.Name, what: "on a type"}
			}
		}
	}
}

// onDeclaration says where the doc comment of a const, var or import stands.
func onDeclaration(keyword token.Token) string {
	if keyword == token.IMPORT {
		return "on an import"
	}
	return "on a " + keyword.String()
}

// nowhere is the place of a doc comment in which no directive may stand.
const nowhere language.Place = -1

func (r *reader) readType(spec *ast.TypeSpec, docs *ast.CommentGroup) *Type {
	t := &Type{Name: r.text(spec.Name), File: r.file, doc: docs}
	if spec.TypeParams != nil {
		t.Params = spec.TypeParams.NumFields()
	}
	switch x := ast.Unparen(spec.Type).(type) {
	case *ast.Ident, *ast.IndexExpr, *ast.IndexListExpr:
		if id, local, ok := typeName(x); ok && local {
			t.Of = id.Name
		}
	case *ast.InterfaceType:
		t.Form = Interface
	case *ast.StarExpr:
		t.Form = Pointer
		if id, local, ok := typeName(x); ok && local && spec.Assign.IsValid() {
			t.Of = id.Name // to embed *T by another name is to embed *T
		}
	case *ast.StructType:
		r.readFields(t, x)
	}
	if spec.Assign.IsValid() {
		t.Form = Alias
	}
	r.pkg.Types = append(r.pkg.Types, t)
	return t
}

func (r *reader) readFields(t *Type, x *ast.StructType) {
	for _, field := range x.Fields.List {
		for _, name := range field.Names {
			t.Fields = append(t.Fields, r.text(name))
		}
		if len(field.Names) > 0 {
			continue
		}
		if id, local, ok := typeName(field.Type); ok {
			_, pointer := ast.Unparen(field.Type).(*ast.StarExpr)
			t.Embeds = append(t.Embeds, Embed{Field: r.text(id), Local: local, Pointer: pointer})
		}
	}
}

// readLiterals takes the struct types of the file that are not those of a
// package-level type, as far as they embed something.
func (r *reader) readLiterals() {
	declared := map[*ast.StructType]bool{}
	for _, decl := range r.tree.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok {
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					if x, ok := ast.Unparen(spec.Type).(*ast.StructType); ok {
						declared[x] = true
					}
				}
			}
		}
	}
	ast.Inspect(r.tree, func(n ast.Node) bool {
		if x, ok := n.(*ast.StructType); ok && !declared[x] {
			t := &Type{Name: Text{Pos: r.position(x.Pos())}, File: r.file}
			if r.readFields(t, x); len(t.Embeds) > 0 {
				r.pkg.Literals = append(r.pkg.Literals, t)
			}
		}
		return true
	})
}

// typeName returns the name in T, *T, T[P], p.T and so on, and whether it is
// one of the same package.
func typeName(x ast.Expr) (name *ast.Ident, local, ok bool) {
	for {
		switch e := x.(type) {
		case *ast.ParenExpr:
			x = e.X
		case *ast.StarExpr:
			x = e.X
		case *ast.IndexExpr:
			x = e.X
		case *ast.IndexListExpr:
			x = e.X
		case *ast.SelectorExpr:
			return e.Sel, false, true
		case *ast.Ident:
			return e, true, true
		default:
			return nil, false, false
		}
	}
}

// readComments takes the directives of one comment group.
func (r *reader) readComments(group *ast.CommentGroup) {
	var found []written
	before := len(*r.diags)
	for i := range group.List {
		found = append(found, r.scan(group.List, i)...)
	}
	r.refusedSince(before)
	keysBefore := len(*r.diags)
	r.continuations(group)
	withoutRepetitions(found, (*r.diags)[before:])
	if len(found) == 0 {
		return
	}
	clean := len(*r.diags) == before
	to, attached := r.targets[group]
	if !attached {
		to = target{place: nowhere, what: r.surroundings(group)}
	}
	docs := docComment{reader: r, target: to}
	docs.keysRefused(keysBefore)
	for _, w := range found {
		docs.take(w)
	}
	if clean && to.place == nowhere {
		r.mendMisplaced(group, found, (*r.diags)[before:])
	}
	docs.finish()
}

// scan returns the directives of one of the comments of a group.
func (r *reader) scan(comments []*ast.Comment, i int) []written {
	before := len(*r.diags)
	start := r.position(comments[i].Slash)
	text := r.comment(comments[i])
	found := scanComment(text, start, r.diags)
	if len(*r.diags) == before || (*r.diags)[before].Code != language.NearMiss || strings.Contains(text, "\n") {
		return found
	}
	alone := (i == 0 || endsSentence(comments[i-1])) && (i == len(comments)-1 || beginsSentence(comments[i+1]))
	if !strings.HasPrefix(text, "/*") || r.startsLine(comments[i].Pos()) && r.endsLine(start.Offset+len(text)) {
		mendNearMiss(&(*r.diags)[before], text, start.Offset, alone)
	}
	return found
}

// isEmpty reports whether a comment has no text.
func isEmpty(c *ast.Comment) bool { return strings.Trim(c.Text, "/ \t\r") == "" }

// isMeant reports whether a comment is a directive, or almost one.
func isMeant(c *ast.Comment) bool { return isMention(strings.TrimPrefix(c.Text, "//")) }

// beginsSentence reports whether a comment does not go on with the prose before it.
func beginsSentence(c *ast.Comment) bool {
	return isEmpty(c) || isMeant(c) || startsUpper(strings.TrimLeft(c.Text, "/ \t"))
}

// endsSentence reports whether the line after a comment is not a part of its
// prose.
func endsSentence(c *ast.Comment) bool {
	text := strings.TrimRight(c.Text, " \t\r")
	return isEmpty(c) || isMeant(c) || sentence(text) || strings.HasSuffix(text, "*/")
}

// sentence reports whether a text ends like a sentence.
func sentence(text string) bool {
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?")
}

// endsLine reports whether nothing follows offset on its line.
func (r *reader) endsLine(offset int) bool {
	line, _, _ := bytes.Cut(r.src[offset:], newline)
	return len(bytes.TrimSpace(line)) == 0
}

// comment returns a comment as it stands in the file: go/ast's text has lost its
// carriage returns.
func (r *reader) comment(c *ast.Comment) string {
	if !r.returns {
		return c.Text
	}
	return commentAt(r.src[r.offset(c.Slash):])
}

// commentAt returns the comment that src begins with, without its line break.
func commentAt(src []byte) string {
	if bytes.HasPrefix(src, []byte("/*")) {
		text, _, _ := bytes.Cut(src[2:], blockEnd)
		return string(src[:2+len(text)+len(blockEnd)])
	}
	line, _, _ := bytes.Cut(src, newline)
	return string(bytes.TrimRight(line, "\r"))
}

// refusedSince notes that the package lacks something if a diagnostic was added
// to so many.
func (r *reader) refusedSince(before int) {
	if len(*r.diags) > before {
		r.pkg.Incomplete, r.pkg.Lost = true, true
	}
}

// surroundings says where a comment stands that documents nothing.
func (r *reader) surroundings(group *ast.CommentGroup) string {
	if !r.startsLine(group.Pos()) {
		return "at the end of a line of code"
	}
	what := ""
	ast.Inspect(r.tree, func(n ast.Node) bool {
		if n == nil || group.Pos() < n.Pos() || n.End() < group.End() {
			return n == ast.Node(r.tree)
		}
		switch n.(type) {
		case *ast.FuncDecl, *ast.BlockStmt:
			what = "inside a function"
		case *ast.StructType:
			what = "at a field"
		case *ast.InterfaceType:
			what = "at a method of an interface"
		case *ast.GenDecl:
			what = "inside a declaration"
		}
		return true
	})
	return what
}
