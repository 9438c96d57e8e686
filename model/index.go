package model

import (
	"cmp"
	"iter"
	"slices"
	"strings"
)

// An Index finds which of many requirements a set of scopes meets, without going
// through all of them.
type Index struct {
	under map[string][]*indexed // by the scope of each alternative that the fewest have
}

// An indexed alternative has the numbers of the requirements that name it.
type indexed struct {
	scopes []string
	of     []int
}

// NewIndex returns the index of a list of requirements.
func NewIndex(requirements []Requirement) *Index {
	known := map[string]*indexed{} // by the scopes
	uses := map[string]int{}
	var list []*indexed
	for i, q := range requirements {
		for _, all := range q {
			scopes := scopeValues(all)
			slices.Sort(scopes)
			scopes = slices.Compact(scopes)
			key := strings.Join(scopes, " ")
			if known[key] == nil {
				known[key] = &indexed{scopes: scopes}
				list = append(list, known[key])
				for _, s := range scopes {
					uses[s]++
				}
			}
			known[key].of = append(known[key].of, i)
		}
	}
	x := &Index{map[string][]*indexed{}}
	for _, a := range list {
		if len(a.scopes) > 0 { // else nobody meets it
			rarest := slices.MinFunc(a.scopes, func(s, t string) int { return cmp.Compare(uses[s], uses[t]) })
			x.under[rarest] = append(x.under[rarest], a)
		}
	}
	return x
}

// MetBy returns the numbers of the requirements that a token with the scopes meets,
// in no order. It returns one again for each further alternative that the token has.
func (x *Index) MetBy(scopes []string) iter.Seq[int] {
	return func(yield func(int) bool) {
		for a := range x.included(scopes) {
			for _, i := range a.of {
				if !yield(i) {
					return
				}
			}
		}
	}
}

// included returns the alternatives that a token with the scopes has.
func (x *Index) included(scopes []string) iter.Seq[*indexed] {
	held := make(map[string]bool, len(scopes))
	for _, s := range scopes {
		held[s] = true
	}
	lacks := func(s string) bool { return !held[s] }
	return func(yield func(*indexed) bool) {
		for s := range held {
			for _, a := range x.under[s] {
				if !slices.ContainsFunc(a.scopes, lacks) && !yield(a) {
					return
				}
			}
		}
	}
}

// index returns the index of the alternatives.
func (q Requirement) index() *Index {
	single := make([]Requirement, len(q))
	for i, all := range q {
		single[i] = Requirement{all}
	}
	return NewIndex(single)
}

// comparable returns for each alternative the first one with the same scopes, which may be
// itself, and for each first one those earlier ones that it includes or is included in.
func (q Requirement) comparable() (first []int, earlier [][]int) {
	x := q.index()
	first, earlier = make([]int, len(q)), make([][]int, len(q))
	for i, all := range q {
		for a := range x.included(scopeValues(all)) {
			switch other := a.of[0]; {
			case len(a.scopes) == len(all):
				first[i] = other
			case other < i:
				earlier[i] = append(earlier[i], other)
			default:
				earlier[other] = append(earlier[other], i)
			}
		}
	}
	return first, earlier
}

// minimal returns the alternatives that require no more than any other one. Of equal
// ones it returns the first.
func (q Requirement) minimal() Requirement {
	x := q.index()
	var list Requirement
next:
	for i, all := range q {
		for a := range x.included(scopeValues(all)) {
			if first := a.of[0]; len(a.scopes) < len(all) || first < i {
				continue next
			}
		}
		list = append(list, all)
	}
	return list
}
