package templates

import "slices"

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
