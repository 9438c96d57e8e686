// Package diag holds what the tool has to say against its input: diagnostics
// with a code and an exact place, collected so that a run reports all of them
// at once.
//
// go/scanner's ErrorList does the same for a compiler, but has no room for a
// code or for the end of the text that is meant.
package diag

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// A Diagnostic is one thing that is wrong with the input.
type Diagnostic struct {
	Pos     token.Position // where; Line and Column count bytes from 1, Line is 0 where a whole file is meant
	Code    Code
	Message string // lower case; names the key, quotes what was got, says what is allowed
	Fix     *Fix   // what mends it mechanically; nil where that would be a guess
}

// A Fix is a change of the file that a diagnostic is about.
type Fix struct {
	Message string // what it does, in the imperative: "write //webapi:resource"
	Edits   []Edit // in order, and none within another
}

// An Edit replaces the bytes of a file from Offset to End.
type Edit struct {
	Offset, End int
	New         string
}

// SetFix gives the diagnostic a fix.
func (d *Diagnostic) SetFix(message string, edits ...Edit) {
	d.Fix = &Fix{Message: escape(message), Edits: edits}
}

// Error returns the diagnostic as "file:line:col: message [code]", with
// "warning: " before the message if it is one.
func (d Diagnostic) Error() string {
	level := ""
	if d.Code.Warning() {
		level = "warning: "
	}
	return fmt.Sprintf("%s: %s%s [%s]", place(d.Pos), level, d.Message, d.Code)
}

// place is token.Position.String, except that a whole file has no "-", a line
// without a column is kept, and a file's name is escaped like a message.
func place(pos token.Position) string {
	name := escape(pos.Filename)
	switch {
	case pos.Line == 0:
		return name
	case pos.Column == 0:
		return fmt.Sprintf("%s:%d", name, pos.Line)
	}
	return fmt.Sprintf("%s:%d:%d", name, pos.Line, pos.Column)
}

// A List collects diagnostics. The zero value is empty and ready to use.
type List []Diagnostic

// Add appends a diagnostic whose message is formatted as by fmt.Sprintf. What
// is not visible in it is escaped, so that no text of the input can break the
// line or turn the direction of writing. What it returns is valid until the
// next Add.
func (l *List) Add(pos token.Position, code Code, format string, args ...any) *Diagnostic {
	*l = append(*l, Diagnostic{Pos: pos, Code: code, Message: escape(fmt.Sprintf(format, args...))})
	return &(*l)[len(*l)-1]
}

// escape returns text with escapes for what is not visible.
func escape(text string) string {
	quoted := strconv.QuoteToGraphic(text)
	return unquoted.Replace(quoted[1 : len(quoted)-1])
}

var unquoted = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

// Sort orders the list by file, line, column, code and message and drops
// repetitions, so that a report does not depend on the order of the work.
func (l *List) Sort() {
	slices.SortFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Pos.Filename, b.Pos.Filename),
			cmp.Compare(a.Pos.Line, b.Pos.Line),
			cmp.Compare(a.Pos.Column, b.Pos.Column),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool {
		return a.Pos == b.Pos && a.Code == b.Code && a.Message == b.Message
	})
}

// Error returns all diagnostics, one a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns the list as an error, or nil if it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}
