package webapi

import (
	"fmt"
	"hash/maphash"
	"iter"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// Scope is one scope-token of RFC 6749, section 3.3, such as "repository:read".
// Scopes compare byte by byte: case matters, and none implies another.
type Scope string

// Scopes is an immutable set of scopes. The zero value is the empty set. It
// holds nothing but scope-tokens of RFC 6749, section 3.3.
type Scopes struct {
	list string // in which the scopes stand
	n    int
	// marks has a bit for each scope, by its hash: a set without the bit of a scope
	// does not hold it. It spares look-ups for alternatives that a token of few
	// scopes does not meet.
	marks uint64
	// table is a hash table with linear probing, its length a power of two.
	// It has no pointers, so that a cache of tokens with many scopes costs the
	// garbage collector nothing.
	table []span
}

// span is where a scope begins and ends in a list. One that ends at 0 is a free slot.
type span struct{ start, end uint32 }

// seed differs in each process, so that nobody can choose scopes that collide.
var seed = maphash.MakeSeed()

// ParseScopes reads a scope list by the grammar of RFC 6749, section 3.3:
// scope-tokens with one space between them. A scope that is listed twice is
// held once. The empty string, which the grammar does not know, is the empty
// set: that is what an absent scope parameter reads as. The error says what is
// wrong and at which byte, counted from 0, and does not repeat the list.
//
// The set shares memory with s.
func ParseScopes(s string) (Scopes, error) {
	if s == "" {
		return Scopes{}, nil
	}
	if uint64(len(s)) > math.MaxUint32 {
		return Scopes{}, fmt.Errorf("webapi: scope list: %d bytes are too many", len(s))
	}
	// Of a list no more than every second byte is a separator, which is not
	// to say that s is one.
	set := makeScopes(s, min(strings.Count(s, " "), len(s)/2)+1)
	for start := 0; ; {
		end := start
		for end < len(s) && scopeBytes[s[end]] {
			end++
		}
		if end == start || end < len(s) && s[end] != ' ' {
			return Scopes{}, unexpected(s, end)
		}
		set.add(start, end)
		if end == len(s) {
			return set, nil
		}
		start = end + 1
	}
}

// MakeScopes returns the set of the given scopes. What is not a scope-token of
// RFC 6749, section 3.3, such as "" or "a b", is left out: nobody can hold it.
func MakeScopes(scopes ...Scope) Scopes {
	list := joinScopes(slices.DeleteFunc(slices.Clone(scopes), func(s Scope) bool { return !s.valid() }), " ")
	set, _ := ParseScopes(list) // fails for more than fits in memory, and then holds nothing
	return set
}

// Has reports whether the set holds scope. It takes the same time for a set of
// any size and does not allocate.
func (s Scopes) Has(scope Scope) bool { return s.has(scope, scope.hash()) }

// has is Has with the hash of scope.
func (s *Scopes) has(scope Scope, hash uint64) bool {
	if s.n == 0 {
		return false
	}
	_, found := s.find(scope, hash)
	return found
}

// All returns the scopes in ascending byte order.
func (s Scopes) All() iter.Seq[Scope] {
	return slices.Values(s.sorted())
}

// Len returns the number of scopes.
func (s Scopes) Len() int { return s.n }

// String returns the scope list that [ParseScopes] reads, in ascending byte
// order.
func (s Scopes) String() string { return joinScopes(s.sorted(), " ") }

func (s Scopes) sorted() []Scope {
	all := make([]Scope, 0, s.n)
	for _, at := range s.table {
		if at.end != 0 {
			all = append(all, s.at(at))
		}
	}
	slices.Sort(all)
	return all
}

// makeScopes returns an empty set with room for n scopes of list, of which at
// least half of the slots stays free.
func makeScopes(list string, n int) Scopes {
	return Scopes{list: list, table: make([]span, 1<<bits.Len(uint(2*n-1)))}
}

// add adds the scope from start to end in the list.
func (s *Scopes) add(start, end int) {
	scope := Scope(s.list[start:end])
	hash := scope.hash()
	if i, found := s.find(scope, hash); !found {
		s.table[i] = span{uint32(start), uint32(end)}
		s.n++
		s.marks |= mark(hash)
	}
}

func (s *Scopes) at(at span) Scope { return Scope(s.list[at.start:at.end]) }

// hash returns the hash of s in this process.
func (s Scope) hash() uint64 { return maphash.String(seed, string(s)) }

// mark returns the bit of a scope with this hash. It is not among the bits that
// choose a slot.
func mark(hash uint64) uint64 { return 1 << (hash >> 58) }

// find returns the slot of scope, or the free one where it would be.
func (s *Scopes) find(scope Scope, hash uint64) (slot int, found bool) {
	mask := len(s.table) - 1
	for i := int(hash) & mask; ; i = (i + 1) & mask {
		switch at := s.table[i]; {
		case at.end == 0:
			return i, false
		case s.at(at) == scope:
			return i, true
		}
	}
}

// unexpected returns the error of a scope list whose byte i, or whose end, stands
// where the grammar has no place for it.
func unexpected(s string, i int) error {
	switch {
	case i == len(s):
		return fmt.Errorf("webapi: scope list: want a scope at byte %d, got the end", i)
	case s[i] == ' ':
		return fmt.Errorf("webapi: scope list: want a scope at byte %d, got a space", i)
	default:
		return fmt.Errorf("webapi: scope list: %q at byte %d cannot be part of a scope", s[i:i+1], i)
	}
}

// valid reports whether s is a scope-token of RFC 6749, section 3.3.
func (s Scope) valid() bool {
	for i := range len(s) {
		if !scopeBytes[s[i]] {
			return false
		}
	}
	return s != ""
}

// scopeBytes says which bytes a scope may have: NQCHAR of RFC 6749, appendix A,
// the visible ASCII characters other than the double quote and the backslash.
var scopeBytes = func() (is [256]bool) {
	for c := byte('!'); c <= '~'; c++ {
		is[c] = c != '"' && c != '\\'
	}
	return is
}()

func joinScopes(scopes []Scope, sep string) string {
	var b strings.Builder
	for i, s := range scopes {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(string(s))
	}
	return b.String()
}
