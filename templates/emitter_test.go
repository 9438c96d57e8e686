package templates_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// check compares what an emitter makes of a package with what jennifer and gofmt
// make of each file by itself.
func check(t *testing.T, e *templates.Emitter, pkg *model.Package) {
	t.Helper()
	compare := func(fast, slow templates.File, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", slow.Name, err)
		}
		want, got := slow.Text, fast.Text
		if fast.Name != slow.Name || string(got) != string(want) {
			t.Fatalf("%s: the template gives another file (-jennifer and gofmt +template):\n%s", slow.Name, cmp.Diff(string(want), string(got)))
		}
	}
	files, err := e.Files(pkg)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range pkg.Resources {
		slow, err := templates.Guard(pkg, r)
		compare(files[i], slow, err)
	}
	if !pkg.HasCatalog() {
		return
	}
	slow, err := templates.Catalog(pkg)
	compare(files[len(files)-1], slow, err)
}

// TestEmitterOnGoldenCases has one emitter emit all packages of all cases.
func TestEmitterOnGoldenCases(t *testing.T) {
	cases, err := filepath.Glob("../golden/cases/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	var e templates.Emitter
	checked := 0
	for _, file := range cases {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dir := t.TempDir()
		for _, f := range archive.Files {
			path := filepath.Join(dir, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, f.Data, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, input := range []string{"in", "annotated", "spec"} {
			packages, err := generator.Packages(context.Background(), generator.Config{Dir: filepath.Join(dir, input), Patterns: []string{"./..."}})
			if err != nil {
				continue // an error case, or none with this input
			}
			for _, pkg := range packages {
				check(t, &e, pkg)
				checked++
			}
		}
	}
	if checked < 60 {
		t.Errorf("%d packages were compared, want at least 60", checked)
	}
}

// TestEmitterOnRandomPackages does the same with packages that nobody would write.
func TestEmitterOnRandomPackages(t *testing.T) {
	var e templates.Emitter
	for seed := range uint64(300) {
		check(t, &e, randomPackage(t, rand.New(rand.NewPCG(seed, 1))))
	}
}

// TestEmitterOnBuildTags has tags that look like placeholders.
func TestEmitterOnBuildTags(t *testing.T) {
	var e templates.Emitter
	for _, tag := range []string{"ʘ", "xʘ", "Zʘ1ʘ", "!zʘ0ʘ", "linux && aʘ7", "aʘ999ʘ"} {
		text := "//go:build " + tag + "\n\npackage p\n\n//webapi:resource\ntype NoteResource struct{}\n"
		written, diags := annotations.ReadGo([]annotations.Source{{Path: "note.go", Data: []byte(text)}})
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		pkg, diags := model.Resolve(written[0], nil)
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		check(t, &e, pkg)
	}
}

// TestEmitterOnALongText has a text that is longer than all that gofmt puts in line
// with what stands around it.
func TestEmitterOnALongText(t *testing.T) {
	text := fmt.Sprintf("version: 1\npackage: p\nresources:\n  - {type: NoteResource, declare: true, methods: [GET], description: %q}\n", strings.Repeat("word ", 250_000)+"end")
	spec, diags := annotations.ReadSpec(annotations.Source{Path: "webapi.yaml", Data: []byte(text)})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	pkg, diags := model.Resolve(nil, &spec.Package)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	check(t, new(templates.Emitter), pkg)
}

// FuzzEmitter puts arbitrary texts into a resource.
func FuzzEmitter(f *testing.F) {
	f.Add("See your notes", "- a list", "note")
	f.Add("``quoted''", "# heading", "a+b")
	f.Add("[x]: https://example.com", "1. one", "x")
	f.Add("Zʘ1ʘ", "\u00a0", "y")
	var e templates.Emitter
	f.Fuzz(func(t *testing.T, describe, description, scope string) {
		text := fmt.Sprintf("version: 1\npackage: p\nscopes: {%q: %q}\nresources:\n  - {type: NoteResource, declare: true, scope: %q, description: %q, methods: [GET, DELETE], describe: {read: %q}}\n",
			scope+"x", describe, scope, description, describe)
		spec, diags := annotations.ReadSpec(annotations.Source{Path: "webapi.yaml", Data: []byte(text)})
		if len(diags) > 0 {
			return
		}
		pkg, diags := model.Resolve(nil, &spec.Package)
		if len(diags) > 0 {
			return
		}
		check(t, &e, pkg)
	})
}

// randomPackage returns a package as a spec could declare it.
func randomPackage(t *testing.T, rnd *rand.Rand) *model.Package {
	t.Helper()
	pick := func(list ...string) string { return list[rnd.IntN(len(list))] }
	words := []string{"notes", "- item", "see", "a``b", "''", "# x", "1.", "*", "+build", "go:build", "é", "日本", "\"q\"", "\\n", "%s", "[Note]", "http://x.y/z?a=b", "//", "/*", "*/", "Deprecated:", "Zʘ3ʘ", "TODO(x):", "end.", "really?"}
	prose := func() string {
		var list []string
		for range 1 + rnd.IntN(25) {
			list = append(list, words[rnd.IntN(len(words))])
		}
		return strings.Join(list, " ")
	}
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\npackage: %s\n", pick("p", "api", "averylongpackagename"))
	if rnd.IntN(2) == 0 {
		fmt.Fprintf(&b, "scopes: {admin: %q, %q: \"\", %q: %q}\n", prose(), "org:read", "x/y+z", prose())
	}
	count := rnd.IntN(5)
	b.WriteString("resources:")
	if count == 0 {
		b.WriteString(" []")
	}
	b.WriteString("\n")
	for i := range count {
		fmt.Fprintf(&b, "  - type: %s\n    declare: true\n", pick("NoteResource", "noteThing", "X", "HTTPServerResource", "ÜberResource", "ReallyQuiteALongNameForAResource")+fmt.Sprint(i))
		fmt.Fprintf(&b, "    name: n%d\n", i)
		closed := rnd.IntN(4) == 0
		if !closed {
			fmt.Fprintf(&b, "    scope: %q\n", pick("s", "scope/with-odd+chars", "averyveryveryverylongscopename")+fmt.Sprint(i))
		}
		methods := []string{"GET", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}[:1+rnd.IntN(6)]
		fmt.Fprintf(&b, "    methods: [%s]\n", strings.Join(methods, ", "))
		if rnd.IntN(2) == 0 {
			fmt.Fprintf(&b, "    description: %q\n", prose())
		}
		if rnd.IntN(3) == 0 {
			b.WriteString("    key: id\n    apitokens: allow\n")
		}
		if closed {
			b.WriteString("    oauth2: deny\n")
			continue
		}
		if rnd.IntN(3) == 0 {
			b.WriteString("    anonymous: [GET]\n")
		}
		fmt.Fprintf(&b, "    describe: {read: %q}\n", prose())
	}
	spec, diags := annotations.ReadSpec(annotations.Source{Path: "webapi.yaml", Data: []byte(b.String())})
	if err := diags.Err(); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	pkg, diags := model.Resolve(nil, &spec.Package)
	if err := diags.Err(); err != nil {
		t.Fatalf("%v\n%s", err, b.String())
	}
	return pkg
}
