package scaffold

import (
	"bytes"
	"fmt"
	"go/format"
	"slices"
	"strings"
)

// An edit puts a text into a file.
type edit struct {
	at   int
	text string // with \n as line breaks
}

// insert plans an edit. Of two at one place the first planned stands first.
func (f *file) insert(at int, text string) {
	f.edits = append(f.edits, edit{at, text})
}

// what says what the edits add.
func (f *file) what() string {
	var parts []string
	if f.added != "" {
		parts = append(parts, f.added)
	}
	if f.annotated > 0 {
		parts = append(parts, count(f.annotated, "annotation"))
	}
	return strings.Join(parts, " and ")
}

// count returns "1 annotation", "2 annotations".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// edited returns the text with the edits and with the line breaks that it has,
// and else as it was to the byte. But gofmt aligns what stands in a group anew
// where a comment comes between, so a text that was formatted is so again.
func (f *file) edited() []byte {
	slices.SortStableFunc(f.edits, func(a, b edit) int { return a.at - b.at })
	crlf := usesCRLF(f.data)
	var out []byte
	last := 0
	for _, e := range f.edits {
		text := e.text
		if crlf {
			text = strings.ReplaceAll(text, "\n", "\r\n")
		}
		out = append(append(out, f.data[last:e.at]...), text...)
		last = e.at
	}
	out = append(out, f.data[last:]...)
	if _, was := formatted(f.data, crlf); was {
		out, _ = formatted(out, crlf)
	}
	return out
}

// formatted returns a text as gofmt would have it but for its line breaks, and
// whether it is so already.
func formatted(text []byte, crlf bool) ([]byte, bool) {
	lf := text
	if crlf {
		lf = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	out, err := format.Source(lf)
	if err != nil {
		return text, false
	}
	if crlf {
		out = bytes.ReplaceAll(out, []byte("\n"), []byte("\r\n"))
	}
	return out, bytes.Equal(out, text)
}

// usesCRLF reports whether the first line of a text ends as on Windows.
func usesCRLF(data []byte) bool {
	first, _, _ := bytes.Cut(data, []byte("\n"))
	return bytes.HasSuffix(first, []byte("\r"))
}
