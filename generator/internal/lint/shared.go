package lint

import (
	"cmp"
	"fmt"
	"go/token"
	"iter"
	"maps"
	"slices"
	"strings"

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
	if d.explicitOther {
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
	has := fmt.Sprintf("has %s at %s, in another package", d.other.typ, d.other.pos)
	if d.more > 0 {
		has = fmt.Sprintf("have %s at %s and %d more, in other packages", d.other.typ, d.other.pos, d.more)
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
	first := map[string][]int{} // by the program: its first declaration, and the first one with another text
	for i, d := range list {
		for _, program := range programs.of(d.folder) {
			have := first[program]
			if len(have) == 0 || len(have) == 1 && list[have[0]].text != d.text {
				first[program] = append(have, i)
			}
		}
	}
	for i, d := range list {
		other := -1
		for _, program := range programs.of(d.folder) {
			for _, j := range first[program] {
				if j < i && list[j].text != d.text && (other < 0 || j < other) {
					other = j
				}
			}
		}
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
	importers map[string][]string // of a folder; nil until the source is asked
	programs  map[string][]string // of a folder, see of
	err       error               // of the source
}

// A linkedDeclaration is a declaration that one program has together with others of the
// same name, in other packages.
type linkedDeclaration struct {
	declaration
	other         declaration // the first of the others
	more          int         // how many more there are
	explicitOther bool        // scope= is written on one of the others
}

// linked returns those of a list that one program has together with others of the list,
// in another package. It sorts the list.
func (p *programs) linked(list []declaration) []linkedDeclaration {
	slices.SortFunc(list, compareDeclarations)
	if !slices.ContainsFunc(list, func(d declaration) bool { return d.folder != list[0].folder }) {
		return nil
	}
	folders, inProgram := map[string]declarations{}, map[string][]int{}
	for i, d := range list {
		folders[d.folder] = folders[d.folder].and(list, i)
		for _, program := range p.of(d.folder) {
			inProgram[program] = append(inProgram[program], i)
		}
	}
	joint := map[string]declarations{} // by the programs that have them
	var linked []linkedDeclaration
	for _, d := range list {
		of := p.of(d.folder)
		key := strings.Join(of, "\x00")
		all, known := joint[key]
		if !known {
			var indexes []int
			for _, program := range of {
				indexes = append(indexes, inProgram[program]...)
			}
			slices.Sort(indexes)
			for _, i := range slices.Compact(indexes) {
				all = all.and(list, i)
			}
			joint[key] = all
		}
		own := folders[d.folder]
		if all.count == own.count {
			continue
		}
		first := all.first
		if list[first].folder == d.folder {
			first = all.other
		}
		linked = append(linked, linkedDeclaration{d, list[first], all.count - own.count - 1, all.explicit > own.explicit})
	}
	return linked
}

// declarations sums up declarations of a list.
type declarations struct {
	count, explicit int // all of them, and those with scope=
	first, other    int // the first one, and the first one of another folder
}

// and returns the sum with a later declaration.
func (s declarations) and(list []declaration, i int) declarations {
	switch {
	case s.count == 0:
		s.first, s.other = i, i
	case s.other == s.first && list[i].folder != list[s.first].folder:
		s.other = i
	}
	s.count++
	if list[i].explicitScope {
		s.explicit++
	}
	return s
}

// of returns the programs that have a folder: what imports it, however indirectly, and is
// not imported itself. Imports in a circle, which do not compile, are not all followed.
func (p *programs) of(folder string) []string {
	p.readImports()
	if list, ok := p.programs[folder]; ok {
		return list
	}
	p.programs[folder] = []string{folder}
	var list []string
	for _, user := range p.importers[folder] {
		list = append(list, p.of(user)...)
	}
	if len(list) > 0 {
		slices.Sort(list)
		p.programs[folder] = slices.Compact(list)
	}
	return p.programs[folder]
}

// readImports asks the source for the imports, once.
func (p *programs) readImports() {
	if p.importers != nil {
		return
	}
	p.importers, p.programs = map[string][]string{}, map[string][]string{}
	imports, err := p.source.Imports()
	p.err = err
	for _, user := range slices.Sorted(maps.Keys(imports)) {
		for _, folder := range imports[user] {
			p.importers[folder] = append(p.importers[folder], user)
		}
	}
}
