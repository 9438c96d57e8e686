// Package diag has the diagnostics of the tool: errors and warnings about its input, with a
// code and an exact position, which a run collects and reports at once.
//
// It is like go/scanner's ErrorList, with codes and fixes.
package diag

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"
)

// A Diagnostic is an error or a warning about the input.
type Diagnostic struct {
	Pos     token.Position // Column counts bytes; Line is 0 for a whole file
	Code    Code
	Message string // lower case; names the key, quotes what was got, lists what is allowed
	Fix     *Fix   // nil if no fix is certain
}

// A Fix is a change to the file of a diagnostic.
type Fix struct {
	Message string // in the imperative: "write //webapi:resource"
	Edits   []Edit // sorted, without overlaps
}

// An Edit replaces the bytes of a file from Offset to End.
type Edit struct {
	Offset, End int
	New         string
}

// SetFix gives the diagnostic a fix.
func (d *Diagnostic) SetFix(message string, edits ...Edit) {
	d.Fix = &Fix{Message: Visible(message), Edits: edits}
}

// Error returns the diagnostic as "file:line:col: message [code]", with
// "warning: " before the message of a warning.
func (d Diagnostic) Error() string {
	level := ""
	if d.Code.Warning() {
		level = "warning: "
	}
	return fmt.Sprintf("%s: %s%s [%s]", position(d.Pos), level, d.Message, d.Code)
}

// position is token.Position.String, but it escapes the file name, and returns the name alone
// for a whole file.
func position(pos token.Position) string {
	name := Visible(pos.Filename)
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

// Add appends a diagnostic whose message is formatted as by fmt.Sprintf. It escapes invisible
// characters, so that no text of the input can break the line or change the direction of
// writing. The returned pointer is valid until the next Add.
func (l *List) Add(pos token.Position, code Code, format string, args ...any) *Diagnostic {
	*l = append(*l, Diagnostic{Pos: pos, Code: code, Message: Visible(fmt.Sprintf(format, args...))})
	return &(*l)[len(*l)-1]
}

// Visible returns text with escapes for its invisible characters: control characters, among
// them line breaks, and those that change the direction of writing.
func Visible(text string) string {
	quoted := strconv.QuoteToGraphic(text)
	return unquoted.Replace(quoted[1 : len(quoted)-1])
}

var unquoted = strings.NewReplacer(`\"`, `"`, `\\`, `\`)

// Sort sorts the list by file, line, column, code and message, and removes duplicates.
func (l *List) Sort() {
	slices.SortFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(ComparePos(a.Pos, b.Pos), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool {
		return a.Pos == b.Pos && a.Code == b.Code && a.Message == b.Message
	})
}

// ComparePos compares positions by file, line and column.
func ComparePos(a, b token.Position) int {
	return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// Error returns all diagnostics, one a line.
func (l List) Error() string {
	lines := make([]string, len(l))
	for i, d := range l {
		lines[i] = d.Error()
	}
	return strings.Join(lines, "\n")
}

// Err returns the list as an error, and nil if it is empty.
func (l List) Err() error {
	if len(l) == 0 {
		return nil
	}
	return l
}
