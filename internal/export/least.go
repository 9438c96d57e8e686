package export

import (
	"cmp"
	"slices"
)

// LeastFirst puts the least powerful alternative of each requirement first: the one that
// opens the fewest operations, of several the one with the fewest scopes, then the first.
func (api *API) LeastFirst() {
	p := newPowers(api)
	for i := range api.Resources {
		for n := range api.Resources[i].Operations {
			p.sort(api.Resources[i].Operations[n].Requires)
		}
	}
}

// powers knows how many operations sets of scopes open.
type powers struct {
	naming map[string][]operationOf // the operations for which a scope counts
}

type operationOf struct {
	*Resource
	*Operation
}

func newPowers(api *API) *powers {
	p := &powers{map[string][]operationOf{}}
	for i := range api.Resources {
		r := &api.Resources[i]
		for n := range r.Operations {
			o := &r.Operations[n]
			for _, scope := range slices.Concat(o.Requires...) {
				for _, s := range append([]string{scope}, r.Grants[scope]...) {
					p.naming[s] = append(p.naming[s], operationOf{r, o})
				}
			}
		}
	}
	return p
}

// of returns how many operations a token with the scopes opens, besides those that any opens.
func (p *powers) of(scopes []string) int {
	opened := map[*Operation]bool{}
	for _, s := range scopes {
		for _, o := range p.naming[s] {
			if !opened[o.Operation] && o.Opens(o.Operation, scopes) {
				opened[o.Operation] = true
			}
		}
	}
	return len(opened)
}

// sort sorts alternatives, the least powerful first.
func (p *powers) sort(alternatives [][]string) {
	if len(alternatives) < 2 {
		return
	}
	type ranked struct {
		all   []string
		opens int
	}
	list := make([]ranked, len(alternatives))
	for i, all := range alternatives {
		list[i] = ranked{all, p.of(all)}
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return cmp.Or(a.opens-b.opens, len(a.all)-len(b.all)) })
	for i, r := range list {
		alternatives[i] = r.all
	}
}
