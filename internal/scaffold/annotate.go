package scaffold

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// annotate plans the proposed directives in the doc comments of their types.
func annotate(list []Proposal) {
	for i := range list {
		p := &list[i]
		if p.Problem == "" && ast.IsGenerated(p.at.file.tree) {
			p.Problem = "its file is generated; write it into a spec instead, as init --yaml does"
		}
		if p.Complete() {
			p.at.annotate(p.Directive())
		}
	}
}

// annotate plans a directive at the end of the type's doc comment, or as its doc
// comment if it has none.
func (n node) annotate(directive string) {
	f, start := n.file, n.decl.TokPos
	f.annotated++
	doc := n.spec.Doc
	if n.decl.Lparen.IsValid() {
		start = n.spec.Name.Pos()
	} else if doc == nil {
		doc = n.decl.Doc
	}
	at := f.offset(start)
	if doc != nil {
		begin, above := f.offset(doc.Pos()), f.commentEnd(doc.List[len(doc.List)-1]) < f.lineStart(at)
		switch {
		case above && f.startsLine(begin):
			n.append(doc, directive)
			return
		case !above: // the comment ends on the type's own line
			at = begin
		}
	}
	line := f.lineStart(at)
	indent := string(f.data[line:at])
	switch {
	case !f.startsLine(at):
		f.insert(at, "\n"+directive+"\n")
	case n.decl.Lparen.IsValid() || f.isBlankLine(f.lineStart(max(line-1, 0))):
		f.insert(line, indent+directive+"\n")
	default: // gofmt wants a blank line before a doc comment
		f.insert(line, "\n"+indent+directive+"\n")
	}
}

// append plans a directive after the last line of a doc comment. gofmt wants
// directives together, and a blank line between them and the text.
func (n node) append(doc *ast.CommentGroup, directive string) {
	f := n.file
	first := f.offset(doc.Pos())
	indent := "\n" + string(f.data[f.lineStart(first):first])
	last := doc.List[len(doc.List)-1]
	text := indent + directive
	if strings.HasPrefix(last.Text, "//") && strings.TrimSpace(last.Text) != "//" && !annotations.IsDirective(last.Text) {
		text = indent + "//" + text
	}
	f.insert(f.commentEnd(last), text)
}

func (f *file) lineStart(offset int) int {
	return bytes.LastIndexByte(f.data[:offset], '\n') + 1
}

// startsLine reports whether only white space precedes an offset on its line.
func (f *file) startsLine(offset int) bool {
	return len(bytes.TrimSpace(f.data[f.lineStart(offset):offset])) == 0
}

// An edit inserts a text into a file.
type edit struct {
	at   int    // the offset
	text string // with \n as line breaks
}

// insert plans an edit. Edits at one offset keep their order.
func (f *file) insert(at int, text string) {
	f.edits = append(f.edits, edit{at, text})
}

func (f *file) what() string {
	var parts []string
	if f.added != "" {
		parts = append(parts, f.added)
	}
	if f.annotated > 0 {
		parts = append(parts, count(f.annotated, "annotation"))
	}
	return strings.Join(parts, " and ")
}

// count returns "1 annotation", "2 annotations".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// edited returns the text with the edits, in the line breaks of the text. A text
// that was formatted is formatted again, since gofmt aligns the lines of a group
// otherwise if a comment divides them. No other byte changes.
func (f *file) edited() []byte {
	slices.SortStableFunc(f.edits, func(a, b edit) int { return a.at - b.at })
	crlf := usesCRLF(f.data)
	var out []byte
	last := 0
	for _, e := range f.edits {
		text := e.text
		if crlf {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		out = append(append(out, f.data[last:e.at]...), text...)
		last = e.at
	}
	out = append(out, f.data[last:]...)
	if _, was := formatted(f.data, crlf); was {
		out, _ = formatted(out, crlf)
	}
	return out
}

// formatted returns a text as formatted by gofmt, but with its own line breaks, and
// whether it was formatted already.
func formatted(text []byte, crlf bool) ([]byte, bool) {
	lf := text
	if crlf {
		lf = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	out, err := format.Source(lf)
	if err != nil {
		return text, false
	}
	if crlf {
		out = bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))
	}
	return out, bytes.Equal(out, text)
}

// usesCRLF reports whether the first line of a text ends with CR LF.
func usesCRLF(data []byte) bool {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	return bytes.HasSuffix(first, []byte("\r"))
}

// addLine plans the go:generate line, unless a file of the package has one.
func (s *source) addLine(p *Plan) {
	for _, f := range s.files {
		if n := f.runsTool(); n > 0 {
			p.keep(f.path, "has the go:generate line, in line %d", n)
			return
		}
	}
	f := s.fileForLine(p.Proposals)
	if f != nil {
		f.addLine(s.generateLine)
		return
	}
	f = s.add()
	f.added = "the package clause and the go:generate line"
	f.insert(len(f.data), "\n"+s.generateLine+"\n")
}

// runsTool returns the number of the go:generate line that runs the tool, or 0. Like
// go generate it looks at lines and not at comments.
func (f *file) runsTool() int {
	n := 0
	for line := range bytes.Lines(f.data) {
		n++
		command, ok := bytes.CutPrefix(line, []byte("//go:generate"))
		if !ok || len(command) == 0 || command[0] != ' ' && command[0] != '\t' {
			continue
		}
		if slices.ContainsFunc(strings.Fields(string(command)), isTool) {
			return n
		}
	}
	return 0
}

// isTool reports whether a word of a command is the tool, by its name or its path.
func isTool(word string) bool {
	word, _, _ = strings.Cut(strings.Trim(word, `"`), "@")
	return strings.TrimSuffix(path.Base(filepath.ToSlash(word)), ".exe") == "webapi-gen"
}

// fileForLine returns the file that the line goes into, the first of these that
// exists: doc.go, a file with the package's doc comment, with other go:generate
// lines, with a resource, with a proposal, any file. It prefers files that all builds
// have. It returns nil if all files are tests or generated.
func (s *source) fileForLine(proposals []Proposal) *file {
	files := slices.DeleteFunc(slices.Clone(s.files), func(f *file) bool { return f.test || ast.IsGenerated(f.tree) })
	if everywhere := slices.DeleteFunc(slices.Clone(files), (*file).constrained); len(everywhere) > 0 {
		files = everywhere
	}
	for _, fits := range []func(*file) bool{
		func(f *file) bool { return filepath.Base(f.path) == "doc.go" },
		func(f *file) bool { return f.tree.Doc != nil },
		func(f *file) bool { return len(f.generateLines()) > 0 },
		func(f *file) bool {
			return slices.ContainsFunc(s.in.Package.Resources, func(r annotations.Resource) bool { return r.Pos.Filename == f.path })
		},
		func(f *file) bool {
			return slices.ContainsFunc(proposals, func(p Proposal) bool { return p.Pos.Filename == f.path })
		},
		func(*file) bool { return true },
	} {
		if i := slices.IndexFunc(files, fits); i >= 0 {
			return files[i]
		}
	}
	return nil
}

// generateLines returns the go:generate lines of other tools.
func (f *file) generateLines() []*ast.Comment {
	var lines []*ast.Comment
	for _, group := range f.tree.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:generate ") && f.position(c.Pos()).Column == 1 {
				lines = append(lines, c)
			}
		}
	}
	return lines
}

// addLine plans the line in the file: after those of other tools, else after the
// imports, else after the package clause.
func (f *file) addLine(line string) {
	f.added = "the go:generate line"
	if lines := f.generateLines(); len(lines) > 0 {
		f.insert(f.commentEnd(lines[len(lines)-1]), "\n"+line)
		return
	}
	at := f.lineEnd(f.header())
	text := "\n" + line + "\n"
	if at > 0 && f.data[at-1] != '\n' { // the file ends without a line break
		text = "\n" + text
	}
	if !f.isBlankLine(at) { // a declaration, of whose doc comment the line would be part
		text += "\n"
	}
	f.insert(at, text)
}

// header returns the offset at which the imports end, or the package clause if
// there are none.
func (f *file) header() int {
	end := f.tree.Name.End()
	for _, decl := range f.tree.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok && decl.Tok == token.IMPORT {
			end = decl.End()
		}
	}
	return f.offset(end)
}

// lineEnd returns the offset of the line after an offset, or after a comment that
// begins on the same line and goes on.
func (f *file) lineEnd(offset int) int {
	next := func(from int) int {
		if n := bytes.IndexByte(f.data[from:], '\n'); n >= 0 {
			return from + n + 1
		}
		return len(f.data)
	}
	end := next(offset)
	for _, group := range f.tree.Comments {
		for _, c := range group.List {
			if last := f.commentEnd(c); f.offset(c.Pos()) < end && last > end {
				end = next(last)
			}
		}
	}
	return end
}

// commentEnd returns the offset at which a comment ends, without its line break.
// The parser drops carriage returns, so that the end by its length is too small.
func (f *file) commentEnd(c *ast.Comment) int {
	start := f.offset(c.Pos())
	if strings.HasPrefix(c.Text, "/*") {
		return start + 2 + bytes.Index(f.data[start+2:], []byte("*/")) + 2
	}
	line, _, _ := bytes.Cut(f.data[start:], []byte("\n"))
	return start + len(bytes.TrimSuffix(line, []byte("\r")))
}

// isBlankLine reports whether the line at an offset is blank, or the text ends there.
func (f *file) isBlankLine(at int) bool {
	line, _, _ := bytes.Cut(f.data[at:], []byte("\n"))
	return len(bytes.TrimSpace(line)) == 0
}
