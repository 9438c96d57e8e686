package model

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// declareScopes collects the scopes that a requirement of the package may name:
// those that its resources yield and those that the package declares.
func (r *resolver) declareScopes() {
	r.scopes = map[string][]owner{}
	for _, res := range r.resources {
		r.unnamed = r.unnamed || res.nameRejected || res.mapRejected && res.Format != annotations.DefaultFormat
		if res.mapRejected {
			r.rejected[res.ScopeName] = true
		}
		for _, s := range res.Scopes {
			r.scopes[s.Value] = append(r.scopes[s.Value], owner{res, s.Const, res.Pos})
		}
	}
	for _, w := range r.written.Scopes {
		s := Scope{ScopeRef: ScopeRef{Value: w.Scope.Value}, Pos: w.Scope.Pos, Text: w.Text.Value}
		if !r.checkScope(w.Scope, "scope") {
			r.written.Incomplete, r.written.LacksDeclarations = true, true
			continue
		}
		r.checkText(w.Text)
		if s.Const = "Scope" + pascal(s.Value); s.Const == "Scope" {
			r.diags.Add(w.Scope.Pos, diag.BadName, "scope %q has no letter or digit to name a constant after", s.Value)
			continue
		}
		if i := slices.IndexFunc(r.declared, func(o Scope) bool { return o.Value == s.Value }); i >= 0 {
			r.diags.Add(w.Scope.Pos, diag.ScopeTwice, "scope %s is declared already, by the package, see %s", s.Value, r.declared[i].Pos)
			continue
		}
		if r.written.External {
			s.Const = "" // there is no catalogue to declare it in
		}
		r.scopes[s.Value] = append(r.scopes[s.Value], owner{nil, s.Const, w.Scope.Pos})
		r.declared = append(r.declared, s)
	}
	slices.SortFunc(r.declared, func(a, b Scope) int { return cmp.Compare(a.Value, b.Value) })
}

// requirements resolves the requirement of each operation. The super of res must have
// been resolved before.
func (r *resolver) requirements(res *resource) {
	if !res.OAuth2 {
		return
	}
	before := len(r.diags)
	required := r.required(res)
	res.requireRejected = len(r.diags) > before
	for i, m := range res.Methods {
		if m.Public || m.Authenticated {
			continue
		}
		own := res.ownRequirement(m, required)
		declared := r.absorbed(own)
		requires := r.expanded(res, m.Name, declared)
		r.need(own)
		r.need(requires)
		if res.base != nil {
			if super, _ := res.base.answering(m.Name); !super.Public && !super.Authenticated {
				before := len(r.diags)
				declared = r.absorbed(r.both(res, declared, super.Declared()))
				joint := declared
				if r.grants() && len(r.diags) == before {
					joint = append(slices.Clone(declared), r.both(res, requires, super.Requires)...).minimal()
				}
				if requires = joint; len(r.diags) > before { // too many
					requires = declared
				}
			}
		}
		res.Methods[i].Requires, res.Methods[i].Added = requires, len(requires)-len(declared)
	}
	res.Grants = r.granted(res)
	for i, s := range res.Scopes {
		res.Scopes[i].Methods = res.methodsNaming(s.ScopeRef)
	}
}

// need records the scopes that a requirement names.
func (r *resolver) need(q Requirement) {
	for _, all := range q {
		for _, s := range all {
			r.needed[s.Value] = true
		}
	}
}

// ownRequirement returns the requirement of an operation, given those that are written: its
// own, else the scope of its action. A named operation without an entry in the method map
// has that of its method.
func (res *resource) ownRequirement(m Method, required map[string]Requirement) Requirement {
	method, name := annotations.CutOperation(m.Name)
	if method == "HEAD" {
		method = "GET"
	}
	q, ok := required[m.Name]
	if !ok && (name == "" || slices.Contains(res.unmapped, m.Name)) {
		q, ok = required[method]
	}
	if !ok {
		own := slices.IndexFunc(res.Scopes, func(s Scope) bool { return s.Action == m.Action })
		q = Requirement{{res.Scopes[own].ScopeRef}}
	}
	return q
}

// neededScopes removes the scopes of resources that no requirement of the package names. It
// reports texts about them, and those that the package declares as well.
func (r *resolver) neededScopes() {
	needed, rejected := r.needed, false
	owners := map[string]*resource{}
	for _, res := range r.resources {
		rejected = rejected || res.requireRejected
		for _, s := range res.Scopes {
			if owners[s.Value] == nil && needed[s.Value] {
				owners[s.Value] = res
			}
			if !needed[s.Value] && s.Text != "" && !res.requireRejected {
				r.resolve(res, func(*resource) { r.uselessText(res, s) })
			}
		}
		res.Scopes = slices.DeleteFunc(res.Scopes, func(s Scope) bool { return !needed[s.Value] })
	}
	if !rejected {
		r.uselessEdges()
	}
	for _, s := range r.declared {
		if res := owners[s.Value]; res != nil {
			r.diags.Add(s.Pos, diag.ScopeTwice, "scope %s is declared already, by type %s, see %s", s.Value, res.Type, res.Pos)
		}
	}
}

// uselessText reports the text about a scope that nothing requires.
func (r *resolver) uselessText(res *resource, s Scope) {
	for _, d := range res.written.Describes {
		if d.Action.Value == s.Action {
			r.diags.Add(d.Action.Pos, diag.UnknownAction, "no operation requires %s, the scope of action %s of type %s, so there is nothing to describe",
				s.Value, s.Action, res.Type)
		}
	}
}

// methodsNaming returns the methods whose requirement names a scope.
func (res *resource) methodsNaming(scope ScopeRef) []string {
	var methods []string
	for _, m := range res.Methods {
		if slices.ContainsFunc(m.Declared(), func(all []ScopeRef) bool { return slices.Contains(all, scope) }) {
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
	var among map[string]int // the methods that a spec names; nil for annotations
	if res.written.Decl == nil {
		var named []annotations.Text
		for _, w := range res.written.Requires {
			named = append(named, w.Methods...)
		}
		// A key is repeated for each of its alternatives.
		among = countFolded(slices.CompactFunc(named, func(a, b annotations.Text) bool { return a.Pos == b.Pos }))
	}
	required, lines := map[string]Requirement{}, map[string][]annotations.Require{}
	for _, w := range res.written.Requires {
		before := len(r.diags)
		methods := r.requiring(w, answered, among)
		notAnswered := slices.ContainsFunc(r.diags[before:], func(d diag.Diagnostic) bool { return d.Code == diag.NotAnswered })
		if notAnswered || methods == nil && len(w.Scopes) == 0 {
			continue // the scope may be undeclared for the same reason
		}
		all, ok := r.alternative(res, w)
		if !ok {
			continue
		}
		for _, m := range methods {
			switch method, _ := res.Method(m); {
			case method.Anonymous:
				r.diags.Add(w.Pos, diag.Contradiction,
					"%s is anonymous, so a requirement of its own would bind only those who send a token; leave it out of anonymous, or leave this out", m)
			case method.Public:
				r.diags.Add(w.Pos, diag.Contradiction, "%s is public, so no scope is asked for; leave it out of public, or leave this out", m)
			case method.Authenticated:
				r.diags.Add(w.Pos, diag.Contradiction, "%s is authenticated, so any valid token will do; leave it out of authenticated, or leave this out", m)
			}
			required[m] = append(required[m], all)
			lines[m] = append(lines[m], w)
		}
	}
	for m, q := range required {
		required[m] = r.withoutRedundant(m, q, lines[m])
	}
	return required
}

// withoutRedundant returns the alternatives of a method that neither include an earlier one
// nor are included in one. It reports the others, each at its line.
func (r *resolver) withoutRedundant(method string, q Requirement, lines []annotations.Require) Requirement {
	if len(q) == 1 {
		return q
	}
	first, earlier := q.comparable()
	beside := make([]int, len(q)) // the alternative that makes this one redundant, -1 if none
	var kept Requirement
	for i, all := range q {
		beside[i] = -1
		switch {
		case first[i] == i:
			for _, j := range earlier[i] {
				if beside[j] < 0 && (beside[i] < 0 || j < beside[i]) {
					beside[i] = j
				}
			}
		case beside[first[i]] < 0:
			beside[i] = first[i]
		default:
			beside[i] = beside[first[i]]
		}
		if beside[i] >= 0 {
			r.redundant(lines[i], method, all, q[beside[i]])
			continue
		}
		kept = append(kept, all)
	}
	return kept
}

// redundant reports two alternatives of which the larger has no effect: a token
// with its scopes has those of the smaller too. It is probably a mistake.
func (r *resolver) redundant(w annotations.Require, method string, all, other []ScopeRef) {
	if len(all) == len(other) { // one includes the other
		r.diags.Add(w.Pos, diag.Repeated, "alternative %s of %s is repeated", Requirement{all}, method)
		return
	}
	if len(all) > len(other) {
		all, other = other, all
	}
	r.diags.Add(w.Pos, diag.Repeated, "alternative %q of %s has no effect beside %q, which asks for less; "+
		"the scopes of a line are all required, and a further line is an alternative", Requirement{other}, method, Requirement{all})
}

// requiring resolves the methods of one line. How often the whole spec has each is in
// among, nil for annotations.
func (r *resolver) requiring(w annotations.Require, answered []string, among map[string]int) []string {
	inSource := among == nil
	if inSource {
		among = countFolded(w.Methods)
	}
	var methods []string
	for _, m := range w.Methods {
		switch {
		case m.Value == "":
			r.diags.Add(m.Pos, diag.EmptyValue, "a method of require is empty")
		case slices.Contains(methods, m.Value):
			r.diags.Add(m.Pos, diag.Repeated, "method %s is repeated in require", m.Value)
		case inSource && r.otherSeparator(annotations.DirectiveRequire, m):
		case r.settable(annotations.DirectiveRequire, m, answered, among):
			methods = append(methods, m.Value)
		}
	}
	return methods
}

// alternative resolves the scopes of one line.
func (r *resolver) alternative(res *resource, w annotations.Require) ([]ScopeRef, bool) {
	if len(w.Scopes) == 0 {
		r.diags.Add(w.Pos, diag.MissingArgument, "require names no scope, and would be met by nobody")
		return nil, false
	}
	var all []ScopeRef
	named := map[string]bool{}
	ok := true
	for _, t := range w.Scopes {
		switch ref, declared := r.ref(res, t.Value); {
		case !r.checkScope(t, "scope"):
			ok = false
		case !declared:
			r.undeclared(res, t)
			ok = false
		case named[ref.Value]:
			r.diags.Add(t.Pos, diag.Repeated, "scope %s is repeated", t.Value)
		default:
			named[ref.Value] = true
			all = append(all, ref)
		}
	}
	return all, ok
}

func (r *resolver) undeclared(res *resource, t annotations.Text) {
	if len(r.scopes[t.Value]) > 0 {
		r.diags.Add(t.Pos, diag.Undeclared, "scope %q is declared by a type of a test file, which no build but that of the tests has", t.Value)
		return
	}
	if strings.Contains(t.Value, ",") {
		parts := strings.FieldsFunc(t.Value, func(c rune) bool { return c == ',' })
		d := r.diags.Add(t.Pos, diag.Undeclared, "undeclared scope %q; blanks separate the scopes of a require, "+
			"which are all needed, and a further require is an alternative; write %s", t.Value, strings.Join(parts, " "))
		if len(parts) == 1 { // else they may be alternatives
			if _, ok := r.ref(res, parts[0]); ok {
				t.SetFix(d, parts[0])
			}
		}
		return
	}
	if slices.Contains([]string{"or", "and", "|", "||", "&", "&&"}, strings.ToLower(t.Value)) {
		r.diags.Add(t.Pos, diag.Undeclared,
			"undeclared scope %q; the scopes of a require, with blanks between them, are all needed, and a further require is an alternative", t.Value)
		return
	}
	if r.unnamed {
		return // a resource may yield the scope
	}
	for i := range len(t.Value) {
		if t.Value[i] == ':' && r.rejected[t.Value[:i]] {
			return
		}
	}
	r.diags.Add(t.Pos, diag.Undeclared,
		"undeclared scope %q%s; others are declared by map=, by //webapi:scope in the package's doc comment, or under scopes: of a spec", t.Value, r.declaredScopes(res, t.Value))
}

// declaredScopes returns the part of a message about an undeclared scope that suggests one
// and lists those that res can require, if they are few.
func (r *resolver) declaredScopes(res *resource, got string) string {
	if r.compared += len(r.scopes); r.compared > maxCompared {
		return ""
	}
	var known []string
	for _, s := range slices.Sorted(maps.Keys(r.scopes)) {
		certain := func(o owner) bool { return o.resource == nil || !o.written.Incomplete }
		if _, ok := r.ref(res, s); ok && slices.ContainsFunc(r.scopes[s], certain) {
			known = append(known, s)
		}
	}
	const few = 20 // more would bury the message
	hint := annotations.Suggest(got, known)
	if 0 < len(known) && len(known) <= few {
		declared := "declared: "
		if r.written.Incomplete || len(r.rejected) > 0 {
			declared = "declared, among others: "
		}
		hint += "; " + declared + strings.Join(known, ", ")
	}
	return hint
}

// ref returns a scope as the file of res can name it: by the constant of res
// itself, else by one that exists in every build that contains res. It returns
// false if no build of res has the scope.
func (r *resolver) ref(res *resource, value string) (ScopeRef, bool) {
	for i := range res.Scopes {
		if res.Scopes[i].Value == value {
			return res.Scopes[i].ScopeRef, true
		}
	}
	declared := false
	ref := ScopeRef{Value: value}
	for _, o := range r.scopes[value] {
		switch {
		case ref.Const != "":
			return ref, true
		case o.resource == nil:
			declared, ref.Const = true, o.constant
		case o.File.Test && !res.File.Test: // only builds of the tests have it
		default:
			declared = true
			if !o.constrained() || o.builtWith(res) {
				ref.Const = o.constant
			}
		}
	}
	return ref, declared
}

func (res *resource) constrained() bool { return res.decl != nil && res.decl.File.Constrained() }

// builtWith reports whether the files of two types have the same build constraints.
func (res *resource) builtWith(other *resource) bool {
	return res.decl != nil && other.decl != nil &&
		res.decl.File.Constraint == other.decl.File.Constraint && res.decl.File.Suffix == other.decl.File.Suffix
}
