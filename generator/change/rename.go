package change

import (
	"maps"
	"reflect"
	"slices"

	"github.com/webapi-gen/webapi-gen/generator/lockfile"
)

// renamedTypes returns what types were called before that are new by name only:
// exactly one type has gone that has the same resource name, or else the same
// methods with the same rights. By its name alone a resource would count as new,
// and what it opens besides would not be seen.
func renamedTypes(before, after *lockfile.File) map[string]string {
	gone, come := resources(before), resources(after)
	for typ := range gone {
		if _, stays := come[typ]; stays {
			delete(gone, typ)
			delete(come, typ)
		}
	}
	old, now := methods(before), methods(after)
	renamed := map[string]string{}
	match := func(same func(a, b lockfile.Resource) bool) {
		for _, typ := range slices.Sorted(maps.Keys(come)) {
			var candidates []string
			for was, r := range gone {
				if same(r, come[typ]) {
					candidates = append(candidates, was)
				}
			}
			if len(candidates) == 1 {
				renamed[typ] = candidates[0]
				delete(gone, candidates[0])
				delete(come, typ)
			}
		}
	}
	match(func(a, b lockfile.Resource) bool { return a.Name == b.Name })
	match(func(a, b lockfile.Resource) bool { return reflect.DeepEqual(old[a.Type], now[b.Type]) })
	return renamed
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
