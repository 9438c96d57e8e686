package scaffold

import (
	"bytes"
	"go/ast"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// generateLine is what makes go generate run the tool.
const generateLine = "//go:generate go tool webapi-gen"

// addLine plans the go:generate line, unless a file of the package has one.
func (s *source) addLine(p *Plan) {
	for _, f := range s.files {
		if n := f.runsTool(); n > 0 {
			p.keep(f.path, "has the go:generate line, in line %d", n)
			return
		}
	}
	f := s.forLine(p.Proposals)
	if f == nil {
		f = s.add()
		f.added = "the package clause and the go:generate line"
		f.insert(len(f.data), "\n"+generateLine+"\n")
		return
	}
	f.addLine()
}

// runsTool returns the number of the go:generate line that runs the tool, 0 if
// there is none. As go generate does, it looks at lines and not at comments.
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

// forLine returns the file that the line is to go into: where people look for it
// first. Nil stands for a new file.
func (s *source) forLine(proposals []Proposal) *file {
	files := slices.DeleteFunc(slices.Clone(s.files), func(f *file) bool { return !f.byHand() })
	if everywhere := slices.DeleteFunc(slices.Clone(files), (*file).bound); len(everywhere) > 0 {
		files = everywhere
	}
	for _, fits := range []func(*file) bool{
		func(f *file) bool { return filepath.Base(f.path) == "doc.go" },
		func(f *file) bool { return f.tree.Doc != nil },
		func(f *file) bool { return len(f.generateLines()) > 0 },
		func(f *file) bool { return s.hasResource(f) },
		func(f *file) bool { return proposes(proposals, f) },
		func(*file) bool { return true },
	} {
		if i := slices.IndexFunc(files, fits); i >= 0 {
			return files[i]
		}
	}
	return nil
}

func (s *source) hasResource(f *file) bool {
	for _, r := range s.in.Package.Resources {
		if r.Pos.Filename == f.path {
			return true
		}
	}
	return false
}

func proposes(proposals []Proposal, f *file) bool {
	return slices.ContainsFunc(proposals, func(p Proposal) bool { return p.Pos.Filename == f.path })
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
func (f *file) addLine() {
	f.added = "the go:generate line"
	if lines := f.generateLines(); len(lines) > 0 {
		f.insert(f.commentEnd(lines[len(lines)-1]), "\n"+generateLine)
		return
	}
	at := f.lineEnd(f.header())
	text := "\n" + generateLine + "\n"
	if at > 0 && f.data[at-1] != '\n' { // the file ends without a line break
		text = "\n" + text
	}
	if !f.isBlankLine(at) { // which would have the line in its doc comment
		text += "\n"
	}
	f.insert(at, text)
}

// header returns where the imports end, or the package clause if there are none.
func (f *file) header() int {
	end := f.tree.Name.End()
	for _, decl := range f.tree.Decls {
		if decl, ok := decl.(*ast.GenDecl); ok && decl.Tok == token.IMPORT {
			end = decl.End()
		}
	}
	return f.offset(end)
}

// lineEnd returns where the line after an offset begins, beyond any comment that
// goes on there.
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

// commentEnd returns where a comment ends, without its line break. The parser's
// answer is too small by the carriage returns that it drops.
func (f *file) commentEnd(c *ast.Comment) int {
	start := f.offset(c.Pos())
	if strings.HasPrefix(c.Text, "/*") {
		return start + 2 + bytes.Index(f.data[start+2:], []byte("*/")) + 2
	}
	line, _, _ := bytes.Cut(f.data[start:], []byte("\n"))
	return start + len(bytes.TrimSuffix(line, []byte("\r")))
}

// isBlankLine reports whether the line that begins at an offset has nothing in
// it, or is none.
func (f *file) isBlankLine(at int) bool {
	line, _, _ := bytes.Cut(f.data[at:], []byte("\n"))
	return len(bytes.TrimSpace(line)) == 0
}
