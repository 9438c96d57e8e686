package generator_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

func TestOut(t *testing.T) {
	dir := t.TempDir()
	inputs := tree{"api/a.go": noteGo}
	writeTree(t, dir, inputs)
	want := tree{}
	for _, f := range generate(t, generator.Config{Dir: dir, Patterns: []string{"api"}}).Files {
		want[filepath.Base(f.Path)] = string(f.Content)
	}
	cfg := generator.Config{Dir: dir, Patterns: []string{"api/a.go"}, Out: "gen/new/out"}
	result := generate(t, cfg)
	if diff := cmp.Diff(map[string]string{"gen/new/out/note_webapi.go": "created", "gen/new/out/webapi_catalog.go": "created"}, statuses(result)); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(inputs, readTree(t, dir)); diff != "" {
		t.Errorf("files before Write (-want +got):\n%s", diff)
	}
	if err := result.Write(); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "gen", "new", "out")
	if diff := cmp.Diff(want, readTree(t, out)); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if n := len(readTree(t, filepath.Join(dir, "api"))); n != 1 {
		t.Errorf("%d files are where the input is, want 1", n)
	}

	long := time.Now().Add(-time.Hour).Truncate(time.Second)
	if err := os.Chtimes(filepath.Join(out, "note_webapi.go"), long, long); err != nil {
		t.Fatal(err)
	}
	cfg.Out = out // the same folder, absolute
	again := generate(t, cfg)
	if n := again.Count(generator.Unchanged); n != 2 {
		t.Errorf("a second run leaves %d files unchanged, want 2", n)
	}
	if err := again.Write(); err != nil || !stat(t, filepath.Join(out, "note_webapi.go")).ModTime().Equal(long) {
		t.Errorf("an unchanged file was touched (error %v)", err)
	}
}

// What else is in the folder stays: other tools write there too, and outputs of
// resources that are gone may be those of another call. Our own temporary files go.
func TestOutIsNotTidied(t *testing.T) {
	dir := t.TempDir()
	kept := tree{"out/old_webapi.go": header, "out/hand.go": "package p\n", "out/user_webapi.go": "package p\n", "api/old_webapi.go": header}
	writeTree(t, dir, kept)
	writeTree(t, dir, tree{"api/a.go": noteGo, "api/.webapi-gen-1.tmp": "x", "out/.webapi-gen-1.tmp": "x"})
	if err := generate(t, generator.Config{Dir: dir, Patterns: []string{"api"}, Out: "out"}).Write(); err != nil {
		t.Fatal(err)
	}
	got := readTree(t, dir)
	for name, text := range kept {
		if got[name] != text {
			t.Errorf("%s is %q, want %q", name, got[name], text)
		}
	}
	if _, there := got["out/.webapi-gen-1.tmp"]; there {
		t.Error("a temporary file is left in the folder")
	}
	if _, there := got["api/.webapi-gen-1.tmp"]; !there {
		t.Error("a file was removed elsewhere than in the folder")
	}
}

func TestForeignFilesInOutAreNeverOverwritten(t *testing.T) {
	dir := t.TempDir()
	want := tree{"api/a.go": noteGo, "out/note_webapi.go": "package p\n"}
	writeTree(t, dir, want)
	list := diagnostics(t, generator.Config{Dir: dir, Patterns: []string{"api"}, Out: "out"})
	if len(list) != 1 || list[0].Code != "WA060" || filepath.ToSlash(list[0].Pos.Filename) != "out/note_webapi.go" {
		t.Errorf("diagnostics: %v", list)
	}
	if diff := cmp.Diff(want, readTree(t, dir)); diff != "" {
		t.Errorf("files (-before +after):\n%s", diff)
	}
}

func TestOutIsWrong(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"a/a.go": noteGo, "b/b.go": noteGo, "plain/p.go": "package plain\n"})
	for _, test := range []struct {
		patterns []string
		out      string
		message  string
	}{
		{[]string{"./..."}, "out", "the outputs of one package alone can go to out, but there are those of a and b"},
		{[]string{"a/a.go", "b/b.go"}, "out", "the outputs of one package alone can go to out, but there are those of a and b"},
		{[]string{"a"}, "b/b.go", "outputs go to a folder, and b/b.go is none"},
	} {
		_, err := generator.Generate(context.Background(), generator.Config{Dir: dir, Patterns: test.patterns, Out: test.out})
		var usage *generator.UsageError
		if !errors.As(err, &usage) || usage.Message != test.message {
			t.Errorf("%q to %s: error %v, want the usage error %q", test.patterns, test.out, err, test.message)
		}
	}
	if n := len(generate(t, generator.Config{Dir: dir, Patterns: []string{"./a", "./plain"}, Out: "out"}).Files); n != 2 {
		t.Errorf("%d files for one package with resources and one without, want 2", n)
	}
}

// Bazel's sandbox is a folder of links to the inputs, which lie elsewhere
// together with more.
func TestOutOfLinkedInputs(t *testing.T) {
	dir := t.TempDir()
	const spec = "version: 1\npackage: p\nresources: [{type: User, declare: true}]\n"
	writeTree(t, dir, tree{
		"real/a.go": noteGo, "real/scopes.yaml": spec, "real/wrong.go": "package p\n\n// webapi:resource\n",
		"sandbox/api/BUILD": "",
	})
	for _, name := range []string{"a.go", "scopes.yaml"} {
		if err := os.Symlink(filepath.Join(dir, "real", name), filepath.Join(dir, "sandbox", "api", name)); err != nil {
			t.Skip(err)
		}
	}
	sandbox := filepath.Join(dir, "sandbox")
	for _, cfg := range []generator.Config{
		{Patterns: []string{"api/a.go"}, Spec: "api/scopes.yaml", Out: "bin/all"},
		{Patterns: []string{"api/a.go"}, Out: "bin/annotated"},
		{Spec: "api/scopes.yaml", Out: "bin/spec"},
	} {
		cfg.Dir = sandbox
		if err := generate(t, cfg).Write(); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for name := range readTree(t, filepath.Join(dir, "sandbox")) {
		if strings.HasPrefix(name, "bin/") {
			got = append(got, name)
		}
	}
	want := []string{
		"bin/all/note_webapi.go", "bin/all/user_webapi.go", "bin/all/webapi_catalog.go",
		"bin/annotated/note_webapi.go", "bin/annotated/webapi_catalog.go",
		"bin/spec/note_webapi.go", "bin/spec/user_webapi.go", "bin/spec/webapi_catalog.go",
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
}
