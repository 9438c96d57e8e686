package main

import (
	"fmt"
	"slices"
	"strings"
)

// A role is what a security scheme is to the guards.
type role string

// The roles of schemes.
const (
	roleOAuth2   role = "oauth2"   // an OAuth2 access token, whose scopes the guards check
	roleAPIToken role = "apitoken" // a token of the API's own, with a policy instead of scopes
	roleLogin    role = "login"    // a login of the server's own, which the guards know nothing of
	roleIgnored  role = "ignored"  // nothing that the guards or the server's login look at
)

var roles = []role{roleOAuth2, roleAPIToken, roleLogin, roleIgnored}

// An access is who may call an operation, as the spec says it.
type access struct {
	public        bool // everybody
	anonymous     bool // requests without credentials, beside the others
	authenticated bool // any OAuth2 token
	requires      [][]string
	apiTokens     bool
}

// oauth2 reports whether some OAuth2 token opens the operation.
func (a access) oauth2() bool { return a.authenticated || len(a.requires) > 0 }

// mode returns what a resource has one answer to for all its operations: which kinds of
// tokens it accepts. It is none of a public operation, which every resource can have.
func (a access) mode() mode { return mode{a.oauth2(), a.apiTokens} }

type mode struct{ oauth2, apiTokens bool }

// token returns the access of requests with a token.
func (a access) token() access {
	a.anonymous = false
	return a
}

// key returns a text that two accesses share if they are equal.
func (a access) key() string { return fmt.Sprintf("%+v", a) }

// The meanings of a list of several scopes.
const (
	listAll = "all"
	listAny = "any"
)

// answers has what a document does not say and its user does.
type answers struct {
	lists  string            // listAll, listAny, or "" if not answered
	listOf map[string]string // by operation: METHOD path, or an operationId
	roles  map[string]role   // by the name of a scheme
	skip   map[string]bool   // operations to leave out
}

// list returns the meaning of the lists of an operation, "" if it is not answered.
func (a *answers) list(o *operation) string {
	if m, ok := a.listOf[o.String()]; ok {
		return m
	}
	if m, ok := a.listOf[o.id]; ok && o.id != "" {
		return m
	}
	return a.lists
}

// role returns the role of a scheme, "" if it is not evident and not answered.
func (a *answers) role(s *scheme) role {
	if r, ok := a.roles[s.name]; ok {
		return r
	}
	if s.typ == "oauth2" || s.typ == "openIdConnect" || s.listed {
		return roleOAuth2
	}
	return ""
}

// access returns who may call an operation. Notes has what the guard does not say: the
// alternatives that it cannot have, which stay closed, and the schemes that it ignores.
func (a *answers) access(o *operation) (out access, notes accessNotes) {
	open := len(o.security) == 0
	for _, alt := range o.security {
		if len(alt) == 0 {
			open = true
			continue
		}
		with := map[role][]string{}
		alternatives := [][]string{{}}
		for _, n := range alt {
			r := a.role(n.scheme)
			with[r] = append(with[r], n.scheme.name)
			if r == roleOAuth2 {
				alternatives = and(alternatives, n.scopes, a.list(o))
			}
		}
		if len(with) > 1 && with[roleIgnored] != nil {
			notes.ignored = append(notes.ignored, with[roleIgnored]...)
			delete(with, roleIgnored)
		}
		switch {
		case len(with) > 1:
			notes.leftOut = append(notes.leftOut, names(alt))
		case with[roleOAuth2] != nil:
			out.requires = append(out.requires, alternatives...)
		case with[roleAPIToken] != nil:
			out.apiTokens = true
		}
	}
	out.requires = absorb(out.requires)
	if len(out.requires) == 1 && len(out.requires[0]) == 0 {
		out.requires, out.authenticated = nil, true
	}
	switch {
	case open && (out.authenticated || !out.oauth2() && !out.apiTokens):
		out = access{public: true}
	case open:
		out.anonymous = true
	}
	return out, notes
}

// accessNotes has what the guard of an operation does not say.
type accessNotes struct{ leftOut, ignored []string }

// names returns the schemes of an alternative.
func names(alt alternative) string {
	list := make([]string, len(alt))
	for i, n := range alt {
		list[i] = n.scheme.name
	}
	return strings.Join(list, " and ")
}

// and returns the alternatives that also need a list of scopes.
func and(alternatives [][]string, scopes []string, meaning string) [][]string {
	if len(scopes) == 0 {
		return alternatives
	}
	choices := [][]string{scopes}
	if meaning == listAny {
		choices = nil
		for _, s := range scopes {
			choices = append(choices, []string{s})
		}
	}
	var product [][]string
	for _, one := range alternatives {
		for _, other := range choices {
			product = append(product, append(slices.Clone(one), other...))
		}
	}
	return product
}

// absorb returns alternatives in a canonical order: the scopes of each sorted, without
// those that another one with fewer scopes makes superfluous.
func absorb(alternatives [][]string) [][]string {
	for i, all := range alternatives {
		slices.Sort(all)
		alternatives[i] = slices.Compact(all)
	}
	slices.SortFunc(alternatives, func(a, b []string) int {
		if len(a) != len(b) {
			return len(a) - len(b)
		}
		return slices.Compare(a, b)
	})
	var kept [][]string
	for _, all := range alternatives {
		if !slices.ContainsFunc(kept, func(k []string) bool {
			return !slices.ContainsFunc(k, func(s string) bool { return !slices.Contains(all, s) })
		}) {
			kept = append(kept, all)
		}
	}
	return kept
}
