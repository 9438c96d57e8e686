package golden

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// TestNoWordWithoutMeaning checks that each directive, key and entry of the language makes a
// difference: without it, its sample must give other outputs or an error. A word that is in
// the tables alone would be documented, completed and ignored.
func TestNoWordWithoutMeaning(t *testing.T) {
	for _, d := range annotations.Directives() {
		sample, _ := annotations.DirectiveSample(d.Name)
		differs(t, "directive "+d.Name, sample.Annotated, `(?m)^//webapi:`+d.Name+`\b.*\n`, "")
		for _, k := range d.Keys {
			sample, _ := annotations.KeySample(k.Name)
			differs(t, "key "+k.Name+" of "+d.Name, sample.Annotated, keyValue(k.Name), "")
		}
	}
	resource, _ := annotations.FindDirective(annotations.DirectiveResource)
	spec := annotations.SpecSample().Spec
	for _, k := range slices.Concat(annotations.SpecEntries(), annotations.ResourceEntries()) {
		_, isKey := annotations.FindKey(resource.Keys, k.Name) // TestSamples compares both forms
		switch {
		case isKey:
		case k.Name == annotations.EntryResources:
			differs(t, "entry "+k.Name, spec, `(?s)\n`+k.Name+`:\n.*`, "\n")
		case k.Name == annotations.EntryDir: // the sample cannot have it, since the folder must exist
			differs(t, "entry "+k.Name, spec, `\nresources:`, "\ndir: api\nresources:")
		default:
			differs(t, "entry "+k.Name, spec, `(?m)^( *)(- )?`+k.Name+`: .*\n(?: {4})?`, "$1$2")
		}
	}
}

// TestDefaultsMeanTheSame checks that each key of webapi:defaults does for a package what it
// does for the resource of its sample.
func TestDefaultsMeanTheSame(t *testing.T) {
	defaults, _ := annotations.FindDirective(annotations.DirectiveDefaults)
	for _, k := range defaults.Keys {
		t.Run(k.Name, func(t *testing.T) {
			sample, _ := annotations.KeySample(k.Name)
			text := sample.Annotated[0].Text
			written := regexp.MustCompile(keyValue(k.Name)).FindString(text)
			inherited := strings.Replace(strings.Replace(text, written, "", 1), "package ", "//webapi:defaults"+written+"\npackage ", 1)
			want, got := meaningOf(t, sample.Annotated), meaningOf(t, []annotations.ExampleFile{{Name: sample.Annotated[0].Name, Text: inherited}})
			if got != want {
				t.Errorf("as a default it gives\n%s\nnot\n%s", got, want)
			}
		})
	}
}

// keyValue returns the pattern of key=value in a directive, with the space before it.
func keyValue(key string) string {
	return ` ` + key + "=(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`|\\S+)"
}

// differs checks that the last file of a sample gives something else where the pattern is
// replaced.
func differs(t *testing.T, what string, files []annotations.ExampleFile, pattern, instead string) {
	t.Run(what, func(t *testing.T) {
		without := slices.Clone(files)
		last := &without[len(without)-1]
		last.Text = regexp.MustCompile(pattern).ReplaceAllString(last.Text, instead)
		if last.Text == files[len(files)-1].Text {
			t.Fatalf("the sample has no %s", what)
		}
		if got := meaningOf(t, files); got == meaningOf(t, without) {
			t.Errorf("the %s means nothing: without it, its sample gives the same", what)
		}
	})
}

// meaningOf returns what the tool makes of some files: the outputs, the lock file and the
// functions that guard, or the errors.
func meaningOf(t *testing.T, files []annotations.ExampleFile) string {
	t.Helper()
	dir := newModule(t)
	writeFiles(t, dir, files)
	if err := os.MkdirAll(filepath.Join(dir, "api"), 0o777); err != nil {
		t.Fatal(err)
	}
	cfg, _ := configOf(t, dir, "")
	packages, err := generator.Packages(t.Context(), cfg)
	if diags := (diag.List)(nil); errors.As(err, &diags) {
		return diags.Error()
	} else if err != nil {
		t.Fatal(err)
	}
	lock, err := lockfile.Text(packages, nil)
	if err != nil {
		t.Fatal(err)
	}
	text := string(lock)
	for _, pkg := range packages {
		text += fmt.Sprintln(pkg.Guarded)
	}
	outputs := outputsOf(t, dir)
	for _, path := range slices.Sorted(maps.Keys(outputs)) {
		text += path + "\n" + outputs[path]
	}
	return text
}
