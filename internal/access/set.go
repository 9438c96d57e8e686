package access

import "math/bits"

// A set is a set of scopes by their ranks. Sets of the same problem have the
// same length.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

func (s set) add(rank int)      { s[rank/64] |= 1 << (rank % 64) }
func (s set) has(rank int) bool { return s[rank/64]&(1<<(rank%64)) != 0 }

func (s set) len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// union returns what is in either.
func (s set) union(other set) set {
	u := make(set, len(s))
	for i := range s {
		u[i] = s[i] | other[i]
	}
	return u
}

// minus returns what is in s and not in other.
func (s set) minus(other set) set {
	d := make(set, len(s))
	for i := range s {
		d[i] = s[i] &^ other[i]
	}
	return d
}

// within reports whether other has all of s.
func (s set) within(other set) bool {
	for i := range s {
		if s[i]&^other[i] != 0 {
			return false
		}
	}
	return true
}

// meets reports whether something is in both.
func (s set) meets(other set) bool {
	for i := range s {
		if s[i]&other[i] != 0 {
			return true
		}
	}
	return false
}
