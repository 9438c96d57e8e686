package lint

import (
	"bytes"
	"encoding/binary"
	"go/token"
)

// A writer packs what a reader unpacks: each method of one has its like of the
// other, and they are called in the same order. What several writers have packed can
// be joined.
type writer struct {
	data []byte
	file string // of the last position
	said bool   // there is one
	from int    // where the item begins that is being written
}

// A reader returns texts that are parts of data, so it allocates nothing for them.
// One that is out of step with the writer runs over the end, and panics.
type reader struct {
	data string
	at   int
	file string
}

func (w *writer) number(n int) { w.data = binary.AppendUvarint(w.data, uint64(n)) }

func (r *reader) number() int {
	n := 0
	for shift := 0; ; shift += 7 {
		b := r.data[r.at]
		r.at++
		n |= int(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
}

func (w *writer) flags(first, second bool) {
	n := 0
	if first {
		n |= 1
	}
	if second {
		n |= 2
	}
	w.number(n)
}

func (r *reader) flags() (first, second bool) {
	n := r.number()
	return n&1 != 0, n&2 != 0
}

// A text is its length and its bytes.
func (w *writer) text(s string) {
	w.number(len(s))
	w.data = append(w.data, s...)
}

func (r *reader) text() string { return r.next(r.number()) }

// next returns the next bytes.
func (r *reader) next(length int) string {
	r.at += length
	return r.data[r.at-length : r.at]
}

func (w *writer) texts(list []string) {
	w.number(len(list))
	for _, s := range list {
		w.text(s)
	}
}

// texts appends to a list.
func (r *reader) texts(list []string) []string {
	for range r.number() {
		list = append(list, r.text())
	}
	return list
}

// A name is a text, or how far before this it stands within the item: a scope has
// the scope name in it, which mostly is the policy ID and the resource name as well.
func (w *writer) name(s string) {
	const worth = 3 // bytes, since two say where another one is
	if before := w.data[w.from:]; len(s) >= worth {
		if at := bytes.Index(before, []byte(s)); at >= 0 {
			w.number(len(s)<<1 | 1)
			w.number(len(before) - at)
			return
		}
	}
	w.number(len(s) << 1)
	w.data = append(w.data, s...)
}

func (r *reader) name() string {
	here := r.at
	n := r.number()
	length := n >> 1
	if n&1 == 0 {
		return r.next(length)
	}
	at := here - r.number()
	return r.data[at : at+length]
}

// The file of a position is said where it is not that of the position before, or none
// is before it.
func (w *writer) pos(p token.Position) {
	if w.said && p.Filename == w.file {
		w.number(0)
	} else {
		w.number(len(p.Filename) + 1)
		w.data = append(w.data, p.Filename...)
		w.file, w.said = p.Filename, true
	}
	w.number(p.Line)
	w.number(p.Column)
	w.number(p.Offset)
}

func (r *reader) pos() token.Position {
	if n := r.number(); n > 0 {
		r.file = r.next(n - 1)
	}
	return token.Position{Filename: r.file, Line: r.number(), Column: r.number(), Offset: r.number()}
}
