package annotations

import (
	"bytes"
	"go/ast"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

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
