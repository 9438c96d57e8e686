package lint

import (
	"cmp"
	"fmt"
	"go/token"
	"iter"
	"maps"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A declaration is where a name or a text stands that others may have as well.
type declaration struct {
	folder                        string
	pos                           token.Position
	typ                           string // "" for the package itself
	explicitScope, explicitPolicy bool   // scope= or policy= is written
	text                          string // of a scope
}

// declaration returns that of a resource.
func (r resource) declaration() declaration {
	return declaration{r.in.Folder, r.Pos, r.Type, r.isExplicit(annotations.KeyScope), r.isExplicit(annotations.KeyPolicy), ""}
}

// String returns the declaration as a message names it.
func (d declaration) String() string {
	if d.typ == "" {
		return "the package"
	}
	return "type " + d.typ
}

func (d declaration) isExplicit() bool        { return d.explicitScope || d.explicitPolicy }
func (d declaration) hasExplicitScope() bool  { return d.explicitScope }
func (d declaration) hasExplicitPolicy() bool { return d.explicitPolicy }

// compareDeclarations orders declarations by position, then type.
func compareDeclarations(a, b declaration) int {
	return cmp.Or(diag.ComparePos(a.pos, b.pos), cmp.Compare(a.typ, b.typ))
}

// sharedNames returns the declarations of each name that has more than one. It goes
// through the declarations twice, since most names have one, which needs no list.
func sharedNames(declarations iter.Seq2[string, declaration]) map[string][]declaration {
	count := map[string]int{}
	for name := range declarations {
		count[name]++
	}
	shared := map[string][]declaration{}
	for name, d := range declarations {
		if name != "" && count[name] > 1 {
			shared[name] = append(shared[name], d)
		}
	}
	return shared
}

// named returns the declarations of resources, by what name returns for each.
func (r *run) named(name func(resource) string) iter.Seq2[string, declaration] {
	return func(yield func(string, declaration) bool) {
		for _, res := range r.resources {
			if !yield(name(res), res.declaration()) {
				return
			}
		}
	}
}

// texts returns the declarations of scopes with texts, by the scope.
func (r *run) texts() iter.Seq2[string, declaration] {
	return func(yield func(string, declaration) bool) {
		for p, s := range r.declared() {
			if s.Text != "" && !yield(s.Value, declaration{folder: p.Folder, pos: s.Pos, text: s.Text}) {
				return
			}
		}
		for res, s := range r.scopes() {
			d := res.declaration()
			d.text = s.Text
			if s.Text != "" && !yield(s.Value, d) {
				return
			}
		}
	}
}

// acrossPackages warns of what packages share that one program has.
func (r *run) acrossPackages(source Source) error {
	programs := &programs{source: source}
	for name, list := range sharedNames(r.named(resource.scopeName)) {
		for _, d := range programs.linked(list) {
			r.sharedScope(name, d)
		}
	}
	for id, list := range sharedNames(r.named(resource.policyID)) {
		for _, d := range programs.linked(list) {
			r.shared(d, declaration.hasExplicitPolicy, "policy ID "+id, "a policy for one decides the other", "policy=")
		}
	}
	for scope, list := range sharedNames(r.texts()) {
		r.twoTexts(scope, list, programs)
	}
	return programs.err
}

// sharedScope warns of a resource that has its scope name in common with resources of
// other packages, unless that is explicit: by scope= if it is for one of them, else
// policy= is enough.
func (r *run) sharedScope(name string, d linkedDeclaration) {
	keys, explicit := "scope= or policy=", declaration.isExplicit
	if slices.ContainsFunc(d.others, declaration.hasExplicitScope) {
		keys, explicit = "scope=", declaration.hasExplicitScope
	}
	r.shared(d, explicit, "scope name "+name, "a token for one opens the other", keys)
}

// shared warns of a resource that has something in common with others, unless that is
// explicit.
func (r *run) shared(d linkedDeclaration, explicit func(declaration) bool, what, effect, keys string) {
	if explicit(d.declaration) {
		return
	}
	has := fmt.Sprintf("has %s at %s, in another package", d.others[0].typ, d.others[0].pos)
	if more := len(d.others) - 1; more > 0 {
		has = fmt.Sprintf("have %s at %s and %d more, in other packages", d.others[0].typ, d.others[0].pos, more)
	}
	r.found.Add(d.pos, diag.SharedAcross,
		"type %s has the %s, and so %s of the same program: %s; if that is wanted, write %s on each of them, else another one on one",
		d.typ, what, has, effect, keys)
}

// twoTexts warns of a scope that has another text than at an earlier position in the
// same program.
func (r *run) twoTexts(scope string, list []declaration, programs *programs) {
	if !slices.ContainsFunc(list, func(d declaration) bool { return d.text != list[0].text }) {
		return
	}
	slices.SortFunc(list, compareDeclarations)
	for i, d := range list {
		other := slices.IndexFunc(list[:i], func(o declaration) bool { return o.text != d.text && programs.have(o.folder, d.folder) })
		if other >= 0 {
			where := "of the same program"
			if list[other].folder == d.folder {
				where = "of the same package"
			}
			r.found.Add(d.pos, diag.TwoTexts, "scope %q of %s has the text %q, but %q at %s, %s; write the same text, or leave one out",
				scope, d, d.text, list[other].text, list[other].pos, where)
		}
	}
}

// programs finds out which packages one program has, by the imports of the run.
type programs struct {
	source    Source
	importers map[string][]string        // of a folder; nil until the source is asked
	users     map[string]map[string]bool // of a folder: itself, and what imports it, however indirectly
	err       error                      // of the source
}

// A linkedDeclaration is a declaration with those of other packages that one program
// has together with it.
type linkedDeclaration struct {
	declaration
	others []declaration
}

// linked returns those of a list that one program has together with others of the list,
// in another package. It sorts the list.
func (p *programs) linked(list []declaration) []linkedDeclaration {
	slices.SortFunc(list, compareDeclarations)
	if !slices.ContainsFunc(list, func(d declaration) bool { return d.folder != list[0].folder }) {
		return nil
	}
	used := map[string][]int{} // indexes in the list, by a user of the folder
	for i, d := range list {
		for user := range p.usersOf(d.folder) {
			used[user] = append(used[user], i)
		}
	}
	var linked []linkedDeclaration
	for _, d := range list {
		others := map[int]bool{}
		for user := range p.usersOf(d.folder) {
			for _, i := range used[user] {
				if list[i].folder != d.folder {
					others[i] = true
				}
			}
		}
		if len(others) == 0 {
			continue
		}
		l := linkedDeclaration{declaration: d}
		for _, i := range slices.Sorted(maps.Keys(others)) {
			l.others = append(l.others, list[i])
		}
		linked = append(linked, l)
	}
	return linked
}

// have reports whether a program has the packages of two folders.
func (p *programs) have(a, b string) bool {
	if a == b {
		return true
	}
	of := p.usersOf(b)
	for user := range p.usersOf(a) {
		if of[user] {
			return true
		}
	}
	return false
}

// usersOf returns the folder and what imports it, however indirectly.
func (p *programs) usersOf(folder string) map[string]bool {
	p.readImports()
	if users, ok := p.users[folder]; ok {
		return users
	}
	users := map[string]bool{folder: true}
	for todo := []string{folder}; len(todo) > 0; todo = todo[1:] {
		for _, user := range p.importers[todo[0]] {
			if !users[user] {
				users[user] = true
				todo = append(todo, user)
			}
		}
	}
	p.users[folder] = users
	return users
}

// readImports asks the source for the imports, once.
func (p *programs) readImports() {
	if p.importers != nil {
		return
	}
	p.importers, p.users = map[string][]string{}, map[string]map[string]bool{}
	imports, err := p.source.Imports()
	p.err = err
	for user, list := range imports {
		for _, folder := range list {
			p.importers[folder] = append(p.importers[folder], user)
		}
	}
}
