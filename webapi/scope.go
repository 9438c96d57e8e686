package webapi

import (
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// Scope is a scope-token of RFC 6749, section 3.3, such as "repository:read".
// Scopes are compared byte by byte: case matters, and a scope implies another one only
// where a requirement says so, see [Requirement.GrantedBy].
type Scope string

// Scopes is an immutable set of scope-tokens of RFC 6749, section 3.3. The zero
// value is the empty set.
type Scopes struct {
	list string // the text of the scopes
	n    int    // the number of scopes
	// filter is a Bloom filter with one bit for each scope: a set without the bit
	// of a scope does not have it. It saves most look-ups for alternatives that
	// the set does not meet.
	filter uint64
	// table is a hash table with linear probing. Its length is a power of two.
	// It has no pointers, so that the garbage collector does not scan the sets of
	// a token cache.
	table []span
}

// span is the position of a scope in a list. A span that ends at 0 is a free slot.
type span struct{ start, end uint32 }

// seed differs in each process, so that a client cannot choose scopes that collide.
var seed = maphash.MakeSeed()

// ParseScopes parses a scope list by the grammar of RFC 6749, section 3.3:
// scope-tokens with one space between them. Duplicates are ignored. The empty
// string, which the grammar does not allow, is the empty set, for an absent scope
// parameter. The error has the offset of the wrong byte, but not the list. For the
// claims of a token use [ScopesFromClaims], which accepts what issuers write, such as
// several spaces between the scopes. The error wraps [ErrLoginFailed] as well, so that
// a [Verifier] that returns it rejects the token.
//
// The set shares memory with s.
func ParseScopes(s string) (Scopes, error) {
	if s == "" {
		return Scopes{}, nil
	}
	if uint64(len(s)) > math.MaxUint32 {
		return Scopes{}, invalidClaim("webapi: scope list: %d bytes are too many", len(s))
	}
	set := makeScopes(s, strings.Count(s, " ")+1)
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

// MakeScopes returns the set of the given scopes, without those that are not a
// scope-token of RFC 6749, section 3.3, such as "" and "a b".
func MakeScopes(scopes ...Scope) Scopes {
	list := joinScopes(slices.DeleteFunc(slices.Clone(scopes), func(s Scope) bool { return !s.valid() }), " ")
	set, _ := ParseScopes(list) // the set is empty if the list is too long
	return set
}

// Has reports whether the set has scope. It takes constant time and does not
// allocate.
func (s Scopes) Has(scope Scope) bool { return s.has(scope, scope.hash()) }

// has is Has, given the hash of scope.
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

// String returns the scope list, in ascending byte order, that [ParseScopes]
// parses.
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

// scopeClaims are the names that issuers use for the claim of scopes. The
// registered one is scope (RFC 8693, section 4.2; RFC 9068, section 2.2.3).
var scopeClaims = [...]string{"scope", "scp", "scopes"}

// ScopesFromClaims returns the scopes in the claims of a JWT, or in the members of
// an introspection response (RFC 7662, section 2.2). It reads scope, scp and
// scopes with [ParseScopeClaim]. If there are several, they must have the same
// scopes. If there is none, the set is empty, and the token grants nothing.
//
// The error wraps [ErrLoginFailed], since a token with such a claim is invalid: a
// [Verifier] or [SessionStore] that returns it rejects the token, and the
// middleware logs the reason as a warning.
func ScopesFromClaims(claims map[string]any) (Scopes, error) {
	var held Scopes
	first := ""
	for _, name := range scopeClaims {
		claim, ok := claims[name]
		if !ok {
			continue
		}
		scopes, err := ParseScopeClaim(claim)
		if err != nil {
			return Scopes{}, invalidClaim("webapi: claim %s: %v", name, err)
		}
		if first != "" && scopes.String() != held.String() {
			return Scopes{}, invalidClaim("webapi: the claims %s and %s differ", first, name)
		}
		if first == "" {
			held, first = scopes, name
		}
	}
	return held, nil
}

// ParseScopeClaim returns the scopes in the value of a claim, as encoding/json
// decodes it. It accepts the forms that issuers use:
//
//   - a string with one or more spaces between the scopes, and any number of spaces
//     before and after them
//   - a string with one comma and no space between the scopes
//   - a list of strings, each one scope
//
// An ambiguous value is an error: a string with commas and spaces, and an element
// of a list with either. So is any other type, including null. A scope with a
// comma, which RFC 6749 allows, is therefore not supported. The error wraps
// [ErrLoginFailed], as that of [ScopesFromClaims].
func ParseScopeClaim(claim any) (Scopes, error) {
	scopes, err := parseScopeClaim(claim)
	if err != nil {
		return Scopes{}, invalidClaim("%v", err)
	}
	return scopes, nil
}

// A claimError is the error of a claim that is wrong, which makes the token
// invalid. Its text has nothing of the claim's value that is longer than a byte.
type claimError struct{ text string }

func (e *claimError) Error() string { return e.text }

// Unwrap returns [ErrLoginFailed].
func (e *claimError) Unwrap() error { return ErrLoginFailed }

// asClaimError returns the claimError in the tree of err, or nil.
func asClaimError(err error) *claimError {
	var e *claimError
	errors.As(err, &e)
	return e
}

func invalidClaim(format string, args ...any) error {
	return &claimError{fmt.Sprintf(format, args...)}
}

func parseScopeClaim(claim any) (Scopes, error) {
	switch claim := claim.(type) {
	case string:
		return parseScopeString(claim)
	case []string:
		list := make([]any, len(claim))
		for i, s := range claim {
			list[i] = s
		}
		return parseScopeList(list)
	case []any:
		return parseScopeList(claim)
	}
	return Scopes{}, fmt.Errorf("webapi: scope list: want a string or a list of strings, got %T", claim)
}

func parseScopeString(s string) (Scopes, error) {
	if !strings.Contains(s, ",") {
		words := strings.FieldsFunc(s, func(c rune) bool { return c == ' ' })
		return ParseScopes(strings.Join(words, " "))
	}
	if strings.Contains(s, " ") {
		return Scopes{}, errors.New("webapi: scope list: commas and spaces")
	}
	var list []any
	for element := range strings.SplitSeq(s, ",") {
		list = append(list, element)
	}
	return parseScopeList(list)
}

func parseScopeList(list []any) (Scopes, error) {
	scopes := make([]Scope, len(list))
	for i, element := range list {
		s, ok := element.(string)
		if !ok {
			return Scopes{}, fmt.Errorf("webapi: scope list: want a string as element %d, got %T", i, element)
		}
		if !Scope(s).valid() || strings.Contains(s, ",") {
			return Scopes{}, fmt.Errorf("webapi: scope list: element %d is not one scope", i)
		}
		scopes[i] = Scope(s)
	}
	return MakeScopes(scopes...), nil
}

// makeScopes returns an empty set with a capacity for n scopes of list, at which
// at least half of its slots are free.
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
		s.filter |= filterBit(hash)
	}
}

func (s *Scopes) at(at span) Scope { return Scope(s.list[at.start:at.end]) }

// hash returns the hash of s in this process.
func (s Scope) hash() uint64 { return maphash.String(seed, string(s)) }

// filterBit returns the bit of Scopes.filter for a scope with this hash. It uses
// other bits of the hash than find does.
func filterBit(hash uint64) uint64 { return 1 << (hash >> 58) }

// find returns the slot of scope, or the free slot for it.
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

// unexpected returns the error of a scope list that has a wrong byte at i, or
// that ends there too early.
func unexpected(s string, i int) error {
	switch {
	case i == len(s):
		return invalidClaim("webapi: scope list: want a scope at byte %d, got the end", i)
	case s[i] == ' ':
		return invalidClaim("webapi: scope list: want a scope at byte %d, got a space", i)
	default:
		return invalidClaim("webapi: scope list: %q at byte %d cannot be part of a scope", s[i:i+1], i)
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

// scopeBytes reports which bytes a scope may have: NQCHAR of RFC 6749, appendix
// A, which is visible ASCII without the double quote and the backslash.
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
