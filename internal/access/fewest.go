package access

import "slices"

// A Solution is a set of scopes that meets requirements.
type Solution struct {
	Scopes []string // sorted
	Least  bool     // it is the one that Fewest promises; false if that would take too long to say
}

// maxWork bounds how many partial solutions are looked at, so that the time is
// bounded too. What people write takes a few; the problem is NP-hard.
const maxWork = 20_000

// Fewest returns the least set of scopes that meets all requirements. Of several
// least sets it is this one: scopes are ranked by where the requirements first
// name them, and of two sets the one is better that has the first scope in which
// they differ. Where Least is false, the set is some set that meets them.
//
// It returns false if one of the requirements is met by nobody.
func Fewest(requirements []Requirement) (Solution, bool) {
	return fewest(requirements, maxWork)
}

func fewest(requirements []Requirement, work int) (Solution, bool) {
	names, clauses, ok := rank(requirements)
	if !ok {
		return Solution{}, false
	}
	s := solver{scopes: len(names), work: work}
	held, open := reduce(clauses, newSet(len(names)))
	for _, p := range split(open) {
		held = held.union(s.solve(p))
	}
	solution := Solution{Least: !s.unsure}
	for i, name := range names {
		if held.has(i) {
			solution.Scopes = append(solution.Scopes, name)
		}
	}
	slices.Sort(solution.Scopes)
	return solution, true
}

// rank numbers the scopes by where they are first named.
func rank(requirements []Requirement) (names []string, clauses []clause, ok bool) {
	ranks := map[string]int{}
	for _, r := range requirements {
		for _, all := range r {
			for _, s := range all {
				if _, known := ranks[s]; !known {
					ranks[s] = len(names)
					names = append(names, s)
				}
			}
		}
	}
	for _, r := range requirements {
		var c clause
		for _, all := range r {
			if len(all) == 0 {
				continue
			}
			alt := newSet(len(names))
			for _, s := range all {
				alt.add(ranks[s])
			}
			c = append(c, alt)
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
	scopes int  // how many there are
	work   int  // how many more partial solutions may be looked at
	unsure bool // a better solution may have been missed
}

// solve returns the best solution of a part.
func (s *solver) solve(p part) set {
	best := greedy(p.clauses, newSet(s.scopes))
	if better, ok := s.search(p.clauses, best.len()-1); ok {
		best = better
	}
	if s.work >= 0 {
		best = s.first(p, best)
	}
	s.unsure = s.unsure || s.work < 0
	return best
}

// greedy returns a solution that takes the shortest alternative time and again.
func greedy(clauses []clause, held set) set {
	for {
		if held, clauses = reduce(clauses, held); len(clauses) == 0 {
			return held
		}
		held = held.union(slices.MinFunc(clauses[0], func(a, b set) int { return a.len() - b.len() }))
	}
}

// first returns the first in rank of the least solutions, of which best is one.
// It tries for one scope after the other whether a least solution has it beside
// those that were found before.
func (s *solver) first(p part, best set) set {
	chosen := newSet(s.scopes)
	for i := range s.scopes {
		if !p.scopes.has(i) {
			continue
		}
		one := newSet(s.scopes)
		one.add(i)
		with := chosen.union(one)
		if !best.has(i) {
			rest, ok := s.search(holding(p.clauses, with), best.len()-with.len())
			if !ok {
				continue
			}
			best = with.union(rest)
		}
		chosen = with
	}
	return best
}

// search returns a least solution of the clauses, if there is one with no more
// scopes than limit. When the work is used up it finds none any more.
func (s *solver) search(clauses []clause, limit int) (set, bool) {
	if s.work--; s.work < 0 || limit < 0 {
		return nil, false
	}
	held, open := reduce(clauses, newSet(s.scopes))
	limit -= held.len()
	for _, p := range split(open) {
		more, ok := s.branch(p.clauses, limit)
		if !ok {
			return nil, false
		}
		held = held.union(more)
		limit -= more.len()
	}
	return held, limit >= 0
}

// branch tries the alternatives of the clause that has the fewest.
func (s *solver) branch(clauses []clause, limit int) (best set, found bool) {
	if bound(clauses) > limit {
		return nil, false
	}
	narrow := slices.MinFunc(clauses, func(a, b clause) int { return len(a) - len(b) })
	for _, alt := range narrow {
		more, ok := s.search(holding(clauses, alt), limit-alt.len())
		if ok {
			best, found = alt.union(more), true
			limit = best.len() - 1
		}
	}
	return best, found
}

// bound returns a number of scopes that every solution has: clauses that have no
// scope in common are met by different ones.
func bound(clauses []clause) int {
	n := 0
	var counted set
	for _, c := range clauses {
		scopes := c.scopes()
		if counted == nil {
			counted = make(set, len(scopes))
		}
		if !scopes.meets(counted) {
			counted = counted.union(scopes)
			n += c.shortest()
		}
	}
	return n
}

// holding returns what of the clauses is left for somebody who holds the scopes.
func holding(clauses []clause, held set) []clause {
	left := make([]clause, 0, len(clauses))
	for _, c := range clauses {
		if c = c.without(held); len(c) > 0 {
			left = append(left, c)
		}
	}
	return left
}
