package model

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// Names of the catalogue of a package: its file, its function, and the variable
// that holds its data.
const (
	CatalogFile = "webapi_catalog.go"
	CatalogFunc = "WebAPIResources"
	CatalogVar  = "webAPIResources"
)

// guardMethods lists the methods that are generated for each resource.
var guardMethods = []string{"CallMethodView", "RequiredScopes", "AccessRules"}

// testNames lists what contract tests use besides usedNames.
var testNames = []string{"testing", "webapitest", "new"}

// usedNames lists names of packages and predeclared identifiers that generated
// files use. A declaration of the package would shadow them.
var usedNames = []string{"http", "webapi", "bool", "error", "string", "true", "false", "nil"}

// catalogNames lists the identifiers of the catalogue.
var catalogNames = []string{CatalogFunc, CatalogVar}

// nameFiles names the file of each guard: <type>_webapi.go, with the platform and
// test suffixes of the file that declares the type. Declarations of one type
// whose files would have the same name get the name of their own file in between.
func (r *resolver) nameFiles() {
	count := map[string]int{}
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
		name = snake(res.Base) + "_resource" // snake("AResource") is "aresource"
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

// A declaration has an identifier or a file name, in the package or in the
// generated files.
type declaration struct {
	kind, name string
	pos        token.Position
	res        *resource // nil if it is not a resource
}

// String returns the declaration as an error message names it.
func (d declaration) String() string { return d.kind + d.name }

// variantOf reports whether both are resources of one type, for different builds.
func (d declaration) variantOf(other declaration) bool {
	return d.res != nil && other.res != nil && d.res != other.res && d.res.Type == other.res.Type
}

func (res *resource) declaration() declaration {
	return declaration{kind: "type ", name: res.Type, pos: res.Pos, res: res}
}

// identClashes reports identifiers that would be declared twice, or that would
// shadow what generated files use.
func (r *resolver) identClashes() {
	if len(r.resources)+len(r.declared) == 0 {
		return
	}
	n := len(r.written.Types) + len(r.written.Idents) + len(r.declared)
	for _, res := range r.resources {
		n += len(res.idents)
	}
	idents := make(map[string]declaration, n)
	for _, t := range r.written.Types {
		idents[t.Name.Value] = declaration{kind: "type ", name: t.Name.Value, pos: t.Name.Pos}
	}
	for _, id := range r.written.Idents {
		idents[id.Name.Value] = declaration{name: id.Name.Value, pos: id.Name.Pos}
	}
	used := usedNames
	if slices.ContainsFunc(r.resources, func(res *resource) bool { return res.HasMaxAge() }) {
		used = append(slices.Clone(used), "time")
	}
	for _, name := range used {
		if d, ok := idents[name]; ok {
			r.diags.Add(d.pos, diag.IdentifierClash, "%s cannot be declared in this package: generated code means something else by that name", name)
		}
	}
	for _, name := range testNames {
		if d, ok := idents[name]; ok {
			r.testClashes.Add(d.pos, diag.IdentifierClash, "%s cannot be declared in this package: contract tests mean something else by that name", name)
		}
	}
	for _, res := range r.resources {
		for _, name := range []string{ContractTest + res.Type, ContractTest + res.Type + "_nil"} {
			if d, ok := idents[name]; ok {
				r.testClashes.Add(d.pos, diag.IdentifierClash, "%s cannot be declared in this package: it is the name of a contract test", name)
			}
		}
	}
	for _, imp := range r.written.Imports { // Go has no name both in a file and in its package
		if _, ok := idents[imp.Name.Value]; !ok {
			idents[imp.Name.Value] = declaration{kind: "import ", name: strconv.Quote(imp.Path), pos: imp.Name.Pos}
		}
	}
	for _, name := range catalogNames {
		if d, ok := idents[name]; ok && !r.written.External {
			r.diags.Add(d.pos, diag.IdentifierClash, "%s cannot be declared in this package: it is the name of the catalogue", name)
		}
	}
	for _, s := range r.declared {
		if s.Const != "" {
			r.claimIdent(idents, s.Const, declaration{kind: "scope ", name: s.Value, pos: r.scopes[s.Value][0].pos})
		}
	}
	for _, res := range r.resources {
		d := res.declaration()
		if res.Declare {
			r.claimIdent(idents, res.Type, d)
		}
		for _, id := range res.idents {
			if !r.claimIdent(idents, id, d) && idents[id].res != nil {
				break // two resources with the same base share all identifiers
			}
		}
	}
}

// claimIdent enters a generated identifier into idents, or reports that it is
// taken and returns false.
func (r *resolver) claimIdent(idents map[string]declaration, id string, d declaration) bool {
	switch other, taken := idents[id]; {
	case taken && d.res != nil && d.res == other.res:
		r.diags.Add(d.pos, diag.IdentifierClash, "identifier %s would be generated for %s twice; rename one of its actions or operations", id, d)
	case taken && !d.variantOf(other):
		r.diags.Add(d.pos, diag.IdentifierClash, "identifier %s, to be generated for %s, is that of %s too, see %s", id, d, other, other.pos)
	default:
		idents[id] = d
		return true
	}
	return false
}

// fileClashes reports files that two resources would share. It compares names
// without regard to case, as some file systems do.
func (r *resolver) fileClashes() {
	files := map[string]declaration{}
	for _, res := range r.resources {
		name, d := strings.ToLower(res.File.Name), res.declaration()
		if other, taken := files[name]; taken && !d.variantOf(other) {
			r.diags.Add(d.pos, diag.FileClash, "file %s, to be generated for %s, is that of %s too, see %s", res.File.Name, d, other, other.pos)
			continue
		}
		files[name] = d
	}
}

// methodClashes reports hand-written methods and fields that have the name of a
// generated method.
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

// fieldClashes reports fields that have the name of a generated method.
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

// publics reports resources and guarded functions that are annotated as public too, and
// reasons that are not a line of visible text.
func (r *resolver) publics() {
	guarded := map[token.Position]annotations.Guarded{}
	for _, g := range r.written.Guarded {
		guarded[g.Name.Pos] = g
	}
	for _, p := range r.written.Public {
		r.checkText(p.Reason)
		if g, ok := guarded[p.Name.Pos]; ok {
			r.diags.Add(p.Pos, diag.Contradiction, "function %s is guarded by what webapi:guarded names, see %s, and cannot be public", p.Name.Value, g.Pos)
		}
		for _, res := range r.byType[p.Name.Value] {
			if res.decl != nil && res.decl.Name.Pos == p.Name.Pos {
				r.diags.Add(p.Pos, diag.Contradiction, "type %s is a resource, see %s, and cannot be public", res.Type, res.Pos)
			}
		}
	}
}

// unguarded returns the types and functions that are annotated as public, sorted
// by name. It leaves out those of test files.
func (r *resolver) unguarded() []Public {
	var list []Public
	for _, p := range r.written.Public {
		if strings.HasSuffix(p.Pos.Filename, "_test.go") {
			continue
		}
		list = append(list, Public{Name: r.withReceiver(p.Name), Reason: p.Reason.Value})
	}
	slices.SortFunc(list, func(a, b Public) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Reason, b.Reason))
	})
	return slices.CompactFunc(list, func(a, b Public) bool { return a.Name == b.Name }) // of several builds
}

// guarding returns the functions that are annotated as guarded, sorted by name. It leaves
// out those of test files.
func (r *resolver) guarding() []Guarded {
	var list []Guarded
	for _, g := range r.written.Guarded {
		if !strings.HasSuffix(g.Pos.Filename, "_test.go") {
			list = append(list, Guarded{Name: r.withReceiver(g.Name), By: g.By.Value})
		}
	}
	slices.SortFunc(list, func(a, b Guarded) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.By, b.By))
	})
	return slices.CompactFunc(list, func(a, b Guarded) bool { return a.Name == b.Name }) // of several builds
}

// withReceiver returns a name as it is, or TYPE:METHOD for that of a method.
func (r *resolver) withReceiver(name annotations.Text) string {
	for _, m := range r.written.Methods {
		if m.Name.Pos == name.Pos {
			return m.Receiver + ":" + name.Value
		}
	}
	return name.Value
}

// duplicates reports resources that have a scope name or policy ID in common
// without acknowledging it.
func (r *resolver) duplicates() {
	scopes, policies := map[string][]*resource{}, map[string][]*resource{}
	seen := map[string]bool{}
	for _, res := range r.resources {
		if seen[res.Type] {
			continue
		}
		seen[res.Type] = true
		if res.OAuth2 {
			scopes[res.ScopeName] = append(scopes[res.ScopeName], res)
		}
		if res.APITokens {
			policies[res.Policy] = append(policies[res.Policy], res)
		}
	}
	r.sameScopes()
	for name, list := range scopes {
		if len(list) > 1 {
			r.unacknowledged(list, diag.SharedScope, "scope name "+name, scopeNameKeys(list)...)
		}
	}
	for id, list := range policies {
		if len(list) > 1 {
			r.unacknowledged(list, diag.SharedPolicy, "policy ID "+id, annotations.KeyPolicy)
		}
	}
}

// sameScopes reports resources with different scope names that have a scope in common.
func (r *resolver) sameScopes() {
	first := map[string]*resource{}
	for _, res := range r.resources {
		if res.nameRejected {
			continue
		}
		for _, s := range res.Scopes {
			other := first[s.Value]
			switch {
			case other == nil:
				first[s.Value] = res
			case other.ScopeName != res.ScopeName:
				r.diags.Add(res.Pos, diag.SharedScope, "type %s has the scope %s, and so has %s; if that is wanted, write the same scope= on both, else tell them apart by format=",
					res.Type, s.Value, other.Type)
			}
		}
	}
}

// scopeNameKeys returns the keys, one of which each resource must write to
// acknowledge that it shares its scope name: scope= if one of them writes that,
// else scope= or policy=.
func scopeNameKeys(list []*resource) []string {
	if slices.ContainsFunc(list, func(res *resource) bool { return res.explicit(annotations.KeyScope) }) {
		return []string{annotations.KeyScope}
	}
	return []string{annotations.KeyScope, annotations.KeyPolicy}
}

// unacknowledged reports those resources of a list that write none of keys.
func (r *resolver) unacknowledged(list []*resource, code diag.Code, what string, keys ...string) {
	const most = 10 // others that a message names
	for _, res := range list {
		if slices.ContainsFunc(keys, res.explicit) {
			continue
		}
		var others []string // the first ones
		for _, o := range list[:min(len(list), most+1)] {
			if o != res && len(others) < most {
				others = append(others, o.Type)
			}
		}
		has, more := "has", ""
		if len(list) > 2 {
			has = "have"
		}
		if n := len(list) - 1 - len(others); n > 0 {
			more = fmt.Sprintf(" and %d more", n)
		}
		r.diags.Add(res.Pos, code, "type %s has the %s, and so %s %s; if that is wanted, write %s= on each of them, else another %s= on one",
			res.Type, what, has, strings.Join(others, ", ")+more, strings.Join(keys, "= or "), keys[0])
	}
}
