package annotations

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/build/constraint"
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A home is a declaration to which directives can be moved.
type home struct {
	pos   token.Pos         // of the declaration
	doc   *ast.CommentGroup // that it has; may be nil
	name  string
	what  string
	place Location
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
	if def.Location != h.place && !(def.Location == OnTypeOrFunc && h.place == OnType) {
		return false
	}
	if h.doc == nil || name != DirectiveResource && name != DirectivePublic && name != DirectiveDefaults {
		return true
	}
	return !slices.ContainsFunc(h.doc.List, func(c *ast.Comment) bool {
		s, v := classify(strings.TrimPrefix(c.Text, "//"))
		return v != plainText && strings.EqualFold(s.name, name)
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
	if len(*r.diags) == before || (*r.diags)[before].Code != diag.NearMiss || strings.Contains(text, "\n") {
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
func isMeant(c *ast.Comment) bool { return isDirectiveLike(strings.TrimPrefix(c.Text, "//")) }

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
		r.pkg.Incomplete, r.pkg.LacksDeclarations = true, true
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

// This file moves directives that stand beside a declaration to its doc comment,
// where there is only one declaration that they can be about.

// mendMisplaced gives the diagnostics about the directives of a comment, which
// are all that was found in it and stand nowhere, the fix that moves all of them.
func (r *reader) mendMisplaced(group *ast.CommentGroup, found []written, diags []diag.Diagnostic) {
	h, ok := r.homeOf(group)
	if !ok || r.mayBeOfAnother(group, h) || !r.startsLine(h.pos) || slices.ContainsFunc(found, func(w written) bool { return !h.takes(w.Name.Value) }) {
		return
	}
	edits := r.move(group, h)
	if edits == nil {
		return
	}
	for i := range diags {
		if diags[i].Code == diag.Misplaced {
			diags[i].SetFix("move it to the doc comment of "+h.what, edits...)
		}
	}
}

// mayBeOfAnother reports whether a detached comment may be about a declaration
// that is gone, because the one that follows, a type or a function, has a doc
// comment of its own: unless that lacks the webapi:resource that the comment has,
// or the comment begins with the name of the declaration.
func (r *reader) mayBeOfAnother(group *ast.CommentGroup, h home) bool {
	if h.doc == nil || h.place == InPackageDoc || !r.isDetached(group, h) || strings.HasPrefix(group.List[0].Text, "// "+h.name+" ") {
		return false
	}
	isResource := func(c *ast.Comment) bool {
		s, v := classify(strings.TrimPrefix(c.Text, "//"))
		return v == directive && s.name == DirectiveResource
	}
	return !slices.ContainsFunc(h.doc.List, isOurs) || !slices.ContainsFunc(group.List, isResource)
}

// move returns the edits that bring the directives of a comment to a home, nil
// if there are block comments among them. A comment that is all directives, or
// that is the home's documentation, is joined to it; of another the directives go.
func (r *reader) move(group *ast.CommentGroup, h home) []diag.Edit {
	whole, inDoc := true, strings.HasPrefix(group.List[0].Text, "// "+h.name+" ")
	for _, c := range group.List {
		if isBlock(c) || len(group.List) > 1 && !r.startsLine(c.Pos()) {
			return nil
		}
		_, anyDirective := ast.ParseDirective(c.Pos(), c.Text)
		whole = whole && isOurs(c)
		inDoc = inDoc && (isOurs(c) || !anyDirective && !constraint.IsPlusBuild(c.Text))
	}
	switch detached := r.isDetached(group, h); {
	case detached && h.doc == nil && (whole || inDoc):
		return []diag.Edit{{Offset: r.lineEnd(group.End()), End: r.lineStart(h.pos)}}
	case detached && whole:
		out := diag.Edit{Offset: r.blanksBefore(group.Pos()), End: r.lineStart(h.doc.Pos())}
		return []diag.Edit{out, r.into(group, h)}
	}
	edits := append(r.without(group), r.into(group, h))
	slices.SortStableFunc(edits, func(a, b diag.Edit) int { return cmp.Compare(a.Offset, b.Offset) })
	return edits
}

// isDetached reports whether nothing but blank lines stand between a comment and
// a home.
func (r *reader) isDetached(group *ast.CommentGroup, h home) bool {
	return group.End() < h.start() && len(bytes.TrimSpace(r.src[r.offset(group.End()):r.offset(h.start())])) == 0
}

// into returns the edit that puts the directives of a comment above a home.
func (r *reader) into(group *ast.CommentGroup, h home) diag.Edit {
	start := r.lineStart(h.pos)
	indent := r.src[start:r.blanksAfter(start)]
	var text strings.Builder
	if h.doc != nil && isProse(h.doc.List[len(h.doc.List)-1]) { // gofmt sets directives off from it
		text.Write(indent)
		text.WriteString("//" + r.lineBreak(h.pos))
	}
	for _, c := range group.List {
		if isOurs(c) {
			text.Write(indent)
			text.WriteString(r.comment(c))
			text.WriteString(r.lineBreak(h.pos))
		}
	}
	return diag.Edit{Offset: start, End: start, New: text.String()}
}

// without returns the edits that take the directives out of a comment, and the
// empty lines that set them off at its end.
func (r *reader) without(group *ast.CommentGroup) []diag.Edit {
	if !r.startsLine(group.Pos()) { // the code before it stays
		end := r.offset(group.Pos()) + len(commentAt(r.src[r.offset(group.Pos()):]))
		return []diag.Edit{{Offset: r.blanksBefore(group.Pos()), End: end}}
	}
	var edits []diag.Edit
	atEnd := true
	for _, c := range slices.Backward(group.List) {
		if isOurs(c) || atEnd && strings.TrimRight(c.Text, " \t\r") == "//" {
			edits = append(edits, diag.Edit{Offset: r.blanksBefore(c.Pos()), End: r.lineEnd(c.End())})
		} else {
			atEnd = false
		}
	}
	return edits
}

// isOurs reports whether a comment is a directive of the
func isOurs(c *ast.Comment) bool {
	s, ok := parseDirective(strings.TrimPrefix(c.Text, "//"))
	_, known := FindDirective(s.name)
	return ok && known
}

// isProse reports whether a comment is a line of text.
func isProse(c *ast.Comment) bool {
	_, anyDirective := ast.ParseDirective(c.Pos(), c.Text)
	return !isBlock(c) && !anyDirective && strings.Trim(c.Text, "/ \t\r") != ""
}

func (r *reader) offset(pos token.Pos) int { return r.position(pos).Offset }

// startsLine reports whether nothing stands before pos on its line.
func (r *reader) startsLine(pos token.Pos) bool { return startsLine(r.src[:r.offset(pos)]) }

func (r *reader) lineStart(pos token.Pos) int {
	return bytes.LastIndexByte(r.src[:r.offset(pos)], '\n') + 1
}

// lineEnd returns where the line after that of pos begins.
func (r *reader) lineEnd(pos token.Pos) int {
	offset := r.offset(pos)
	if n := bytes.IndexByte(r.src[offset:], '\n'); n >= 0 {
		return offset + n + 1
	}
	return len(r.src)
}

// blanksBefore returns where the blanks begin that stand before pos.
func (r *reader) blanksBefore(pos token.Pos) int {
	return len(bytes.TrimRight(r.src[:r.offset(pos)], " \t"))
}

// blanksAfter returns where the blanks end that begin at offset.
func (r *reader) blanksAfter(offset int) int {
	return len(r.src) - len(bytes.TrimLeft(r.src[offset:], " \t"))
}

// lineBreak returns how the line of pos ends.
func (r *reader) lineBreak(pos token.Pos) string {
	if end := r.lineEnd(pos); bytes.HasSuffix(r.src[:end], []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}
