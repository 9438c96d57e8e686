package main

import (
	"slices"

	"github.com/webapi-gen/webapi-gen/model"
)

// A solution is a set of scopes that meets requirements.
type solution struct {
	scopes []string // sorted
	least  bool     // no better set exists; false if the search was cut short
}

// maxWork is the number of partial solutions that a search may visit. What people
// write takes a few; the problem is NP-hard.
const maxWork = 20_000

// fewestScopes returns the smallest set of scopes that meets all requirements. Of
// several it returns this one: scopes are ranked by where the requirements first
// name them, and of two sets the better one has the first scope in which they
// differ. If least is false, it is some set that meets the requirements.
//
// It returns false if no token meets one of the requirements.
func fewestScopes(requirements []model.Requirement) (solution, bool) {
	return fewestWithin(requirements, maxWork)
}

func fewestWithin(requirements []model.Requirement, work int) (solution, bool) {
	names, clauses, ok := rank(requirements)
	if !ok {
		return solution{}, false
	}
	s := solver{work: work}
	held, open := reduce(clauses, nil)
	for _, c := range components(open) {
		held = held.union(s.solve(c))
	}
	found := solution{least: !s.unsure}
	for i, name := range names {
		if held.has(i) {
			found.scopes = append(found.scopes, name)
		}
	}
	slices.Sort(found.scopes)
	return found, true
}

// rank numbers the scopes by where they are first named.
func rank(requirements []model.Requirement) (names []string, clauses []clause, ok bool) {
	ranks := map[string]int{}
	for _, q := range requirements {
		for _, s := range slices.Concat(q...) {
			if _, known := ranks[s.Value]; !known {
				ranks[s.Value] = len(names)
				names = append(names, s.Value)
			}
		}
	}
	for _, q := range requirements {
		var c clause
		for _, all := range q {
			if len(all) == 0 {
				continue
			}
			var alternative scopeSet
			for _, s := range all {
				alternative = alternative.union(scopeSet{ranks[s.Value]})
			}
			c = append(c, alternative)
		}
		if len(c) == 0 {
			return nil, nil, false
		}
		clauses = append(clauses, c)
	}
	return names, clauses, true
}

// A solver searches by branch and bound.
type solver struct {
	work   int  // the number of partial solutions that it may still visit
	unsure bool // it may have missed a better solution
}

// solve returns the best solution of a component.
func (s *solver) solve(c component) scopeSet {
	best := greedy(c.clauses, nil)
	if better, ok := s.search(c.clauses, len(best)-1); ok {
		best = better
	}
	if s.work >= 0 {
		best = s.first(c, best)
	}
	s.unsure = s.unsure || s.work < 0
	return best
}

// greedy returns a solution that takes the shortest alternative repeatedly.
func greedy(clauses []clause, held scopeSet) scopeSet {
	for {
		if held, clauses = reduce(clauses, held); len(clauses) == 0 {
			return held
		}
		held = held.union(clauses[0].shortest())
	}
}

// first returns the first in rank of the smallest solutions, of which best is one.
// For one scope after the other it tries whether a smallest solution has it beside
// those chosen before.
func (s *solver) first(c component, best scopeSet) scopeSet {
	var chosen scopeSet
	for _, i := range c.scopes {
		with := chosen.union(scopeSet{i})
		if !best.has(i) {
			rest, ok := s.search(holding(c.clauses, with), len(best)-len(with))
			if !ok {
				continue
			}
			best = with.union(rest)
		}
		chosen = with
	}
	return best
}

// search returns a smallest solution of the clauses, if there is one with at most
// limit scopes. It finds none once the work is used up.
func (s *solver) search(clauses []clause, limit int) (scopeSet, bool) {
	if s.work--; s.work < 0 || limit < 0 {
		return nil, false
	}
	held, open := reduce(clauses, nil)
	limit -= len(held)
	for _, c := range components(open) {
		more, ok := s.branch(c.clauses, limit)
		if !ok {
			return nil, false
		}
		held = held.union(more)
		limit -= len(more)
	}
	return held, limit >= 0
}

// branch tries the alternatives of the clause that has the fewest.
func (s *solver) branch(clauses []clause, limit int) (best scopeSet, found bool) {
	if lowerBound(clauses) > limit {
		return nil, false
	}
	narrow := slices.MinFunc(clauses, func(a, b clause) int { return len(a) - len(b) })
	for _, alternative := range narrow {
		more, ok := s.search(holding(clauses, alternative), limit-len(alternative))
		if ok {
			best, found = alternative.union(more), true
			limit = len(best) - 1
		}
	}
	return best, found
}

// lowerBound returns a number of scopes that every solution has: clauses without a
// common scope are met by different ones.
func lowerBound(clauses []clause) int {
	n := 0
	var counted scopeSet
	for _, c := range clauses {
		scopes := c.scopes()
		if !scopes.intersects(counted) {
			counted = counted.union(scopes)
			n += len(c.shortest())
		}
	}
	return n
}

// holding returns the clauses that remain for a token that holds the scopes.
func holding(clauses []clause, held scopeSet) []clause {
	left := make([]clause, 0, len(clauses))
	for _, c := range clauses {
		if c = c.without(held); len(c) > 0 {
			left = append(left, c)
		}
	}
	return left
}

// A clause is a requirement without the scopes that are held already: alternatives
// of which each needs at least one more scope.
type clause []scopeSet

func (c clause) scopes() scopeSet { return scopeSet(nil).union(slices.Concat(c...)) }

// shortest returns the alternative with the fewest scopes, the first of several.
func (c clause) shortest() scopeSet {
	return slices.MinFunc(c, func(a, b scopeSet) int { return len(a) - len(b) })
}

// implies reports whether every set that meets c meets other.
func (c clause) implies(other clause) bool {
	return !slices.ContainsFunc(c, func(alternative scopeSet) bool {
		return !slices.ContainsFunc(other, func(weaker scopeSet) bool { return weaker.subsetOf(alternative) })
	})
}

// without returns what remains of the clause for a token that holds the scopes,
// without alternatives that include another one. It returns nil if the clause is
// met.
func (c clause) without(held scopeSet) clause {
	left := make(clause, 0, len(c))
	for _, alternative := range c {
		alternative = alternative.minus(held)
		if len(alternative) == 0 {
			return nil
		}
		if slices.ContainsFunc(left, func(other scopeSet) bool { return other.subsetOf(alternative) }) {
			continue
		}
		left = append(slices.DeleteFunc(left, alternative.subsetOf), alternative)
	}
	return left
}

// reduce adds to held what every solution has, and removes the clauses that are
// met or implied by others. The clauses that it returns have the same solutions.
func reduce(clauses []clause, held scopeSet) (scopeSet, []clause) {
	for {
		before := len(held)
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
		if len(held) == before {
			return held, unimplied(clauses)
		}
	}
}

// unimplied removes the clauses that others imply. Of several equal ones it keeps
// the last.
func unimplied(clauses []clause) []clause {
	for i := 0; i < len(clauses); {
		implies := func(other clause) bool { return other.implies(clauses[i]) }
		if slices.ContainsFunc(clauses[:i], implies) || slices.ContainsFunc(clauses[i+1:], implies) {
			clauses = slices.Delete(clauses, i, i+1)
		} else {
			i++
		}
	}
	return clauses
}

// A component is a problem that has no scope in common with the others.
type component struct {
	scopes  scopeSet
	clauses []clause
}

func components(clauses []clause) []component {
	var list []component
	for _, c := range clauses {
		joint := component{c.scopes(), []clause{c}}
		list = slices.DeleteFunc(list, func(other component) bool {
			if !other.scopes.intersects(joint.scopes) {
				return false
			}
			joint = component{other.scopes.union(joint.scopes), append(other.clauses, joint.clauses...)}
			return true
		})
		list = append(list, joint)
	}
	return list
}

// A scopeSet is a set of scopes by their ranks, sorted.
type scopeSet []int

func (s scopeSet) has(rank int) bool {
	_, found := slices.BinarySearch(s, rank)
	return found
}

func (s scopeSet) union(other scopeSet) scopeSet {
	all := slices.Concat(s, other)
	slices.Sort(all)
	return slices.Compact(all)
}

func (s scopeSet) minus(other scopeSet) scopeSet {
	return slices.DeleteFunc(slices.Clone(s), other.has)
}

func (s scopeSet) subsetOf(other scopeSet) bool {
	return !slices.ContainsFunc(s, func(rank int) bool { return !other.has(rank) })
}

func (s scopeSet) intersects(other scopeSet) bool { return slices.ContainsFunc(s, other.has) }
