package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/webapi-gen/webapi-gen/model"
)

// A choice is a set of scopes that suffices for some calls.
type choice struct {
	Scopes []string `json:"scopes"` // sorted
	Opens  int      `json:"opens"`  // the number of other operations that a token with them can do
}

// A solution has sets of scopes that meet requirements, the least powerful first.
type solution struct {
	sets  []choice // of which no scope can be left out
	all   bool     // sets has all of them, and not only the first
	least bool     // none is less powerful than the first; false if the search was cut short
}

// maxSets is how many sets of scopes are compared one by one.
const maxSets = 100

// maxWork is how many alternatives and scopes a search may visit. What people write takes a
// few for each call; the problem is NP-hard.
const maxWork = 500_000

// leastScopes returns the sets of scopes that meet all requirements. One is less powerful
// than another if it meets fewer of the others; of several, the one with fewer scopes comes
// first, then that with the scopes which first returns true for, then the first by name.
// If there are more than maxSets, it returns the first alone.
//
// It returns false if no token meets one of the requirements.
func leastScopes(requirements, others []model.Requirement, first func(scope string) bool) (solution, bool) {
	return leastWithin(requirements, others, first, maxWork)
}

func leastWithin(requirements, others []model.Requirement, first func(string) bool, work int) (solution, bool) {
	names, p, ok := newProblem(requirements, others, first)
	if !ok {
		return solution{}, false
	}
	var found solution
	s := solver{work: work}
	if found.all = s.enumerate(p, nil); found.all {
		found.least = true
	} else {
		s = solver{work: work}
		best, _ := s.best(p, nil, math.MaxInt)
		s.sets, found.least = []scopeSet{best.held}, !s.unsure
	}
	var results []result
	for _, held := range minimal(s.sets) {
		_, _, opens := p.reduce(held)
		results = append(results, result{held, opens})
	}
	slices.SortFunc(results, result.compare)
	for _, r := range results {
		set := choice{[]string{}, r.opens}
		for _, rank := range r.held {
			set.Scopes = append(set.Scopes, names[rank])
		}
		slices.Sort(set.Scopes)
		found.sets = append(found.sets, set)
	}
	return found, true
}

// minimal returns the sets that include no other one.
func minimal(sets []scopeSet) []scopeSet {
	slices.SortStableFunc(sets, func(a, b scopeSet) int { return len(a) - len(b) })
	var list []scopeSet
	for _, s := range sets {
		if !slices.ContainsFunc(list, func(other scopeSet) bool { return other.subsetOf(s) }) {
			list = append(list, s)
		}
	}
	return list
}

// A problem is what scopes must meet, and what else they may open. Scopes are numbers, which
// grow with their names.
type problem struct {
	clauses []clause
	others  []weighted
}

// A weighted clause stands for several equal ones.
type weighted struct {
	clause
	n int
}

func newProblem(requirements, others []model.Requirement, first func(string) bool) (names []string, p problem, ok bool) {
	known := map[string]int{}
	for _, q := range requirements {
		for _, s := range slices.Concat(q...) {
			known[s.Value] = 0
		}
	}
	names = slices.Sorted(maps.Keys(known))
	slices.SortStableFunc(names, func(a, b string) int {
		switch {
		case first(a) == first(b):
			return 0
		case first(a):
			return -1
		}
		return 1
	})
	for i, name := range names {
		known[name] = i
	}
	for _, c := range merge(requirements, known) {
		if len(c.clause) == 0 {
			return nil, problem{}, false
		}
		p.clauses = append(p.clauses, c.clause)
	}
	p.others = slices.DeleteFunc(merge(others, known), func(c weighted) bool { return len(c.clause) == 0 })
	return names, p, true
}

// merge returns the clauses of requirements, without the alternatives that name unknown scopes.
func merge(requirements []model.Requirement, known map[string]int) []weighted {
	var list []weighted
	index := map[string]int{}
	for _, q := range requirements {
		c := clause{}
	alternatives:
		for _, all := range q {
			alternative := make(scopeSet, len(all))
			for i, s := range all {
				rank, ok := known[s.Value]
				if !ok {
					continue alternatives
				}
				alternative[i] = rank
			}
			if len(all) > 0 { // else nobody meets it
				c = append(c, alternative.union(nil))
			}
		}
		key := fmt.Sprint(c)
		if i, ok := index[key]; ok {
			list[i].n++
			continue
		}
		index[key] = len(list)
		list = append(list, weighted{c, 1})
	}
	return list
}

// A solver tries for one scope after the other to do without it, and to take it.
type solver struct {
	work   int        // what it may still visit
	unsure bool       // it may have missed a better solution
	sets   []scopeSet // that enumerate has found
}

// enumerate adds the solutions with scopes that are held already, among them all that no
// scope can be left out of. It returns false if there are too many.
func (s *solver) enumerate(p problem, held scopeSet) bool {
	if s.work -= p.size(); s.work < 0 {
		return false
	}
	held, p, _ = p.reduce(held)
	if len(p.clauses) == 0 {
		s.sets = append(s.sets, held)
		return len(s.sets) <= maxSets
	}
	scope := p.mostNamed()
	if rest, ok := p.excluding(scope); ok && !s.enumerate(rest, held) {
		return false
	}
	return s.enumerate(p, held.union(scopeSet{scope}))
}

// A result is a solution, and how many others it opens.
type result struct {
	held  scopeSet
	opens int
}

// compare returns a negative number if r is to be preferred to other.
func (r result) compare(other result) int {
	return cmp.Or(r.opens-other.opens, len(r.held)-len(other.held), slices.Compare(r.held, other.held))
}

// best returns the best solution for a token that holds some scopes. It returns false if
// that opens more than limit others.
func (s *solver) best(p problem, held scopeSet, limit int) (result, bool) {
	held, p, opens := p.reduce(held)
	found := result{held, opens}
	for _, c := range p.components() {
		if found.opens > limit {
			return found, false
		}
		r, ok := s.branch(c, limit-found.opens)
		if !ok {
			return found, false
		}
		found = result{found.held.union(r.held), found.opens + r.opens}
	}
	return found, found.opens <= limit
}

func (s *solver) branch(p problem, limit int) (best result, found bool) {
	if s.work -= p.size(); s.work < 0 {
		s.unsure = true
		held := p.cover()
		_, _, opens := p.reduce(held)
		return result{held, opens}, opens <= limit
	}
	scope := p.mostNamed()
	if rest, ok := p.excluding(scope); ok {
		if best, found = s.best(rest, nil, limit); found {
			limit = best.opens
		}
	}
	if r, ok := s.best(p, scopeSet{scope}, limit); ok && (!found || r.compare(best) < 0) {
		best, found = r, true
	}
	return best, found
}

// size returns the number of alternatives and scopes that the problem names.
func (p problem) size() int {
	n := 1
	add := func(c clause) {
		for _, alternative := range c {
			n += 1 + len(alternative)
		}
	}
	for _, c := range p.clauses {
		add(c)
	}
	for _, c := range p.others {
		add(c.clause)
	}
	return n
}

// reduce adds to held what every solution has, and returns what remains of the problem for a
// token that holds that, and how many of the others it opens.
func (p problem) reduce(held scopeSet) (all scopeSet, left problem, opens int) {
	clauses := p.clauses
	for {
		before := len(held)
		open := make([]clause, 0, len(clauses))
		var single scopeSet
		for _, c := range clauses {
			c = c.without(held)
			switch len(c) {
			case 0:
			case 1:
				single = append(single, c[0]...)
			default:
				open = append(open, c)
			}
		}
		held, clauses = held.union(single), open
		if len(held) == before {
			break
		}
	}
	left.clauses = clauses
	usable := map[int]bool{}
	for _, c := range clauses {
		for _, rank := range slices.Concat(c...) {
			usable[rank] = true
		}
	}
	for _, other := range p.others {
		c := other.without(held)
		if len(c) == 0 {
			opens += other.n
			continue
		}
		c = slices.DeleteFunc(c, func(alternative scopeSet) bool {
			return slices.ContainsFunc(alternative, func(rank int) bool { return !usable[rank] })
		})
		if len(c) > 0 {
			left.others = append(left.others, weighted{c, other.n})
		}
	}
	return held, left, opens
}

// excluding returns the problem without the alternatives that have a scope. It returns false if
// a clause has no other.
func (p problem) excluding(scope int) (problem, bool) {
	left := problem{others: p.others}
	for _, c := range p.clauses {
		c = slices.DeleteFunc(slices.Clone(c), func(alternative scopeSet) bool { return alternative.has(scope) })
		if len(c) == 0 {
			return problem{}, false
		}
		left.clauses = append(left.clauses, c)
	}
	return left, true
}

// mostNamed returns the scope that most alternatives have, the first of several.
func (p problem) mostNamed() int {
	named := map[int]int{}
	most := -1
	for _, c := range p.clauses {
		for _, rank := range slices.Concat(c...) {
			named[rank]++
			if most < 0 || named[rank] > named[most] || named[rank] == named[most] && rank < most {
				most = rank
			}
		}
	}
	return most
}

// cover returns a solution in one pass: for each clause that is not met, it takes the
// alternative whose scopes the fewest of the others name, of several the one that lacks the
// fewest scopes, then the first.
func (p problem) cover() scopeSet {
	power := map[int]int{}
	for _, other := range p.others {
		for _, rank := range slices.Concat(other.clause...) {
			power[rank] += other.n
		}
	}
	held := map[int]bool{}
	for _, c := range p.clauses {
		cost := func(alternative scopeSet) (opens, lacks int) {
			for _, rank := range alternative {
				if !held[rank] {
					opens += power[rank]
					lacks++
				}
			}
			return opens, lacks
		}
		least := slices.MinFunc(c, func(a, b scopeSet) int {
			opens, lacks := cost(a)
			otherOpens, otherLacks := cost(b)
			return cmp.Or(opens-otherOpens, lacks-otherLacks, slices.Compare(a, b))
		})
		for _, rank := range least {
			held[rank] = true
		}
	}
	return slices.Sorted(maps.Keys(held))
}

// components splits a problem into those that have no scope in common.
func (p problem) components() []problem {
	n := len(p.clauses)
	parent := make([]int, n+len(p.others)) // of a tree for each component
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	first := map[int]int{} // the first clause with a scope
	add := func(i int, c clause) {
		parent[i] = i
		for _, rank := range slices.Concat(c...) {
			if j, ok := first[rank]; ok {
				parent[root(i)] = root(j)
			} else {
				first[rank] = i
			}
		}
	}
	for i, c := range p.clauses {
		add(i, c)
	}
	for i, c := range p.others {
		add(n+i, c.clause)
	}
	var list []problem
	index := map[int]int{} // in the list, by the root
	of := func(i int) *problem {
		r := root(i)
		if _, ok := index[r]; !ok {
			index[r] = len(list)
			list = append(list, problem{})
		}
		return &list[index[r]]
	}
	for i, c := range p.clauses {
		in := of(i)
		in.clauses = append(in.clauses, c)
	}
	for i, c := range p.others {
		in := of(n + i)
		in.others = append(in.others, c)
	}
	return list
}

// A clause is a requirement without the scopes that are held already: alternatives
// of which each needs at least one more scope.
type clause []scopeSet

// More alternatives than maxAlternatives are not compared with each other: it would take
// long, and only saves work if one includes another.
const maxAlternatives = 300

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
		if len(c) > maxAlternatives {
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
