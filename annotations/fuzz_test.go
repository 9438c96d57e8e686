package annotations_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

func FuzzReadGo(f *testing.F) {
	f.Add([]byte(annotated))
	f.Add([]byte("\ufeff" + annotated))
	f.Add([]byte(strings.ReplaceAll(annotated, "\n", "\r\n")))
	f.Add([]byte("package p\n\n//line other.go:7:3\n//webapi:resource nmae=x\ntype A struct{}\n"))
	f.Add([]byte("package p\n\n/*\nwebapi:resource */ type A struct{}\n"))
	f.Add([]byte("package p // webapi:resource"))
	f.Add([]byte("package p; import \"C\"; type T[P any] struct{ *T; q.R[P]; _ int }"))
	f.Add([]byte("package p\nvar s = `\n//webapi:resource\n`\nvar b = '/'/'*' /* webapi:x */\n"))
	f.Fuzz(checkGo)
}

// FuzzDirective puts a line of a comment at every position of a file where a
// comment can be.
func FuzzDirective(f *testing.F) {
	for _, line := range []string{
		"//webapi:resource name=repository methods=GET,POST map=PATCH:write description=\"a b\" key=id",
		"//webapi:require GET,DELETE repository:read `admin`",
		"//webapi:describe read See your repositories",
		"//webapi:defaults anonymous=GET oauth2=deny",
		`//webapi:resource acr="DELETE:gold  silver,POST/reset:urn:a:b,GET:" maxage=DELETE:5m,HEAD:1h,x`,
		"//webapi:resource methods=GET/list,POST/archive,head/x public=POST/a_b authenticated=none format={action}:{scope}",
		"//webapi:require POST/archive,GET/List note:archive",
		"//webapi:scope admin Full control",
		"//webapi:implies note:write note:read `admin`", "//webapi:alias notes \"note:read\" until=2027-06-30", "// webapi:implies a:b c:d", "//webapi:alias a",
		"//webapi:public reason=\"health check\"",
		"// webapi:resource", "//\twebapi:resource", "//webapi :resource", "//webapi: resource", "//WebAPI:resource",
		"//webapi-gen:resource", "//webapi:Resource", "//web-api:scope x", "///webapi:resource", "//@webapi:resource",
		"//go:webapi:resource", "//wbeapi:resource", "//webapi:", "// webapi: it guards", "//webapi:resource\r",
		"//we\rbapi:resource", "//\u200bwebapi:resource", "//\u00a0webapi:resource", "//w\u0435bapi:resource", "//webapi\uff1aresource",
		"//webapi:resource\u00a0name=x", "//webapi:resource name=\"\\u00e9\" name=", "//webapi:resource methods=\"GET, POST,,\"",
		"// x\u2028//webapi:resource", "// x\rwebapi:resource", "/* x\fwebapi:resource*/", "// x /* \vwebapi:resource */",
		"// x\x1b[1Gwebapi:resource", "//w\x1b[31mebapi:resource", "// \u202eecruoser:ipabew//", "// \u0085\u0085 * webapi:resource",
		"/*webapi:resource*/", "/* webapi:resource */", "/**\r\n * webapi:resource\r\n */", "/*\n\twebapi: resources need care\n*/",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, comment string) {
		for _, place := range places {
			checkGo(t, []byte(strings.Replace(place, "COMMENT", comment, 1)))
		}
	})
}

// places are files with a placeholder for a comment.
var places = []string{
	"COMMENT\n\npackage p\n",
	"// Package p is.\n//\nCOMMENT\npackage p\n",
	"package p COMMENT\n",
	"package p\n\nCOMMENT\nimport \"fmt\"\n",
	"package p\n\nimport (\n\tCOMMENT\n\t\"fmt\" \n)\n",
	"package p\n\n// A is.\n//\nCOMMENT\ntype A struct{}\n",
	"package p\n\ntype A struct{} COMMENT\n",
	"package p\n\nCOMMENT\n\ntype A struct{}\n",
	"package p\n\nCOMMENT\ntype (\n\tA struct{}\n)\n",
	"package p\n\ntype (\n\tCOMMENT\n\tA struct{}\n)\n",
	"package p\n\ntype A struct {\n\tCOMMENT\n}\n",
	"package p\n\ntype A struct {\n\tCOMMENT\n\tf int\n}\n",
	"package p\n\ntype A struct {\n\tf int COMMENT\n}\n",
	"package p\n\ntype I interface {\n\tCOMMENT\n\tM()\n}\n",
	"package p\n\nCOMMENT\nfunc f() {}\n",
	"package p\n\nfunc f( COMMENT\n\ta int) {}\n",
	"package p\n\nfunc f() {\n\tCOMMENT\n\ttype A struct{}\n}\n",
	"package p\n\nCOMMENT\nvar v = []int{\n\t1,\n}\n",
	"package p\n\nvar v = []int{\n\t1, COMMENT\n}\n",
	"package p\n\nconst (\n\tCOMMENT\n\tc = 1\n)\n",
	"package p\n\nCOMMENT",
}

// checkGo checks what holds for every file.
func checkGo(t *testing.T, src []byte) {
	packages, diags := annotations.ReadGo([]annotations.Source{{Path: "p/x.go", Data: src}})
	for _, d := range diags {
		checkDiagnostic(t, src, d)
		if want := offset(src, d.Pos); d.Pos.Offset != want {
			t.Errorf("offset of %v is %d, want %d\n%s", d, d.Pos.Offset, want, src)
		}
	}
	found := len(diags) > 0
	for _, pkg := range packages {
		found = found || !pkg.Unannotated() && !pkg.Incomplete
		for _, text := range names(pkg) {
			if !bytes.HasPrefix(src[text.Pos.Offset:], []byte(text.Value)) {
				t.Errorf("%q does not stand at %v\n%s", text.Value, text.Pos, src)
			}
		}
	}
	tree, err := parser.ParseFile(token.NewFileSet(), "", src, parser.ParseComments)
	if err != nil {
		return
	}
	if found && !annotations.MayHaveDirective(src) {
		t.Errorf("MayHaveDirective hides %v in\n%s", diags, src)
	}
	if !found && len(packages) > 0 && hasDirective(tree) {
		t.Errorf("what Go takes as a directive is passed over in silence:\n%s", src)
	}
}

func hasDirective(tree *ast.File) bool {
	for _, group := range tree.Comments {
		for _, c := range group.List {
			if d, ok := ast.ParseDirective(c.Slash, c.Text); ok && d.Tool == annotations.Tool {
				return true
			}
		}
	}
	return false
}

// names returns the texts of a package that are in the source as they are.
func names(pkg *annotations.Package) []annotations.Text {
	list := []annotations.Text{pkg.Name}
	for _, t := range pkg.Types {
		list = append(append(list, t.Name), t.Fields...)
		for _, e := range t.Embeds {
			list = append(list, e.Field)
		}
	}
	for _, m := range pkg.Methods {
		list = append(list, m.Name)
	}
	for _, id := range pkg.Idents {
		list = append(list, id.Name)
	}
	for _, s := range pkg.Scopes {
		list = append(list, s.Text)
	}
	for _, r := range pkg.Resources {
		list = append(list, r.Type)
		for _, d := range r.Describes {
			list = append(list, d.Text)
		}
	}
	return list
}

// checkDiagnostic checks that a diagnostic is one visible line and that its
// position is in the file.
func checkDiagnostic(t *testing.T, src []byte, d diag.Diagnostic) {
	t.Helper()
	if i := strings.IndexFunc(d.Message, func(r rune) bool { return !unicode.IsGraphic(r) }); i >= 0 || d.Message == "" {
		t.Errorf("message %q is not one line of visible text", d.Message)
	}
	lines := bytes.SplitAfter(src, []byte("\n"))
	if d.Pos.Line < 1 || d.Pos.Line > len(lines) {
		t.Fatalf("%v: there is no such line, the last is %d\n%q", d, len(lines), src)
	}
	if last := len(bytes.TrimSuffix(lines[d.Pos.Line-1], []byte("\n"))) + 1; d.Pos.Column < 0 || d.Pos.Column > last {
		t.Errorf("%v: there is no such column, the line ends at %d\n%q", d, last, src)
	}
}

// offset returns the offset of a line and column.
func offset(src []byte, pos token.Position) int {
	n := 0
	for range pos.Line - 1 {
		n += bytes.IndexByte(src[n:], '\n') + 1
	}
	return n + pos.Column - 1
}

func FuzzReadSpec(f *testing.F) {
	f.Add([]byte(spec))
	f.Add([]byte("\ufeff" + strings.ReplaceAll(spec, "\n", "\r\n")))
	f.Add([]byte(strings.ReplaceAll(spec, "\n", "\u2028")))
	f.Add([]byte("version: 1\rpackage: api\rreosurces: []\n"))
	f.Add([]byte("version: 1\n---\nversion: 2\n"))
	f.Add([]byte("version: 1\npackage: p\nimplies: {a: [b, 1], c: d, e: []}\naliases: {f: {scope: b, until: 2027-06-30}, g: {until: x}, h: {}, i: j}\n"))
	f.Add([]byte("a: &a [x, x, x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\nd: [*c, *c, *c]\n"))
	f.Add([]byte("a: &a\n  b: *a\n"))
	f.Add([]byte("<<: [&m {version: 1}, *m]\n<<: 1\n? [x]\n: y\nversion: !!str 1\n\"a\\nb\": !t \"\\e[31m\"\n"))
	f.Add([]byte("resources:\n- type: N\n  acr: {DELETE: [a, 1, [b]], GET: x}\n  maxage: {DELETE: 5m, GET: 5}\n"))
	f.Add([]byte("resources:\n- type: [\n"))
	f.Add([]byte("\t"))
	f.Add([]byte("# nothing\n"))
	f.Add([]byte("--- |\n  text"))
	f.Fuzz(func(t *testing.T, src []byte) {
		spec, diags := annotations.ReadSpec(annotations.Source{Path: "webapi.yaml", Data: src})
		for _, d := range diags {
			checkDiagnostic(t, src, d)
		}
		if spec == nil {
			return
		}
		size := 0
		for _, r := range spec.Package.Resources {
			size += 1 + len(r.Settings) + len(r.Describes)
			for _, q := range r.Requires {
				size += 1 + len(q.Scopes)
			}
		}
		if most := 10*len(src) + 1100; size > most {
			t.Errorf("%d texts of %d bytes, want at most %d", size, len(src), most)
		}
	})
}

// FuzzArguments checks that every string can be a value, in each form
// that can hold it, and that positions are exact.
func FuzzArguments(f *testing.F) {
	for _, s := range []string{"repository", "two words", `say "hi"`, "`", "a=b", "é\u0301", "\xff", "\u202e", "\x00", "//", "tab\t", " ", "\n", `\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if value == "" {
			return
		}
		forms := map[string]int{strconv.Quote(value): 1, strconv.QuoteToASCII(value): 1}
		if strconv.CanBackquote(value) {
			forms["`"+value+"`"] = 1
		}
		if isBare(value) {
			forms[value] = 0
		}
		for form, skip := range forms {
			const line = "//webapi:resource name=x\tdescription="
			const before = "package p\n\n" + line
			src := before + form + " key=id\ntype A struct{}\n"
			got, _ := readResource(t, src).Settings.Value("description")
			want := annotations.Value{
				Pos:   token.Position{Filename: "p/x.go", Offset: len(before) + skip, Line: 3, Column: len(line) + skip + 1},
				Items: []annotations.Item{{Value: annotations.Text{Value: value}}},
			}
			want.Items[0].Value.Pos = want.Pos
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(annotations.Text{}, "Raw")); diff != "" {
				t.Errorf("description=%s is read as (-want +got):\n%s", form, diff)
			}
		}
		if isText(value) {
			src := "package p\n\n//webapi:resource\n//webapi:describe read " + value + "\ntype A struct{}\n"
			want := []annotations.Describe{{
				Action: annotations.Text{Value: "read"},
				Text:   annotations.Text{Value: strings.Trim(value, " \t")},
			}}
			got := readResource(t, src).Describes
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(annotations.Text{}, "Pos", "Raw")); diff != "" {
				t.Errorf("description %q is read as (-want +got):\n%s", value, diff)
			}
		}
	})
}

// isBare reports whether a value needs no quotes.
func isBare(s string) bool {
	return isText(s) && !strings.HasPrefix(s, "//") && !strings.ContainsFunc(s, func(r rune) bool {
		return r == '"' || r == '`' || unicode.IsSpace(r) || !unicode.IsGraphic(r)
	})
}

// isText reports whether s can be in a line of a comment and is more than whitespace.
func isText(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsAny(s, "\n\r\x00\ufeff") && strings.Trim(s, " \t") != ""
}
