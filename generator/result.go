package generator

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/templates"
)

// A Status says what becomes of a file.
type Status int

// The statuses.
const (
	Unchanged Status = iota // it has its content already, whatever its line ends, and is left alone
	Created                 // it is not there yet
	Changed                 // it has another content
	Removed                 // an earlier run wrote it, and no resource wants it any more
)

// String returns the status in lower case.
func (s Status) String() string {
	return [...]string{"unchanged", "created", "changed", "removed"}[s]
}

// A File is an output.
type File struct {
	Path    string         // relative to Config.Dir, unless the pattern was absolute
	Content templates.Text // the zero one if it is to be removed, or left alone
	Old     []byte         // what it has now, if that is to be changed or removed; outputs without carriage returns at line ends
	Status  Status
}

func byPath(a, b File) int { return strings.Compare(a.Path, b.Path) }

// A Result is what a run found and what is to become of the outputs.
type Result struct {
	Packages  int    // with annotations or a spec
	Resources int    // types with a guard
	Scopes    int    // scopes that the packages declare, in each package by itself
	Files     []File // all outputs, sorted by path

	// Lint has the warnings, sorted. They say nothing against the files.
	Lint diag.List

	dir        string
	out        string   // the folder that Config.Out names
	strays     []string // temporary files that Generate saw
	onProgress func(Progress)
	timings    *Timings
	updates    map[string]update // of lock files, by path
}

// Count returns the number of files of some statuses.
func (r *Result) Count(statuses ...Status) int {
	n := 0
	for _, f := range r.Files {
		if slices.Contains(statuses, f.Status) {
			n++
		}
	}
	return n
}
