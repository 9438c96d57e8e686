package templates

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/model"
)

// A form is what the files of all resources of one shape have in common: their
// formatted text, with gaps where they differ. To fill it costs little more than
// to copy it, while jennifer and gofmt take most of the time of a run.
//
// gofmt puts a token where it stands by the kind of the tokens around it and, in
// this output, never by its length: no two lines are aligned on what differs, as
// long as that is not enormous.
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

// size returns about how long the form is with the gaps filled.
func (f form) size(t texts) int {
	const perComment = 16 // marks and line breaks
	n := 0
	for i := range f {
		switch p := &f[i]; {
		case p.comment != nil:
			n += p.comment.size(t) + perComment
		case p.gap < 0:
			n += len(p.text)
		default:
			n += len(t.at(p.gap))
		}
	}
	return n
}

// fill appends the form to b with the gaps filled.
func (f form) fill(b []byte, t texts) []byte {
	for i := range f {
		b = f[i].fill(b, t)
	}
	return b
}

// cut returns b without the form, if b begins with it as it is when its gaps are
// filled.
func (f form) cut(b []byte, t texts) (rest []byte, found bool) {
	for i := range f {
		switch p := &f[i]; {
		case p.gap < 0 && p.comment == nil:
			b, found = cutString(b, p.text)
		case p.kind == plain && p.comment == nil:
			b, found = cutString(b, t.at(p.gap))
		default:
			var room [256]byte // few pieces need more
			b, found = bytes.CutPrefix(b, p.fill(room[:0], t))
		}
		if !found {
			return b, false
		}
	}
	return b, true
}

// cutString is bytes.CutPrefix for a string.
func cutString(b []byte, prefix string) ([]byte, bool) {
	if len(b) < len(prefix) || string(b[:len(prefix)]) != prefix {
		return b, false
	}
	return b[len(prefix):], true
}

// fill appends a piece.
func (p *piece) fill(b []byte, t texts) []byte {
	if p.comment == nil {
		return p.fillGap(b, t)
	}
	var line [256]byte // few comments need more
	text := line[:0]
	for i := range p.comment {
		text = p.comment[i].fillGap(text, t)
	}
	return wrap(b, p.indent, text)
}

// fillGap appends a piece that is no comment.
func (p *piece) fillGap(b []byte, t texts) []byte {
	switch {
	case p.gap < 0:
		return append(b, p.text...)
	case p.kind == quoted:
		return appendQuoted(b, t.at(p.gap))
	case p.kind == lower:
		return append(b, model.Unexported(t.at(p.gap))...)
	default:
		return append(b, t.at(p.gap)...)
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

// A Text is the content of a generated file. It takes far less memory than its
// bytes, which are made whenever somebody asks for them. The zero Text is that of
// no file; it has no bytes.
type Text struct{ parts []part }

// A part of a text is a form with what fills its gaps.
type part struct {
	form  form
	texts texts
}

// texts are what fills the gaps of a form, one after the other.
type texts struct {
	all  string
	ends []uint32 // of each
}

// at returns what fills a gap.
func (t texts) at(gap int) string {
	start := uint32(0)
	if gap > 0 {
		start = t.ends[gap-1]
	}
	return t.all[start:t.ends[gap]]
}

// TextOf returns the text that has some bytes.
func TextOf(content []byte) Text { return written(string(content)) }

// written returns a text that is written out.
func written(content string) Text {
	return Text{[]part{{form: form(nil).withText(content)}}}
}

// Bytes returns the bytes of the text. The caller may change them.
func (t Text) Bytes() []byte {
	if t.parts == nil {
		return nil
	}
	return t.AppendTo(nil)
}

// AppendTo appends the bytes of the text to b.
func (t Text) AppendTo(b []byte) []byte {
	size := 0
	for _, p := range t.parts {
		size += p.form.size(p.texts)
	}
	b = slices.Grow(b, size)
	for _, p := range t.parts {
		b = p.form.fill(b, p.texts)
	}
	return b
}

// Equal reports whether both texts have the same bytes, or both are none.
func (t Text) Equal(other Text) bool {
	return (t.parts == nil) == (other.parts == nil) && t.Matches(other.Bytes())
}

// Matches reports whether the bytes of the text are content. It makes none of them.
func (t Text) Matches(content []byte) bool {
	for _, p := range t.parts {
		rest, found := p.form.cut(content, p.texts)
		if !found {
			return false
		}
		content = rest
	}
	return len(content) == 0
}
