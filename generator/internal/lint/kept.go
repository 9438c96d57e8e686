package lint

import (
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator/parallel"
	"github.com/webapi-gen/webapi-gen/model"
)

// A Package is what is kept of a package to compare it with others: much less
// than the package itself, since a run may have thousands. It is packed into one
// string, which shares no memory with anything else, and which is one object
// without pointers to the garbage collector.
type Package struct{ packed string }

// contents are those of a Package, apart from its resources.
type contents struct {
	folder   string
	whole    bool
	aside    []Aside
	known    []string // scopes that it yields for tests, or declares with a text
	foreign  []string // scopes that a requirement names of a resource that does not yield them
	declared []declared
}

// A declared scope is one of the package itself, less those of external tests.
type declared struct {
	pos                   token.Position
	value, constant, text string
}

// A resource is what is kept of one, less those of tests. What it does not accept
// tokens for is "".
type resource struct {
	pos                          token.Position
	typ, name, scopeName, policy string
	saidScope, saidPolicy        bool   // scope= or policy= is written
	super                        string // the type of the super, if its key is the same by default
	scopes                       []scope
}

type scope struct {
	value, text string
	required    bool   // by a method of the resource itself
	constant    string // if not: its own
	mapped      string // if not: the methods whose action yields it, less HEAD, which follows GET
}

// OfFiles returns what is to be kept of files that no build takes.
func OfFiles(files []Aside) Package {
	var w writer
	w.contents(&contents{aside: files})
	return Package{string(w.data)}
}

// Of returns what is to be kept of a package in a folder, by whatever name
// [Source.Imports] has for it. It is whole if the run has all packages of its module.
func Of(pkg *model.Package, folder string, whole bool) Package {
	listed := pkg.Catalogued()
	const partSize = 256 // resources, packed by one goroutine; most packages have fewer
	parts := make([]string, max(1, (len(listed)+partSize-1)/partSize))
	parallel.Do(len(parts), func(i int) {
		some := listed[i*partSize : min((i+1)*partSize, len(listed))]
		const guess = 160 // bytes of a resource
		w := writer{data: make([]byte, 0, guess*(1+len(some)))}
		if i == 0 {
			w.contents(contentsOf(pkg, listed, folder, whole))
		}
		var kept resource
		for _, r := range some {
			kept.set(r)
			w.resource(&kept)
		}
		parts[i] = string(w.data)
	})
	return Package{strings.Join(parts, "")}
}

func contentsOf(pkg *model.Package, listed []*model.Resource, folder string, whole bool) *contents {
	c := contents{folder: folder, whole: whole}
	for _, r := range pkg.Resources {
		c.foreign = appendForeign(c.foreign, r)
		if len(listed) > 0 && listed[0] == r {
			listed = listed[1:]
			continue
		}
		for _, s := range r.Scopes {
			c.known = append(c.known, s.Value)
		}
	}
	for _, s := range pkg.Scopes {
		if s.Text != "" {
			c.known = append(c.known, s.Value)
		}
		if !pkg.External {
			c.declared = append(c.declared, declared{s.Pos, s.Value, s.Const, s.Text})
		}
	}
	return &c
}

// appendForeign appends the scopes that a resource requires and does not yield.
func appendForeign(list []string, r *model.Resource) []string {
	for _, m := range r.Methods {
		for _, all := range m.Requires {
			for _, s := range all {
				own := !r.File.Test && slices.ContainsFunc(r.Scopes, func(o model.Scope) bool { return o.Value == s.Value })
				if !own && !slices.Contains(list, s.Value) {
					list = append(list, s.Value)
				}
			}
		}
	}
	return list
}

// set makes the resource what is to be kept of another one.
func (res *resource) set(r *model.Resource) {
	*res = resource{pos: r.Pos, typ: r.Type, name: r.Name, scopes: res.scopes[:0]}
	res.saidScope = slices.Contains(r.ExplicitKeys, annotations.KeyScope)
	res.saidPolicy = slices.Contains(r.ExplicitKeys, annotations.KeyPolicy)
	if r.OAuth2 {
		res.scopeName = r.ScopeName
	}
	if r.APITokens {
		res.policy = r.Policy
	}
	if r.Super != nil && sameKeyByDefault(r, r.Super.Base) {
		res.super = r.Super.Base.Type
	}
	for _, s := range r.Scopes {
		kept := scope{value: s.Value, text: s.Text, required: len(s.Methods) > 0}
		if !kept.required {
			kept.constant, kept.mapped = s.Const, mapped(r, s.Action)
		}
		res.scopes = append(res.scopes, kept)
	}
}

// sameKeyByDefault reports whether a resource and its super are asked about the same
// object by policies, and neither says so: both have the key of their package.
func sameKeyByDefault(r, super *model.Resource) bool {
	said := slices.Contains(r.ExplicitKeys, annotations.KeyKey) || slices.Contains(super.ExplicitKeys, annotations.KeyKey)
	return !said && r.Key != "" && r.Key == super.Key && r.APITokens && super.APITokens
}

// mapped returns the methods of a resource that have an action.
func mapped(r *model.Resource, action string) string {
	var list []string
	for _, m := range r.Methods {
		if m.Action == action && m.Name != "HEAD" {
			list = append(list, m.Name)
		}
	}
	return strings.Join(list, ",")
}
