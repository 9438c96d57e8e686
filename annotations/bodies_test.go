package annotations

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// checkBodies compares what is read of a file with its bodies and without them.
func checkBodies(t *testing.T, src []byte) {
	t.Helper()
	less := withoutBodies(src)
	if len(less) != len(src) {
		t.Fatalf("%d bytes became %d", len(src), len(less))
	}
	const mode = parser.ParseComments | parser.SkipObjectResolution
	full, err := parser.ParseFile(token.NewFileSet(), "x.go", src, mode)
	if err != nil {
		return // what the compiler refuses needs no guard
	}
	fset := token.NewFileSet()
	if _, err := parser.ParseFile(fset, "x.go", less, mode); err != nil {
		t.Fatalf("without bodies it is no Go: %v\n%s", err, less)
	}
	if want := linesOf(src); !reflect.DeepEqual(linesOf(less), want) {
		t.Fatalf("lines have moved:\n%s", less)
	}
	want, got := readTree(src, src), readTree(src, less)
	if !reflect.DeepEqual(got.diags, want.diags) {
		t.Fatalf("the diagnostics differ:\ngot  %v\nwant %v\n%s", got.diags, want.diags, less)
	}
	if !reflect.DeepEqual(got.pkg, want.pkg) {
		t.Fatalf("package %s is another:\ngot  %+v\nwant %+v\n%s", full.Name.Name, got.pkg, want.pkg, less)
	}
}

// readTree is readFile, with parsed in place of the text without bodies.
func readTree(src, parsed []byte) *part {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, "x.go", parsed, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		panic(err)
	}
	var p part
	r := reader{fset: fset, src: src, tree: tree, file: newFile(Source{Path: "x.go", Data: src}, tree), pkg: &p.pkg, diags: &p.diags}
	r.read()
	for _, typ := range p.pkg.Types {
		typ.File = nil
	}
	return &p
}

func linesOf(src []byte) []int {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	file.SetLinesForContent(src)
	return file.Lines()
}

// TestWithoutBodies reads some of the source of Go's own packages.
func TestWithoutBodies(t *testing.T) {
	const every = 10 // one in so many
	seen, blanked := 0, 0
	err := filepath.WalkDir(filepath.Join(runtime.GOROOT(), "src"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") {
			return err
		}
		if seen++; seen%every > 0 {
			return nil
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		checkBodies(t, src)
		if string(withoutBodies(src)) != string(src) {
			blanked++
		}
		return nil
	})
	if err != nil || seen < 5000 || blanked < seen/every/3 {
		t.Errorf("%d files, %d with blank bodies, %v", seen, blanked, err)
	}
}

func FuzzWithoutBodies(f *testing.F) {
	for _, decl := range []string{
		"func f() { a() }", "func f()\nvar x = T{1}", "func f() struct{ E } { return s }", "func f() struct /* { */ { E } {}",
		"func f(x interface{ m() }) (y map[string]struct{}) { '{' }", "func (T[P]) f() { \"}\" }", "func f[T interface{ ~int }]() { `}\n` }",
		"func f() { //webapi:resource\n}", "func f() { type t struct{ E } }", "var f =\nfunc() { x }\n//webapi:resource\ntype T struct{}",
		"func f() { // }\n}", "func f() { /* } */ }", "func f() { '\\'' }", "func f() { if x { y() } }\r\nfunc g() {}", "func f() {", "func f() }", "func f() { \"\n\" }",
		"func f() func() { return func() {} }", "func f() (interface { m() }) { }", "func_() {}", "func f() chan struct{} { }", "/* \nfunc f() { */ type T struct{}",
		"const c = `\nfunc f() {`\ntype T struct{ E }", "func f() { x := []struct{ E }{} }",
	} {
		f.Add("package p\n\n" + decl + "\n")
	}
	f.Fuzz(func(t *testing.T, src string) { checkBodies(t, []byte(src)) })
}
