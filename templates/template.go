package templates

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/model"
)

// A template is the formatted text of a file, with placeholders for what differs
// between resources that have the same key. To fill it in costs little more than
// to copy it, while jennifer and gofmt would take four fifths of a run.
//
// gofmt places a token by the kinds of the tokens around it and, in these files,
// never by its length: no two lines are aligned on a placeholder, unless a value
// is enormous. Only comments depend on lengths, so they are wrapped when they are
// filled in.
type template []segment

// A segment appends a part of a text to b, given the values of the placeholders.
type segment func(b []byte, values []string) []byte

// fill appends the text to b, given the values of the placeholders.
func (t template) fill(b []byte, values []string) []byte {
	for _, s := range t {
		b = s(b, values)
	}
	return b
}

// The placeholder of the eighth value is the identifier Zʘ7ʘ, so that it can be
// an identifier, a part of one, a string or a word of a comment. It is zʘ7ʘ where
// [model.Unexported] was applied to it.
const placeholderEnd = "ʘ"

var placeholders = regexp.MustCompile(`[Zz]ʘ([0-9]+)ʘ`)

func placeholder(i int) string { return "Zʘ" + strconv.Itoa(i) + placeholderEnd }

// wrapLater begins a comment that is wrapped when it is filled in.
const wrapLater = "// Zʘʘ "

// parse returns the template of a formatted text with placeholders.
func parse(text string) template {
	var t template
	start := 0 // of the text that is in no segment yet
	for at := 0; at < len(text); {
		line, _, _ := strings.Cut(text[at:], "\n")
		switch indent, comment, found := strings.Cut(line, wrapLater); {
		case found:
			t = append(t, literal(text[start:at]), wrapped(indent, parseLine(comment)))
			start = at + len(line)
		case strings.Contains(line, placeholderEnd):
			t = append(append(t, literal(text[start:at])), parseLine(line)...)
			start = at + len(line)
		}
		at += len(line) + len("\n")
	}
	return append(t, literal(text[start:]))
}

// parseLine returns the template of one line. No literal part of it, string or
// comment, contains a quotation mark of its own.
func parseLine(line string) template {
	var t template
	start := 0
	for _, at := range placeholders.FindAllStringSubmatchIndex(line, -1) {
		i, _ := strconv.Atoi(line[at[2]:at[3]])
		t = append(t, literal(line[start:at[0]]))
		switch {
		case strings.Count(line[:at[0]], `"`)%2 == 1:
			t = append(t, quoted(i))
		case line[at[0]] == 'z':
			t = append(t, unexported(i))
		default:
			t = append(t, value(i))
		}
		start = at[1]
	}
	return append(t, literal(line[start:]))
}

func literal(text string) segment {
	return func(b []byte, _ []string) []byte { return append(b, text...) }
}

func value(i int) segment {
	return func(b []byte, values []string) []byte { return append(b, values[i]...) }
}

// unexported appends an identifier with its first word in lower case.
func unexported(i int) segment {
	return func(b []byte, values []string) []byte { return append(b, model.Unexported(values[i])...) }
}

// quoted appends what stands between the quotation marks of a Go string.
func quoted(i int) segment {
	return func(b []byte, values []string) []byte {
		if !strings.ContainsFunc(values[i], isEscaped) {
			return append(b, values[i]...)
		}
		start := len(b)
		b = slices.Delete(strconv.AppendQuote(b, values[i]), start, start+1)
		return b[:len(b)-1]
	}
}

// isEscaped reports whether a Go string may need an escape for a character.
func isEscaped(c rune) bool { return c < ' ' || c == '"' || c == '\\' || c > '~' }

// wrapped appends a comment.
func wrapped(indent string, comment template) segment {
	return func(b []byte, values []string) []byte {
		start := len(b)
		b = comment.fill(b, values)
		return wrap(b[:start], indent, string(b[start:]))
	}
}
