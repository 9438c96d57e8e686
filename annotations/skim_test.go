package annotations

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// checkSkim compares what is read of a file as it is and skimmed.
func checkSkim(t *testing.T, src []byte) {
	t.Helper()
	skimmed := skim(src)
	if !slices.Equal(linesOf(skimmed), linesOf(src)) {
		t.Fatalf("lines have moved:\n%s", skimmed)
	}
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, "x.go", src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return // what the compiler refuses needs no guard
	}
	want := readTree(src, fset, tree)
	fset, tree, err = parse(Source{Path: "x.go", Data: src})
	if err != nil {
		t.Fatalf("skimmed it is no Go: %v\n%s", err, skimmed)
	}
	got := readTree(src, fset, tree)
	if !reflect.DeepEqual(got.diags, want.diags) {
		t.Fatalf("the diagnostics differ:\ngot  %v\nwant %v\n%s", got.diags, want.diags, skimmed)
	}
	if !reflect.DeepEqual(got.pkg, want.pkg) {
		t.Fatalf("the package is another:\ngot  %+v\nwant %+v\n%s", got.pkg, want.pkg, skimmed)
	}
}

// readTree is readFile of a file that is parsed already.
func readTree(src []byte, fset *token.FileSet, tree *ast.File) *part {
	var p part
	r := reader{fset: fset, src: src, tree: tree, file: newFile(Source{Path: "x.go", Data: src}, tree), pkg: &p.pkg, diags: &p.diags}
	r.read()
	return &p
}

func linesOf(src []byte) []int {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(src))
	file.SetLinesForContent(src)
	return file.Lines()
}

// TestSkim reads some of the source of Go's own packages.
func TestSkim(t *testing.T) {
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
		checkSkim(t, src)
		if _, err := parser.ParseFile(token.NewFileSet(), path, skim(src), 0); err != nil && !strings.Contains(path, "testdata") {
			t.Error(err)
		}
		if string(skim(src)) != string(src) {
			blanked++
		}
		return nil
	})
	if err != nil || seen < 5000 || blanked < seen/every/3 {
		t.Errorf("%d files, %d skimmed, %v", seen, blanked, err)
	}
}

func FuzzSkim(f *testing.F) {
	for _, decl := range []string{
		"func f() { a() }", "func f()\nvar x = T{1}", "func f() struct{ E } { return s }", "func f() struct /* { */ { E } {}",
		"func f(x interface{ m() }) (y map[string]struct{}) { '{' }", "func (T[P]) f() { \"}\" }", "func f[T interface{ ~int }]() { `}\n` }",
		"func f() { //webapi:resource\n}", "func f() { type t struct{ E } }", "var f =\nfunc() { x }\n//webapi:resource\ntype T struct{}",
		"func f() { // }\n}", "func f() { /* } */ }", "func f() { '\\'' }", "func f() { if x { y() } }\r\nfunc g() {}", "func f() {", "func f() }", "func f() { \"\n\" }",
		"func f() func() { return func() {} }", "func f() (interface { m() }) { }", "func_() {}", "func f( {\n}}", "func f() { a[(b]) }", "func f(\n\tx int,\n) {\n}\n\n//webapi:resource\ntype T int", "var f =\nfunc() T { x }\ntype T int", "var c chan\nfunc() T\ntype T int", "func (r *T) f(x int,\n\ty int) (z int) {\n\tx()\n}\n\n//webapi:resource\ntype T int", "func f() chan struct{} { }", "/* \nfunc f() { */ type T struct{}",
		"const c = `\nfunc f() {`\ntype T struct{ E }", "func f() { x := []struct{ E }{} }",
	} {
		f.Add("package p\n\n" + decl + "\n")
	}
	f.Fuzz(func(t *testing.T, src string) { checkSkim(t, []byte(src)) })
}
