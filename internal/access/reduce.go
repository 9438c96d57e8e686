package access

import "slices"

// A clause is a requirement, less what is held already: alternatives of which
// each needs at least one more scope.
type clause []set

// scopes returns all scopes that the clause names.
func (c clause) scopes() set {
	all := c[0]
	for _, alt := range c[1:] {
		all = all.union(alt)
	}
	return all
}

// shortest returns how many scopes the clause takes at least.
func (c clause) shortest() int {
	n := c[0].len()
	for _, alt := range c[1:] {
		n = min(n, alt.len())
	}
	return n
}

// implies reports whether whoever meets c meets other.
func (c clause) implies(other clause) bool {
	return !slices.ContainsFunc(c, func(alt set) bool {
		return !slices.ContainsFunc(other, func(weaker set) bool { return weaker.within(alt) })
	})
}

// without returns the clause for somebody who holds the scopes, without the
// alternatives beside which another asks for no more. It is nil if it is met.
func (c clause) without(held set) clause {
	left := make(clause, 0, len(c))
	for _, alt := range c {
		alt = alt.minus(held)
		if alt.len() == 0 {
			return nil
		}
		if slices.ContainsFunc(left, func(other set) bool { return other.within(alt) }) {
			continue
		}
		left = append(slices.DeleteFunc(left, alt.within), alt)
	}
	return left
}

// reduce takes what every solution has out of the clauses, and then those that
// are met or implied by others. None of this changes which sets are solutions.
func reduce(clauses []clause, held set) (set, []clause) {
	for {
		before := held.len()
		left := make([]clause, 0, len(clauses))
		for _, c := range clauses {
			c = c.without(held)
			switch len(c) {
			case 0:
			case 1:
				held = held.union(c[0])
			default:
				left = append(left, c)
			}
		}
		clauses = left
		if held.len() == before {
			return held, unimplied(clauses)
		}
	}
}

// unimplied drops the clauses that others imply. Of several equal ones the last
// is kept.
func unimplied(clauses []clause) []clause {
	for i := 0; i < len(clauses); {
		implied := false
		for j, other := range clauses {
			if implied = j != i && other.implies(clauses[i]); implied {
				break
			}
		}
		if implied {
			clauses = slices.Delete(clauses, i, i+1)
		} else {
			i++
		}
	}
	return clauses
}

// A part is a problem that has no scope in common with the others.
type part struct {
	scopes  set
	clauses []clause
}

// split returns the independent parts of a problem.
func split(clauses []clause) []part {
	var parts []part
	for _, c := range clauses {
		joint := part{c.scopes(), []clause{c}}
		parts = slices.DeleteFunc(parts, func(p part) bool {
			if !p.scopes.meets(joint.scopes) {
				return false
			}
			joint = part{p.scopes.union(joint.scopes), append(p.clauses, joint.clauses...)}
			return true
		})
		parts = append(parts, joint)
	}
	return parts
}
