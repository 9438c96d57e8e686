package model

import (
	"cmp"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// declareScopes collects the scopes that a requirement of the package may name:
// those that its resources yield and those that the package declares.
func (r *resolver) declareScopes() {
	for _, res := range r.resources {
		for _, s := range res.Scopes {
			r.scopes[s.Value] = append(r.scopes[s.Value], owner{res, s.Const})
		}
	}
	for _, w := range r.written.Scopes {
		s := Scope{ScopeRef: ScopeRef{Value: w.Scope.Value}, Text: w.Text.Value}
		if !r.checkScope(w.Scope, "scope") {
			continue
		}
		r.checkText(w.Text)
		if s.Const = "Scope" + pascal(s.Value); s.Const == "Scope" {
			r.diags.Add(w.Scope.Pos, language.BadName, "scope %q has no letter or digit to name a constant after", s.Value)
			continue
		}
		if owners := r.scopes[s.Value]; len(owners) > 0 {
			by := "the package"
			if owners[0].resource != nil {
				by = "type " + owners[0].Type
			}
			r.diags.Add(w.Scope.Pos, language.ScopeTwice, "scope %s is declared already, by %s", s.Value, by)
			continue
		}
		if r.written.External {
			s.Const = "" // there is no catalogue to declare it in
		}
		r.scopes[s.Value] = append(r.scopes[s.Value], owner{nil, s.Const})
		r.declared = append(r.declared, s)
	}
	slices.SortFunc(r.declared, func(a, b Scope) int { return cmp.Compare(a.Value, b.Value) })
}

// requirements resolves what each method requires.
func (r *resolver) requirements() {
	for _, res := range r.resources {
		if !res.OAuth2 {
			continue
		}
		required := r.required(res)
		for i, m := range res.Methods {
			name := m.Name
			if name == "HEAD" {
				name = "GET"
			}
			if q, ok := required[name]; ok {
				res.Methods[i].Requires = q
				continue
			}
			own := slices.IndexFunc(res.Scopes, func(s Scope) bool { return s.Action == m.Action })
			res.Methods[i].Requires = Requirement{{res.Scopes[own].ScopeRef}}
		}
		for i, s := range res.Scopes {
			res.Scopes[i].Methods = res.asking(s.ScopeRef)
		}
	}
}

// asking returns the methods whose requirement names a scope.
func (res *resource) asking(scope ScopeRef) []string {
	var methods []string
	for _, m := range res.Methods {
		if slices.ContainsFunc(m.Requires, func(all []ScopeRef) bool { return slices.Contains(all, scope) }) {
			methods = append(methods, m.Name)
		}
	}
	return methods
}

// required returns the written requirements by method.
func (r *resolver) required(res *resource) map[string]Requirement {
	var answered []string
	for _, m := range res.Methods {
		answered = append(answered, m.Name)
	}
	required := map[string]Requirement{}
	for _, w := range res.written.Requires {
		all, ok := r.alternative(res, w)
		if !ok {
			continue
		}
		named := map[string]bool{}
		for _, m := range w.Methods {
			switch {
			case m.Value == "":
				r.diags.Add(m.Pos, language.EmptyValue, "a method of require is empty")
				continue
			case !r.settable(language.Require, m, answered):
				continue
			case named[m.Value]:
				r.diags.Add(m.Pos, language.Repeated, "method %s is repeated in require", m.Value)
				continue
			}
			named[m.Value] = true
			if slices.ContainsFunc(required[m.Value], func(other []ScopeRef) bool { return sameScopes(other, all) }) {
				r.diags.Add(w.Pos, language.Repeated, "alternative %s of %s is repeated", Requirement{all}, m.Value)
				continue
			}
			required[m.Value] = append(required[m.Value], all)
		}
	}
	return required
}

// alternative resolves the scopes of one line.
func (r *resolver) alternative(res *resource, w annotations.Require) ([]ScopeRef, bool) {
	if len(w.Scopes) == 0 {
		r.diags.Add(w.Pos, language.MissingArgument, "require without scopes would be met by nobody; name at least one")
		return nil, false
	}
	var all []ScopeRef
	ok := true
	for _, t := range w.Scopes {
		switch ref, declared := r.ref(res, t.Value); {
		case !r.checkScope(t, "scope"):
			ok = false
		case !declared:
			r.undeclared(t)
			ok = false
		case slices.Contains(all, ref):
			r.diags.Add(t.Pos, language.Repeated, "scope %s is repeated", t.Value)
		default:
			all = append(all, ref)
		}
	}
	return all, ok
}

func (r *resolver) undeclared(t annotations.Text) {
	var known []string
	for s := range r.scopes {
		known = append(known, s)
	}
	slices.Sort(known)
	hint := language.Suggest(t.Value, known)
	if len(known) > 0 {
		hint += "; declared: " + strings.Join(known, ", ")
	}
	r.diags.Add(t.Pos, language.Undeclared, "undeclared scope %q%s; another one is declared by //webapi:scope in the package's doc comment", t.Value, hint)
}

// ref returns a scope as the file of res can name it: by the constant of res
// itself, else by one that every build has which has res.
func (r *resolver) ref(res *resource, value string) (ScopeRef, bool) {
	declared := false
	ref := ScopeRef{Value: value}
	for _, o := range r.scopes[value] {
		switch {
		case o.resource == res:
			return ScopeRef{value, o.constant}, true
		case o.resource == nil:
			declared, ref.Const = true, o.constant
		case o.File.Test && !res.File.Test: // no build has it but that of the tests
		default:
			declared = true
			if ref.Const == "" && !o.constrained() {
				ref.Const = o.constant
			}
		}
	}
	return ref, declared
}

func (res *resource) constrained() bool { return res.decl != nil && res.decl.File.Constrained() }

// sameScopes reports whether two alternatives need the same scopes.
func sameScopes(a, b []ScopeRef) bool {
	return len(a) == len(b) && !slices.ContainsFunc(a, func(s ScopeRef) bool { return !slices.Contains(b, s) })
}
