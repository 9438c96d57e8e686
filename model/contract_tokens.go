package model

import (
	"cmp"
	"slices"
	"strings"
)

// named returns the scopes of the resource and those that it requires.
func (r *Resource) named() []ScopeRef {
	var all []ScopeRef
	for _, s := range r.Scopes {
		all = append(all, s.ScopeRef)
	}
	for _, m := range r.Methods {
		for _, scopes := range m.Requires {
			for _, s := range scopes {
				if !slices.Contains(all, s) {
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// holders returns lists of scopes, of those that the resource names, that tell
// its requirements from all others: each alternative is met, and each list to
// which any further scope would add one is not. Besides, so that people see what
// a scope alone can do: none, each, each alternative less one, and all.
func (r *Resource) holders(all []ScopeRef) [][]ScopeRef {
	var list [][]ScopeRef
	add := func(keep func(ScopeRef) bool) {
		held := slices.DeleteFunc(slices.Clone(all), func(s ScopeRef) bool { return !keep(s) })
		if !slices.ContainsFunc(list, func(other []ScopeRef) bool { return slices.Equal(other, held) }) {
			list = append(list, held)
		}
	}
	add(func(ScopeRef) bool { return false })
	for _, one := range all {
		add(func(s ScopeRef) bool { return s == one })
	}
	for _, group := range r.Grouped() {
		for _, needed := range group.Requires {
			add(func(s ScopeRef) bool { return slices.Contains(needed, s) })
			for _, less := range needed {
				add(func(s ScopeRef) bool { return s != less && slices.Contains(needed, s) })
			}
		}
		for _, lacking := range group.Requires.refusals() {
			add(func(s ScopeRef) bool { return !slices.Contains(lacking, s) })
		}
	}
	add(func(ScopeRef) bool { return true })
	slices.SortStableFunc(list, func(a, b []ScopeRef) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.CompareFunc(a, b, func(s, t ScopeRef) int {
			return cmp.Compare(slices.Index(all, s), slices.Index(all, t))
		}))
	})
	return list
}

// refusals returns the smallest lists of scopes such that who lacks one of the
// lists does not meet q. They can be many where the alternatives are; then it
// returns none.
func (q Requirement) refusals() Requirement {
	lists := Requirement{nil}
	for _, needed := range q {
		var next Requirement
		for _, lacking := range lists {
			if slices.ContainsFunc(needed, func(s ScopeRef) bool { return slices.Contains(lacking, s) }) {
				next = next.or(lacking)
				continue
			}
			for _, s := range needed {
				next = next.or(append(slices.Clone(lacking), s))
			}
		}
		if lists = next; len(lists) > maxAlternatives {
			return nil
		}
	}
	return lists
}

// with returns the scopes of a token as package webapitest writes them.
func with(held []ScopeRef) string {
	if len(held) == 0 {
		return " without scopes"
	}
	return " with " + strings.Join(scopeValues(held), " ")
}
