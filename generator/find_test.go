package generator_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

// paths returns the outputs of a run, with slashes.
func paths(result *generator.Result) []string {
	var list []string
	for _, f := range result.Files {
		list = append(list, filepath.ToSlash(f.Path))
	}
	return list
}

func TestPatterns(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{
		"go.mod":            "module m\n",
		"root.go":           noteGo,
		"a/a.go":            noteGo,
		"a/plain.go":        "package p\n",
		"a/b/b.go":          noteGo,
		"a/testdata/t.go":   noteGo,
		"a/vendor/v/v.go":   noteGo,
		"a/.hidden/h.go":    noteGo,
		"a/_hidden/h.go":    noteGo,
		"a/.dot.go":         "// webapi:resource",
		"a/_score.go":       "// webapi:resource",
		"other/go.mod":      "module other\n",
		"other/o.go":        noteGo,
		"other/below/o.go":  noteGo,
		"plain/plain.go":    "package plain\n",
		"spec/webapi.yaml":  "version: 1\npackage: p\ndir: below\nresources: [{type: T}]\n",
		"spec/below/t.go":   "package p\n\ntype T struct{}\n",
		"spec/api.yaml":     "version: 1\npackage: p\nresources: [{type: D, declare: true}]\n",
		"spec/below/x/x.go": "package x\n",
	})
	root := []string{"note_webapi.go", "webapi_catalog.go"}
	a := []string{"a/note_webapi.go", "a/webapi_catalog.go"}
	b := []string{"a/b/note_webapi.go", "a/b/webapi_catalog.go"}
	below := []string{"spec/below/t_webapi.go", "spec/below/webapi_catalog.go"}
	all := slices.Sorted(slices.Values(slices.Concat(root, a, b, below)))
	for _, test := range []struct {
		patterns []string
		want     []string
	}{
		{nil, root},
		{[]string{"."}, root},
		{[]string{"a"}, a},
		{[]string{"./a"}, a},
		{[]string{"a/"}, a},
		{[]string{"./a/../a/."}, a},
		{[]string{"a", "./a", "a/", filepath.Join(dir, "a"), "a/a.go"}, a},
		{[]string{"a/a.go"}, a},
		{[]string{"a/a.go", "a/plain.go"}, a},
		{[]string{"a/..."}, slices.Concat(b, a)},
		{[]string{"./a/...", "a/b", "a"}, slices.Concat(b, a)},
		{[]string{"./..."}, all},
		{[]string{"..."}, all},
		{[]string{"a/testdata"}, []string{"a/testdata/note_webapi.go", "a/testdata/webapi_catalog.go"}},
		{[]string{"a/vendor/..."}, []string{"a/vendor/v/note_webapi.go", "a/vendor/v/webapi_catalog.go"}},
		{[]string{"other/..."}, []string{"other/below/note_webapi.go", "other/below/webapi_catalog.go", "other/note_webapi.go", "other/webapi_catalog.go"}},
		{[]string{"plain"}, nil},
		{[]string{"spec"}, below},
		{[]string{"spec/below"}, below},
		{[]string{"spec/below/x"}, nil},
	} {
		got := paths(generate(t, generator.Config{Dir: dir, Patterns: test.patterns}))
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("outputs of %q (-want +got):\n%s", test.patterns, diff)
		}
	}
}

func TestAbsolutePatternsGiveAbsolutePaths(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"a/a.go": noteGo})
	want := []string{filepath.ToSlash(dir) + "/a/note_webapi.go", filepath.ToSlash(dir) + "/a/webapi_catalog.go"}
	for _, pattern := range []string{filepath.Join(dir, "a"), dir + "/...", filepath.Join(dir, "a", "a.go")} {
		if diff := cmp.Diff(want, paths(generate(t, generator.Config{Patterns: []string{pattern}}))); diff != "" {
			t.Errorf("outputs of %q (-want +got):\n%s", pattern, diff)
		}
	}
}

func TestOrderOfPatternsDoesNotMatter(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"a/a.go": noteGo, "a/also.go": "package p\n\n//webapi:resource\ntype Also struct{}\n", "b/b.go": noteGo})
	patterns := []string{"./...", "a", filepath.Join(dir, "a"), "a/a.go", "b/b.go"}
	want := generate(t, generator.Config{Dir: dir, Patterns: patterns})
	for range len(patterns) {
		patterns = append(patterns[1:], patterns[0])
		got := generate(t, generator.Config{Dir: dir, Patterns: patterns})
		if diff := cmp.Diff(want.Files, got.Files); diff != "" {
			t.Errorf("outputs of %q (-want +got):\n%s", patterns, diff)
		}
	}
}

func TestLinkedFolders(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"real/a.go": noteGo})
	if err := os.Symlink("real", filepath.Join(dir, "link")); err != nil {
		t.Skip(err)
	}
	for _, test := range []struct{ patterns, want []string }{
		{[]string{"link"}, []string{"link/note_webapi.go", "link/webapi_catalog.go"}},
		{[]string{"link/..."}, []string{"link/note_webapi.go", "link/webapi_catalog.go"}},
		{[]string{"./..."}, []string{"real/note_webapi.go", "real/webapi_catalog.go"}}, // links are not followed
		{[]string{"link", "real"}, []string{"link/note_webapi.go", "link/webapi_catalog.go"}},
		{[]string{"real", "link"}, []string{"link/note_webapi.go", "link/webapi_catalog.go"}},
	} {
		if diff := cmp.Diff(test.want, paths(generate(t, generator.Config{Dir: dir, Patterns: test.patterns}))); diff != "" {
			t.Errorf("outputs of %q (-want +got):\n%s", test.patterns, diff)
		}
	}
}

// Specs above a folder are looked for where it really is, and within its module.
func TestSpecsAbove(t *testing.T) {
	const in = "version: 1\npackage: p\ndir: %s\nresources: [{type: T, declare: true}]\n"
	spec := func(dir string) string { return strings.Replace(in, "%s", dir, 1) }
	files := []string{"t_webapi.go", "webapi_catalog.go"}
	for _, test := range []struct {
		name    string
		files   tree
		links   map[string]string
		pattern string
		want    []string
	}{
		{
			name:  "a linked folder",
			files: tree{"go.mod": "module m\n", "real/webapi.yaml": spec("below"), "real/below/b.go": "package p\n"},
			links: map[string]string{"link": "real/below"}, pattern: "link", want: files,
		},
		{
			name:  "no module",
			files: tree{"webapi.yaml": spec("a"), "a/a.go": "package p\n"}, pattern: "a",
		},
		{
			name:  "above the module",
			files: tree{"go.mod": "module m\n", "webapi.yaml": spec("a"), "a/go.mod": "module a\n", "a/a.go": "package p\n"}, pattern: "a",
		},
		{
			name: "above another spec",
			files: tree{"go.mod": "module m\n", "webapi.yaml": spec("a/b"), "a/webapi.yaml": "version: 1\npackage: a\nresources: []\n",
				"a/b/b.go": "package p\n"}, pattern: "a/...", want: files,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			writeTree(t, dir, test.files)
			for name, to := range test.links {
				if err := os.Symlink(filepath.FromSlash(to), filepath.Join(dir, name)); err != nil {
					t.Skip(err)
				}
			}
			var got []string
			for _, f := range generate(t, generator.Config{Dir: dir, Patterns: []string{test.pattern}}).Files {
				got = append(got, filepath.Base(f.Path))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("outputs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDirDoesNotLeadOutThroughALink(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{
		"outside/o.go":     "package p\n",
		"api/webapi.yaml":  "version: 1\npackage: p\ndir: out\nresources: [{type: T, declare: true}]\n",
		"fine/webapi.yaml": "version: 1\npackage: p\ndir: link\nresources: [{type: T, declare: true}]\n",
		"fine/real/r.go":   "package p\n",
	})
	if err := errors.Join(os.Symlink("../outside", filepath.Join(dir, "api", "out")), os.Symlink("real", filepath.Join(dir, "fine", "link"))); err != nil {
		t.Skip(err)
	}
	list := diagnostics(t, generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if len(list) != 1 || list[0].Code != "WA023" || filepath.ToSlash(list[0].Pos.Filename) != "api/webapi.yaml" {
		t.Errorf("diagnostics: %v", list)
	}
	if n := len(generate(t, generator.Config{Dir: dir, Patterns: []string{"fine"}}).Files); n != 2 {
		t.Errorf("%d files for a link within the folder, want 2", n)
	}
}

// What an input links to is quoted in messages and outputs: a commit must not choose a file
// of the machine that checks it.
func TestLinksDoNotLeadOutOfTheRepository(t *testing.T) {
	const spec = "version: 1\npackage: p\nresources: [{type: T, declare: true}]\n"
	for name, c := range map[string]struct{ link, to, err string }{
		"Go file":         {"top/m/a/x.go", "../../../out.go", "a/x.go is a symbolic link that leads out of the repository"},
		"spec":            {"top/m/a/webapi.yaml", "../../../secret", "a/webapi.yaml is a symbolic link that leads out of the repository"},
		"spec above":      {"top/m/webapi.yaml", "../../secret", "webapi.yaml is a symbolic link that leads out of the repository"},
		"header":          {"top/m/webapi.header", "../../out.go", "top/m/webapi.header is a symbolic link that leads out of the repository"},
		"git":             {"top/m/a/webapi.yaml", "../../.git/config", "a/webapi.yaml is a symbolic link that leads out of the repository"},
		"in a chain":      {"top/m/a/webapi.yaml", "../b/link", "a/webapi.yaml is a symbolic link that leads out of the repository"},
		"another module":  {"top/m/a/webapi.yaml", "../../other/webapi.yaml", ""},
		"the same folder": {"top/m/a/x.go", "t.go.txt", ""},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			writeTree(t, dir, tree{
				"out.go": "package p\n", "secret": "secret", "top/.git/config": "secret", "top/other/webapi.yaml": spec,
				"top/m/go.mod": "module m\n", "top/m/a/a.go": noteGo, "top/m/a/t.go.txt": "package p\n", "top/m/b/b.go": "package b\n",
			})
			if err := errors.Join(os.Symlink("../../../secret", filepath.Join(dir, "top/m/b/link")), os.Symlink(filepath.FromSlash(c.to), filepath.Join(dir, filepath.FromSlash(c.link)))); err != nil {
				t.Skip(err)
			}
			_, err := generator.Generate(t.Context(), generator.Config{Dir: filepath.Join(dir, "top/m"), Patterns: []string{"./a"}})
			if c.err == "" && err != nil || c.err != "" && (err == nil || !strings.HasSuffix(filepath.ToSlash(err.Error()), c.err)) {
				t.Errorf("error %v, want %q", err, c.err)
			}
		})
	}
}

func TestNamedSpec(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{
		"go.mod":           "module m\n",
		"api.yaml":         "version: 1\npackage: p\ndir: a/b\nresources: [{type: T}]\n",
		"a/b/t.go":         "package p\n\ntype T struct{}\n",
		"c/c.go":           noteGo,
		"own/webapi.yaml":  "version: 1\npackage: p\nresources: [{type: T, declare: true}]\n",
		"deep/webapi.yaml": "version: 1\npackage: p\ndir: x\nresources: [{type: T, declare: true}]\n",
		"deep/x/y/y.go":    noteGo,
		"yml/webapi.yml":   "version: 1\npackage: p\nresources: [{type: T, declare: true}]\n",
	})
	b := []string{"a/b/t_webapi.go", "a/b/webapi_catalog.go"}
	c := []string{"c/note_webapi.go", "c/webapi_catalog.go"}
	own := []string{"own/t_webapi.go", "own/webapi_catalog.go"}
	x := []string{"deep/x/t_webapi.go", "deep/x/webapi_catalog.go"}
	y := []string{"deep/x/y/note_webapi.go", "deep/x/y/webapi_catalog.go"}
	for _, test := range []struct {
		spec     string
		patterns []string
		want     []string
	}{
		{"api.yaml", nil, b},
		{"./api.yaml", []string{"a/b"}, b},
		{filepath.Join(dir, "api.yaml"), []string{"./a/b"}, b},
		{"api.yaml", []string{"c"}, slices.Concat(b, c)},
		{"own/webapi.yaml", []string{"own"}, own},
		{"yml/webapi.yml", []string{"yml"}, []string{"yml/t_webapi.go", "yml/webapi_catalog.go"}},
		{filepath.Join(dir, "yml", "webapi.yml"), []string{"./yml"}, []string{"yml/t_webapi.go", "yml/webapi_catalog.go"}},
		{filepath.Join(dir, "own", "webapi.yaml"), []string{"own"}, own},
		{filepath.Join(dir, "deep", "webapi.yaml"), []string{"deep/..."}, slices.Concat(x, y)},
		{"deep/webapi.yaml", []string{filepath.Join(dir, "deep") + "/..."}, nil},
	} {
		result := generate(t, generator.Config{Dir: dir, Spec: test.spec, Patterns: test.patterns})
		if test.want == nil {
			if len(result.Files) != 4 {
				t.Errorf("outputs of --spec %s %q are %q", test.spec, test.patterns, paths(result))
			}
			continue
		}
		if diff := cmp.Diff(test.want, paths(result)); diff != "" {
			t.Errorf("outputs of --spec %s %q (-want +got):\n%s", test.spec, test.patterns, diff)
		}
	}
}

func TestWrongCalls(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"a/a.go": noteGo, "a/webapi.yaml": "", "notes.txt": ""})
	for _, cfg := range []generator.Config{
		{Patterns: []string{""}},
		{Patterns: []string{"missing"}},
		{Patterns: []string{"missing/..."}},
		{Patterns: []string{"a/missing.go"}},
		{Patterns: []string{"a..."}},
		{Patterns: []string{".../a"}},
		{Patterns: []string{"a/a.go/..."}},
		{Patterns: []string{"notes.txt"}},
		{Patterns: []string{"a/webapi.yaml"}},
		{Patterns: []string{"github.com/webapi-gen/webapi-gen"}},
		{Spec: "missing.yaml"},
	} {
		cfg.Dir = dir
		_, err := generator.Generate(context.Background(), cfg)
		var usage *generator.UsageError
		if !errors.As(err, &usage) {
			t.Errorf("%q %q: error %v, want a usage error", cfg.Patterns, cfg.Spec, err)
		}
	}
}

func TestWhatIsNoFileIsPassedOver(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"a/a.go": noteGo, "a/sub.go/x.txt": ""})
	if err := os.Symlink("sub.go", filepath.Join(dir, "a", "link.go")); err != nil {
		t.Skip(err)
	}
	if diff := cmp.Diff([]string{"a/note_webapi.go", "a/webapi_catalog.go"}, paths(generate(t, generator.Config{Dir: dir, Patterns: []string{"a"}}))); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	if err := os.Symlink("nowhere.go", filepath.Join(dir, "a", "broken.go")); err != nil {
		t.Fatal(err)
	}
	if _, err := generator.Generate(context.Background(), generator.Config{Dir: dir, Patterns: []string{"a"}}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v with a link that leads nowhere", err)
	}
}
