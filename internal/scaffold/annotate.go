package scaffold

import (
	"bytes"
	"go/ast"
	"regexp"
	"strings"
	"sync"
)

// annotate plans the proposed lines in the doc comments of their types.
func (s *source) annotate(list []Proposal) {
	for i := range list {
		p := &list[i]
		if p.Refused == "" && ast.IsGenerated(p.at.file.tree) {
			p.Refused = "its file is generated; write it into a spec instead, as init --yaml does"
		}
		if p.Refused == "" && p.Methods != nil {
			p.at.annotate(p.Directive())
		}
	}
}

// annotate plans a directive at the end of the type's doc comment. If it has
// none, the directive alone becomes one: what it says is for its author to write.
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
		case !above: // it ends on the type's own line
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
	default: // gofmt sets off what has a doc comment
		f.insert(line, "\n"+indent+directive+"\n")
	}
}

// append plans a directive after the last line of a doc comment. gofmt wants
// directives to stand together, apart from the prose.
func (n node) append(doc *ast.CommentGroup, directive string) {
	f := n.file
	first := f.offset(doc.Pos())
	indent := "\n" + string(f.data[f.lineStart(first):first])
	last := doc.List[len(doc.List)-1]
	text := indent + directive
	if strings.HasPrefix(last.Text, "//") && strings.TrimSpace(last.Text) != "//" && !isDirective().MatchString(last.Text) {
		text = indent + "//" + text
	}
	f.insert(f.commentEnd(last), text)
}

// lineStart returns where the line of an offset begins.
func (f *file) lineStart(offset int) int {
	return bytes.LastIndexByte(f.data[:offset], '\n') + 1
}

// startsLine reports whether what stands at an offset is the first on its line.
func (f *file) startsLine(offset int) bool {
	return len(bytes.TrimSpace(f.data[f.lineStart(offset):offset])) == 0
}

// isDirective matches what gofmt takes for a directive (go/printer, isDirective).
var isDirective = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^//(line |extern |export |[a-z0-9]+:[a-z0-9])`)
})
