package change

import (
	"cmp"
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
	for _, same := range []func(was, is *model.Resource) bool{
		func(was, is *model.Resource) bool { return was.Name == is.Name },
		func(was, is *model.Resource) bool { return was.Type == is.Type },
		func(was, is *model.Resource) bool { return was.Policy == is.Policy },
		func(was, is *model.Resource) bool {
			prefix := scopePrefix(was)
			return prefix != "" && prefix == scopePrefix(is)
		},
		sameAccess,
	} {
		pairs := map[string]string{}
		for typ, is := range added {
			was, ok := only(gone, func(r *model.Resource) bool { return same(r, is) })
			if !ok {
				continue
			}
			if _, ok := only(added, func(r *model.Resource) bool { return same(gone[was], r) }); ok {
				pairs[typ] = was
			}
		}
		for typ, was := range pairs {
			renamed[typ] = was
			delete(gone, was)
			delete(added, typ)
		}
	}
	return renamed, slices.Sorted(maps.Keys(gone))
}

// only returns the one type of which something holds. It returns false if that
// holds of none or several.
func only(types map[string]*model.Resource, holds func(*model.Resource) bool) (string, bool) {
	found, n := "", 0
	for typ, r := range types {
		if holds(r) {
			found = typ
			n++
		}
	}
	return found, n == 1
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

func sameAccess(was, is *model.Resource) bool {
	return slices.EqualFunc(was.Methods, is.Methods, func(a, b model.Method) bool {
		return a.Name == b.Name && lockfile.Access(was, a) == lockfile.Access(is, b)
	})
}

// widening returns requests that a method of a new type allows and the same method
// of a removed type denied, and the line of that one. A new type may be any of the
// removed ones: a rename must not hide that it allows more.
func (d *differ) widening(a method) (allowed []Example, than string) {
	if d.before.resources[a.typ] != nil {
		return nil, ""
	}
	for _, b := range d.before.methods {
		if b.Name != a.Name || !slices.Contains(d.removed, b.typ) {
			continue
		}
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
	removed, added := newScopes(after, before), newScopes(before, after)
	renamed := map[string]string{}
	for _, now := range added {
		users := after.users[now]
		var candidates []string
		for _, was := range removed {
			if len(users) > 0 && slices.Equal(before.users[was], users) {
				candidates = append(candidates, was)
			}
		}
		if len(candidates) == 1 {
			renamed[now] = candidates[0]
		}
	}
	return renamed
}

// newScopes returns the scopes of the catalogue of after that are not in that of
// before.
func newScopes(before, after index) []string {
	known := before.values()
	return slices.DeleteFunc(after.values(), func(s string) bool { return slices.Contains(known, s) })
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
