package annotations

import (
	"embed"
	"path"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// An Example is an example of a diagnostic.
//
// It is read from a file examples/CODE.txtar, which begins with an optional note and has
// these sections:
//
//	before/NAME   an input file of an earlier run, whose outputs still exist
//	wrong/NAME    an input file that causes the diagnostic
//	wrong         the command line, if it is not just webapi-gen
//	errors        the diagnostics
//	right/NAME    an input file without the error
//	right         the command line, if it differs from that of wrong
//
// Without right/NAME, the files stay as they are and the command line is the solution.
type Example struct {
	Note   string        // what a reader must know, in sentences
	Before []ExampleFile // the input of the earlier run, if there is one
	Wrong  ExampleInput
	Errors string // the diagnostics for Wrong, one a line
	Right  ExampleInput
}

// An ExampleInput is the input of one run.
type ExampleInput struct {
	Call  string // the command line; "" for just webapi-gen
	Files []ExampleFile
}

// An ExampleFile is one file of an input.
type ExampleFile struct{ Name, Text string }

// A Sample is a sample of a directive or a key in an annotation and, if possible, the same
// in a spec.
//
// It is read from a file samples/directives/NAME.txtar or samples/keys/NAME.txtar, which
// begins with the note and has the sections annotated/NAME and spec/NAME, or from
// samples/operation.txtar or samples/spec.txtar.
type Sample struct {
	Annotated, Spec []ExampleFile
	Note            string // the effect, in sentences
}

//go:embed examples samples
var texts embed.FS

// ExampleOf returns the example of a code, and false for an unknown code.
func ExampleOf(code diag.Code) (Example, bool) {
	a, ok := archive("examples", string(code))
	return Example{
		Note:   note(a),
		Before: files(a, "before/"),
		Wrong:  ExampleInput{section(a, "wrong"), files(a, "wrong/")},
		Errors: section(a, "errors"),
		Right:  ExampleInput{section(a, "right"), files(a, "right/")},
	}, ok
}

// DirectiveSample returns the sample of a directive, and false for an unknown directive.
func DirectiveSample(name string) (Sample, bool) { return sample("samples/directives", name) }

// KeySample returns the sample of a key, and false for an unknown key.
func KeySample(name string) (Sample, bool) { return sample("samples/keys", name) }

// OperationSample returns a sample of named operations.
func OperationSample() Sample {
	s, _ := sample("samples", "operation")
	return s
}

// SpecSample returns a spec with all entries. It has no annotations.
func SpecSample() Sample {
	s, _ := sample("samples", "spec")
	return s
}

func sample(dir, name string) (Sample, bool) {
	a, ok := archive(dir, name)
	return Sample{files(a, "annotated/"), files(a, "spec/"), note(a)}, ok
}

func archive(dir, name string) (*txtar.Archive, bool) {
	data, err := texts.ReadFile(path.Join(dir, name+".txtar"))
	return txtar.Parse(data), err == nil
}

func note(a *txtar.Archive) string { return strings.TrimSpace(string(a.Comment)) }

// section returns the text of a section without its final line break.
func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return strings.TrimSuffix(string(f.Data), "\n")
		}
	}
	return ""
}

// files returns the files whose names begin with prefix, and removes the prefix.
func files(a *txtar.Archive, prefix string) []ExampleFile {
	var list []ExampleFile
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, prefix); ok {
			list = append(list, ExampleFile{name, string(f.Data)})
		}
	}
	return list
}
