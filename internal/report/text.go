package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A style is what a terminal is told before a text (ECMA-48, 8.3.117).
type style string

const (
	bold  style = "1"
	faint style = "2"
	red   style = "1;31"
	green style = "1;32"
	amber style = "1;33"
	blue  style = "34"
)

// A painter gives texts a style, or leaves them alone.
type painter bool

func (p painter) paint(s style, text string) string {
	if !p || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

func printText(list diag.List, files *sources, opts Options) string {
	p := painter(opts.Colour)
	var b strings.Builder
	for _, d := range list {
		b.WriteString(headline(d, p) + "\n")
		if opts.Snippets {
			b.WriteString(details(d, files, p, opts.Width))
		}
	}
	if opts.Snippets && len(list) > 0 {
		if !strings.HasSuffix(b.String(), "\n\n") {
			b.WriteString("\n")
		}
		b.WriteString(hints(list, p))
	}
	return b.String()
}

// headline is the diagnostic's Error, painted.
func headline(d diag.Diagnostic, p painter) string {
	code := fmt.Sprintf("[%s]", d.Code)
	level := ""
	if d.Code.Warning() {
		level = "warning: "
	}
	rest := fmt.Sprintf(": %s%s %s", level, d.Message, code)
	place := strings.TrimSuffix(d.Error(), rest)
	return p.paint(bold, place) + ": " + p.paint(amber, level) + d.Message + " " + p.paint(faint, code)
}

// gutterWidth is the room for the number of a line.
const gutterWidth = 5

// details shows the line that a diagnostic is about and what would mend it, and
// an empty line after them.
func details(d diag.Diagnostic, files *sources, p painter, columns int) string {
	var b strings.Builder
	row := func(number, mark, text string) {
		b.WriteString(p.paint(blue, fmt.Sprintf("%*s %s", gutterWidth, number, mark)) + text + "\n")
	}
	if s, ok := files.span(d); ok {
		number := fmt.Sprint(d.Pos.Line)
		text, blanks, carets := snippet(s, columns-max(gutterWidth, len(number))-len(" | "))
		row(number, "|", strings.TrimRight(" "+text, " "))
		if carets != "" {
			colour := red
			if d.Code.Warning() {
				colour = amber
			}
			row("", "|", " "+blanks+p.paint(colour, carets))
		}
	}
	if d.Fix != nil {
		row("", "=", " "+p.paint(green, "fix:")+" "+d.Fix.Message)
	}
	if b.Len() > 0 {
		b.WriteString("\n")
	}
	return b.String()
}

// hints says how to go on. There is a diagnostic.
func hints(list diag.List, p painter) string {
	var b strings.Builder
	if slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Fix != nil }) {
		fmt.Fprintf(&b, "To make the fixes that are shown, run %s.\n", p.paint(bold, "webapi-gen fix"))
	}
	code := list[0].Code
	which, level := "this", severity(code)
	if slices.ContainsFunc(list, func(d diag.Diagnostic) bool { return d.Code != code }) {
		which = map[string]string{"error": "an", "warning": "a"}[level]
	}
	fmt.Fprintf(&b, "For more about %s %s, run %s.\n", which, level, p.paint(bold, "webapi-gen explain "+string(code)))
	return b.String()
}
