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
			diags[i].Mend("move it to the doc comment of "+h.what, edits...)
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
		s, v := judge(strings.TrimPrefix(c.Text, "//"))
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
	s, ok := exact(strings.TrimPrefix(c.Text, "//"))
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
