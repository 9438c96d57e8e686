package model

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// shared reports resources that have a scope name or policy ID in common and
// do not both say so.
func (r *resolver) shared() {
	scopes, policies := map[string][]*resource{}, map[string][]*resource{}
	seen := map[string]bool{}
	for _, res := range r.resources {
		if seen[res.Type] {
			continue
		}
		seen[res.Type] = true
		if res.OAuth2 {
			scopes[res.ScopeName] = append(scopes[res.ScopeName], res)
		}
		if res.APITokens {
			policies[res.Policy] = append(policies[res.Policy], res)
		}
	}
	for name, list := range scopes {
		r.unsaid(list, language.SharedScope, "scope name "+name, sharingKeys(list)...)
	}
	for id, list := range policies {
		r.unsaid(list, language.SharedPolicy, "policy ID "+id, language.KeyPolicy)
	}
}

// sharingKeys returns the keys of which each resource must write one for a scope
// name to be shared on purpose: scope= if one does, else policy= will do.
func sharingKeys(list []*resource) []string {
	if slices.ContainsFunc(list, func(res *resource) bool { return res.written.Settings.Text(language.KeyScope).Written() }) {
		return []string{language.KeyScope}
	}
	return []string{language.KeyScope, language.KeyPolicy}
}

// unsaid reports those of several resources that write none of keys.
func (r *resolver) unsaid(list []*resource, code language.Code, what string, keys ...string) {
	if len(list) < 2 {
		return
	}
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
