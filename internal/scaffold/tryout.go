package scaffold

import (
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// tryOut finds out which of the proposals the tool would refuse, and why. One may
// depend on another, as a type does that embeds another one, so those that are
// refused are tried again for as long as one is accepted.
func (s *source) tryOut(list []Proposal) {
	var accepted []annotations.Resource
	for rest := byType(list); ; {
		var refused [][]*Proposal
		for _, group := range rest {
			trial, why := slices.Clip(accepted), ""
			for _, p := range group {
				trial = append(trial, p.resource())
			}
			if diags := s.in.Check(trial); len(diags) > 0 {
				why = diags[0].Message
				refused = append(refused, group)
			} else {
				accepted = trial
			}
			for _, p := range group {
				p.Refused = why
			}
		}
		if len(refused) == 0 || len(refused) == len(rest) {
			return
		}
		rest = refused
	}
}

// byType returns the proposals with those together that are of one type, which
// may be declared in several files for different builds.
func byType(list []Proposal) [][]*Proposal {
	var groups [][]*Proposal
	of := map[string]int{}
	for i := range list {
		p := &list[i]
		n, found := of[p.Type]
		if !found {
			n = len(groups)
			of[p.Type] = n
			groups = append(groups, nil)
		}
		groups[n] = append(groups[n], p)
	}
	return groups
}

// resource returns what the annotation would say.
func (p Proposal) resource() annotations.Resource {
	r := annotations.Resource{Pos: p.Pos, Type: annotations.Text{Pos: p.Pos, Value: p.Type}, Decl: p.decl}
	if len(p.Methods) > 0 {
		v := annotations.Value{Pos: p.Pos}
		for _, m := range p.Methods {
			v.Items = append(v.Items, annotations.Item{Value: annotations.Text{Pos: p.Pos, Value: m}})
		}
		r.Settings = annotations.Settings{{Key: annotations.KeyMethods, Value: v}}
	}
	return r
}
