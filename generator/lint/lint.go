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
	"iter"
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
	known     []string      // scopes that it yields for tests, or declares with a text
	foreign   []string      // scopes that a requirement names of a resource that does not yield them
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
	required              bool     // by a method of the resource itself
	mapped                []string // if not: the methods whose action yields it, less HEAD, which follows GET
}

func (res *resource) said() bool { return res.saidScope || res.saidPolicy }

// Of returns what is to be kept of a package in a folder, by whatever name
// [Source.Imports] has for it. It is whole if the run has all packages of its module.
func Of(pkg *model.Package, folder string, whole bool) Package {
	p := Package{folder: folder, whole: whole}
	listed := pkg.Catalogued()
	p.resources = make([]resource, 0, len(listed))
	for _, r := range pkg.Resources {
		p.foreign = appendForeign(p.foreign, r)
		if len(listed) > 0 && listed[0] == r {
			p.resources, listed = append(p.resources, keep(r)), listed[1:]
			continue
		}
		for _, s := range r.Scopes {
			p.known = append(p.known, s.Value)
		}
	}
	for _, s := range pkg.Scopes {
		if s.Text != "" {
			p.known = append(p.known, s.Value)
		}
	}
	if !pkg.External {
		p.declared = pkg.Scopes
	}
	return p
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

func keep(r *model.Resource) resource {
	kept := resource{pos: r.Pos, typ: r.Type, name: r.Name, scopes: make([]scope, len(r.Scopes))}
	kept.saidScope = slices.Contains(r.Said, language.KeyScope)
	kept.saidPolicy = slices.Contains(r.Said, language.KeyPolicy)
	if r.OAuth2 {
		kept.scopeName = r.ScopeName
	}
	if r.APITokens {
		kept.policy = r.Policy
	}
	for i, s := range r.Scopes {
		kept.scopes[i] = scope{value: s.Value, constant: s.Const, text: s.Text, required: len(s.Methods) > 0}
		for _, m := range r.Methods {
			if m.Action == s.Action && m.Name != "HEAD" && len(s.Methods) == 0 {
				kept.scopes[i].mapped = append(kept.scopes[i].mapped, m.Name)
			}
		}
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
	r := &run{packages: packages}
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

// A run is one while it goes on. Its maps are made when somebody asks: most runs
// have nothing to warn of, and need none.
type run struct {
	packages []Package
	found    diag.List

	known        map[string]bool // scopes that a package yields, or declares with a text
	foreign, own map[string]bool // scopes that a requirement names of a resource that does not yield them, and that does
}

// isKnown reports whether a package yields a scope, or declares it with a text.
func (r *run) isKnown(scope string) bool {
	if r.known == nil {
		r.known = map[string]bool{}
		for _, p := range r.packages {
			for _, s := range p.known {
				r.known[s] = true
			}
			for s := range p.scopes() {
				r.known[s.value] = true
			}
		}
	}
	return r.known[scope]
}

// isRequired reports whether a requirement names a scope.
func (r *run) isRequired(scope string) bool {
	if r.foreign == nil {
		r.foreign = map[string]bool{}
		for _, p := range r.packages {
			for _, s := range p.foreign {
				r.foreign[s] = true
			}
		}
	}
	if r.foreign[scope] {
		return true
	}
	if r.own == nil {
		r.own = map[string]bool{}
		for _, p := range r.packages {
			for s := range p.scopes() {
				if s.required {
					r.own[s.value] = true
				}
			}
		}
	}
	return r.own[scope]
}

// scopes returns the scopes of all resources of the package.
func (p *Package) scopes() iter.Seq[*scope] {
	return func(yield func(*scope) bool) {
		for i := range p.resources {
			for j := range p.resources[i].scopes {
				if !yield(&p.resources[i].scopes[j]) {
					return
				}
			}
		}
	}
}
