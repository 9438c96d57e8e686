package model

import (
	"cmp"
	"go/token"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// An Alias is a scope that is accepted in place of another one, and that nothing shows.
type Alias struct {
	Old, New string
	Until    string // the last day on which it is wanted, YEAR-MONTH-DAY; "" if there is none
	Pos      token.Position
}

// A Grant is the scopes that a token may have in place of another one: those that imply it,
// and then aliases.
type Grant struct {
	Scope   ScopeRef
	By      []ScopeRef
	Aliases []Alias
}

// all returns the scopes that a token may have in place of the one, and the one itself first.
func (g Grant) all() []ScopeRef {
	all := append([]ScopeRef{g.Scope}, g.By...)
	for _, a := range g.Aliases {
		all = append(all, ScopeRef{Value: a.Old})
	}
	return all
}

// A graph has edges between scopes.
type graph struct {
	edges   map[string][]string
	reached map[string]map[string]bool // results of from
}

func newGraph() *graph { return &graph{map[string][]string{}, map[string]map[string]bool{}} }

func (g *graph) add(from, to string) { g.edges[from] = append(g.edges[from], to) }

// from returns the scopes to which edges lead from a scope.
func (g *graph) from(scope string) map[string]bool {
	if known := g.reached[scope]; known != nil || len(g.edges[scope]) == 0 {
		return known
	}
	seen := map[string]bool{}
	for next := []string{scope}; len(next) > 0; {
		at := next[len(next)-1]
		next = next[:len(next)-1]
		for _, to := range g.edges[at] {
			if !seen[to] {
				seen[to] = true
				next = append(next, to)
			}
		}
	}
	g.reached[scope] = seen
	return seen
}

// implications collects what the scopes of the package imply, and the aliases.
func (r *resolver) implications() {
	r.implied, r.impliedBy, r.aliases = newGraph(), newGraph(), map[string][]Alias{}
	written := map[string][]annotations.Text{}
	for _, w := range r.written.Implies {
		if !r.isDeclared(w.Scope) {
			continue
		}
		from := w.Scope.Value
		for _, t := range w.Implied {
			switch {
			case !r.isDeclared(t) || !r.isOwner(t):
			case t.Value == from:
				r.diags.Add(t.Pos, diag.BadImplies, "scope %s cannot imply itself", from)
			case slices.ContainsFunc(written[from], func(o annotations.Text) bool { return o.Value == t.Value }):
				r.diags.Add(t.Pos, diag.Repeated, "scope %s implies %s already", from, t.Value)
			default:
				written[from] = append(written[from], t)
			}
		}
	}
	state := map[string]int{}
	for _, from := range slices.Sorted(maps.Keys(written)) {
		r.imply(from, written, state, nil)
	}
	r.resolveAliases()
}

// imply adds what a scope implies to the graphs, and what that implies. Chain is the scopes
// that lead to it.
func (r *resolver) imply(from string, written map[string][]annotations.Text, state map[string]int, chain []string) {
	if state[from] != 0 {
		return
	}
	state[from] = linking
	chain = append(chain, from)
	for _, t := range written[from] {
		if state[t.Value] == linking {
			cycle := append(slices.Clone(chain[slices.Index(chain, t.Value):]), t.Value)
			r.diags.Add(t.Pos, diag.BadImplies, "scopes cannot imply one another: %s", strings.Join(cycle, " implies "))
			continue
		}
		r.implied.add(from, t.Value)
		r.impliedBy.add(t.Value, from)
		r.edges = append(r.edges, t)
		r.imply(t.Value, written, state, chain)
	}
	state[from] = linked
}

// resolveAliases collects the aliases.
func (r *resolver) resolveAliases() {
	known := map[string]annotations.Text{}
	for _, w := range r.written.Aliases {
		first, twice := known[w.Old.Value]
		switch {
		case !r.checkScope(w.Old, "alias") || !r.isDeclared(w.New) || !r.isOwner(w.New):
			continue
		case len(r.scopes[w.Old.Value]) > 0:
			r.diags.Add(w.Old.Pos, diag.BadImplies, "alias %s is a scope that the package declares, so it is advertised; webapi:implies says that it grants %s",
				w.Old.Value, w.New.Value)
			continue
		case twice:
			r.diags.Add(w.Old.Pos, diag.Repeated, "alias %s is declared already, see %s; a scope that grants several is declared by webapi:scope and has webapi:implies",
				w.Old.Value, first.Pos)
			continue
		}
		known[w.Old.Value] = w.Old
		alias := Alias{w.Old.Value, w.New.Value, w.Until.Value, w.Old.Pos}
		if w.Until.Written() {
			if _, err := time.Parse(time.DateOnly, w.Until.Value); err != nil {
				r.diags.Add(w.Until.Pos, diag.BadImplies, "until must be a date such as 2027-06-30, got %q", w.Until.Value)
			}
		}
		r.accepted = append(r.accepted, alias)
		r.edges = append(r.edges, w.New)
	}
	slices.SortFunc(r.accepted, func(a, b Alias) int { return cmp.Compare(a.Old, b.Old) })
	for _, alias := range r.accepted {
		r.aliases[alias.New] = append(r.aliases[alias.New], alias)
		for to := range r.implied.from(alias.New) {
			r.aliases[to] = append(r.aliases[to], alias)
		}
	}
}

// isDeclared reports whether the package has the scope, and adds a diagnostic if not.
func (r *resolver) isDeclared(t annotations.Text) bool {
	if !r.checkScope(t, "scope") {
		return false
	}
	itself := &resource{Resource: &Resource{File: File{Test: r.written.External}}}
	if _, declared := r.ref(itself, t.Value); !declared {
		r.undeclared(itself, t)
		return false
	}
	return true
}

// isOwner reports whether the package itself declares a scope, and adds a diagnostic if not:
// what grants a scope is for its owner to say.
func (r *resolver) isOwner(t annotations.Text) bool {
	for _, o := range r.scopes[t.Value] {
		if o.resource != nil {
			return true
		}
	}
	for _, s := range r.declared {
		if s.Value == t.Value && s.Text != "" {
			return true
		}
	}
	r.diags.Add(t.Pos, diag.BadImplies, "scope %s is declared in another package, which alone says what grants it", t.Value)
	return false
}

// uselessEdges reports the implied scopes that nothing requires: a misspelt one would have no
// effect.
func (r *resolver) uselessEdges() {
	for _, t := range r.edges {
		if !r.needed[t.Value] && !slices.ContainsFunc(r.declared, func(s Scope) bool { return s.Value == t.Value }) {
			r.diags.Add(t.Pos, diag.Undeclared, "no operation requires %s, so nothing is granted by what grants it", t.Value)
		}
	}
}

// impliedScopes sets what scopes imply.
func (r *resolver) impliedScopes() {
	if len(r.implied.edges) == 0 {
		return
	}
	set := func(s *Scope) { s.Implies = slices.Sorted(maps.Keys(r.implied.from(s.Value))) }
	for _, res := range r.resources {
		for i := range res.Scopes {
			set(&res.Scopes[i])
		}
	}
	for i := range r.declared {
		set(&r.declared[i])
	}
}

// absorbed returns a requirement without what implications make superfluous: a scope beside
// one that implies it, and an alternative beside one that each token with it meets.
func (r *resolver) absorbed(q Requirement) Requirement {
	if len(r.implied.edges) == 0 {
		return q
	}
	list := make(Requirement, len(q))
	for i, all := range q {
		list[i] = slices.DeleteFunc(slices.Clone(all), func(s ScopeRef) bool {
			return slices.ContainsFunc(all, func(by ScopeRef) bool { return r.implied.from(by.Value)[s.Value] })
		})
	}
	meets := func(all, other []ScopeRef) bool { // a token with all meets other
		for _, s := range other {
			if !slices.ContainsFunc(all, func(by ScopeRef) bool { return by.Value == s.Value || r.implied.from(by.Value)[s.Value] }) {
				return false
			}
		}
		return true
	}
	var kept Requirement
	for i, all := range list {
		superfluous := false
		for j, other := range list {
			superfluous = superfluous || i != j && meets(all, other) && (j < i || !meets(other, all))
		}
		if !superfluous {
			kept = append(kept, all)
		}
	}
	return kept
}

// grants reports whether the package says what grants any scope.
func (r *resolver) grants() bool { return len(r.impliedBy.edges)+len(r.aliases) > 0 }

// grant returns what res accepts in place of a scope.
func (r *resolver) grant(res *resource, s ScopeRef) Grant {
	g := Grant{Scope: s}
	for _, by := range slices.Sorted(maps.Keys(r.impliedBy.from(s.Value))) {
		ref, declared := r.ref(res, by)
		if declared {
			g.By = append(g.By, ref)
		}
	}
	g.Aliases = r.aliases[s.Value]
	return g
}

// expanded returns a requirement with each alternative that implications and aliases add, the
// declared ones first. It reports too many at the type of res.
func (r *resolver) expanded(res *resource, method string, q Requirement) Requirement {
	if !r.grants() {
		return q
	}
	more := slices.Clone(q)
	for _, all := range q {
		product := Requirement{nil}
		for _, s := range all {
			var next Requirement
			by := r.grant(res, s).all()
			for _, have := range product {
				for _, s := range by {
					with := slices.Clone(have)
					if !slices.Contains(with, s) {
						with = append(with, s)
					}
					next = append(next, with)
				}
			}
			if product = next; len(product) > maxAlternatives*maxAlternatives { // even if most were redundant
				break
			}
			product = product.minimal()
		}
		more = append(more, product...)
	}
	if more = more.minimal(); len(more) > maxAlternatives {
		r.diags.Add(res.Pos, diag.BadImplies, "what implies the scopes of %s of type %s gives it %d alternatives; nobody can review more than %d",
			method, res.Type, len(more), maxAlternatives)
		return q
	}
	return more
}

// granted returns what the requirements of a resource accept in place of their scopes.
func (r *resolver) granted(res *resource) []Grant {
	if !r.grants() {
		return nil
	}
	var list []Grant
	seen := map[string]bool{}
	for _, m := range res.Methods {
		for _, s := range slices.Concat(m.Declared()...) {
			if seen[s.Value] {
				continue
			}
			seen[s.Value] = true
			if g := r.grant(res, s); len(g.By)+len(g.Aliases) > 0 {
				list = append(list, g)
			}
		}
	}
	return list
}

// GrantsOf returns what the resource accepts in place of the scopes of a requirement.
func (r *Resource) GrantsOf(q Requirement) []Grant {
	if len(r.Grants) == 0 {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(r.Grants), func(g Grant) bool {
		return !slices.ContainsFunc(q, func(all []ScopeRef) bool { return slices.Contains(all, g.Scope) })
	})
}

// Missing returns the declared scopes of a method that a token lacks, and that nothing that it
// has grants: those of the alternative with the fewest, the first of several, as the challenge
// of the runtime does.
func (r *Resource) Missing(m Method, held []string) []string {
	granted := slices.Clone(held)
	for _, g := range r.Grants {
		if slices.ContainsFunc(g.all(), func(s ScopeRef) bool { return slices.Contains(held, s.Value) }) {
			granted = append(granted, g.Scope.Value)
		}
	}
	missing, _ := m.Declared().Missing(granted)
	return missing
}
