package generator_test

import (
	"bytes"
	"context"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

// messyGo is a package with one resource with a directive that has errors.
const (
	messyGo = "package p\n\n// webapi:resource methods=get, post\ntype Note struct{}\n"
	fixedGo = "package p\n\n//webapi:resource methods=GET,POST\ntype Note struct{}\n"
)

func fix(t testing.TB, cfg generator.Config) *generator.FixResult {
	t.Helper()
	m, err := generator.Fix(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestFixAppliesFixesThatHideOthers(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"p.go": messyGo})
	m := fix(t, generator.Config{Dir: dir})
	const want = "p.go:3:1: write //webapi:resource [WA011]\n" +
		"p.go:3:28: write GET [WA030]\n" +
		"p.go:3:31: take out the blanks after the commas [WA013]\n" +
		"p.go:3:33: write POST [WA030]"
	if diff := cmp.Diff(want, m.Done().Error()); diff != "" {
		t.Errorf("fixed (-want +got):\n%s", diff)
	}
	if len(m.Left)+len(m.Was) > 0 {
		t.Errorf("left: %v", m.Left)
	}
	if diff := cmp.Diff(tree{"p.go": messyGo}, readTree(t, dir)); diff != "" {
		t.Errorf("Fix writes:\n%s", diff)
	}
	if err := m.Write(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tree{"p.go": fixedGo}, readTree(t, dir)); diff != "" {
		t.Errorf("after Write (-want +got):\n%s", diff)
	}
}

func TestFixSaysWhereTheRestStandsBeforeAndAfter(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"p.go": "package p\n\ntype Note struct{} //webapi:resource\n\n//webapi:resource methods=PSOT\ntype Tag struct{}\n"})
	m := fix(t, generator.Config{Dir: dir})
	if len(m.Left) != 1 || len(m.Was) != 1 || m.Left[0].Pos.Line != 6 || m.Was[0].Pos.Line != 5 || m.Left[0].Message != m.Was[0].Message {
		t.Errorf("left %v\nwas %v", m.Left, m.Was)
	}
}

// TestFixRejectsUnsafeFixes has a near miss that would be the second defaults of
// the package, beside a fix that does none.
func TestFixRejectsUnsafeFixes(t *testing.T) {
	dir := t.TempDir()
	files := tree{
		"a.go": "//webapi:defaults oauth2=allow\npackage p\n",
		"b.go": "//WebAPI:defaults apitokens=allow\npackage p\n",
		"p.go": messyGo,
	}
	writeTree(t, dir, files)
	m := fix(t, generator.Config{Dir: dir})
	if err := m.Write(); err != nil {
		t.Fatal(err)
	}
	files["p.go"] = fixedGo
	if diff := cmp.Diff(files, readTree(t, dir)); diff != "" {
		t.Errorf("after Write (-want +got):\n%s", diff)
	}
	if len(m.Left) != 1 || m.Left[0].Code != "WA011" {
		t.Errorf("left: %v", m.Left)
	}
}

func TestFixWritesWhereALinkLeads(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"go.mod": "module m\n", "elsewhere/text": messyGo, "p/keep": ""})
	link := filepath.Join(dir, "p", "p.go")
	if err := os.Symlink(filepath.Join("..", "elsewhere", "text"), link); err != nil {
		t.Skip(err)
	}
	if err := os.Chmod(filepath.Join(dir, "elsewhere", "text"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := fix(t, generator.Config{Dir: filepath.Join(dir, "p")}).Write(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is %v, %v", info, err)
	}
	if info, err := os.Stat(link); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the file is %v, %v", info, err)
	}
	if diff := cmp.Diff(tree{"go.mod": "module m\n", "elsewhere/text": fixedGo, "p/keep": ""}, readTree(t, dir)); diff != "" {
		t.Errorf("after Write (-want +got):\n%s", diff)
	}
}

func TestFixKeepsWhatSomebodyWritesMeanwhile(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"a.go": "package p\n\n//webapi:Resource\ntype Tag struct{}\n", "p.go": messyGo})
	m := fix(t, generator.Config{Dir: dir})
	edited := tree{"a.go": "package p\n\n//webapi:Resource\ntype Tag struct{}\n", "p.go": messyGo + "\n// More.\n"}
	writeTree(t, dir, edited)
	if err := m.Write(); err == nil || !strings.Contains(err.Error(), "p.go was changed") {
		t.Errorf("Write: %v", err)
	}
	if diff := cmp.Diff(edited, readTree(t, dir)); diff != "" {
		t.Errorf("after Write (-want +got):\n%s", diff)
	}
}

// TestFixReadsEachTextOnce has a file that changes after it was read and before it
// is fixed.
func TestFixReadsEachTextOnce(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"p.go": messyGo})
	const head = "// Package p is.\n"
	ctx := newHookContext(t, func(n int) {
		if n == 3 { // after the folder is found and read
			writeTree(t, dir, tree{"p.go": head + messyGo})
		}
	})
	m, err := generator.Fix(ctx, generator.Config{Dir: dir})
	if err == nil {
		err = m.Write()
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tree{"p.go": head + fixedGo}, readTree(t, dir)); diff != "" {
		t.Errorf("after Write (-want +got):\n%s", diff)
	}
}

// FuzzFix fixes any Go file. It must change nothing but comments, keep what is
// formatted so, bring no new mistake into the syntax and find nothing to do the
// second time.
func FuzzFix(f *testing.F) {
	lines := []string{
		"// webapi:resource methods=GET, POST", "//webapi :resource", "//WebAPI:require GET admin", "//webapi-gen:public reason=\"x\"",
		"/* webapi:resource name = x */", "// +webapi:resource nmae=x", "//go:webapi:resource map=view:GET", "//webapi:resorce oauth2=Deny",
		"//webapi:resource\n", "//webapi:resource\n//webapi:require get a:b\n", "//webapi:scope admin\n", "//webapi:public reason=x\n",
		"// Note is.\n//\n//webapi:resource\n", "//go:build linux\n//webapi:scope x", "//webapi:defaults anonymous = GET\r\n\r",
	}
	for _, line := range lines {
		f.Add([]byte("// Package p is.\npackage p\n\n" + line + "\ntype Note struct{ A int }\n"))
		f.Add([]byte("\ufeff" + line + "\npackage p\n\ntype (\n\tNote struct{} " + line + "\n)\n"))
		f.Add([]byte("package p\n\ntype Note struct { " + line + "\n}\n\nfunc f() {\n\t" + line + "\n}\n"))
		f.Add([]byte("package p\n\n" + line + "\ntype (\n\t// Note is.\n\tNote struct{}\n)\n\n" + line + "\nfunc f() {}\n"))
	}
	f.Fuzz(checkFix)
}

// FuzzFixPieces fixes Go files composed of lines.
func FuzzFixPieces(f *testing.F) {
	pieces := []string{
		"\n", "\n", "\n", "// Note is a note.\n", "//\n", "// webapi:resource methods=GET, POST\n", "//webapi:resource nmae=x\n",
		"type Note struct{}\n", "type Tag struct{} //webapi:resource\n", "//webapi:require get note:read\n", "/* webapi:resource */\n",
		"//webapi:public reason = \"x\"\n", "func f() {\n", "}\n", "//webapi:scope admin Full\n", "package p\n", "//go:build linux\n",
		"type (\n", ")\n", "\tBook struct{ // webapi:resource\n\t}\n", "//webapi:require DELETE admin\n", "\t", "\r\n", "var x = 1 ",
		"//webapi:defaults apitokens=Allow\n", "// Package p is.\n", "//WebAPI:describe read Notes\n", "/* text */ ", "const c = `\n",
	}
	f.Add([]byte{15, 0, 5, 0, 7})
	f.Add([]byte{16, 14, 24, 0, 25, 15, 0, 3, 4, 6, 9, 0, 7, 6, 17, 19, 18})
	f.Add([]byte{24, 0, 25, 15, 8, 11, 0, 12, 10, 13, 20, 22, 3, 7})
	f.Fuzz(func(t *testing.T, picks []byte) {
		var src []byte
		for _, i := range picks[:min(len(picks), 40)] {
			src = append(src, pieces[int(i)%len(pieces)]...)
		}
		checkFix(t, src)
		if formatted, err := format.Source(src); err == nil {
			checkFix(t, formatted)
		}
	})
}

func checkFix(t *testing.T, src []byte) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"p.go": string(src)})
	m := fix(t, generator.Config{Dir: dir})
	if err := m.Write(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "p.go"))
	if err != nil {
		t.Fatal(err)
	}
	if again := fix(t, generator.Config{Dir: dir}); len(again.Files)+len(again.Fixed) > 0 || again.Left.Error() != m.Left.Error() {
		t.Errorf("%q becomes %q, of which a second run fixes %v and leaves\n%v\nnot\n%v", src, got, again.Done(), again.Left, m.Left)
	}
	checkMended(t, src, got)
}

func checkMended(t *testing.T, src, got []byte) {
	t.Helper()
	if diff := cmp.Diff(allTokens(src), allTokens(got)); diff != "" {
		t.Errorf("of %q is made %q, which is other code:\n%s", src, got, diff)
	}
	_, before := parser.ParseFile(token.NewFileSet(), "", src, parser.ParseComments)
	_, after := parser.ParseFile(token.NewFileSet(), "", got, parser.ParseComments)
	if (before == nil) != (after == nil) {
		t.Errorf("of %q is made %q, which has the errors %v, not %v", src, got, after, before)
	}
	formatted, err := format.Source(src)
	if err != nil || !bytes.Equal(formatted, src) {
		return
	}
	if formatted, err = format.Source(got); err != nil || !bytes.Equal(formatted, got) {
		t.Errorf("of %q is made %q, which is not formatted", src, got)
	}
}

// allTokens returns the tokens of a file without comments.
func allTokens(src []byte) []string {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(src)), src, func(token.Position, string) {}, 0)
	var list []string
	for {
		_, tok, text := s.Scan()
		if tok == token.EOF {
			return list
		}
		list = append(list, tok.String()+" "+text)
	}
}

// FuzzFixSpec fixes any spec. What is a spec stays one, and the second time there
// is nothing to do.
func FuzzFixSpec(f *testing.F) {
	for _, text := range []string{
		"package: p\nresources:\n- type: Note\n  declare: true\n  methods: GET, POST\n",
		"verison: 1\npakage: p\ndefaults: {oauth2: Allow, anonymous: [get]}\n",
		"version: '1'\r\npackage: p\r\nresources:\r\n- {type: Note, declare: true, require: {get: [[a]]}, map: {view: GET}}\r\n",
		"%YAML 1.1\n---\n? package\n: p\n", "<<: &a {package: p}\nx: *a\n", "&a package: p\n", "{package: p}\n", "\ufeffpackage: p\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		dir := t.TempDir()
		writeTree(t, dir, tree{"webapi.yaml": string(src)})
		m := fix(t, generator.Config{Dir: dir})
		if err := m.Write(); err != nil {
			t.Fatal(err)
		}
		if again := fix(t, generator.Config{Dir: dir}); len(again.Files)+len(again.Fixed) > 0 || again.Left.Error() != m.Left.Error() {
			t.Errorf("%q becomes %q, of which a second run fixes %v", src, readTree(t, dir), again.Done())
		}
	})
}
