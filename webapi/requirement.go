package webapi

import (
	"slices"
	"strings"
)

// Requirement is the scopes that a request needs: a list of alternatives, of which
// one suffices, each a list of scopes that are all needed. It is immutable. No
// set of scopes meets the zero value.
type Requirement struct {
	_     [0]func() // not comparable, as == would compare pointers
	scope Scope     // the only scope, if anyOf is nil
	anyOf *[]hashedScopes
}

// hashedScopes is an alternative with the hashes of its scopes, so that a guard
// need not compute them for each request.
type hashedScopes struct {
	scopes []hashedScope
	filter uint64 // of all scopes that nothing grants, see Scopes.filter
}

type hashedScope struct {
	scope Scope
	hash  uint64
	by    []hashedScope // in place of which a token may have it
}

// Alternative is a list of scopes that together meet a [Requirement]. It is
// immutable. No set of scopes meets the zero value.
type Alternative struct {
	_      [0]func() // not comparable, as == would compare pointers
	scopes *[]Scope
}

// Require returns the requirement of a single scope. It does not allocate.
func Require(s Scope) Requirement { return Requirement{scope: s} }

// AnyOf returns the requirement of any one of the alternatives. It leaves out an
// alternative that no token can have: an empty one, and one with a scope that is
// not a scope-token of RFC 6749, section 3.3. If none is left, no set of scopes
// meets the requirement.
//
//go:noinline
func AnyOf(alternatives ...Alternative) Requirement {
	// Not inlined, because the function that initializes a package with
	// hundreds of requirements would be huge.
	list := make([]hashedScopes, 0, len(alternatives))
	for _, a := range alternatives {
		if !a.possible() {
			continue
		}
		var all hashedScopes
		for _, s := range *a.scopes {
			hash := s.hash()
			all.scopes, all.filter = append(all.scopes, hashedScope{scope: s, hash: hash}), all.filter|filterBit(hash)
		}
		list = append(list, all)
	}
	return Requirement{anyOf: &list}
}

// GrantedBy returns the requirement in which a token with any scope of by counts as one
// that has scope too: one that implies scope, or an alias of it. Challenges and texts
// name scope alone. The other scopes of the requirement are not affected.
func (q Requirement) GrantedBy(scope Scope, by ...Scope) Requirement {
	var granting []hashedScope
	for _, s := range by {
		if s.valid() { // else no token has it
			granting = append(granting, hashedScope{scope: s, hash: s.hash()})
		}
	}
	if q.anyOf == nil {
		q = AnyOf(AllOf(q.scope))
	}
	list := slices.Clone(*q.anyOf)
	for i := range list {
		all := &list[i]
		all.scopes, all.filter = slices.Clone(all.scopes), 0
		for j := range all.scopes {
			s := &all.scopes[j]
			if s.scope == scope {
				s.by = slices.Concat(s.by, granting)
			}
			if len(s.by) == 0 {
				all.filter |= filterBit(s.hash)
			}
		}
	}
	return Requirement{anyOf: &list}
}

// AllOf returns the alternative that needs all of the scopes, in their order and
// without duplicates.
//
//go:noinline
func AllOf(scopes ...Scope) Alternative { // not inlined, as AnyOf
	list := distinct(scopes)
	return Alternative{scopes: &list}
}

// distinct returns the scopes in their order, without duplicates.
func distinct(scopes []Scope) []Scope {
	var list []Scope
	for _, s := range scopes {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// Met reports whether held has all scopes of an alternative. It does not allocate.
func (q Requirement) Met(held Scopes) bool { return q.met(&held) }

func (q *Requirement) met(held *Scopes) bool {
	if q.anyOf == nil {
		return held.has(q.scope, q.scope.hash())
	}
	for i := range *q.anyOf {
		if all := &(*q.anyOf)[i]; all.filter&^held.filter == 0 && held.hasAll(all.scopes) {
			return true
		}
	}
	return false
}

// Missing returns the scopes of an alternative that held lacks: of the alternative
// with the fewest such scopes, the first declared if there are several. It
// returns nil if held meets the requirement, and if no set of scopes can.
func (q Requirement) Missing(held Scopes) []Scope {
	_, missing := q.nearest(held)
	return missing
}

// Alternatives returns a copy of the alternatives in the order of their
// declaration, each with at least one scope. It returns nil if no set of scopes
// can meet the requirement.
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

// String returns the text of [Alternatives.String].
func (q Requirement) String() string { return q.Alternatives().String() }

// nearest returns the alternative of which held lacks the fewest scopes, the first
// declared if there are several, and the scopes that it lacks.
func (q Requirement) nearest(held Scopes) (needed, missing []Scope) {
	if q.anyOf == nil {
		q = AnyOf(AllOf(q.scope))
	}
	for _, all := range *q.anyOf {
		var scopes, lacks []Scope
		for i := range all.scopes {
			s := &all.scopes[i]
			scopes = append(scopes, s.scope)
			if !held.grants(s) {
				lacks = append(lacks, s.scope)
			}
		}
		if needed == nil || len(lacks) < len(missing) {
			needed, missing = scopes, lacks
		}
	}
	return needed, missing
}

// hasAll reports whether the set has all of the scopes.
func (s *Scopes) hasAll(all []hashedScope) bool {
	for i := range all {
		if !s.grants(&all[i]) {
			return false
		}
	}
	return true
}

// grants reports whether the set has the scope or one that grants it.
func (s *Scopes) grants(scope *hashedScope) bool {
	if s.has(scope.scope, scope.hash) {
		return true
	}
	for i := range scope.by {
		if by := &scope.by[i]; s.has(by.scope, by.hash) {
			return true
		}
	}
	return false
}

// possible reports whether a token can have all scopes of a.
func (a Alternative) possible() bool {
	return a.scopes != nil && len(*a.scopes) > 0 && !slices.ContainsFunc(*a.scopes, func(s Scope) bool { return !s.valid() })
}

// Alternatives are the alternatives of a [Requirement] as plain data: each is a
// list of scopes that are all needed. They are for display; no guard uses them.
type Alternatives [][]Scope

// String returns a text such as
// "repository:destroy or (org:admin and repository:write)". It leaves out an
// alternative without scopes. The text for none is "nothing grants this".
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
