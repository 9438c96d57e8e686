package annotations

import (
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// checkSkim compares what is read of a file as it is and skimmed.
func checkSkim(t *testing.T, data []byte) {
	t.Helper()
	src := Source{Path: "x.go", Data: data}
	tree, err := parser.ParseFile(token.NewFileSet(), src.Path, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return // what the compiler refuses needs no guard
	}
	want := readTree(src, tree, newLayout(src, tree, nil))
	skimmed, _ := skim(data, nil)
	tree, where, err := parse(src)
	if err != nil {
		t.Fatalf("skimmed it is no Go: %v\n%s", err, skimmed)
	}
	got := readTree(src, tree, where)
	if !reflect.DeepEqual(got.diags, want.diags) {
		t.Fatalf("the diagnostics differ:\ngot  %v\nwant %v\n%s", got.diags, want.diags, skimmed)
	}
	if !reflect.DeepEqual(got.pkg, want.pkg) {
		t.Fatalf("the package is another:\ngot  %+v\nwant %+v\n%s", got.pkg, want.pkg, skimmed)
	}
}

// readTree is readFile of a file that is parsed already.
func readTree(src Source, tree *ast.File, where *layout) *part {
	var p part
	r := reader{layout: where, src: src.Data, tree: tree, file: newFile(src, tree), pkg: &p.pkg, diags: &p.diags}
	r.read()
	for _, t := range p.pkg.Types {
		t.Fields = append(t.Fields, Text{Value: t.Synopsis()})
		t.doc = nil // it has places in what was parsed
	}
	return &p
}

// TestLayout compares places with those that go/token knows.
func TestLayout(t *testing.T) {
	for _, data := range []string{"package p", "\ufeffpackage p\n\ntype T int\n", "package p\r\n\r\n// é\r\ntype T int // 日本", "package p;type (\n\n)\n\n"} {
		fset := token.NewFileSet()
		tree, err := parser.ParseFile(fset, "x.go", data, 0)
		if err != nil {
			t.Fatal(err)
		}
		where := newLayout(Source{Path: "x.go", Data: []byte(data)}, tree, nil)
		for pos := tree.FileStart; pos <= tree.FileEnd; pos++ {
			if got, want := where.position(pos), fset.PositionFor(pos, false); got != want {
				t.Errorf("%q: byte %d is at %v, want %v", data, pos-tree.FileStart, got, want)
			}
		}
	}
}

// TestSkim reads some of the source of Go's own packages.
func TestSkim(t *testing.T) {
	const every = 10 // one in so many
	seen, skimmed := 0, 0
	err := filepath.WalkDir(filepath.Join(build.Default.GOROOT, "src"), func(path string, d fs.DirEntry, err error) error {
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
		text, omitted := skim(src, nil)
		if _, err := parser.ParseFile(token.NewFileSet(), path, text, 0); err != nil && !strings.Contains(path, "testdata") {
			t.Error(err)
		}
		if omitted != nil {
			skimmed++
		}
		return nil
	})
	if err != nil || seen < 5000 || skimmed < seen/every/3 {
		t.Errorf("%d files, %d skimmed, %v", seen, skimmed, err)
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
		"func f() chan\nfunc(T) m { }", "func f() *\nfunc(T) m { }", "func f() <-\nchan *\nfunc(T) m { }",
		"func f() chan /*\n*/\nfunc(T) m { }", "func f() * /*\n*/ //\nfunc(T) m { }", "func f() chan //\nfunc(T) m { }",
		"func f(); type T = E", "func f(); func (E) RequiredScopes() {}", "func f() error; type T E", "func f() /*\n*/ type T = E", "func f() /* */ /*\n*/ type T = E\nfunc g() { /*\n*/ }; type U = E",
	} {
		f.Add("package p\n\n" + decl + "\n")
	}
	f.Fuzz(func(t *testing.T, src string) { checkSkim(t, []byte(src)) })
}
