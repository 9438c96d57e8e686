package model

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// shared reports resources that have a scope name or policy ID in common and
// do not both say so.
func (r *resolver) shared() {
	scopes, policies := newSharers(len(r.resources)), newSharers(len(r.resources))
	seen := make(map[string]bool, len(r.resources))
	for _, res := range r.resources {
		if seen[res.Type] {
			continue
		}
		seen[res.Type] = true
		if res.OAuth2 {
			scopes.add(res.ScopeName, res)
		}
		if res.APITokens {
			policies.add(res.Policy, res)
		}
	}
	for name, list := range scopes.several {
		r.unsaid(list, diag.SharedScope, "scope name "+name, sharingKeys(list)...)
	}
	for id, list := range policies.several {
		r.unsaid(list, diag.SharedPolicy, "policy ID "+id, annotations.KeyPolicy)
	}
}

// Sharers are the resources of each name. Nearly all names have but one.
type sharers struct {
	first   map[string]*resource
	several map[string][]*resource
}

func newSharers(names int) sharers {
	return sharers{make(map[string]*resource, names), map[string][]*resource{}}
}

func (s *sharers) add(name string, res *resource) {
	switch first := s.first[name]; {
	case first == nil:
		s.first[name] = res
	case s.several[name] == nil:
		s.several[name] = []*resource{first, res}
	default:
		s.several[name] = append(s.several[name], res)
	}
}

// sharingKeys returns the keys of which each resource must write one for a scope
// name to be shared on purpose: scope= if one does, else policy= will do.
func sharingKeys(list []*resource) []string {
	if slices.ContainsFunc(list, func(res *resource) bool { return res.written.Settings.Text(annotations.KeyScope).Written() }) {
		return []string{annotations.KeyScope}
	}
	return []string{annotations.KeyScope, annotations.KeyPolicy}
}

// unsaid reports those of several resources that write none of keys.
func (r *resolver) unsaid(list []*resource, code diag.Code, what string, keys ...string) {
	for _, res := range list {
		if slices.ContainsFunc(keys, func(k string) bool { return res.written.Settings.Text(k).Written() }) {
			continue
		}
		var others []string
		for _, o := range list {
			if o != res {
				others = append(others, o.Type)
			}
		}
		has := "has"
		if len(others) > 1 {
			has = "have"
		}
		r.diags.Add(res.Pos, code, "type %s has the %s, and so %s %s; if that is wanted, write %s= on each of them",
			res.Type, what, has, strings.Join(others, ", "), strings.Join(keys, "= or "))
	}
}
