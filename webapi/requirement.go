package webapi

import (
	"slices"
	"strings"
)

// Requirement is what a request needs: alternatives, of which one is enough,
// each a list of scopes that are all needed. It is immutable. The zero value
// is met by nobody.
type Requirement struct {
	_     [0]func() // == would compare pointers
	scope Scope     // the requirement of one scope
	anyOf *[]need   // if not nil, it counts and scope does not
}

// need is an alternative as a guard asks for it.
type need struct {
	scopes []needed
	marks  uint64 // of all of them, see Scopes.marks
}

// needed is a scope with its hash, so that a guard need not reckon the hashes of
// several scopes for each request.
type needed struct {
	scope Scope
	hash  uint64
}

// Alternative is one way to meet a [Requirement]: a list of scopes that are
// all needed. It is immutable. The zero value is met by nobody.
type Alternative struct {
	_      [0]func() // == would compare pointers
	scopes *[]Scope
}

// Require returns the requirement of one scope. It does not allocate.
func Require(s Scope) Requirement { return Requirement{scope: s} }

// AnyOf returns the requirement that any one of the alternatives is wholly
// held. An alternative that nobody can hold is left out: an empty one, and one
// that lists what is not a scope-token of RFC 6749, section 3.3. If none is
// left, nobody meets the requirement.
//
//go:noinline
func AnyOf(alternatives ...Alternative) Requirement {
	// Not inlined, since a package makes all of its requirements in one
	// function, which the code of hundreds would make huge.
	kept := make([]need, 0, len(alternatives))
	for _, a := range alternatives {
		if !a.possible() {
			continue
		}
		var n need
		for _, s := range *a.scopes {
			hash := s.hash()
			n.scopes, n.marks = append(n.scopes, needed{s, hash}), n.marks|mark(hash)
		}
		kept = append(kept, n)
	}
	return Requirement{anyOf: &kept}
}

// AllOf returns the alternative that needs every one of the scopes. It keeps
// their order and a copy.
//
//go:noinline
func AllOf(scopes ...Scope) Alternative {
	var kept []Scope // not inlined, as AnyOf
	for _, s := range scopes {
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	return Alternative{scopes: &kept}
}

// Met reports whether one alternative is wholly held. It does not allocate.
func (q Requirement) Met(held Scopes) bool { return q.met(&held) }

func (q *Requirement) met(held *Scopes) bool {
	if q.anyOf == nil {
		return held.has(q.scope, q.scope.hash())
	}
	for i := range *q.anyOf {
		if n := &(*q.anyOf)[i]; n.marks&^held.marks == 0 && held.hasAll(n.scopes) {
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
func (q Requirement) Alternatives() Alternatives {
	if q.anyOf == nil {
		if q.scope.valid() {
			return Alternatives{{q.scope}}
		}
		return nil
	}
	var all Alternatives
	for _, alternative := range *q.anyOf {
		var scopes []Scope
		for _, n := range alternative.scopes {
			scopes = append(scopes, n.scope)
		}
		all = append(all, scopes)
	}
	return all
}

// String returns the requirement for people to read, as its [Alternatives] do.
func (q Requirement) String() string { return q.Alternatives().String() }

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

// hasAll reports whether the set holds all of the scopes, of which there is at
// least one.
func (s *Scopes) hasAll(all []needed) bool {
	for i := range all {
		if !s.has(all[i].scope, all[i].hash) {
			return false
		}
	}
	return true
}

// possible reports whether anybody can hold a.
func (a Alternative) possible() bool {
	return a.scopes != nil && len(*a.scopes) > 0 && !slices.ContainsFunc(*a.scopes, func(s Scope) bool { return !s.valid() })
}

// Alternatives are what a [Requirement] says, as plain data: alternatives, of
// which one is enough, each a list of scopes that are all needed. Nothing is
// decided by them.
type Alternatives [][]Scope

// String returns the alternatives for people to read, such as
// "repository:destroy or (org:admin and repository:write)". One without any scope,
// which nothing grants either, is left out.
func (a Alternatives) String() string {
	a = slices.DeleteFunc(slices.Clone(a), func(scopes []Scope) bool { return len(scopes) == 0 })
	if len(a) == 0 {
		return "nothing grants this"
	}
	var b strings.Builder
	for i, scopes := range a {
		if i > 0 {
			b.WriteString(" or ")
		}
		text := joinScopes(scopes, " and ")
		if len(a) > 1 && len(scopes) > 1 {
			text = "(" + text + ")"
		}
		b.WriteString(text)
	}
	return b.String()
}

func (a Alternatives) clone() Alternatives {
	a = slices.Clone(a)
	for i := range a {
		a[i] = slices.Clone(a[i])
	}
	return a
}
