package annotations

import (
	"go/token"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A lexer reads the arguments of one directive. A word is a run of characters
// without spaces and quotes; a quoted text is a Go string, "..." or `...`.
//
// go/ast's ParseArgs is not used: it splits key="a b" in two and reports nothing.
type lexer struct {
	text  string         // what is left
	pos   token.Position // of text[0]
	diags *diag.List
}

// skip drops n bytes of the text.
func (l *lexer) skip(n int) {
	l.text = l.text[n:]
	l.pos = at(l.pos, n)
}

// at returns the position n bytes further on the same line.
func at(pos token.Position, n int) token.Position {
	pos.Offset += n
	pos.Column += n
	return pos
}

// spaces drops the blanks that separate arguments.
func (l *lexer) spaces() {
	l.skip(len(l.text) - len(strings.TrimLeft(l.text, " \t")))
}

// more reports whether another argument follows.
func (l *lexer) more() bool {
	l.spaces()
	return l.text != ""
}

// rest returns what is left as one text, without the blanks around it.
func (l *lexer) rest() Text {
	l.spaces()
	t := Text{Pos: l.pos, Value: strings.TrimRight(l.text, " \t")}
	l.skip(len(l.text))
	return t
}

// value reads a bare or quoted value. It reports and returns false if there
// is none to be had; then the rest of the line has been dropped.
func (l *lexer) value() (Text, bool) {
	if strings.HasPrefix(l.text, `"`) || strings.HasPrefix(l.text, "`") {
		return l.quoted()
	}
	return l.word(" \t")
}

// quoted reads a Go string.
func (l *lexer) quoted() (Text, bool) {
	quoted, err := strconv.QuotedPrefix(l.text)
	if err != nil {
		what := "unterminated string"
		if strings.ContainsRune(l.text[1:], rune(l.text[0])) {
			what = "not a Go string:"
		}
		return l.fail(l.pos, "%s %s", what, l.text)
	}
	value, err := strconv.Unquote(quoted)
	if err != nil {
		return l.fail(l.pos, "not a Go string: %s", quoted)
	}
	t := Text{Pos: at(l.pos, 1), Value: value, Raw: value == quoted[1:len(quoted)-1]}
	l.skip(len(quoted))
	if l.text != "" && !isBlank(l.text[0]) {
		return l.fail(l.pos, "space expected after the string %s, got %q", quoted, l.text)
	}
	return t, true
}

// word reads a bare word up to one of the characters of end.
func (l *lexer) word(end string) (Text, bool) {
	n := strings.IndexAny(l.text, end)
	if n < 0 {
		n = len(l.text)
	}
	t := Text{Pos: l.pos, Value: l.text[:n], Raw: true}
	if i := strings.IndexFunc(t.Value, notBare); i >= 0 {
		r, _ := utf8.DecodeRuneInString(t.Value[i:])
		return l.fail(at(l.pos, i), "character %q in a word; a value with it must be quoted, key=\"...\"", r)
	}
	if strings.HasPrefix(t.Value, "//") {
		return l.fail(l.pos, "a directive takes no comment, got %q", l.text)
	}
	l.skip(n)
	return t, true
}

// notBare reports whether r can only stand in a quoted value: what looks like
// a blank or a quote would not be seen for what it is.
func notBare(r rune) bool {
	return r == '"' || r == '`' || !unicode.IsGraphic(r) || unicode.IsSpace(r)
}

// fail reports malformed arguments and drops the rest of the line, since where
// the next argument begins is not known.
func (l *lexer) fail(pos token.Position, format string, args ...any) (Text, bool) {
	l.diags.Add(pos, diag.Malformed, format, args...)
	l.skip(len(l.text))
	return Text{}, false
}

// malformed is fail for what may be mended.
func (l *lexer) malformed(pos token.Position, format string, args ...any) *diag.Diagnostic {
	l.skip(len(l.text))
	return l.diags.Add(pos, diag.Malformed, format, args...)
}
