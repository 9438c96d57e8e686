package generator

import (
	"bytes"
	"sync"
)

// A room is memory for the texts of the files of a folder, of which most are not
// needed any more as soon as the folder is done, and make up a third of all
// memory that a run would ask for. It is used by one goroutine at a time.
type room struct{ taken []byte }

// keep returns a copy of a text in the room, or anywhere if there is none.
func (r *room) keep(text []byte) []byte {
	if r == nil {
		return bytes.Clone(text)
	}
	if cap(r.taken)-len(r.taken) < len(text) { // what stands in the old memory stays there
		r.taken = make([]byte, 0, max(2*cap(r.taken), 4*len(text), 64<<10))
	}
	start := len(r.taken)
	r.taken = append(r.taken, text...)
	return r.taken[start:len(r.taken):len(r.taken)]
}

// clear makes room for other texts. Nobody may look at the old ones after that.
func (r *room) clear() {
	spoil(r.taken)
	r.taken = r.taken[:0]
}

// rooms are those that nobody uses.
var rooms = sync.Pool{New: func() any { return new(room) }}
