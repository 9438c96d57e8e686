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
	programs := newPrograms(r.packages, source)
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
	numbers := programs.numbersOf(list)
	first := map[bitmap][2]int{} // by the folders: the first declaration in them, and the first one with another text, or -1
	for i, d := range list {
		together := programs.together(d.folder)
		both, known := first[together]
		if !known {
			both[0] = slices.IndexFunc(numbers, together.has)
			both[1] = -1
			for j := range list {
				if both[1] < 0 && list[j].text != list[both[0]].text && together.has(numbers[j]) {
					both[1] = j
				}
			}
			first[together] = both
		}
		other := both[0]
		if list[other].text == d.text {
			other = both[1]
		}
		if 0 <= other && other < i {
			where := "of the same program"
			if list[other].folder == d.folder {
				where = "of the same package"
			}
			r.found.Add(d.pos, diag.TwoTexts, "scope %q of %s has the text %q, but %q at %s, %s; write the same text, or leave one out",
				scope, d, d.text, list[other].text, list[other].pos, where)
		}
	}
}

// programs finds out which folders one program has, by the imports of the run.
type programs struct {
	source  Source
	numbers map[string]int    // of the folders, from 0 on
	sets    map[string]bitmap // results of together; nil until the source is asked
	err     error             // of the source
}

func newPrograms(packages []Package, source Source) *programs {
	p := &programs{source: source, numbers: map[string]int{}}
	for _, pkg := range packages {
		if _, known := p.numbers[pkg.Folder]; !known {
			p.numbers[pkg.Folder] = len(p.numbers)
		}
	}
	return p
}

// numbersOf returns the numbers of the folders of declarations.
func (p *programs) numbersOf(list []declaration) []int {
	numbers := make([]int, len(list))
	for i, d := range list {
		numbers[i] = p.numbers[d.folder]
	}
	return numbers
}

// A bitmap is a set of folders, by their numbers.
type bitmap string

func (b bitmap) has(i int) bool { return b[i/8]&(1<<(i%8)) != 0 }

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
	folders, numbers := map[string]declarations{}, p.numbersOf(list)
	for i, d := range list {
		folders[d.folder] = folders[d.folder].and(list, i)
	}
	joint := map[bitmap]declarations{} // in the folders
	var linked []linkedDeclaration
	for _, d := range list {
		together := p.together(d.folder)
		all, known := joint[together]
		if !known {
			for i := range list {
				if together.has(numbers[i]) {
					all = all.and(list, i)
				}
			}
			joint[together] = all
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

// together returns the folders that one program has together with a folder, which is one
// of them. A program is a folder that no other one imports, and what it imports, however
// indirectly. Imports in a circle, which do not compile, are not all followed.
func (p *programs) together(folder string) bitmap {
	if p.sets == nil {
		p.read()
	}
	return p.sets[folder]
}

// read sets the sets. It asks the source for the imports.
func (p *programs) read() {
	imports, err := p.source.Imports()
	p.err = err
	importers := map[string][]string{}
	for _, user := range slices.Sorted(maps.Keys(imports)) {
		for _, folder := range imports[user] {
			importers[folder] = append(importers[folder], user)
		}
	}
	size := (len(p.numbers) + 7) / 8
	below, together := map[string][]byte{}, map[string][]byte{}
	var readBelow, readTogether func(folder string) []byte
	readBelow = func(folder string) []byte { // a folder and those that it imports
		if set, known := below[folder]; known {
			return set
		}
		set := make([]byte, size)
		below[folder] = set
		if i, ok := p.numbers[folder]; ok {
			set[i/8] |= 1 << (i % 8)
		}
		for _, imported := range imports[folder] {
			unite(set, readBelow(imported))
		}
		return set
	}
	readTogether = func(folder string) []byte {
		if set, known := together[folder]; known {
			return set
		}
		set := readBelow(folder)
		together[folder] = set // a circle ends here
		if users := importers[folder]; len(users) > 0 {
			set = make([]byte, size)
			for _, user := range users {
				unite(set, readTogether(user))
			}
			together[folder] = set
		}
		return set
	}
	p.sets = map[string]bitmap{}
	for _, folder := range slices.Sorted(maps.Keys(p.numbers)) {
		p.sets[folder] = bitmap(readTogether(folder))
	}
}

// unite adds the elements of another set of the same size to a set.
func unite(set, other []byte) {
	for i, b := range other {
		set[i] |= b
	}
}
