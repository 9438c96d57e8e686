// Package sieve finds what there is more than once among very many things.
package sieve

import (
	"hash/maphash"
	"iter"
	"math/bits"
)

// A Sieve holds back what there is once only, in little memory. It is shown
// everything in two rounds: in the first one it counts, and in the second it lets
// pass what it has counted twice or more often. It goes by hashes, so one in
// hundreds that there is once passes as well: who takes what passes must compare
// the things. Nothing that there is twice is ever held back.
//
// It is a Bloom filter whose bits are set again in another one.
type Sieve struct {
	seed   maphash.Seed
	cells  []cell
	counts bool // this is the first round
}

type cell struct{ once, again uint64 }

// New returns a sieve for so many things, more or less.
func New(things int) *Sieve {
	const perCell = 3
	return &Sieve{maphash.MakeSeed(), make([]cell, things/perCell+1), true}
}

// Rounds begins the rounds, one after the other: 1 and 2.
func (s *Sieve) Rounds() iter.Seq[int] {
	return func(yield func(int) bool) {
		s.counts = true
		if yield(1) {
			s.counts = false
			yield(2)
		}
	}
}

// Passes reports whether a thing passes. In the first round none does.
func (s *Sieve) Passes(thing []byte) bool { return s.passes(maphash.Bytes(s.seed, thing)) }

// PassesString is [Sieve.Passes] for a string.
func (s *Sieve) PassesString(thing string) bool { return s.passes(maphash.String(s.seed, thing)) }

func (s *Sieve) passes(hash uint64) bool {
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
