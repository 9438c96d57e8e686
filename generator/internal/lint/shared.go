package lint

import (
	"cmp"
	"fmt"
	"go/token"
	"maps"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// An Aside is a file that has a directive, and that no build takes.
type Aside struct {
	Pos token.Position // of the directive
	Why string         // "its build constraint says ignore"
}

// neverBuilt warns of annotated files that no build takes.
func (r *run) neverBuilt() {
	for p := range r.opened() {
		for _, a := range p.aside {
			r.found.Add(a.Pos, diag.NeverBuilt,
				"no build takes this file, since %s, so its directives guard nothing; take that away, or the directives", a.Why)
		}
	}
}

// sameKeys warns of resources whose super is asked about their object by default.
func (r *run) sameKeys() {
	for _, k := range r.keys {
		r.found.Add(k.pos, diag.KeyByDefault,
			"type %s and its super %s have the same key by default, so the policy of an API token is asked for %[2]s with the ID of a %[1]s; write key= on type %[1]s, or on both if they are one object",
			k.typ, k.super)
	}
}

// A bearer is who has a name or a text that others may have as well.
type bearer struct {
	folder                string
	pos                   token.Position
	typ                   string // "" for the package itself
	saidScope, saidPolicy bool   // scope= or policy= is written
	text                  string
}

// bearers are those of each name.
type bearers map[string][]bearer

func (bs bearers) add(name string, b bearer) { bs[name] = append(bs[name], b) }

// String returns the bearer as a message names it.
func (b bearer) String() string {
	if b.typ == "" {
		return "the package"
	}
	return "type " + b.typ
}

// across warns of what packages have in common that one program has.
func (r *run) across(source Source) error {
	programs := &programs{source: source}
	for name, list := range r.names {
		for _, c := range programs.companies(list) {
			r.sharedScope(name, c)
		}
	}
	for id, list := range r.policies {
		for _, c := range programs.companies(list) {
			r.shared(c, bearer.saysPolicy, "policy ID "+id, "a policy for one decides the other", "policy=")
		}
	}
	for scope, list := range r.texts {
		r.twoTexts(scope, list, programs)
	}
	return programs.err
}

func (b bearer) said() bool       { return b.saidScope || b.saidPolicy }
func (b bearer) saysScope() bool  { return b.saidScope }
func (b bearer) saysPolicy() bool { return b.saidPolicy }

// sharedScope warns of resources that have a scope name in common with some of
// other packages, and do not all say so: by scope= if one does, else policy= will do.
func (r *run) sharedScope(name string, c company) {
	keys, said := "scope= or policy=", bearer.said
	if slices.ContainsFunc(c.others, bearer.saysScope) {
		keys, said = "scope=", bearer.saysScope
	}
	r.shared(c, said, "scope name "+name, "a token for one opens the other", keys)
}

// shared warns of a resource that has something in common with others, unless it
// says so.
func (r *run) shared(c company, said func(bearer) bool, what, effect, keys string) {
	if said(c.bearer) {
		return
	}
	has := fmt.Sprintf("has %s at %s, in another package", c.others[0].typ, c.others[0].pos)
	if more := len(c.others) - 1; more > 0 {
		has = fmt.Sprintf("have %s at %s and %d more, in other packages", c.others[0].typ, c.others[0].pos, more)
	}
	r.found.Add(c.pos, diag.SharedAcross,
		"type %s has the %s, and so %s of the same program: %s; if that is wanted, write %s on each of them, else another one on one",
		c.typ, what, has, effect, keys)
}

// twoTexts warns of a scope that has another text than where it stands before in
// the same program.
func (r *run) twoTexts(scope string, list []bearer, programs *programs) {
	if !slices.ContainsFunc(list, func(b bearer) bool { return b.text != list[0].text }) {
		return
	}
	slices.SortFunc(list, comparePlace)
	for i, b := range list {
		other := slices.IndexFunc(list[:i], func(o bearer) bool { return o.text != b.text && programs.have(o.folder, b.folder) })
		if other >= 0 {
			where := "of the same program"
			if list[other].folder == b.folder {
				where = "of the same package"
			}
			r.found.Add(b.pos, diag.TwoTexts, "scope %q of %s has the text %q, but %q at %s, %s; write the same text, or leave one out",
				scope, b, b.text, list[other].text, list[other].pos, where)
		}
	}
}

func comparePlace(a, b bearer) int {
	return cmp.Or(comparePos(a.pos, b.pos), cmp.Compare(a.typ, b.typ))
}

// programs says which packages one program has.
type programs struct {
	source    Source
	importers map[string][]string        // by what they import; nil as long as nobody asked
	users     map[string]map[string]bool // of a folder: itself, and what imports it, however indirectly
	err       error
}

// A company is a bearer with those of other packages that are in a program with it.
type company struct {
	bearer
	others []bearer
}

// companies returns the company of each of a list that has some.
func (p *programs) companies(list []bearer) []company {
	slices.SortFunc(list, comparePlace)
	if !slices.ContainsFunc(list, func(b bearer) bool { return b.folder != list[0].folder }) {
		return nil
	}
	used := map[string][]int{} // those of the list that a folder is a user of
	for i, b := range list {
		for user := range p.usersOf(b.folder) {
			used[user] = append(used[user], i)
		}
	}
	var all []company
	for _, b := range list {
		c := company{bearer: b}
		beside := map[int]bool{}
		for user := range p.usersOf(b.folder) {
			for _, i := range used[user] {
				beside[i] = list[i].folder != b.folder
			}
		}
		for _, i := range slices.Sorted(maps.Keys(beside)) {
			if beside[i] {
				c.others = append(c.others, list[i])
			}
		}
		if len(c.others) > 0 {
			all = append(all, c)
		}
	}
	return all
}

// have reports whether a program has the packages of two folders, as far as the
// imports of the run tell.
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
	p.ask()
	if have, ok := p.users[folder]; ok {
		return have
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

// ask asks for the imports, once.
func (p *programs) ask() {
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
