package annotations

import (
	"fmt"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// syntax reports an error of the library, which says "yaml: line 3: ...". It
// knows no column: that of the first character of the line is given.
func (y *yamlReader) syntax(err error) {
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	if n, _ := fmt.Sscanf(text, "line %d:", &line); n == 1 {
		_, text, _ = strings.Cut(text, ": ")
	}
	if fromParser(text) {
		line++
		text += ", in what begins on this line"
	}
	for strings.Contains(text, "tab character") && line < len(y.lines) && !y.hasTab(line) {
		line++ // the library names the line on which the value before it begins
	}
	switch {
	case y.hasTab(line):
		text += "; lines are indented by spaces alone"
	case strings.Contains(text, "'-' indicator"):
		text += "; a line below may be indented too little"
	case strings.Contains(text, "mapping values"):
		text += "; the line may be indented too far, or a value with a colon may want quotes"
	}
	start := y.line(line)
	rest := y.text[start.start:]
	y.diags.Add(y.at(start, start.start+leadingBlanks(rest)), diag.SpecSyntax, "%s", text)
}

// hasTab reports whether a line, by the number that the library gives it, is indented
// by a tab.
func (y *yamlReader) hasTab(line int) bool {
	rest := y.text[y.line(line).start:]
	return strings.HasPrefix(rest[leadingBlanks(rest):], "\t")
}

// fromParser reports whether an error is one of the library's parser. Unlike
// those of its scanner they count lines from 0, and name the line on which the
// mapping or list begins that they are in (yaml.v3, decode.go, parser.fail).
func fromParser(text string) bool {
	switch strings.TrimPrefix(text, "did not find expected ") {
	case "key", "'-' indicator", "node content", "',' or ']'", "',' or '}'", "<document start>", "found undefined tag handle":
		return true
	}
	return false
}
