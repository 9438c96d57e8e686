package lint

import (
	"hash/maphash"
	"math/bits"
)

// A sieve holds back what there is once only, in little memory. It is shown
// everything in two rounds: in the first one it counts, and in the second it lets
// pass what it has counted twice or more often. It goes by hashes, so one in
// hundreds that there is once passes as well: who takes what passes must compare
// the texts. Nothing that there is twice is ever held back.
//
// It is a Bloom filter whose bits are set again in another one.
type sieve struct {
	seed   maphash.Seed
	cells  []cell
	counts bool // this is the first round
}

type cell struct{ once, again uint64 }

// newSieve returns a sieve for so many things, more or less.
func newSieve(things int) *sieve {
	const perCell = 3
	return &sieve{maphash.MakeSeed(), make([]cell, things/perCell+1), true}
}

// passes reports whether a thing passes. In the first round none does.
func (s *sieve) passes(thing []byte) bool {
	hash := maphash.Bytes(s.seed, thing)
	which, rest := bits.Mul64(hash, uint64(len(s.cells)))
	c, mask := &s.cells[which], uint64(1)<<(rest>>58)|uint64(1)<<(rest>>52&63)
	switch {
	case !s.counts:
		return c.again&mask == mask
	case c.once&mask == mask:
		c.again |= mask
	default:
		c.once |= mask
	}
	return false
}
