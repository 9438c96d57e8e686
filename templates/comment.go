package templates

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dave/jennifer/jen"
)

// width is how far a line of a comment goes, as in most Go code.
const width = 80

// comment emits a doc comment.
func (f *file) comment(text string) { f.Add(f.commentOf(text)) }

// commentOf returns a doc comment, wrapped. In a form it is one line, since where
// it is to be wrapped depends on what fills the gaps.
func (f *file) commentOf(text string) jen.Code {
	if f.form {
		return jen.Comment("// " + wrapLater + text)
	}
	return jen.Comment(string(wrap(nil, "", []byte(text))))
}

// wrap appends a text to b as lines of a comment. Every line begins with "// ",
// whatever is in the text: jennifer itself makes /* */ of a text with a line
// break, which the text could close. No line begins with "+build", which gofmt
// would move to the head of the file as a build constraint.
func wrap(b []byte, indent string, text []byte) []byte {
	column := 0
	for {
		var word []byte
		if word, text = nextWord(text); word == nil {
			return b
		}
		switch {
		case column == 0:
			b = append(append(b, indent...), "//"...)
			column = len("//")
		case column+1+len(word) > width && string(word) != "+build":
			b = append(append(append(b, '\n'), indent...), "//"...)
			column = len("//")
		}
		b = append(append(b, ' '), word...)
		column += 1 + len(word)
	}
}

// nextWord returns the first word of a text, nil if there is none, and what
// follows it.
func nextWord(text []byte) (word, rest []byte) {
	start := -1
	for i := 0; i < len(text); {
		space, size := text[i] == ' ', 1
		if c := text[i]; c < ' ' || c >= utf8.RuneSelf {
			var r rune
			r, size = utf8.DecodeRune(text[i:])
			space = unicode.IsSpace(r)
		}
		switch {
		case !space && start < 0:
			start = i
		case space && start >= 0:
			return text[start:i], text[i:]
		}
		i += size
	}
	if start < 0 {
		return nil, nil
	}
	return text[start:], nil
}

// sentence ends text with a full stop, unless it ends like a sentence already.
func sentence(text string) string {
	if endsSentence(text) {
		return text
	}
	return text + "."
}

func endsSentence(text string) bool {
	return strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?")
}

// series returns "a", "a and b", "a, b and c".
func series(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
