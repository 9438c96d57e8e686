package webapi

import (
	"slices"
	"strings"
)

// Requirement is what a request needs: alternatives, of which one is enough,
// each a list of scopes that are all needed. It is immutable. The zero value
// is met by nobody.
type Requirement struct {
	_     [0]func()      // keeps == from comparing pointers
	scope Scope          // the requirement of one scope
	anyOf *[]Alternative // if not nil, it counts and scope does not
}

// Alternative is one way to meet a [Requirement]: a list of scopes that are
// all needed. It is immutable. The zero value is met by nobody.
type Alternative struct {
	scopes []Scope
	hashes []uint64 // theirs, so that a guard need not reckon them for each request
}

// Require returns the requirement of one scope. It does not allocate.
func Require(s Scope) Requirement { return Requirement{scope: s} }

// AnyOf returns the requirement that any one of the alternatives is wholly
// held. An alternative that nobody can hold is left out: an empty one, and one
// that lists what is not a scope-token of RFC 6749, section 3.3. If none is
// left, nobody meets the requirement.
func AnyOf(alternatives ...Alternative) Requirement {
	kept := make([]Alternative, 0, len(alternatives))
	for _, a := range alternatives {
		if a.possible() {
			kept = append(kept, a)
		}
	}
	return Requirement{anyOf: &kept}
}

// AllOf returns the alternative that needs every one of the scopes. It keeps
// their order and a copy.
func AllOf(scopes ...Scope) Alternative {
	var a Alternative
	for _, s := range scopes {
		if !slices.Contains(a.scopes, s) {
			a.scopes, a.hashes = append(a.scopes, s), append(a.hashes, s.hash())
		}
	}
	return a
}

// Met reports whether one alternative is wholly held. It does not allocate.
func (q Requirement) Met(held Scopes) bool {
	return q.met(&held)
}

func (q *Requirement) met(held *Scopes) bool {
	if q.anyOf == nil {
		return held.has(q.scope, q.scope.hash())
	}
	for i := range *q.anyOf {
		if (*q.anyOf)[i].met(held) {
			return true
		}
	}
	return false
}

// Missing returns the scopes that held lacks of the alternative with the
// fewest such scopes; of equals the first declared. It returns nil if the
// requirement is met, and if nobody can meet it.
func (q Requirement) Missing(held Scopes) []Scope {
	_, missing := q.nearest(held)
	return missing
}

// Alternatives returns the alternatives in the order of their declaration,
// each with at least one scope. It is a copy; nil says that nobody can meet the
// requirement.
func (q Requirement) Alternatives() [][]Scope {
	if q.anyOf == nil {
		if q.scope.valid() {
			return [][]Scope{{q.scope}}
		}
		return nil
	}
	var all [][]Scope
	for _, a := range *q.anyOf {
		all = append(all, slices.Clone(a.scopes))
	}
	return all
}

// String returns the requirement for people to read, such as
// "repository:destroy or (org:admin and repository:write)".
func (q Requirement) String() string {
	all := q.Alternatives()
	if len(all) == 0 {
		return "nothing grants this"
	}
	var b strings.Builder
	for i, scopes := range all {
		if i > 0 {
			b.WriteString(" or ")
		}
		text := joinScopes(scopes, " and ")
		if len(all) > 1 && len(scopes) > 1 {
			text = "(" + text + ")"
		}
		b.WriteString(text)
	}
	return b.String()
}

// nearest returns the alternative with the fewest scopes missing from held, and
// those scopes; of equals the first declared.
func (q Requirement) nearest(held Scopes) (needed, missing []Scope) {
	for _, scopes := range q.Alternatives() {
		var lacks []Scope
		for _, s := range scopes {
			if !held.Has(s) {
				lacks = append(lacks, s)
			}
		}
		if needed == nil || len(lacks) < len(missing) {
			needed, missing = scopes, lacks
		}
	}
	return needed, missing
}

func (a *Alternative) met(held *Scopes) bool {
	for i, s := range a.scopes {
		if !held.has(s, a.hashes[i]) {
			return false
		}
	}
	return len(a.scopes) > 0
}

// possible reports whether anybody can hold a.
func (a Alternative) possible() bool {
	for _, s := range a.scopes {
		if !s.valid() {
			return false
		}
	}
	return len(a.scopes) > 0
}
