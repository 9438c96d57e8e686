package annotations

import (
	"go/token"
	"strings"
	"unicode/utf8"
)

// A yamlLine is a line as YAML counts it: a lone carriage return and the
// separators of Unicode end one too, but not in an editor.
type yamlLine struct {
	start                   int // of the line in the text
	editorStart, editorLine int // of the editor's line that it is in, and its number
}

// yamlLines returns the lines of a piece of a text.
func yamlLines(text string, p piece) []yamlLine {
	text = text[:p.end]
	here := yamlLine{p.start, p.start, p.line}
	if strings.HasPrefix(text[p.start:], string(bom)) {
		here.start += len(bom)
	}
	lines := make([]yamlLine, 1, 2+strings.Count(text[p.start:], "\n"))
	lines[0] = here
	for i, c := range text[p.start:] {
		here.start = p.start + i + utf8.RuneLen(c)
		switch {
		case c == '\r' && strings.HasPrefix(text[here.start:], "\n"):
			continue
		case c == '\n':
			here.editorStart = here.start
			here.editorLine++
		case c != '\r' && c != '\u0085' && c != '\u2028' && c != '\u2029':
			continue
		}
		lines = append(lines, here)
	}
	return lines
}

// at returns the position of an offset in a line.
func (y *yamlReader) at(line yamlLine, offset int) token.Position {
	return token.Position{Filename: y.path, Offset: offset, Line: line.editorLine, Column: offset - line.editorStart + 1}
}

// line returns a line by the number that the library gives it.
func (y *yamlReader) line(n int) yamlLine {
	return y.lines[max(0, min(n, len(y.lines))-1)]
}
