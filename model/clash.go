package model

import (
	"cmp"
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/sieve"
)

// The catalogue of a package: its file, its function, and the data of that.
const (
	CatalogFile = "webapi_catalog.go"
	CatalogFunc = "WebAPIResources"
	CatalogVar  = "webAPIResources"
)

// guardMethods lists the methods that are generated for each resource.
var guardMethods = []string{"CallMethodView", "RequiredScopes", "AccessRules"}

// used are the names of packages, and of what Go predeclares, that a generated
// file uses. Were they declared in the package, they would mean something else.
var used = []string{"http", "webapi", "bool", "error", "string", "true", "false", "nil"}

// catalogNames are the identifiers of the catalogue.
var catalogNames = []string{CatalogFunc, CatalogVar}

// nameFiles gives each guard its file, <type>_webapi.go, with what binds the
// declaration's file to a platform or to tests. Where that is the same for
// several declarations of a type, the name of the declaration's file is added.
func (r *resolver) nameFiles() {
	count := make(map[string]int, len(r.resources))
	for _, res := range r.resources {
		res.File.Name = res.fileName("")
		count[res.File.Name]++
	}
	for _, res := range r.resources {
		if count[res.File.Name] > 1 && res.constrained() {
			base := strings.TrimSuffix(strings.TrimSuffix(res.decl.File.Name, ".go"), "_test")
			res.File.Name = res.fileName("_" + strings.TrimSuffix(base, res.decl.File.Suffix))
		}
	}
}

func (res *resource) fileName(distinction string) string {
	name := snake(res.Type)
	if res.Base+"Resource" == res.Type {
		name = snake(res.Base) + "_resource" // which AResource would not give
	}
	name += distinction + "_webapi"
	if res.decl != nil {
		name += res.decl.File.Suffix
	}
	if res.File.Test {
		name += "_test"
	}
	return name + ".go"
}

// A declaration is who has an identifier or a file name.
type declaration struct {
	kind, name string
	pos        token.Position
	res        *resource // if it is one
}

// String returns the declaration as an error message names it.
func (d declaration) String() string { return d.kind + d.name }

// variantOf reports whether both are resources of one type, for different builds.
func (d declaration) variantOf(other declaration) bool {
	return d.res != nil && other.res != nil && d.res != other.res && d.res.Type == other.res.Type
}

// identClashes reports identifiers that would be there twice. Nearly all are there
// once, and are held back before anybody asks whose they are.
func (r *resolver) identClashes() {
	if len(r.resources)+len(r.declared) == 0 {
		return
	}
	const perResource = 6 // identifiers, about
	ids := idents{
		twice: sieve.New(len(r.written.Types) + len(r.written.Idents) + perResource*len(r.resources)),
		by:    map[string]declaration{},
	}
	for range ids.twice.Rounds() {
		for _, t := range r.written.Types {
			ids.declare(t.Name.Value, declaration{kind: "type ", name: t.Name.Value, pos: t.Name.Pos})
		}
		for _, id := range r.written.Idents {
			ids.declare(id.Name.Value, declaration{name: id.Name.Value, pos: id.Name.Pos})
		}
		r.claimIdents(&ids)
	}
	for _, name := range used {
		if d, ok := ids.by[name]; ok {
			r.diags.Add(d.pos, diag.IdentifierClash, "%s cannot be declared in this package: generated code means something else by that name", name)
		}
	}
	for _, name := range catalogNames {
		if d, ok := ids.by[name]; ok && !r.written.External {
			r.diags.Add(d.pos, diag.IdentifierClash, "%s cannot be declared in this package: it is the name of the catalogue", name)
		}
	}
}

// Idents are those of a package that may be there twice, or have another meaning.
type idents struct {
	twice *sieve.Sieve
	by    map[string]declaration
}

// declare notes an identifier that is declared in the package.
func (ids *idents) declare(name string, by declaration) {
	if ids.twice.PassesString(name) || slices.Contains(used, name) || slices.Contains(catalogNames, name) {
		ids.by[name] = by
	}
}

// claimIdents claims all identifiers that are to be generated.
func (r *resolver) claimIdents(ids *idents) {
	for _, s := range r.declared {
		if s.Const != "" {
			r.claimIdent(ids, s.Const, declaration{kind: "scope ", name: s.Value, pos: r.scopes[s.Value][0].pos})
		}
	}
	for _, res := range r.resources {
		d := res.declaration()
		if res.Declare {
			r.claimIdent(ids, res.Type, d)
		}
		for _, id := range res.idents {
			if !r.claimIdent(ids, id, d) {
				break // where the base of two resources is the same, all are
			}
		}
	}
}

// fileClashes reports files that would be there twice.
func (r *resolver) fileClashes() {
	files := make(map[string]declaration, len(r.resources))
	for _, res := range r.resources {
		r.claimFile(files, res.File.Name, res.declaration())
	}
}

func (res *resource) declaration() declaration {
	return declaration{kind: "type ", name: res.Type, pos: res.Pos, res: res}
}

// claimIdent reports whether an identifier can be had.
func (r *resolver) claimIdent(ids *idents, id string, d declaration) bool {
	if !ids.twice.PassesString(id) {
		return true
	}
	switch other, taken := ids.by[id]; {
	case taken && d.res != nil && d.res == other.res:
		r.diags.Add(d.pos, diag.IdentifierClash, "identifier %s would be generated for %s twice; rename one of its actions", id, d)
	case taken && !d.variantOf(other):
		r.diags.Add(d.pos, diag.IdentifierClash, "identifier %s, to be generated for %s, is that of %s too, see %s", id, d, other, other.pos)
	default:
		ids.by[id] = d
		return true
	}
	return false
}

// claimFile compares names without regard to case, as some file systems do.
func (r *resolver) claimFile(files map[string]declaration, name string, d declaration) {
	if other, taken := files[strings.ToLower(name)]; taken && !d.variantOf(other) {
		r.diags.Add(d.pos, diag.FileClash, "file %s, to be generated for %s, is that of %s too, see %s", name, d, other, other.pos)
		return
	}
	files[strings.ToLower(name)] = d
}

// methodClashes reports hand-written methods and fields of a guard's names.
func (r *resolver) methodClashes() {
	for _, res := range r.resources {
		r.fieldClashes(res)
	}
	for _, m := range r.written.Methods {
		if r.isResource(m.Receiver) && slices.Contains(guardMethods, m.Name.Value) {
			r.diags.Add(m.Name.Pos, diag.MethodClash, "method %s of type %s is hand-written, but is to be generated", m.Name.Value, m.Receiver)
		}
	}
}

// fieldClashes reports fields of a guard's names.
func (r *resolver) fieldClashes(res *resource) {
	if res.decl == nil {
		return
	}
	fields := slices.Clone(res.decl.Fields)
	for _, e := range res.decl.Embeds {
		fields = append(fields, e.Field)
	}
	for _, f := range fields {
		if slices.Contains(guardMethods, f.Value) {
			r.diags.Add(f.Pos, diag.MethodClash, "field %s of type %s has the name of a method that is to be generated", f.Value, res.Type)
		}
	}
}

// publics reports resources that are said to be unguarded, and bad reasons.
func (r *resolver) publics() {
	for _, p := range r.written.Public {
		r.checkText(p.Reason)
		for _, res := range r.byType[p.Name.Value] {
			if res.decl != nil && res.decl.Name.Pos == p.Name.Pos {
				r.diags.Add(p.Pos, diag.Contradiction, "type %s is a resource, see %s, and cannot be public", res.Type, res.Pos)
			}
		}
	}
}

// unguarded returns what is said to be unguarded, by name.
func (r *resolver) unguarded() []Public {
	var list []Public
	for _, p := range r.written.Public {
		if strings.HasSuffix(p.Pos.Filename, "_test.go") {
			continue
		}
		public := Public{Name: p.Name.Value, Reason: p.Reason.Value}
		for _, m := range r.written.Methods {
			if m.Name.Pos == p.Name.Pos {
				public.Name = m.Receiver + ":" + public.Name
			}
		}
		list = append(list, public)
	}
	slices.SortFunc(list, func(a, b Public) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Reason, b.Reason))
	})
	return slices.CompactFunc(list, func(a, b Public) bool { return a.Name == b.Name }) // of several builds
}

// shared reports resources that have a scope name or policy ID in common and
// do not both say so.
func (r *resolver) shared() {
	scopes, policies := newSharers(len(r.resources)), newSharers(len(r.resources))
	seen := make(map[string]bool, len(r.resources))
	for _, res := range r.resources {
		if seen[res.Type] {
			continue
		}
		seen[res.Type] = true
		if res.OAuth2 {
			scopes.add(res.ScopeName, res)
		}
		if res.APITokens {
			policies.add(res.Policy, res)
		}
	}
	for name, list := range scopes.several {
		r.unsaid(list, diag.SharedScope, "scope name "+name, sharingKeys(list)...)
	}
	for id, list := range policies.several {
		r.unsaid(list, diag.SharedPolicy, "policy ID "+id, annotations.KeyPolicy)
	}
}

// Sharers are the resources of each name. Nearly all names have but one.
type sharers struct {
	first   map[string]*resource
	several map[string][]*resource
}

func newSharers(names int) sharers {
	return sharers{make(map[string]*resource, names), map[string][]*resource{}}
}

func (s *sharers) add(name string, res *resource) {
	switch first := s.first[name]; {
	case first == nil:
		s.first[name] = res
	case s.several[name] == nil:
		s.several[name] = []*resource{first, res}
	default:
		s.several[name] = append(s.several[name], res)
	}
}

// sharingKeys returns the keys of which each resource must write one for a scope
// name to be shared on purpose: scope= if one does, else policy= will do.
func sharingKeys(list []*resource) []string {
	if slices.ContainsFunc(list, func(res *resource) bool { return res.written.Settings.Text(annotations.KeyScope).Written() }) {
		return []string{annotations.KeyScope}
	}
	return []string{annotations.KeyScope, annotations.KeyPolicy}
}

// unsaid reports those of several resources that write none of keys.
func (r *resolver) unsaid(list []*resource, code diag.Code, what string, keys ...string) {
	for _, res := range list {
		if slices.ContainsFunc(keys, func(k string) bool { return res.written.Settings.Text(k).Written() }) {
			continue
		}
		var others []string
		for _, o := range list {
			if o != res {
				others = append(others, o.Type)
			}
		}
		has := "has"
		if len(others) > 1 {
			has = "have"
		}
		r.diags.Add(res.Pos, code, "type %s has the %s, and so %s %s; if that is wanted, write %s= on each of them",
			res.Type, what, has, strings.Join(others, ", "), strings.Join(keys, "= or "))
	}
}
