// Package lint warns of what is allowed and probably a mistake in the packages of a run:
// the codes WA080 to WA088.
//
// An error is about one package, and certain. A warning is about what is probable, so it
// does not stop a run: the files are written. The command check, which CI runs, fails on
// it, because the log of a job that succeeds is not read. [Checks] switches warnings off.
//
// A false alarm is worse than silence, since it teaches people to ignore warnings.
// Therefore:
//
//   - A scope that opens nothing (WA080) or that is declared nowhere (WA083) is reported
//     only in modules of which the run has all packages: by the pattern ./... in the folder
//     of go.mod.
//
//   - A declared scope whose constant hand-written Go uses, outside of tests, opens something that
//     lint cannot see.
//
//   - Scope names that are nearly the same (WA082) are intended if scope= or policy= is
//     written on both resources. So is a scope name or policy ID that is shared.
//
//   - Declarations in test files are never reported, and count as a use.
//
//   - A scope name that two packages share (WA084), or a scope that has two texts
//     (WA085), matters if one program has both packages: if a package of the run imports
//     both, however indirectly, in files that every build has. Separate programs may use
//     the same names.
//
//   - A resource that has the key of its super (WA087) is intended if key= is written on
//     either.
//
//   - A resource that accepts API tokens and has no key (WA088) has no objects if key=none
//     is written on it.
//
// Names that differ in case or separators alone (WA081) are reported even if they are
// written out: that is how they come to differ.
package lint

import (
	"cmp"
	"fmt"
	"go/token"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// A Package is a package of a run.
type Package struct {
	*model.Package
	Folder       string // by the name that [Source.Imports] has for it
	EntireModule bool   // the run has all packages of its module
}

// An ExcludedFile is a file that has a directive and that every build excludes.
type ExcludedFile struct {
	Pos token.Position // of the directive
	Why string         // "its build constraint says ignore"
}

// A Source answers questions about the Go files of a run, apart from tests. It is
// asked only if a warning depends on the answer.
type Source struct {
	// Uses returns which of some identifiers the hand-written files have.
	Uses func(identifiers []string) (map[string]bool, error)
	// Imports returns which folders of the run each of them imports.
	Imports func() (map[string][]string, error)
}

// Run returns the warnings that checks enables, sorted. They do not depend on the
// order of the packages. The error is that of source, which goroutines may ask at the
// same time.
func Run(packages []Package, excluded []ExcludedFile, checks Checks, source Source) (diag.List, error) {
	parts := []func(*run) error{ // of about the same time each
		func(r *run) error {
			r.alike()
			return nil
		},
		func(r *run) error {
			r.near()
			r.declaredNowhere()
			r.neverBuilt(excluded)
			r.sameKeys()
			r.tokensWithoutKey()
			return nil
		},
	}
	if checks.Has(diag.SharedAcross) || checks.Has(diag.TwoTexts) {
		parts = append(parts, func(r *run) error { return r.acrossPackages(source) })
	}
	if checks.Has(diag.OpensNothing) {
		parts = append(parts, func(r *run) error { return r.opensNothing(source) })
	}
	resources := catalogued(packages)
	runs, errs := make([]run, len(parts)), make([]error, len(parts))
	var group sync.WaitGroup
	for i, part := range parts {
		runs[i] = run{packages: packages, resources: resources}
		group.Go(func() { errs[i] = part(&runs[i]) })
	}
	group.Wait()
	if err := cmp.Or(errs...); err != nil {
		return nil, err
	}
	var found diag.List
	for _, r := range runs {
		found = append(found, r.found...)
	}
	found = slices.DeleteFunc(found, func(d diag.Diagnostic) bool { return !checks.Has(d.Code) })
	found.Sort()
	return found, nil
}

// A run has what some of the checks look at, and what they have found.
type run struct {
	packages  []Package
	resources []resource
	found     diag.List
}

// A resource is one of a catalogue, in its package.
type resource struct {
	*model.Resource
	in *Package
}

// catalogued returns the resources in the catalogues of packages: those of tests are
// in none.
func catalogued(packages []Package) []resource {
	var list []resource
	for i := range packages {
		for _, r := range packages[i].Catalogued() {
			list = append(list, resource{r, &packages[i]})
		}
	}
	return list
}

// scopeName returns the scope name, "" if the resource accepts no OAuth2 tokens.
func (r resource) scopeName() string {
	if !r.OAuth2 {
		return ""
	}
	return r.ScopeName
}

// policyID returns the policy ID, "" if the resource accepts no API tokens.
func (r resource) policyID() string {
	if !r.APITokens {
		return ""
	}
	return r.Policy
}

func (r resource) isExplicit(key string) bool { return slices.Contains(r.ExplicitKeys, key) }

// scopes returns the scopes that resources yield, each with its resource.
func (r *run) scopes() iter.Seq2[resource, *model.Scope] {
	return func(yield func(resource, *model.Scope) bool) {
		for _, res := range r.resources {
			for i := range res.Scopes {
				if !yield(res, &res.Scopes[i]) {
					return
				}
			}
		}
	}
}

// declared returns the scopes that packages declare themselves, those of external
// tests apart, each with its package.
func (r *run) declared() iter.Seq2[*Package, *model.Scope] {
	return func(yield func(*Package, *model.Scope) bool) {
		for i := range r.packages {
			p := &r.packages[i]
			for j := range p.Scopes {
				if !p.External && !yield(p, &p.Scopes[j]) {
					return
				}
			}
		}
	}
}

// neverBuilt warns of annotated files that every build excludes.
func (r *run) neverBuilt(excluded []ExcludedFile) {
	for _, f := range excluded {
		r.found.Add(f.Pos, diag.NeverBuilt,
			"no build takes this file, since %s, so its directives guard nothing; take that away, or the directives", f.Why)
	}
}

// sameKeys warns of a resource and its super that have the key of their package, so
// that policies are asked about the same object for both.
func (r *run) sameKeys() {
	for _, res := range r.resources {
		if res.Super == nil {
			continue
		}
		super := resource{res.Super.Base, res.in}
		if res.Key == "" || res.Key != super.Key || !res.APITokens || !super.APITokens ||
			res.isExplicit(annotations.KeyKey) || super.isExplicit(annotations.KeyKey) {
			continue
		}
		r.found.Add(res.Pos, diag.KeyByDefault,
			"type %s and its super %s have the same key by default, so the policy of an API token is asked for %[2]s with the ID of a %[1]s; write key= on type %[1]s, or on both if they are one object",
			res.Type, super.Type)
	}
}

// tokensWithoutKey warns of resources of which no policy of an API token can name an
// object.
func (r *run) tokensWithoutKey() {
	for _, res := range r.resources {
		if res.APITokens && res.Key == "" && !res.isExplicit(annotations.KeyKey) {
			r.found.Add(res.Pos, diag.TokensNoKey,
				"type %s accepts API tokens and has no key, so their policies cannot name one of its objects; write key= with the name of the path value, or key=none if it has no objects",
				res.Type)
		}
	}
}

// Checks selects warnings. The zero value selects all. It is the value of a flag
// (pflag.Value), written as for staticcheck -checks.
type Checks struct {
	off []diag.Code
	set bool
}

const (
	all  = "all"
	none = "none"
)

// Has reports whether a warning is selected.
func (c Checks) Has(code diag.Code) bool { return !slices.Contains(c.off, code) }

// Set applies words separated by commas, one after the other: all, none, a code to add, or
// a code after a minus to remove. If the first word is a code, it starts with none; if it
// has a minus, with all. A second call starts where the first ended.
func (c *Checks) Set(text string) error {
	next := Checks{off: slices.Clone(c.off), set: c.set}
	for word := range strings.SplitSeq(text, ",") {
		if err := next.add(strings.TrimSpace(word)); err != nil {
			return err
		}
	}
	*c = next
	return nil
}

func (c *Checks) add(word string) error {
	name, minus := strings.CutPrefix(word, "-")
	switch code := diag.Code(name); {
	case word == all:
		c.off = nil
	case word == none:
		c.off = warnings()
	case name == all || name == none:
		return notAWarning(word)
	case !slices.Contains(warnings(), code):
		return notAWarning(name)
	case minus:
		c.off = append(c.off, code)
	default:
		if !c.set {
			c.off = warnings()
		}
		c.off = slices.DeleteFunc(c.off, func(off diag.Code) bool { return off == code })
	}
	c.set = true
	return nil
}

func notAWarning(name string) error {
	var codes []string
	for _, code := range warnings() {
		codes = append(codes, string(code))
	}
	for _, m := range diag.Codes() {
		if string(m.Code) == name {
			return fmt.Errorf("%s, %s, is an error and cannot be switched off; warnings are %s", name, m.Title, strings.Join(codes, ", "))
		}
	}
	return fmt.Errorf("no warning is called %q%s; write %s, %s, or codes, with - before those to leave out: %s",
		name, annotations.Suggest(name, append(codes, all, none)), all, none, strings.Join(codes, ", "))
}

// warnings returns the codes of all warnings.
func warnings() []diag.Code {
	var list []diag.Code
	for _, m := range diag.Codes() {
		if m.Code.Warning() {
			list = append(list, m.Code)
		}
	}
	return list
}

// String returns the selection in a form that Set takes.
func (c *Checks) String() string {
	var off []string
	for _, code := range warnings() {
		if !c.Has(code) {
			off = append(off, "-"+string(code))
		}
	}
	switch len(off) {
	case 0:
		return all
	case len(warnings()):
		return none
	}
	return strings.Join(off, ",")
}

// Type returns the name of the value in a usage message.
func (c *Checks) Type() string { return "warnings" }
