package model

import (
	"slices"
	"strings"
)

// A Requirement is a list of alternatives, each a list of scopes that are all
// required. As in the runtime, no token meets an empty requirement or an empty
// alternative.
type Requirement [][]ScopeRef

// A ScopeRef is a scope as a requirement names it.
type ScopeRef struct {
	Value string
	Const string // the constant that stands for it in generated code; "" if none is visible there
}

// MetBy reports whether a token with the scopes meets the requirement: it has
// all scopes of one alternative.
func (q Requirement) MetBy(scopes []string) bool {
	missing, ok := q.Missing(scopes)
	return ok && len(missing) == 0
}

// Missing returns the scopes that a token lacks: those of the alternative of
// which it lacks the fewest, the first of several, as the challenge of the
// runtime does. It returns false if no scope would help.
func (q Requirement) Missing(scopes []string) (fewest []string, ok bool) {
	for _, all := range q {
		if len(all) == 0 {
			continue
		}
		var missing []string
		for _, s := range all {
			if !slices.Contains(scopes, s.Value) && !slices.Contains(missing, s.Value) {
				missing = append(missing, s.Value)
			}
		}
		if !ok || len(missing) < len(fewest) {
			fewest, ok = missing, true
		}
	}
	return fewest, ok
}

// Naming returns the alternatives that name one of the scopes.
func (q Requirement) Naming(scopes []string) Requirement {
	return slices.DeleteFunc(slices.Clone(q), func(all []ScopeRef) bool { return !namesAny(all, scopes) })
}

// Without returns the alternatives that name none of the scopes.
func (q Requirement) Without(scopes []string) Requirement {
	return slices.DeleteFunc(slices.Clone(q), func(all []ScopeRef) bool { return namesAny(all, scopes) })
}

func namesAny(all []ScopeRef, scopes []string) bool {
	return slices.ContainsFunc(all, func(s ScopeRef) bool { return slices.Contains(scopes, s.Value) })
}

// Values returns the values of the scopes of each alternative.
func (q Requirement) Values() [][]string {
	list := make([][]string, len(q))
	for i, all := range q {
		list[i] = scopeValues(all)
	}
	return list
}

func scopeValues(all []ScopeRef) []string {
	list := make([]string, len(all))
	for i, s := range all {
		list[i] = s.Value
	}
	return list
}

// Canonical returns the requirement with the scopes of each alternative, and the
// alternatives, in the order of their values. The order means nothing to a guard.
func (q Requirement) Canonical() Requirement {
	byValue := func(s, t ScopeRef) int { return strings.Compare(s.Value, t.Value) }
	list := make(Requirement, len(q))
	for i, all := range q {
		list[i] = slices.SortedFunc(slices.Values(all), byValue)
	}
	slices.SortFunc(list, func(a, b []ScopeRef) int { return slices.CompareFunc(a, b, byValue) })
	return list
}

// Compound reports whether the requirement is more than a single scope.
func (q Requirement) Compound() bool { return len(q) > 1 || len(q) == 1 && len(q[0]) > 1 }

// equals reports whether both requirements name the same scopes in the same order.
func (q Requirement) equals(other Requirement) bool {
	return slices.EqualFunc(q, other, func(a, b []ScopeRef) bool {
		return slices.EqualFunc(a, b, func(s, t ScopeRef) bool { return s.Value == t.Value })
	})
}

// String returns the requirement as people write it: "a or (b and c)".
func (q Requirement) String() string {
	alternatives := make([]string, len(q))
	for i, all := range q {
		alternatives[i] = strings.Join(scopeValues(all), " and ")
		if len(q) > 1 && len(all) > 1 {
			alternatives[i] = "(" + alternatives[i] + ")"
		}
	}
	return strings.Join(alternatives, " or ")
}
