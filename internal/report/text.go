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

const (
	leastWidth = 20 // of the text of a line; a terminal that is narrower wraps it
	tabWidth   = 4
	ellipsis   = "…"
)

// A cell is a character as a terminal shows it.
type cell struct {
	text   string
	width  int // in columns
	offset int // of the character in the line
}

// snippet returns the text of a line as it can be shown in so many columns, and
// what stands below it: blanks, then carets under what is meant.
func snippet(s span, columns int) (text, blanks, carets string) {
	columns = max(columns, leastWidth)
	cells, cutLeft, cutRight := cellsAround(s, 4*columns) // a character has at most four bytes
	from, to := s.cells(cells)
	low, high := 0, len(cells)
	if cutLeft || cutRight || columnsOf(cells) > columns {
		low, high = window(cells, from, to, columns-2) // an ellipsis on either side takes one
	}
	shown := cells[low:high:high]
	if cutRight || high < len(cells) {
		shown = append(shown, cell{text: ellipsis, width: 1})
	}
	for _, c := range shown {
		text += c.text
	}
	before := columnsOf(cells[low:from])
	if cutLeft || low > 0 {
		text = ellipsis + text
		before++
	}
	if s.start < 0 {
		return text, "", ""
	}
	return text, strings.Repeat(" ", before), strings.Repeat("^", max(1, columnsOf(cells[from:min(to, high)])))
}

// cells returns which cells show the span: from the first to before the second.
func (s span) cells(cells []cell) (from, to int) {
	for from < len(cells) && cells[from].offset < s.start {
		from++
	}
	for to = from; to < len(cells) && cells[to].offset < s.end; {
		to++
	}
	return from, to
}

// cellsAround returns the cells of a line, or of the bytes that are near to what
// is meant if it is a long one.
func cellsAround(s span, reach int) (cells []cell, cutLeft, cutRight bool) {
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

// show returns a character as it can be shown at a column, and how many columns
// it takes. What is not visible, or would turn the direction of writing, is
// escaped as in messages.
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

// window returns which cells can be shown in so many columns: the ones from
// from to before to, as far as they fit, and as much as there is room for on
// either side of them.
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
