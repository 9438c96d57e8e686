// Package lint finds what is allowed in the packages of a run and yet was
// probably not meant: warnings, the codes WA080 to WA089.
//
// An error is about one package, and certain. A warning is about probability, so
// it does not stop a run: the files are written. The command check, which is what
// CI runs, fails on it all the same, because nobody reads the warnings of a job
// that succeeds. [Checks] switches off what a team does not want to be told.
//
// A false alarm is worse than silence, for it teaches people to read past the
// true ones. Therefore:
//
//   - What needs to know all packages of a module, a scope that opens nothing
//     (WA080) or that is declared nowhere (WA083), is reported only for modules of
//     which the run has them all: by the pattern ./... in the folder of go.mod.
//
//   - A scope whose constant hand-written Go uses, outside of tests, opens
//     something that lint cannot see.
//
//   - Scope names that are nearly the same (WA082) are so on purpose where scope=
//     or policy= is written on both resources. It is what says that a shared one
//     is on purpose, too.
//
//   - What is declared in test files is never reported, and counts as a use.
//
//   - A scope name that two packages share (WA084), or a scope that has two texts
//     (WA085), matters where one program has both packages. Those are packages of
//     which one of the run imports both, however indirectly, in files that every
//     build has. Programs that are separate may call things the same.
//
// Names that differ in case or separators alone (WA081) are reported however they
// are written: to write one of them out is how they come to differ.
package lint

import (
	"go/token"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
	"github.com/webapi-gen/webapi-gen/generator/model"
)

// A Package is what is kept of a package to compare it with others: much less
// than the package itself, since a run may have thousands.
type Package struct {
	folder    string
	aside     []Aside
	whole     bool
	resources []resource    // less those of tests
	declared  []model.Scope // by the package itself, less one of external tests
	known     []string      // scopes that it yields, or declares with a text
	required  []string      // scopes that its requirements name
}

// A resource is what is kept of one. What it does not accept tokens for is "".
type resource struct {
	pos                          token.Position
	typ, name, scopeName, policy string
	saidScope, saidPolicy        bool // scope= or policy= is written
	scopes                       []scope
}

type scope struct {
	value, constant, text string
	mapped                []string // the methods whose action yields it, less HEAD, which follows GET
}

func (res resource) said() bool { return res.saidScope || res.saidPolicy }

// Of returns what is to be kept of a package in a folder, by whatever name
// [Source.Imports] has for it. It is whole if the run has all packages of its module.
func Of(pkg *model.Package, folder string, whole bool) Package {
	p := Package{folder: folder, whole: whole}
	for _, r := range pkg.Resources {
		for _, s := range r.Scopes {
			p.known = append(p.known, s.Value)
		}
		for _, m := range r.Methods {
			p.required = append(p.required, slices.Concat(values(m.Requires)...)...)
		}
	}
	slices.Sort(p.required)
	p.required = slices.Compact(p.required)
	for _, s := range pkg.Scopes {
		if s.Text != "" {
			p.known = append(p.known, s.Value)
		}
	}
	if !pkg.External {
		p.declared = pkg.Scopes
	}
	for _, r := range pkg.Catalogued() {
		p.resources = append(p.resources, keep(r))
	}
	return p
}

func values(q model.Requirement) [][]string {
	list := make([][]string, len(q))
	for i, all := range q {
		for _, s := range all {
			list[i] = append(list[i], s.Value)
		}
	}
	return list
}

func keep(r *model.Resource) resource {
	kept := resource{pos: r.Pos, typ: r.Type, name: r.Name}
	kept.saidScope = slices.Contains(r.Said, language.KeyScope)
	kept.saidPolicy = slices.Contains(r.Said, language.KeyPolicy)
	if r.OAuth2 {
		kept.scopeName = r.ScopeName
	}
	if r.APITokens {
		kept.policy = r.Policy
	}
	for _, s := range r.Scopes {
		one := scope{value: s.Value, constant: s.Const, text: s.Text}
		for _, m := range r.Methods {
			if m.Action == s.Action && m.Name != "HEAD" {
				one.mapped = append(one.mapped, m.Name)
			}
		}
		kept.scopes = append(kept.scopes, one)
	}
	return kept
}

// A Source answers what lint asks of the Go files of a run, apart from tests. It is
// asked only if there is something to ask for.
type Source struct {
	// Uses returns which of some identifiers the hand-written files have.
	Uses func(identifiers []string) (map[string]bool, error)
	// Imports returns which folders of the run each of them imports.
	Imports func() (map[string][]string, error)
}

// Run returns the warnings that are wanted about packages, sorted. They do not
// depend on the order of the packages. The error is that of source.
func Run(packages []Package, checks Checks, source Source) (diag.List, error) {
	r := &run{packages: packages, known: map[string]bool{}, required: map[string]bool{}}
	for _, p := range packages {
		for _, s := range p.known {
			r.known[s] = true
		}
		for _, s := range p.required {
			r.required[s] = true
		}
	}
	r.alike()
	r.near()
	r.nowhere()
	r.neverBuilt()
	if checks.Has(language.SharedAcross) || checks.Has(language.TwoTexts) {
		if err := r.across(source); err != nil {
			return nil, err
		}
	}
	if checks.Has(language.OpensNothing) {
		if err := r.opensNothing(source); err != nil {
			return nil, err
		}
	}
	found := slices.DeleteFunc(r.found, func(d diag.Diagnostic) bool { return !checks.Has(d.Code) })
	found.Sort()
	return found, nil
}

// A run is one while it goes on.
type run struct {
	packages []Package
	known    map[string]bool // scopes that a package yields, or declares with a text
	required map[string]bool // scopes that a requirement names
	found    diag.List
}
