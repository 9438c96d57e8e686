package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A style is the parameter of the escape sequence before a text (SGR; ECMA-48,
// 8.3.117).
type style string

const (
	bold  style = "1"
	faint style = "2"
	red   style = "1;31"
	green style = "1;32"
	amber style = "1;33"
	blue  style = "34"
)

// A painter gives texts a style if it is true.
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

// headline returns the diagnostic's Error with styles.
func headline(d diag.Diagnostic, p painter) string {
	code := fmt.Sprintf("[%s]", d.Code)
	level := ""
	if d.Code.Warning() {
		level = "warning: "
	}
	rest := fmt.Sprintf(": %s%s %s", level, d.Message, code)
	position := strings.TrimSuffix(d.Error(), rest)
	return p.paint(bold, position) + ": " + p.paint(amber, level) + d.Message + " " + p.paint(faint, code)
}

// gutterWidth is the width of the number of a line, in columns.
const gutterWidth = 5

// details returns the line that a diagnostic is about and its fix, followed by an
// empty line.
func details(d diag.Diagnostic, files *sources, p painter, columns int) string {
	var b strings.Builder
	row := func(number, mark, text string) {
		b.WriteString(p.paint(blue, fmt.Sprintf("%*s %s", gutterWidth, number, mark)) + text + "\n")
	}
	if s, ok := files.span(d); ok {
		number := fmt.Sprint(d.Pos.Line)
		text, indent, carets := snippet(s, columns-max(gutterWidth, len(number))-len(" | "))
		row(number, "|", strings.TrimRight(" "+text, " "))
		if carets != "" {
			colour := red
			if d.Code.Warning() {
				colour = amber
			}
			row("", "|", " "+indent+p.paint(colour, carets))
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

// hints returns the commands to run next, for at least one diagnostic.
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

const (
	minWidth = 20 // of the text of a line; a narrower terminal wraps it
	tabWidth = 4
	ellipsis = "…"
)

// A cell is a character as a terminal shows it.
type cell struct {
	text   string
	width  int // in columns
	offset int // of the character in the line
}

// snippet returns the text of a line as it is shown within a number of columns, and
// the carets below the span with the spaces before them.
func snippet(s span, columns int) (text, indent, carets string) {
	columns = max(columns, minWidth)
	cells, moreLeft, moreRight := cellsAround(s, 4*columns) // a character has at most four bytes
	from, to := s.cells(cells)
	low, high := 0, len(cells)
	if moreLeft || moreRight || columnsOf(cells) > columns {
		low, high = window(cells, from, to, columns-2) // less an ellipsis on each side
	}
	shown := cells[low:high:high]
	if moreRight || high < len(cells) {
		shown = append(shown, cell{text: ellipsis, width: 1})
	}
	for _, c := range shown {
		text += c.text
	}
	before := columnsOf(cells[low:from])
	if moreLeft || low > 0 {
		text = ellipsis + text
		before++
	}
	if s.start < 0 {
		return text, "", ""
	}
	return text, strings.Repeat(" ", before), strings.Repeat("^", max(1, columnsOf(cells[from:min(to, high)])))
}

// cells returns the range of cells that show the span, exclusive of to.
func (s span) cells(cells []cell) (from, to int) {
	for from < len(cells) && cells[from].offset < s.start {
		from++
	}
	for to = from; to < len(cells) && cells[to].offset < s.end; {
		to++
	}
	return from, to
}

// cellsAround returns the cells of a line, of a long one only those within reach
// bytes of the span, and whether there are more on each side.
func cellsAround(s span, reach int) (cells []cell, moreLeft, moreRight bool) {
	start := max(0, s.start-reach)
	for start > 0 && !utf8.RuneStart(s.line[start]) {
		start--
	}
	column := 0
	for i := start; i < len(s.line); {
		if i > max(0, s.start)+reach {
			return cells, start > 0, true
		}
		r, size := utf8.DecodeRuneInString(s.line[i:])
		text, columns := show(r, s.line[i:i+size], column)
		if last := len(cells) - 1; columns == 0 && last >= 0 {
			cells[last].text += text
		} else if i > 0 || r != '\ufeff' { // a byte order mark
			cells = append(cells, cell{text, columns, i})
		}
		column += columns
		i += size
	}
	return cells, start > 0, false
}

// show returns a character as it is shown at a column, and its width in columns. A
// character that is not visible, or changes the direction of writing, is escaped as
// in messages.
func show(r rune, text string, column int) (string, int) {
	switch {
	case r == '\t':
		n := tabWidth - column%tabWidth
		return strings.Repeat(" ", n), n
	case r == utf8.RuneError && len(text) == 1, !strconv.IsGraphic(r):
		quoted := strconv.QuoteToGraphic(text)
		return quoted[1 : len(quoted)-1], len(quoted) - 2
	case unicode.In(r, unicode.Mn, unicode.Me):
		return text, 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return text, 2
	}
	return text, 1
}

func columnsOf(cells []cell) int {
	sum := 0
	for _, c := range cells {
		sum += c.width
	}
	return sum
}

// window returns the range of cells that fit in a number of columns: those of the
// span, as far as they fit, and as many as possible on each side of them.
func window(cells []cell, from, to, columns int) (low, high int) {
	low, high = from, from
	take := func(i int) bool {
		if i < 0 || i >= len(cells) || cells[i].width > columns {
			return false
		}
		columns -= cells[i].width
		return true
	}
	for high < to && take(high) {
		high++
	}
	for left, right := true, true; left || right; {
		if left = left && take(low-1); left {
			low--
		}
		if right = right && take(high); right {
			high++
		}
	}
	return low, high
}
