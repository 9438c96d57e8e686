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
//   - A resource that has the key of its super (WA087) is on purpose where key= is
//     written on either.
//
// Names that differ in case or separators alone (WA081) are reported however they
// are written: to write one of them out is how they come to differ.
package lint

import (
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

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
	r.gather()
	r.alike()
	r.near()
	r.nowhere()
	r.neverBuilt()
	r.sameKeys()
	if checks.Has(diag.SharedAcross) || checks.Has(diag.TwoTexts) {
		if err := r.across(source); err != nil {
			return nil, err
		}
	}
	if checks.Has(diag.OpensNothing) {
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
	found    diag.List
	gathered
}
