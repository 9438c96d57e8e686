package templates

import (
	"strings"

	"github.com/dave/jennifer/jen"
)

// width is how far a line of a comment goes, as in most Go code.
const width = 80

// comment returns a doc comment, wrapped. Every line of it begins with "// ",
// whatever is in the text: jennifer itself makes /* */ of a text with a line
// break, which the text could close. No line begins with "+build", which gofmt
// would move to the head of the file as a build constraint.
func comment(text string) jen.Code {
	var b strings.Builder
	column := 0
	for word := range strings.FieldsSeq(text) {
		switch {
		case column == 0:
			b.WriteString("//")
			column = len("//")
		case column+1+len(word) > width && word != "+build":
			b.WriteString("\n//")
			column = len("//")
		}
		b.WriteString(" " + word)
		column += 1 + len(word)
	}
	return jen.Comment(b.String())
}

// sentence ends text with a full stop, unless it ends like a sentence already.
func sentence(text string) string {
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

// series returns "a", "a and b", "a, b and c".
func series(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}
