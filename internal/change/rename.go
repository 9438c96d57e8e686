package change

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// renamedTypes returns what types were called before that are new by name only,
// and the types that have gone and become none of these. By its name alone a
// resource would count as new, and what it opens besides would not be seen.
//
// A type that has come and one that has gone are the same if either has something
// in common with the other alone: the resource name, else the type name in another
// folder, the policy ID, the name that its scopes begin with, or all its methods
// with the same rights.
func renamedTypes(before, after *lockfile.File) (renamed map[string]string, unmatched []string) {
	gone, come := resources(before), resources(after)
	for typ := range gone {
		if _, stays := come[typ]; stays {
			delete(gone, typ)
			delete(come, typ)
		}
	}
	old, now := methods(before), methods(after)
	renamed = map[string]string{}
	for _, same := range []func(was, is lockfile.Resource) bool{
		func(was, is lockfile.Resource) bool { return was.Name == is.Name },
		func(was, is lockfile.Resource) bool { return baseName(was.Type) == baseName(is.Type) },
		func(was, is lockfile.Resource) bool { return was.Policies[0].ID == is.Policies[0].ID },
		func(was, is lockfile.Resource) bool {
			name := scopeName(old[was.Type])
			return name != "" && name == scopeName(now[is.Type])
		},
		func(was, is lockfile.Resource) bool { return reflect.DeepEqual(old[was.Type], now[is.Type]) },
	} {
		pairs := map[string]string{}
		for typ, is := range come {
			was, ok := only(gone, func(r lockfile.Resource) bool { return same(r, is) })
			if !ok {
				continue
			}
			if _, ok := only(come, func(r lockfile.Resource) bool { return same(gone[was], r) }); ok {
				pairs[typ] = was
			}
		}
		for typ, was := range pairs {
			renamed[typ] = was
			delete(gone, was)
			delete(come, typ)
		}
	}
	return renamed, slices.Sorted(maps.Keys(gone))
}

// only returns the type that is the only one of which something holds.
func only(types map[string]lockfile.Resource, holds func(lockfile.Resource) bool) (string, bool) {
	var found []string
	for typ, r := range types {
		if holds(r) {
			found = append(found, typ)
		}
	}
	if len(found) != 1 {
		return "", false
	}
	return found[0], true
}

// baseName returns the name of a type without its folder.
func baseName(typ string) string { return typ[strings.LastIndexByte(typ, '.')+1:] }

// scopeName returns what all scopes that methods require have before the colon,
// or "" if that is not one name.
func scopeName(methods []lockfile.Access) string {
	name := ""
	for _, a := range methods {
		for _, all := range a.Requires {
			for _, s := range all {
				before, _, ok := strings.Cut(s, ":")
				if !ok || name != "" && before != name {
					return ""
				}
				name = before
			}
		}
	}
	return name
}

// widening returns requests that a method of a type that has come lets through
// and that the same method of a type that has gone refused, and that method. A
// new type may be any of those that have gone and became no other: by which name
// something goes must not hide that it is open.
func (d *differ) widening(a lockfile.Access) (examples []Example, than *lockfile.Access) {
	if _, stays := resources(d.before)[a.Type]; stays {
		return nil, nil
	}
	for _, b := range d.before.Access {
		if b.Method != a.Method || !slices.Contains(d.gone, b.Type) {
			continue
		}
		if more := newly(b, a); len(more) > len(examples) {
			examples, than = more, &b
		}
	}
	return examples, than
}

// newly returns the examples of requests that are let through now.
func newly(before, after lockfile.Access) []Example {
	return slices.DeleteFunc(examples(before, after), func(e Example) bool { return !e.Now })
}

func resources(f *lockfile.File) map[string]lockfile.Resource {
	m := map[string]lockfile.Resource{}
	for _, r := range f.Resources {
		m[r.Type] = r
	}
	return m
}

// methods returns the methods of each type, without the type's name.
func methods(f *lockfile.File) map[string][]lockfile.Access {
	m := map[string][]lockfile.Access{}
	for _, a := range f.Access {
		typ := a.Type
		a.Type = ""
		m[typ] = append(m[typ], a)
	}
	return m
}

// renamedScopes returns what scopes were called before: a scope that has gone
// from the catalogue and one that has come, such that putting the new one for the
// old one in every requirement makes the old requirements those of now.
func renamedScopes(before, after *lockfile.File) map[string]string {
	gone, come := newScopes(after, before), newScopes(before, after)
	renamed := map[string]string{}
	for _, now := range come {
		var candidates []string
		for _, was := range gone {
			if slices.Equal(users(before, was), users(after, now)) && len(users(after, now)) > 0 {
				candidates = append(candidates, was)
			}
		}
		if len(candidates) == 1 {
			renamed[now] = candidates[0]
		}
	}
	return renamed
}

// newScopes returns the scopes that the catalogue of after has, and that of
// before has not.
func newScopes(before, after *lockfile.File) []string {
	var list []string
	for _, s := range after.Scopes {
		if !slices.ContainsFunc(before.Scopes, func(o lockfile.Scope) bool { return o.Value == s.Value }) {
			list = append(list, s.Value)
		}
	}
	return list
}

// users returns the methods whose requirement names a scope.
func users(f *lockfile.File, scope string) []string {
	var list []string
	for _, a := range f.Access {
		if slices.ContainsFunc(a.Requires, func(all []string) bool { return slices.Contains(all, scope) }) {
			list = append(list, a.Type+" "+a.Method)
		}
	}
	return list
}

// sameBut reports whether two methods have the same rights but for the names of
// scopes.
func sameBut(before, after lockfile.Access, renamed map[string]string) bool {
	if len(renamed) == 0 || before.Accepted() != after.Accepted() {
		return false
	}
	var requires [][]string
	for _, all := range after.Requires {
		old := make([]string, len(all))
		for i, s := range all {
			if old[i] = s; renamed[s] != "" {
				old[i] = renamed[s]
			}
		}
		slices.Sort(old)
		requires = append(requires, old)
	}
	slices.SortFunc(requires, slices.Compare[[]string])
	return reflect.DeepEqual(requires, before.Requires)
}
