package report

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

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
