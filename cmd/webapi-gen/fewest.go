package main

import (
	"maps"
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

// More clauses than maxClauses, or alternatives of one, are not compared with each other:
// it would take long, and only saves work if one implies another.
const maxClauses = 300

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
	sets := []scopeSet{held}
	for _, c := range components(open) {
		sets = append(sets, s.solve(c))
	}
	held = scopeSet(nil).union(slices.Concat(sets...))
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
			alternative := make(scopeSet, len(all))
			for i, s := range all {
				alternative[i] = ranks[s.Value]
			}
			c = append(c, alternative.union(nil))
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

// solve returns the best solution of a component, or some solution of a large one.
func (s *solver) solve(c component) scopeSet {
	if len(c.clauses) > maxClauses || max(len(c.scopes), len(slices.Concat(c.clauses...))) > 4*maxClauses {
		found := cover(c.clauses)
		s.unsure = s.unsure || len(found) > 1
		return found
	}
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

// cover returns a solution in one pass: for each clause that is not met, it takes the
// alternative that lacks the fewest scopes, of several the one whose scopes most
// alternatives have, then the first in rank.
func cover(clauses []clause) scopeSet {
	uses := map[int]int{}
	for _, c := range clauses {
		for _, rank := range slices.Concat(c...) {
			uses[rank]++
		}
	}
	held := map[int]bool{}
	for _, c := range clauses {
		var best scopeSet
		least, most := -1, 0
		for _, alternative := range c {
			lacking, used := 0, 0
			for _, rank := range alternative {
				if !held[rank] {
					lacking++
					used += uses[rank]
				}
			}
			if least < 0 || lacking < least || lacking == least && (used > most || used == most && slices.Compare(alternative, best) < 0) {
				best, least, most = alternative, lacking, used
			}
		}
		for _, rank := range best {
			held[rank] = true
		}
	}
	return slices.Sorted(maps.Keys(held))
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
		if len(with) > len(best) {
			break
		}
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
		if len(alternative) > limit {
			continue
		}
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
		if len(c) > maxClauses {
			left = append(left, alternative)
			continue
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
		var single scopeSet
		for _, c := range clauses {
			c = c.without(held)
			switch len(c) {
			case 0:
			case 1:
				single = append(single, c[0]...)
			default:
				left = append(left, c)
			}
		}
		held, clauses = held.union(single), left
		if len(held) == before {
			return held, unimplied(clauses)
		}
	}
}

// unimplied removes the clauses that others imply. Of several equal ones it keeps
// the last. It does not look for them among more than maxClauses.
func unimplied(clauses []clause) []clause {
	if len(clauses) > maxClauses {
		return clauses
	}
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
	parent := make([]int, len(clauses)) // of a tree for each component
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	first := map[int]int{} // the first clause with a scope
	for i, c := range clauses {
		parent[i] = i
		for _, alternative := range c {
			for _, rank := range alternative {
				if j, ok := first[rank]; ok {
					parent[root(i)] = root(j)
				} else {
					first[rank] = i
				}
			}
		}
	}
	var list []component
	index := map[int]int{} // in the list, by the root
	for i, c := range clauses {
		r := root(i)
		if _, ok := index[r]; !ok {
			index[r] = len(list)
			list = append(list, component{})
		}
		list[index[r]].clauses = append(list[index[r]].clauses, c)
	}
	for i, c := range list {
		list[i].scopes = clause(slices.Concat(c.clauses...)).scopes()
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
