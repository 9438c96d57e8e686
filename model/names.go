package model

import (
	"go/token"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// words splits a Go identifier into its words, in lower case:
//
//   - a capital after a small letter or a digit begins a word (repositoryUser, V2API);
//   - of several capitals before a small letter the last begins a word
//     (HTTPServer is http, server), but two capitals at the start of a word stay
//     together (OAuth2App is oauth2, app; UserIDs is user, ids);
//   - an s that ends a run of capitals belongs to it (URLs is urls);
//   - an underscore ends a word and belongs to none, since the go command ignores
//     files whose names begin with an underscore.
func words(ident string) []string {
	var list []string
	rs := []rune(strings.TrimLeft(ident, "_"))
	start := 0
	split := func(end int) {
		if end > start {
			list = append(list, strings.ToLower(string(rs[start:end])))
		}
		start = end
	}
	for i := 1; i < len(rs); i++ {
		switch {
		case rs[i] == '_':
			split(i)
			start = i + 1
		case !unicode.IsUpper(rs[i]):
		case rs[i-1] == '_':
		case !unicode.IsUpper(rs[i-1]):
			split(i)
		case i-start >= 2 && i+1 < len(rs) && unicode.IsLower(rs[i+1]) && !isPlural(rs[i+1:]):
			split(i)
		}
	}
	split(len(rs))
	return list
}

// isPlural reports whether rest is an s after which no small letter follows.
func isPlural(rest []rune) bool {
	return rest[0] == 's' && (len(rest) == 1 || !unicode.IsLower(rest[1]))
}

// snake returns an identifier in snake_case.
func snake(ident string) string { return strings.Join(words(ident), "_") }

// Base returns the prefix of the constants of a type: its name without the suffix Resource.
func Base(typ string) string {
	for _, suffix := range []string{"Resource", "_resource"} {
		if s := strings.TrimRight(strings.TrimSuffix(typ, suffix), "_"); s != "" && s != typ {
			return s
		}
	}
	return typ
}

// pascal returns text as a part of an identifier: each run of letters and
// digits begins with a capital, and all other characters are dropped.
func pascal(text string) string {
	var b strings.Builder
	begin := true
	for _, r := range text {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			begin = true
		case begin:
			b.WriteRune(unicode.ToUpper(r))
			begin = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Unexported returns an identifier with its first word in lower case.
func Unexported(ident string) string {
	if !token.IsExported(ident) {
		return ident
	}
	first := words(ident)[0]
	return first + string([]rune(ident)[utf8.RuneCountInString(first):])
}

// Idents returns the package-level identifiers that are generated for a
// resource, apart from its type.
func (r *Resource) Idents() []string {
	var idents []string
	if len(r.Scopes) > 0 {
		idents = append(idents, r.ScopeNameConst())
	}
	for _, s := range r.Scopes {
		idents = append(idents, s.Const)
	}
	for _, m := range r.Operations() {
		idents = append(idents, r.OperationConst(m))
	}
	for _, g := range r.Grouped() {
		if r.HasVar(g) {
			idents = append(idents, r.RequirementVar(g))
		}
	}
	if len(r.StepUps()) > 0 {
		idents = append(idents, r.StepUpFunc())
	}
	return idents
}

// ScopeNameConst returns the constant of the scope name.
func (r *Resource) ScopeNameConst() string { return r.Base + "ScopeName" }

// OperationConst returns the constant of a named operation: NotePostArchive for the
// POST/archive of a Note.
func (r *Resource) OperationConst(m Method) string { return r.Base + pascal(strings.ToLower(m.Name)) }

// HasVar reports whether a variable holds the requirement of a group: one of more than a
// single scope.
func (r *Resource) HasVar(g Group) bool {
	return g.Requires.Compound()
}

// RequirementVar returns the variable that holds the requirement of a group. Its name has
// the HTTP methods of the group, or its first named operation if there is none.
func (r *Resource) RequirementVar(g Group) string {
	prefix, methods := Unexported(r.Base)+"Requires", ""
	for _, m := range g.Methods {
		if _, name := annotations.CutOperation(m); name == "" {
			methods += pascal(strings.ToLower(m))
		}
	}
	if methods == "" {
		methods = pascal(strings.ToLower(g.Methods[0]))
	}
	return prefix + methods
}

// A Group is the methods of a resource that require the same, or that require nothing for
// the same reason.
type Group struct {
	Methods               []string
	Public, Authenticated bool
	Requires              Requirement
	Added                 int
}

// Declared returns the requirement without what implications and aliases add to it.
func (g Group) Declared() Requirement { return g.Requires[:len(g.Requires)-g.Added] }

// Grouped returns the methods in groups, in the order of their first methods.
func (r *Resource) Grouped() []Group {
	var groups []Group
next:
	for _, m := range r.Methods {
		for i := range groups {
			if g := groups[i]; g.Public == m.Public && g.Authenticated == m.Authenticated && g.Requires.equals(m.Requires) {
				groups[i].Methods = append(groups[i].Methods, m.Name)
				continue next
			}
		}
		groups = append(groups, Group{[]string{m.Name}, m.Public, m.Authenticated, m.Requires, m.Added})
	}
	return groups
}
