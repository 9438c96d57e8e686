package lint

import (
	"fmt"
	"go/token"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// TestRunIsWhatTheSimpleWayFinds compares Run with a reference that compares all
// names with all names.
func TestRunIsWhatTheSimpleWayFinds(t *testing.T) {
	rounds := 5000
	if testing.Short() {
		rounds = 500
	}
	found := map[diag.Code]int{}
	for seed := range uint64(rounds) {
		module := randomModule(rand.New(rand.NewPCG(seed, 1)))
		var packages []Package
		var excluded []ExcludedFile
		for _, p := range module.packages {
			if p.Package.Package != nil {
				packages = append(packages, p.Package)
			}
			excluded = append(excluded, p.excluded...)
		}
		var asked, wantAsked questions
		got, err := Run(packages, excluded, Checks{}, module.source(&asked))
		if err != nil {
			t.Fatal(err)
		}
		want := module.warnings(module.source(&wantAsked))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("seed %d (-want +got):\n%s", seed, diff)
		}
		if diff := cmp.Diff(wantAsked, asked, cmp.AllowUnexported(questions{})); diff != "" {
			t.Fatalf("seed %d asks (-want +got):\n%s", seed, diff)
		}
		for _, d := range got {
			found[d.Code]++
		}
	}
	for _, code := range warnings() {
		if code == diag.NotMounted || code == diag.AliasOver || code == diag.UnfitRoute { // the check command finds these
			continue
		}
		if found[code] < rounds/20 {
			t.Errorf("%s was found %d times in %d rounds", code, found[code], rounds)
		}
	}
}

// A module is the input of a run: packages, and what its Go files say.
type module struct {
	packages []content
	imports  map[string][]string
	used     map[string]bool
}

// A content is a package, or excluded files.
type content struct {
	Package
	excluded []ExcludedFile
}

// questions are those that a source was asked.
type questions struct {
	uses    []string
	imports bool
}

func (m module) source(asked *questions) Source {
	return Source{
		Uses: func(identifiers []string) (map[string]bool, error) {
			asked.uses = slices.Compact(slices.Sorted(slices.Values(identifiers)))
			return m.used, nil
		},
		Imports: func() (map[string][]string, error) {
			asked.imports = true
			return m.imports, nil
		},
	}
}

// randomModule returns packages of which many have nearly the same names.
func randomModule(random *rand.Rand) module {
	r := newRandomNames(random)
	m := module{imports: map[string][]string{}, used: map[string]bool{}}
	folders := []string{"a", "b", "c", "d", "e"}
	for i := range 1 + random.IntN(6) {
		p := content{Package: Package{&model.Package{External: r.once(8)}, folders[random.IntN(len(folders))], !r.once(4)}}
		file := fmt.Sprintf("%s/%d.go", p.Folder, i)
		for j := range random.IntN(6) {
			res := r.resource(file, 10*j)
			if len(p.Resources) > 0 && r.once(2) {
				res.Super = &model.Super{Base: p.Resources[random.IntN(len(p.Resources))]}
			}
			p.Resources = append(p.Resources, res)
			if r.once(8) { // one for another system
				again := *res
				again.Pos.Line++
				p.Resources = append(p.Resources, &again)
			}
		}
		for j := range random.IntN(3) {
			p.Scopes = append(p.Scopes, model.Scope{
				ScopeRef: model.ScopeRef{Value: r.scope(), Const: fmt.Sprint("Scope", random.IntN(9))},
				Pos:      token.Position{Filename: file, Line: 100 + j, Column: 3, Offset: 2000 + j},
				Text:     r.text(),
			})
		}
		if r.once(10) {
			p = content{excluded: []ExcludedFile{{token.Position{Filename: file, Line: 1, Column: 1}, "its build constraint says ignore"}}}
		}
		m.packages = append(m.packages, p)
		if from, to := random.IntN(len(folders)), random.IntN(len(folders)); from < to { // Go has no circles
			m.imports[folders[from]] = append(m.imports[folders[from]], folders[to])
		}
	}
	for i := range 4 {
		m.used[fmt.Sprint("Scope", i)] = true
	}
	return m
}

// randomNames are few, so that many are the same.
type randomNames struct {
	*rand.Rand
	stems []string
}

func newRandomNames(random *rand.Rand) randomNames {
	r := randomNames{random, nil}
	for range 3 {
		r.stems = append(r.stems, r.of("note", "tag", "policy", "box", "address", "report_2023", "review", "organisation", "registration",
			"repository", "repositories", "yes", "eyes", "É", "\xff", "ſ", "S", "\u212a", "_", ".."))
	}
	return r
}

func (r randomNames) once(in int) bool { return r.IntN(in) == 0 }

func (r randomNames) of(list ...string) string { return list[r.IntN(len(list))] }

func (r randomNames) text() string { return r.of("", "", "Read", "Read it", "Write") }

func (r randomNames) scope() string {
	if r.once(3) {
		return r.of("admin", "Admin", "org:read", "org_read", "org:raed", "_", "-")
	}
	return r.name() + ":" + r.of("read", "write")
}

// name returns a name that others differ little from.
func (r randomNames) name() string {
	name := r.of(r.stems...)
	if r.once(3) {
		name = r.of("note", "review", "user") + r.of("_", "-", "/", "", "__") + name
	}
	if r.once(3) {
		name += r.of("s", "es", "_note", ":Page")
	}
	if r.once(4) {
		name = strings.TrimSuffix(name, "y") + "ies"
	}
	if r.once(4) && len(name) > 2 {
		name = r.slip(name)
	}
	if r.once(4) {
		i := r.IntN(len(name))
		name = name[:i] + strings.ToUpper(name[i:i+1]) + name[i+1:]
	}
	return name
}

func (r randomNames) slip(name string) string {
	i := r.IntN(len(name) - 1)
	switch r.IntN(4) {
	case 0:
		return name[:i] + name[i+1:]
	case 1:
		return name[:i+1] + name[i:]
	case 2:
		return name[:i] + name[i+1:i+2] + name[i:i+1] + name[i+2:]
	}
	return name[:i] + r.of("a", "e", "x") + name[i+1:]
}

func (r randomNames) resource(file string, line int) *model.Resource {
	res := &model.Resource{
		Pos:       token.Position{Filename: file, Line: line, Column: 1 + r.IntN(2), Offset: 10 * line},
		File:      model.File{Test: r.once(8)},
		Type:      fmt.Sprint("T", line),
		Name:      r.name(),
		OAuth2:    !r.once(8),
		APITokens: r.once(2),
		Key:       r.of("id", "id", "other", ""),
	}
	if r.once(8) {
		res.ExplicitKeys = append(res.ExplicitKeys, annotations.KeyKey)
	}
	res.ScopeName, res.Policy = res.Name, res.Name
	if r.once(3) {
		res.ScopeName, res.ExplicitKeys = r.name(), append(res.ExplicitKeys, annotations.KeyScope)
	}
	if r.once(3) {
		res.Policy, res.ExplicitKeys = r.name(), append(res.ExplicitKeys, annotations.KeyPolicy)
	}
	for _, method := range []string{"GET", "HEAD", "POST", "DELETE"} {
		action := map[string]string{"GET": "read", "HEAD": "read", "POST": "write", "DELETE": r.of("write", "delete")}[method]
		m := model.Method{Name: method, Action: action}
		own := model.Scope{ScopeRef: model.ScopeRef{Value: res.ScopeName + ":" + action, Const: fmt.Sprint("Scope", r.IntN(9))}, Action: action, Text: r.text()}
		if r.once(3) {
			m.Requires = model.Requirement{{{Value: r.scope()}}, {{Value: r.scope()}, own.ScopeRef}}[:1+r.IntN(2)]
		} else if r.once(2) {
			m.Requires = model.Requirement{{own.ScopeRef}}
			own.Methods = []string{method}
		}
		res.Methods = append(res.Methods, m)
		if !slices.ContainsFunc(res.Scopes, func(s model.Scope) bool { return s.Action == action }) {
			res.Scopes = append(res.Scopes, own)
		}
	}
	return res
}

// warnings returns what Run must.
func (m module) warnings(source Source) diag.List {
	ref := &reference{module: m}
	ref.alike()
	ref.near()
	ref.across(source)
	ref.aboutScopes(source)
	ref.sameKeys()
	ref.tokensWithoutKey()
	ref.found.Sort()
	return ref.found
}

type reference struct {
	module
	found diag.List
}

// each calls do with the resources that matter.
func (ref *reference) each(do func(p content, r *model.Resource, d declaration)) {
	for _, p := range ref.packages {
		if p.Package.Package == nil {
			continue
		}
		for _, r := range p.Catalogued() {
			do(p, r, declaration{p.Folder, r.Pos, r.Type, slices.Contains(r.ExplicitKeys, "scope"), slices.Contains(r.ExplicitKeys, "policy"), ""})
		}
	}
}

// declared calls do with the scopes that matter of those that packages declare.
func (ref *reference) declared(do func(p content, s model.Scope)) {
	for _, p := range ref.packages {
		if p.Package.Package == nil || p.External {
			continue
		}
		for _, s := range p.Scopes {
			do(p, s)
		}
	}
}

func nameOf(r *model.Resource) string {
	if r.OAuth2 {
		return r.ScopeName
	}
	return ""
}

func policyOf(r *model.Resource) string {
	if r.APITokens {
		return r.Policy
	}
	return ""
}

func (ref *reference) alike() {
	said := map[[2]token.Position]bool{}
	var names, policies, resources, scopes []variant
	ref.each(func(_ content, r *model.Resource, _ declaration) {
		names = append(names, variant{nameOf(r), r.Pos, ""})
		policies = append(policies, variant{policyOf(r), r.Pos, ""})
		resources = append(resources, variant{r.Name, r.Pos, ""})
		for _, s := range r.Scopes {
			scopes = append(scopes, variant{s.Value, r.Pos, nameOf(r)})
		}
	})
	ref.declared(func(_ content, s model.Scope) {
		if s.Text != "" {
			scopes = append(scopes, variant{s.Value, s.Pos, ""})
		}
	})
	ref.compare("scope name", said, names)
	ref.compare("policy ID", said, policies)
	ref.compare("resource name", said, resources)
	ref.compare("scope", map[[2]token.Position]bool{}, scopes)
}

func (ref *reference) compare(what string, said map[[2]token.Position]bool, list []variant) {
	slices.SortFunc(list, func(a, b variant) int {
		if c := diag.ComparePos(a.pos, b.pos); c != 0 {
			return c
		}
		return strings.Compare(a.text, b.text)
	})
	folded := func(name string) string {
		return strings.ToLower(strings.Map(func(c rune) rune {
			if isSeparator(c) {
				return -1
			}
			return c
		}, name))
	}
	same := func(a, b string) bool { return folded(a) != "" && folded(a) == folded(b) }
	for i, s := range list {
		other := slices.IndexFunc(list, func(o variant) bool { return o.text == s.text || same(o.text, s.text) })
		before := slices.ContainsFunc(list[:i], func(o variant) bool { return o.text == s.text })
		if s.text == "" || before || list[other].text == s.text {
			continue
		}
		first := list[other]
		places := [2]token.Position{first.pos, s.pos}
		if said[places] || s.scopeName != first.scopeName && s.scopeName != "" && first.scopeName != "" {
			continue
		}
		said[places] = true
		ref.found.Add(s.pos, diag.AlikeNames,
			"%s %q differs from %q, see %s, in case or separators only, and one will be taken for the other; spell both the same, or rename one",
			what, s.text, first.text, first.pos)
	}
}

func (ref *reference) near() {
	var list []*scopeName
	var declarations []scopeName
	ref.each(func(_ content, r *model.Resource, d declaration) {
		declarations = append(declarations, scopeName{d, nameOf(r), d.isExplicit()})
	})
	slices.SortFunc(declarations, func(a, b scopeName) int { return compareDeclarations(a.declaration, b.declaration) })
	for _, b := range declarations {
		i := slices.IndexFunc(list, func(o *scopeName) bool { return o.name == b.name })
		switch {
		case b.name == "":
		case i >= 0:
			list[i].onPurpose = list[i].onPurpose || b.onPurpose
		default:
			list = append(list, &b)
		}
	}
	for i, n := range list {
		for _, other := range list[:i] {
			if areNear(words(n.name), words(other.name)) && !(n.onPurpose && other.onPurpose) {
				ref.found.Add(n.pos, diag.NearScopeNames,
					"scope name %q of type %s is nearly %q of type %s, see %s; write the same scope= on both if one is meant, or each its own if not",
					n.name, n.typ, other.name, other.typ, other.pos)
			}
		}
	}
}

// areNear reports whether two scope names differ in one word, and in that by little.
func areNear(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	var differ []int
	for i := range a {
		if a[i] != b[i] {
			differ = append(differ, i)
		}
	}
	if len(differ) != 1 {
		return false
	}
	x, y := a[differ[0]], b[differ[0]]
	return min(len(x), len(y)) >= minLengthPlural && x[0] == y[0] && !strings.ContainsFunc(x+y, notLetter) && similar(x, y)
}

// words returns the words of a scope name.
func words(name string) []string {
	var b strings.Builder
	before := '_'
	for _, c := range name {
		if unicode.IsUpper(c) && !unicode.IsUpper(before) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
		before = c
	}
	return strings.FieldsFunc(b.String(), isSeparator)
}

func (ref *reference) across(source Source) {
	names, policies, texts := map[string][]declaration{}, map[string][]declaration{}, map[string][]declaration{}
	ref.each(func(_ content, r *model.Resource, d declaration) {
		names[nameOf(r)] = append(names[nameOf(r)], d)
		policies[policyOf(r)] = append(policies[policyOf(r)], d)
		for _, s := range r.Scopes {
			d.text = s.Text
			texts[s.Value] = append(texts[s.Value], d)
		}
	})
	ref.declared(func(p content, s model.Scope) {
		texts[s.Value] = append(texts[s.Value], declaration{folder: p.Folder, pos: s.Pos, text: s.Text})
	})
	delete(names, "")
	delete(policies, "")
	run := &run{}
	var packages []Package
	for _, p := range ref.packages {
		packages = append(packages, p.Package)
	}
	programs := newPrograms(packages, source)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		for _, c := range programs.linked(names[name]) {
			run.sharedScope(name, c)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(policies)) {
		for _, c := range programs.linked(policies[id]) {
			run.shared(c, declaration.hasExplicitPolicy, "policy ID "+id, "a policy for one decides the other", "policy=")
		}
	}
	for scope, list := range texts {
		run.twoTexts(scope, slices.DeleteFunc(list, func(d declaration) bool { return d.text == "" }), programs)
	}
	for _, p := range ref.packages {
		for _, a := range p.excluded {
			run.found.Add(a.Pos, diag.NeverBuilt,
				"no build takes this file, since %s, so its directives guard nothing; take that away, or the directives", a.Why)
		}
	}
	ref.found = append(ref.found, run.found...)
}

// sameKeys warns of supers with the same key by default.
func (ref *reference) sameKeys() {
	ref.each(func(_ content, r *model.Resource, _ declaration) {
		if r.Super == nil {
			return
		}
		super := r.Super.Base
		for _, res := range []*model.Resource{r, super} {
			if res.Key == "" || !res.APITokens || slices.Contains(res.ExplicitKeys, "key") {
				return
			}
		}
		if r.Key == super.Key {
			ref.found.Add(r.Pos, diag.KeyByDefault,
				"type %s and its super %s have the same key by default, so the policy of an API token is asked for %s with the ID of a %s; write key= on type %s, or on both if they are one object",
				r.Type, super.Type, super.Type, r.Type, r.Type)
		}
	})
}

// tokensWithoutKey warns of resources that take API tokens and cannot tell objects apart.
func (ref *reference) tokensWithoutKey() {
	ref.each(func(_ content, r *model.Resource, _ declaration) {
		if r.Key == "" && r.APITokens && !slices.Contains(r.ExplicitKeys, "key") {
			ref.found.Add(r.Pos, diag.TokensNoKey,
				"type %s accepts API tokens and has no key, so their policies cannot name one of its objects; write key= with the name of the path value, or key=none if it has no objects",
				r.Type)
		}
	})
}

// aboutScopes warns of scopes that open nothing, or are declared nowhere.
func (ref *reference) aboutScopes(source Source) {
	known, required := map[string]bool{}, map[string]bool{}
	for _, p := range ref.packages {
		if p.Package.Package == nil {
			continue
		}
		for _, s := range p.Scopes {
			known[s.Value] = known[s.Value] || s.Text != ""
		}
		for _, r := range p.Resources {
			for _, s := range r.Scopes {
				known[s.Value] = true
			}
			for _, m := range r.Methods {
				for _, s := range slices.Concat(m.Requires...) {
					required[s.Value] = true
				}
			}
		}
	}
	maps.DeleteFunc(known, func(_ string, is bool) bool { return !is })
	idle := ref.unused(known, required)
	if len(idle) == 0 {
		return
	}
	var constants []string
	for _, s := range idle {
		constants = append(constants, s.Const)
	}
	used, _ := source.Uses(constants)
	for _, s := range idle {
		if !used[s.Const] {
			ref.found.Add(s.Pos, diag.OpensNothing,
				"scope %q opens nothing: nothing of the module requires it or uses %s; require it, or remove it", s.Value, s.Const)
		}
	}
}

func (ref *reference) unused(known, required map[string]bool) []model.Scope {
	var list []model.Scope
	ref.declared(func(p content, s model.Scope) {
		switch {
		case !p.EntireModule:
		case s.Text == "" && !known[s.Value]:
			ref.found.Add(s.Pos, diag.DeclaredNowhere,
				"scope %q has no text, so another package is to declare it, but none of the module does, nor has a resource that yields it%s",
				s.Value, annotations.Suggest(s.Value, slices.Sorted(maps.Keys(known))))
		case s.Text != "" && !required[s.Value]:
			list = append(list, s)
		}
	})
	return list
}
