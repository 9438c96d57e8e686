package annotations

import (
	"embed"
	"path"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// An Example shows what a code is about.
//
// It is read from a file examples/CODE.txtar, which begins with the note, if
// there is one, and has these sections:
//
//	before/NAME   a file as it was when the tool last ran: its outputs are there
//	wrong/NAME    a file of the input that gives the code
//	wrong         the command line, where it is not webapi-gen alone
//	errors        what the tool says about it
//	right/NAME    a file of the input that does not
//	right         the command line, where it is not that of wrong
//
// Without a right/NAME the files stay as they are, and the other command line
// is what mends it.
type Example struct {
	Note   string        // what must be known to understand it, in whole sentences
	Before []ExampleFile // what the outputs in the folder were generated from, if that matters
	Wrong  ExampleInput
	Errors string // what the tool says about Wrong, a line for each diagnostic
	Right  ExampleInput
}

// An ExampleInput is one call of the tool.
type ExampleInput struct {
	Call  string // the command line; "" if it is webapi-gen alone
	Files []ExampleFile
}

// An ExampleFile is one file of an input.
type ExampleFile struct{ Name, Text string }

// A Sample shows how a directive or a key is written in an annotation and, if
// it can be, in a spec. Both mean the same.
//
// It is read from a file samples/directives/NAME.txtar or samples/keys/NAME.txtar,
// which begins with the note and has the sections annotated/NAME and spec/NAME, or
// from samples/spec.txtar.
type Sample struct {
	Annotated, Spec []ExampleFile
	Note            string // what comes of it, in whole sentences
}

//go:embed examples samples
var texts embed.FS

// ExampleOf returns the example of a code. It returns false for what is no code.
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

// DirectiveSample returns the sample of a directive. It returns false for what
// is no directive.
func DirectiveSample(name string) (Sample, bool) { return sample("samples/directives", name) }

// KeySample returns the sample of a key. It returns false for what is no key.
func KeySample(name string) (Sample, bool) { return sample("samples/keys", name) }

// SpecSample returns a spec with all its entries. It has no annotated form.
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

// section returns the text of a section without its last line break.
func section(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return strings.TrimSuffix(string(f.Data), "\n")
		}
	}
	return ""
}

// files returns the files whose names begin with prefix, without it.
func files(a *txtar.Archive, prefix string) []ExampleFile {
	var list []ExampleFile
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, prefix); ok {
			list = append(list, ExampleFile{name, string(f.Data)})
		}
	}
	return list
}
