package webapi

import (
	"fmt"
	"hash/maphash"
	"iter"
	"slices"
	"strings"
)

// Scope is one scope-token of RFC 6749, section 3.3, such as "repository:read".
// Scopes compare byte by byte: case matters, and none implies another.
type Scope string

// Scopes is an immutable set of scopes. The zero value is the empty set. It
// holds nothing but scope-tokens of RFC 6749, section 3.3.
type Scopes struct {
	// table is a hash table with linear probing, its length a power of two.
	// "" marks a free slot, of which there is always one.
	table []Scope
	n     int
}

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
	if err := checkScopes(s); err != nil {
		return Scopes{}, err
	}
	set := makeScopes(strings.Count(s, " ") + 1)
	for token := range strings.SplitSeq(s, " ") {
		set.add(Scope(token))
	}
	return set, nil
}

// MakeScopes returns the set of the given scopes. What is not a scope-token of
// RFC 6749, section 3.3, such as "" or "a b", is left out: nobody can hold it.
func MakeScopes(scopes ...Scope) Scopes {
	if len(scopes) == 0 {
		return Scopes{}
	}
	set := makeScopes(len(scopes))
	for _, s := range scopes {
		if s.valid() {
			set.add(s)
		}
	}
	return set
}

// Has reports whether the set holds scope. It takes the same time for a set of
// any size and does not allocate.
func (s Scopes) Has(scope Scope) bool {
	return s.n > 0 && scope != "" && s.table[s.slot(scope)] == scope
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
	for _, scope := range s.table {
		if scope != "" {
			all = append(all, scope)
		}
	}
	slices.Sort(all)
	return all
}

// makeScopes returns an empty set with room for n scopes, of which at least a
// quarter of the slots stays free.
func makeScopes(n int) Scopes {
	size := 2
	for size*3/4 < n {
		size *= 2
	}
	return Scopes{table: make([]Scope, size)}
}

func (s *Scopes) add(scope Scope) {
	if i := s.slot(scope); s.table[i] == "" {
		s.table[i] = scope
		s.n++
	}
}

// slot returns where scope is, or the free slot where it would be.
func (s Scopes) slot(scope Scope) int {
	mask := len(s.table) - 1
	i := int(maphash.String(seed, string(scope))) & mask
	for s.table[i] != scope && s.table[i] != "" {
		i = (i + 1) & mask
	}
	return i
}

// checkScopes returns what keeps s from being a scope list, or nil.
func checkScopes(s string) error {
	space := true // the byte before was a space, or there was none
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && space:
			return fmt.Errorf("webapi: scope list: want a scope at byte %d, got a space", i)
		case c != ' ' && !isScopeByte(c):
			return fmt.Errorf("webapi: scope list: %q at byte %d cannot be part of a scope", s[i:i+1], i)
		}
		space = s[i] == ' '
	}
	if space {
		return fmt.Errorf("webapi: scope list: want a scope at byte %d, got the end", len(s))
	}
	return nil
}

// valid reports whether s is a scope-token of RFC 6749, section 3.3.
func (s Scope) valid() bool {
	for i := range len(s) {
		if !isScopeByte(s[i]) {
			return false
		}
	}
	return s != ""
}

// isScopeByte reports whether c is a NQCHAR of RFC 6749, appendix A: a visible
// ASCII character other than the double quote and the backslash.
func isScopeByte(c byte) bool {
	return c > ' ' && c < 0x7f && c != '"' && c != '\\'
}

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
