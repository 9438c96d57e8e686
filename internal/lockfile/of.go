package lockfile

import (
	"slices"

	"github.com/webapi-gen/webapi-gen/model"
)

// Of returns what a lock file says of the package in a folder, which is given
// with slashes and relative to its module. Types of tests are left out.
func Of(folder string, pkg *model.Package) *File {
	f := &File{}
	if pkg.External {
		return f
	}
	for _, r := range pkg.Catalogued() {
		f.add(folder, r)
	}
	for _, p := range pkg.Public {
		f.Public = append(f.Public, Public{Name: typeIn(folder, p.Name), Reason: p.Reason})
	}
	f.addScopes(folder, pkg.Scopes)
	return f
}

// add adds a resource with its methods and scopes.
func (f *File) add(folder string, r *model.Resource) {
	typ := typeIn(folder, r.Type)
	f.Resources = append(f.Resources, Resource{Type: typ, Name: r.Name, Policies: policies(r), Description: r.Description})
	for _, m := range r.Methods {
		if m.Name == "HEAD" {
			continue
		}
		a := Access{Type: typ, Method: m.Name, Anonymous: m.Anonymous, APITokens: r.APITokens, OAuth2: r.OAuth2}
		if r.OAuth2 {
			a.Requires = alternatives(m.Requires)
		}
		f.Access = append(f.Access, a)
	}
	f.addScopes(folder, r.Scopes)
}

// policies returns what an API token's policy must allow of a resource and of
// those behind it.
func policies(r *model.Resource) []Policy {
	list := []Policy{{ID: r.Policy, Key: r.Key}}
	for r.Super != nil {
		r = r.Super.Base
		list = append(list, Policy{ID: r.Policy, Key: r.Key})
	}
	return list
}

func (f *File) addScopes(folder string, scopes []model.Scope) {
	for _, s := range scopes {
		if s.Text == "" && s.Action == "" {
			continue // another package declares it
		}
		f.Scopes = append(f.Scopes, Scope{Folder: folder, Value: s.Value, Text: s.Text})
	}
}

// alternatives returns a requirement in the one order in which it is written,
// whatever the order of its declaration: the order means nothing to a guard.
func alternatives(q model.Requirement) [][]string {
	list := make([][]string, len(q))
	for i, all := range q {
		for _, s := range all {
			list[i] = append(list[i], s.Value)
		}
		slices.Sort(list[i])
	}
	slices.SortFunc(list, slices.Compare[[]string])
	return list
}
