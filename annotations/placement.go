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

// A declaration is one to whose doc comment directives can be moved: the package clause, a
// function or a type.
type declaration struct {
	pos      token.Pos
	doc      *ast.CommentGroup // nil if there is none
	name     string            // with which a doc comment begins by custom
	what     string            // for messages: "type A"
	location Location
}

// start returns where the declaration begins, its doc comment included.
func (d declaration) start() token.Pos {
	if d.doc != nil {
		return d.doc.Pos()
	}
	return d.pos
}

// accepts reports whether a directive may be added to the doc comment.
func (d declaration) accepts(name string) bool {
	def, _ := FindDirective(name)
	if !d.location.accepts(def.Location) {
		return false
	}
	if d.doc == nil || name != DirectiveResource && name != DirectivePublic && name != DirectiveGuarded && name != DirectiveDefaults {
		return true
	}
	return !slices.ContainsFunc(d.doc.List, func(c *ast.Comment) bool {
		s, v := classify(strings.TrimPrefix(c.Text, "//"))
		return v != plainText && strings.EqualFold(s.name, name)
	})
}

// declarationFor returns the only declaration that a comment can belong to which is the
// doc comment of none.
func (r *reader) declarationFor(group *ast.CommentGroup) (declaration, bool) {
	if r.decls == nil {
		r.decls = r.declarations()
	}
	if !r.startsLine(group.Pos()) {
		return r.declarationOnLine(group)
	}
	below := r.declarationsFrom(group.End())
	if decl, ok := r.declBelow(group).(*ast.GenDecl); ok && decl.Doc == group && decl.Lparen.IsValid() {
		if len(decl.Specs) != 1 || len(below) == 0 || below[0].pos != decl.Specs[0].Pos() {
			return declaration{}, false
		}
		return below[0], true
	}
	if len(below) == 0 || !r.isDetached(group, below[0]) || !r.blankAbove(group.Pos()) { // it may belong to what is above
		return declaration{}, false
	}
	return below[0], true
}

// declarationsFrom returns those of decls that do not begin before pos.
func (r *reader) declarationsFrom(pos token.Pos) []declaration {
	i, _ := slices.BinarySearchFunc(r.decls, pos, func(d declaration, pos token.Pos) int { return cmp.Compare(d.pos, pos) })
	return r.decls[i:]
}

// declBelow returns the first declaration of the file below a comment, and nil if there is
// none.
func (r *reader) declBelow(group *ast.CommentGroup) ast.Decl {
	i, _ := slices.BinarySearchFunc(r.tree.Decls, group.End(), func(d ast.Decl, pos token.Pos) int { return cmp.Compare(d.Pos(), pos) })
	if i == len(r.tree.Decls) {
		return nil
	}
	return r.tree.Decls[i]
}

// blankAbove reports whether the line above that of pos is blank or does not exist.
func (r *reader) blankAbove(pos token.Pos) bool {
	return startsLine(bytes.TrimSuffix(r.src[:r.lineStart(pos)], newline))
}

// declarationOnLine returns the type declaration on whose first line a comment is, unless
// the comment continues below or the line may declare more.
func (r *reader) declarationOnLine(group *ast.CommentGroup) (declaration, bool) {
	start, end := r.lineStart(group.Pos()), r.lineEnd(group.Pos())
	below := bytes.TrimLeft(r.src[end:], " \t")
	code := r.src[start:r.offset(group.Pos())]
	if len(group.List) > 1 || bytes.HasPrefix(below, []byte("/")) || bytes.ContainsRune(code, ';') {
		return declaration{}, false
	}
	var types []declaration
	for _, d := range r.declarationsFrom(r.tree.FileStart + token.Pos(start)) {
		if r.offset(d.pos) >= end {
			break
		}
		if d.location == OnType {
			types = append(types, d)
		}
	}
	if len(types) != 1 {
		return declaration{}, false
	}
	return types[0], true
}

// declarations returns the declarations of the file to which directives can be moved, in
// the order of the file. It leaves out methods and types that cannot have any.
func (r *reader) declarations() []declaration {
	var decls []declaration
	if !r.file.Test || r.pkg.External {
		name := r.tree.Name.Name
		decls = append(decls, declaration{r.tree.Package, r.tree.Doc, "Package " + name, "package " + name, InPackageDoc})
	}
	for _, decl := range r.tree.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil {
				decls = append(decls, declaration{decl.Pos(), decl.Doc, decl.Name.Name, "func " + decl.Name.Name, OnTypeOrFunc})
			}
		case *ast.GenDecl:
			decls = append(decls, typeDeclarations(decl)...)
		}
	}
	return decls
}

func typeDeclarations(decl *ast.GenDecl) []declaration {
	var decls []declaration
	for _, spec := range decl.Specs {
		spec, ok := spec.(*ast.TypeSpec)
		if !ok || spec.Assign.IsValid() {
			continue
		}
		switch ast.Unparen(spec.Type).(type) {
		case *ast.InterfaceType, *ast.StarExpr:
			continue
		}
		d := declaration{spec.Pos(), spec.Doc, spec.Name.Name, "type " + spec.Name.Name, OnType}
		if !decl.Lparen.IsValid() {
			d.pos, d.doc = decl.Pos(), decl.Doc
		}
		decls = append(decls, d)
	}
	return decls
}

// readComments reads the directives of one comment group.
func (r *reader) readComments(group *ast.CommentGroup) {
	var found []directiveText
	before := len(*r.diags)
	for i := range group.List {
		found = append(found, r.scan(group.List, i)...)
	}
	r.incompleteSince(before)
	keysBefore := len(*r.diags)
	r.reportContinuations(group)
	removeRepeatingFixes(found, (*r.diags)[before:])
	r.noteRejected(group, found, (*r.diags)[before:])
	if len(found) == 0 {
		return
	}
	clean := len(*r.diags) == before
	to, attached := r.targets[group]
	if !attached {
		to = target{location: nowhere, where: r.surroundings(group)}
	}
	doc := docComment{reader: r, target: to}
	doc.incompleteKeysSince(keysBefore)
	for _, w := range found {
		doc.readDirective(w)
	}
	if clean && to.location == nowhere {
		r.fixMisplaced(group, found, (*r.diags)[before:])
	}
	doc.finish()
}

// noteRejected notes the type that a comment may make a resource with a directive that is
// misspelt or out of place. It takes the directives of the comment and the diagnostics
// about its lines.
func (r *reader) noteRejected(group *ast.CommentGroup, found []directiveText, diags []diag.Diagnostic) {
	misspelt := slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return d.Code == diag.NearMiss || d.Code == diag.UnknownWord })
	to, attached := r.targets[group]
	if attached && to.location == OnType {
		r.rejected[to.name.Value] = r.rejected[to.name.Value] || misspelt
		return
	}
	isResource := func(w directiveText) bool { return w.Name.Value == DirectiveResource }
	if !misspelt && !slices.ContainsFunc(found, isResource) {
		return
	}
	d, _ := r.declarationFor(group)
	r.rejected[d.name] = true
}

// scan returns the directive of the i-th comment of a group, if it is one, and reports near
// misses.
func (r *reader) scan(comments []*ast.Comment, i int) []directiveText {
	before := len(*r.diags)
	start, text := r.position(comments[i].Slash), r.comment(comments[i])
	found := scanComment(text, start, r.diags)
	if len(*r.diags) == before || (*r.diags)[before].Code != diag.NearMiss || strings.ContainsFunc(text, isBreak) {
		return found
	}
	alone := (i == 0 || endsSentence(comments[i-1])) && (i == len(comments)-1 || beginsSentence(comments[i+1]))
	if !strings.HasPrefix(text, "/*") || r.startsLine(comments[i].Pos()) && r.endsLine(start.Offset+len(text)) {
		fixNearMiss(&(*r.diags)[before], text, start.Offset, alone)
	}
	return found
}

// beginsSentence reports whether a comment does not continue the sentence before it.
func beginsSentence(c *ast.Comment) bool {
	return isNoText(c) || startsUpper(strings.TrimLeft(c.Text, "/ \t"))
}

// endsSentence reports whether the comment after c does not continue its sentence.
func endsSentence(c *ast.Comment) bool {
	text := strings.TrimRight(c.Text, " \t\r")
	return isNoText(c) || strings.HasSuffix(text, "*/") || strings.ContainsAny(text[len(text)-1:], ".!?")
}

// IsDirective reports whether a comment is a directive of any tool or of the compiler, to
// gofmt (go/printer, isDirective).
func IsDirective(comment string) bool {
	_, ok := ast.ParseDirective(token.NoPos, comment)
	return ok || strings.HasPrefix(comment, "//line ") || strings.HasPrefix(comment, "//extern ") || strings.HasPrefix(comment, "//export ")
}

// isNoText reports whether a comment is empty, a directive or a near miss.
func isNoText(c *ast.Comment) bool {
	return strings.Trim(c.Text, "/ \t\r") == "" || isDirectiveLike(strings.TrimPrefix(c.Text, "//"))
}

// endsLine reports whether only whitespace follows offset on its line.
func (r *reader) endsLine(offset int) bool {
	line, _, _ := bytes.Cut(r.src[offset:], newline)
	return len(bytes.TrimSpace(line)) == 0
}

// comment returns a comment as it is in the file, whereas go/ast removes carriage returns
// from its text.
func (r *reader) comment(c *ast.Comment) string {
	if !r.returns {
		return c.Text
	}
	return commentAt(r.src[r.offset(c.Slash):])
}

// commentAt returns the comment at the beginning of src, without its line break.
func commentAt(src []byte) string {
	if bytes.HasPrefix(src, blockStart) {
		text, _, _ := bytes.Cut(src[2:], blockEnd)
		return string(src[:2+len(text)+len(blockEnd)])
	}
	line, _, _ := bytes.Cut(src, newline)
	return string(bytes.TrimRight(line, "\r"))
}

// incompleteSince marks the package as one that lacks declarations if there are more
// diagnostics than before.
func (r *reader) incompleteSince(before int) {
	if len(*r.diags) > before {
		r.pkg.Incomplete, r.pkg.LacksDeclarations = true, true
	}
}

// surroundings returns where a comment that documents nothing is, for a message; "" if it
// is at package level.
func (r *reader) surroundings(group *ast.CommentGroup) string {
	if !r.startsLine(group.Pos()) {
		return "at the end of a line of code"
	}
	if r.places == nil {
		r.places = []place{{}}
		ast.Walk(placeVisitor{places: &r.places}, r.tree)
	}
	i, found := slices.BinarySearchFunc(r.places, group.Pos(), func(p place, pos token.Pos) int { return cmp.Compare(p.from, pos) })
	if !found {
		i--
	}
	return r.places[i].what
}

// A place is where the comments are between a position and that of the next place.
type place struct {
	from token.Pos
	what string // for messages
}

// A placeVisitor adds the places of a file, in its order.
type placeVisitor struct {
	places       *[]place
	node         ast.Node // whose children it visits
	what, around string   // the places of the node and of its parent
}

func (v placeVisitor) Visit(n ast.Node) ast.Visitor {
	what := v.what
	switch n.(type) {
	case nil: // the end of v.node
		if v.what != v.around {
			*v.places = append(*v.places, place{v.node.End(), v.around})
		}
		return nil
	case *ast.FuncDecl, *ast.BlockStmt:
		what = "inside a function"
	case *ast.StructType:
		what = "at a field"
	case *ast.InterfaceType:
		what = "at a method of an interface"
	case *ast.GenDecl:
		what = "inside a declaration"
	}
	if what != v.what {
		*v.places = append(*v.places, place{n.Pos(), what})
	}
	return placeVisitor{v.places, n, what, v.what}
}

// fixMisplaced gives the diagnostics about misplaced directives of a comment the fix that
// moves all of them to a doc comment, if there is only one declaration that they can belong
// to.
func (r *reader) fixMisplaced(group *ast.CommentGroup, found []directiveText, diags []diag.Diagnostic) {
	d, ok := r.declarationFor(group)
	if !ok || r.mayBeOfAnother(group, d) || !r.startsLine(d.pos) || slices.ContainsFunc(found, func(w directiveText) bool { return !d.accepts(w.Name.Value) }) {
		return
	}
	edits := r.move(group, d)
	if edits == nil {
		return
	}
	for i := range diags {
		if diags[i].Code == diag.Misplaced {
			diags[i].SetFix("move it to the doc comment of "+d.what, edits...)
		}
	}
}

// mayBeOfAnother reports whether a detached comment may belong to a declaration that was
// removed, because the type or function that follows has a doc comment of its own. It may
// not if it begins with the name of that type or function, or if the doc comment has
// directives and the comment has their webapi:resource.
func (r *reader) mayBeOfAnother(group *ast.CommentGroup, d declaration) bool {
	if d.doc == nil || d.location == InPackageDoc || !r.isDetached(group, d) || strings.HasPrefix(group.List[0].Text, "// "+d.name+" ") {
		return false
	}
	isResource := func(c *ast.Comment) bool {
		s, v := classify(strings.TrimPrefix(c.Text, "//"))
		return v == directive && s.name == DirectiveResource
	}
	return !slices.ContainsFunc(d.doc.List, isOurs) || !slices.ContainsFunc(group.List, isResource)
}

// move returns the edits that move the directives of a comment to a declaration, and nil if
// the comment is a block comment. A comment that has directives alone, or documents the
// declaration, is moved as a whole; from others, the directives are moved.
func (r *reader) move(group *ast.CommentGroup, d declaration) []diag.Edit {
	whole, inDoc := true, strings.HasPrefix(group.List[0].Text, "// "+d.name+" ")
	for _, c := range group.List {
		if isBlock(c) || len(group.List) > 1 && !r.startsLine(c.Pos()) {
			return nil
		}
		_, anyDirective := ast.ParseDirective(c.Pos(), c.Text)
		whole = whole && isOurs(c)
		inDoc = inDoc && (isOurs(c) || !anyDirective && !constraint.IsPlusBuild(c.Text))
	}
	switch detached := r.isDetached(group, d); {
	case detached && d.doc == nil && (whole || inDoc):
		return []diag.Edit{{Offset: r.lineEnd(group.End()), End: r.lineStart(d.pos)}}
	case detached && whole:
		out := diag.Edit{Offset: r.trimmedBefore(group.Pos()), End: r.lineStart(d.doc.Pos())}
		return []diag.Edit{out, r.insert(group, d)}
	}
	edits := append(r.remove(group), r.insert(group, d))
	slices.SortStableFunc(edits, func(a, b diag.Edit) int { return cmp.Compare(a.Offset, b.Offset) })
	return edits
}

// isDetached reports whether a declaration follows a comment after blank lines.
func (r *reader) isDetached(group *ast.CommentGroup, d declaration) bool {
	return group.End() < d.start() && len(bytes.TrimSpace(r.src[r.offset(group.End()):r.offset(d.start())])) == 0
}

// insert returns the edit that inserts the directives of a comment above a declaration.
func (r *reader) insert(group *ast.CommentGroup, d declaration) diag.Edit {
	start := r.lineStart(d.pos)
	indent := r.src[start:r.trimmedAfter(start)]
	var text strings.Builder
	if d.doc != nil && isText(d.doc.List[len(d.doc.List)-1]) { // gofmt puts an empty line between text and directives
		text.Write(indent)
		text.WriteString("//" + r.lineBreak(d.pos))
	}
	for _, c := range group.List {
		if isOurs(c) {
			text.Write(indent)
			text.WriteString(r.comment(c))
			text.WriteString(r.lineBreak(d.pos))
		}
	}
	return diag.Edit{Offset: start, End: start, New: text.String()}
}

// remove returns the edits that remove the directives of a comment, and the empty comment
// lines at its end.
func (r *reader) remove(group *ast.CommentGroup) []diag.Edit {
	if !r.startsLine(group.Pos()) { // the code before it stays
		end := r.offset(group.Pos()) + len(commentAt(r.src[r.offset(group.Pos()):]))
		return []diag.Edit{{Offset: r.trimmedBefore(group.Pos()), End: end}}
	}
	var edits []diag.Edit
	atEnd := true
	for _, c := range slices.Backward(group.List) {
		if isOurs(c) || atEnd && strings.TrimRight(c.Text, " \t\r") == "//" {
			edits = append(edits, diag.Edit{Offset: r.trimmedBefore(c.Pos()), End: r.lineEnd(c.End())})
		} else {
			atEnd = false
		}
	}
	return edits
}

// isOurs reports whether a comment is a directive of this tool, and no unknown one.
func isOurs(c *ast.Comment) bool {
	s, ok := parseDirective(strings.TrimPrefix(c.Text, "//"))
	_, known := FindDirective(s.name)
	return ok && known
}

// isText reports whether a comment is a line of text and no directive of any tool.
func isText(c *ast.Comment) bool {
	_, anyDirective := ast.ParseDirective(c.Pos(), c.Text)
	return !isBlock(c) && !anyDirective && strings.Trim(c.Text, "/ \t\r") != ""
}

func (r *reader) offset(pos token.Pos) int { return r.position(pos).Offset }

// startsLine reports whether only whitespace precedes pos on its line.
func (r *reader) startsLine(pos token.Pos) bool { return startsLine(r.src[:r.offset(pos)]) }

func (r *reader) lineStart(pos token.Pos) int {
	return bytes.LastIndexByte(r.src[:r.offset(pos)], '\n') + 1
}

// lineEnd returns the offset after the line of pos.
func (r *reader) lineEnd(pos token.Pos) int {
	offset := r.offset(pos)
	if n := bytes.IndexByte(r.src[offset:], '\n'); n >= 0 {
		return offset + n + 1
	}
	return len(r.src)
}

// trimmedBefore returns the offset of the whitespace before pos on its line, or of pos.
func (r *reader) trimmedBefore(pos token.Pos) int {
	return len(bytes.TrimRight(r.src[:r.offset(pos)], " \t"))
}

// trimmedAfter returns the offset of the first character from offset on that is no space
// or tab.
func (r *reader) trimmedAfter(offset int) int {
	return len(r.src) - len(bytes.TrimLeft(r.src[offset:], " \t"))
}

// lineBreak returns the line break of the line of pos.
func (r *reader) lineBreak(pos token.Pos) string {
	if end := r.lineEnd(pos); bytes.HasSuffix(r.src[:end], []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}
