package templates

import (
	"strconv"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/generator/model"
)

// A form is what the files of all resources of one shape have in common: their
// formatted text, with gaps where they differ. To fill it costs little more than
// to copy it, while jennifer and gofmt take most of the time of a run.
//
// gofmt puts a token where it stands by the kind of the tokens around it and, in
// this output, never by its length: no two lines are aligned on what differs.
// Comments alone are laid out by length, and so they are wrapped when they are
// filled in.
type form []piece

// A piece is a part of a form.
type piece struct {
	text    string // what stands there, if it is no gap
	gap     int    // the number of the text that stands there, else -1
	kind    gapKind
	indent  string // before each line of a comment
	comment form   // what is to be wrapped as a comment
}

// A gapKind says how a text stands in its gap.
type gapKind int

const (
	plain  gapKind = iota // as it is
	quoted                // within the quotation marks of a Go string
	lower                 // an identifier with its first word in lower case
)

// Gaps are written as identifiers, Zʘ7ʘ for the seventh text, so that they can
// stand wherever a text can.
const (
	gapOpen  = "Zʘ"
	gapClose = "ʘ"

	// wrapLater begins a comment that is wrapped when its gaps are filled.
	wrapLater = "Zʘʘ "
)

func gapNameOf(i int) string {
	if names := gapNames(); i < len(names) {
		return names[i]
	}
	return gapOpen + strconv.Itoa(i) + gapClose
}

// gapNames returns the names of as many gaps as most resources need.
var gapNames = sync.OnceValue(func() *[64]string {
	names := new([64]string)
	for i := range names {
		names[i] = gapOpen + strconv.Itoa(i) + gapClose
	}
	return names
})

// parseForm finds the gaps of a formatted text.
func parseForm(text string) form {
	f := make(form, 0, 1+strings.Count(text, gapClose))
	from := 0 // of the text that is in no piece yet
	for at := 0; at < len(text); {
		line, _, _ := strings.Cut(text[at:], "\n")
		indent, comment, isWrapped := strings.Cut(line, "// "+wrapLater)
		if isWrapped && strings.Trim(indent, "\t") == "" {
			f = f.withText(text[from:at])
			f = append(f, piece{gap: -1, indent: indent, comment: make(form, 0, 1+strings.Count(comment, gapClose)).withGaps(comment, true)})
			from = at + len(line)
		} else if strings.Contains(line, gapClose) {
			isComment := strings.HasPrefix(strings.TrimLeft(line, "\t"), "//")
			f = f.withText(text[from:at]).withGaps(line, isComment)
			from = at + len(line)
		}
		at += len(line) + len("\n")
	}
	return f.withText(text[from:])
}

// withText adds a text without gaps, if it is not empty.
func (f form) withText(text string) form {
	if text == "" {
		return f
	}
	return append(f, piece{gap: -1, text: text})
}

// withGaps adds a line, which has no string with a quotation mark.
func (f form) withGaps(line string, isComment bool) form {
	rest := line
	for {
		open := strings.Index(rest, gapClose) - 1 // a gap begins with a capital, or a small letter
		if open < 0 {
			return f.withText(rest)
		}
		number, after, _ := strings.Cut(rest[open+len(gapOpen):], gapClose)
		p := piece{}
		p.gap, _ = strconv.Atoi(number)
		switch before := line[:len(line)-len(rest)+open]; {
		case !isComment && strings.Count(before, `"`)%2 == 1:
			p.kind = quoted
		case rest[open] != gapOpen[0]:
			p.kind = lower
		}
		f = append(f.withText(rest[:open]), p)
		rest = after
	}
}

// filled returns the form with the gaps filled.
func (f form) filled(texts []string) []byte {
	return f.fill(make([]byte, 0, f.size(texts)), texts)
}

// size returns about how long the form is with the gaps filled.
func (f form) size(texts []string) int {
	const perComment = 16 // marks and line breaks
	n := 0
	for i := range f {
		switch p := &f[i]; {
		case p.comment != nil:
			n += p.comment.size(texts) + perComment
		case p.gap < 0:
			n += len(p.text)
		default:
			n += len(texts[p.gap])
		}
	}
	return n
}

// fill appends the form to b with the gaps filled.
func (f form) fill(b []byte, texts []string) []byte {
	for i := range f {
		if f[i].comment == nil {
			b = f[i].fill(b, texts)
			continue
		}
		var line [256]byte // few comments need more
		text := line[:0]
		for j := range f[i].comment {
			text = f[i].comment[j].fill(text, texts)
		}
		b = wrap(b, f[i].indent, text)
	}
	return b
}

// fill appends a piece that is no comment.
func (p *piece) fill(b []byte, texts []string) []byte {
	switch {
	case p.gap < 0:
		return append(b, p.text...)
	case p.kind == quoted:
		return appendQuoted(b, texts[p.gap])
	case p.kind == lower:
		return append(b, model.Unexported(texts[p.gap])...)
	default:
		return append(b, texts[p.gap]...)
	}
}

// appendQuoted appends a text as it stands between the quotation marks of a Go
// string.
func appendQuoted(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted := strconv.Quote(text)
			return append(b, quoted[1:len(quoted)-1]...)
		}
	}
	return append(b, text...)
}
