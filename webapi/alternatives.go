package webapi

import (
	"slices"
	"strings"
)

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
