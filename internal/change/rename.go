package change

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

// renamedTypes returns the types of before by the types of after that are renamed
// ones, and the types of before that are none of after. By its name alone a
// renamed resource would count as new, and what it allows besides would be missed.
//
// A new type and a removed one are the same if each has something in common with
// the other alone: the resource name, else the type name in another folder, the
// policy ID, the prefix of its scopes, or all its methods with the same access.
func renamedTypes(before, after index) (renamed map[string]string, removed []string) {
	gone, added := maps.Clone(before.resources), maps.Clone(after.resources)
	for typ := range before.resources {
		if added[typ] != nil {
			delete(gone, typ)
			delete(added, typ)
		}
	}
	renamed = map[string]string{}
	for _, common := range []func(*model.Resource) string{
		func(r *model.Resource) string { return r.Name },
		func(r *model.Resource) string { return r.Type },
		func(r *model.Resource) string { return r.Policy },
		scopePrefix,
		access,
	} {
		old := unique(gone, common)
		for value, typ := range unique(added, common) {
			if was := old[value]; was != "" && typ != "" && value != "" {
				renamed[typ] = was
				delete(gone, was)
				delete(added, typ)
			}
		}
	}
	return renamed, slices.Sorted(maps.Keys(gone))
}

// unique returns the types by a value that each has, "" for a value that several have.
func unique(types map[string]*model.Resource, value func(*model.Resource) string) map[string]string {
	m := map[string]string{}
	for typ, r := range types {
		v := value(r)
		if _, taken := m[v]; taken {
			typ = ""
		}
		m[v] = typ
	}
	return m
}

// scopePrefix returns the part before the colon of all scopes that the methods
// require, or "" if they do not have the same.
func scopePrefix(r *model.Resource) string {
	prefix := ""
	for _, m := range r.Methods {
		for _, s := range slices.Concat(m.Requires...) {
			before, _, ok := strings.Cut(s.Value, ":")
			if !ok || prefix != "" && before != prefix {
				return ""
			}
			prefix = before
		}
	}
	return prefix
}

// access returns the methods of a resource with what they accept.
func access(r *model.Resource) string {
	var b strings.Builder
	for _, m := range r.Methods {
		fmt.Fprintln(&b, m.Name, lockfile.Access(r, m))
	}
	return b.String()
}

// A methodGroup has methods of one name, of types that were removed. They accept the
// same but for the requirements of OAuth2 tokens.
type methodGroup struct {
	methods []method // in order
	index   *model.Index
	met     []int // by method: the last query whose token it accepts
	queries int
}

// removedMethods returns the methods of the types that were removed, by name.
func (d *differ) removedMethods() map[string][]*methodGroup {
	isRemoved := map[string]bool{}
	for _, typ := range d.removed {
		isRemoved[typ] = true
	}
	type accepted struct {
		name, stepUp                                string
		public, anonymous, authenticated, apiTokens bool
	}
	groups := map[accepted]*methodGroup{}
	byName := map[string][]*methodGroup{}
	for _, m := range d.before.methods {
		if !isRemoved[m.typ] {
			continue
		}
		key := accepted{m.Name, strings.Join(m.StepUp.Words(), ","), m.Public, m.Anonymous, m.Authenticated, m.resource.APITokens}
		if groups[key] == nil {
			groups[key] = &methodGroup{}
			byName[m.Name] = append(byName[m.Name], groups[key])
		}
		groups[key].methods = append(groups[key].methods, m)
	}
	for _, g := range groups {
		g.met = make([]int, len(g.methods))
		requirements := make([]model.Requirement, len(g.methods))
		for i, m := range g.methods {
			requirements[i] = m.Requires
		}
		g.index = model.NewIndex(requirements)
	}
	return byName
}

// narrower returns the first method of the group that some OAuth2 token does not
// open, and that another method allows, else the first method.
func (g *methodGroup) narrower(than method) method {
	first := len(g.methods)
	for _, all := range than.Requires.Values() {
		g.queries++
		for i := range g.index.MetBy(all) {
			g.met[i] = g.queries
		}
		if i := slices.IndexFunc(g.met, func(query int) bool { return query != g.queries }); i >= 0 {
			first = min(first, i)
		}
	}
	return g.methods[first%len(g.methods)]
}

// widening returns requests that a method of a new type allows and the same method
// of a removed type denied, and the line of that one. A new type may be any of the
// removed ones: a rename must not hide that it allows more.
func (d *differ) widening(a method) (allowed []Example, than string) {
	if d.before.resources[a.typ] != nil {
		return nil, ""
	}
	for _, g := range d.groups[a.Name] {
		b := g.narrower(a)
		more := slices.DeleteFunc(examples(b, a), func(e Example) bool { return !e.Now })
		if len(more) > len(allowed) {
			allowed, than = more, b.subject()+" "+b.access()
		}
	}
	return allowed, than
}

// renamedScopes returns the scopes of before by the scopes of after that are
// renamed ones: a new scope of the catalogue is a removed one if the same methods,
// and at least one, require it, and no other removed scope.
func renamedScopes(before, after index) map[string]string {
	methods := func(users []string) string { return strings.Join(users, "\n") }
	old := map[string]string{} // by the methods; "" for several
	for _, was := range newScopes(after, before) {
		users := methods(before.users[was])
		if _, taken := old[users]; taken {
			was = ""
		}
		old[users] = was
	}
	renamed := map[string]string{}
	for _, now := range newScopes(before, after) {
		if was := old[methods(after.users[now])]; was != "" && len(after.users[now]) > 0 {
			renamed[now] = was
		}
	}
	return renamed
}

// newScopes returns the scopes of the catalogue of after that are not in that of
// before.
func newScopes(before, after index) []string {
	known := before.declared()
	return slices.DeleteFunc(after.values(), func(s string) bool { return known[s] })
}

// sameButScopes reports whether two methods have the same access but for the names
// of scopes.
func (d *differ) sameButScopes(before, after method) bool {
	if len(d.scopes) == 0 {
		return false
	}
	var old model.Requirement
	for _, all := range after.Requires {
		all = slices.Clone(all)
		for i, s := range all {
			all[i].Value = cmp.Or(d.scopes[s.Value], s.Value)
		}
		old = append(old, all)
	}
	after.Requires = old
	return after.access() == before.access()
}
