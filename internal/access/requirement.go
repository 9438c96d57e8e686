package access

import (
	"slices"

	"github.com/webapi-gen/webapi-gen/model"
)

// A Requirement is a list of alternatives, each of which is a list of scopes
// that are all needed. An empty one is met by nobody, and so is an empty
// alternative: as in the runtime, what asks for nothing is a mistake.
type Requirement [][]string

// Of returns what a method requires.
func Of(q model.Requirement) Requirement {
	r := make(Requirement, len(q))
	for i, all := range q {
		r[i] = make([]string, len(all))
		for j, s := range all {
			r[i][j] = s.Value
		}
	}
	return r
}

// Met reports whether a token with the scopes gets past the requirement.
func (r Requirement) Met(held []string) bool {
	missing, ok := r.Missing(held)
	return ok && len(missing) == 0
}

// Naming returns the alternatives that name one of the scopes.
func (r Requirement) Naming(scopes []string) Requirement {
	return slices.DeleteFunc(slices.Clone(r), func(all []string) bool { return !names(all, scopes) })
}

// Without returns the alternatives that name none of the scopes.
func (r Requirement) Without(scopes []string) Requirement {
	return slices.DeleteFunc(slices.Clone(r), func(all []string) bool { return names(all, scopes) })
}

func names(all, scopes []string) bool {
	return slices.ContainsFunc(all, func(s string) bool { return slices.Contains(scopes, s) })
}

// Missing returns what a token with the scopes lacks of one alternative: the one
// of which it lacks the fewest, and then the first, as in the challenge of the
// runtime. It returns false if no scope would help.
func (r Requirement) Missing(held []string) ([]string, bool) {
	var fewest []string
	found := false
	for _, all := range r {
		if len(all) == 0 {
			continue
		}
		var missing []string
		for _, s := range all {
			if !slices.Contains(held, s) && !slices.Contains(missing, s) {
				missing = append(missing, s)
			}
		}
		if !found || len(missing) < len(fewest) {
			fewest, found = missing, true
		}
	}
	return fewest, found
}
