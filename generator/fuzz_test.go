package generator_test

import (
	"bytes"
	"context"
	"errors"
	"go/ast"
	"go/format"
	"go/parser"
	"go/scanner"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
)

// FuzzGenerate puts any line into the doc comment of a resource and any into
// that of the package. Unless it is refused, the output must be what it always is.
func FuzzGenerate(f *testing.F) {
	for _, line := range []string{
		"//webapi:resource name=x scope=y policy=z key=id super=Base methods=GET,POST",
		"//webapi:resource map=GET:view-all,POST:v1.2 anonymous=GET apitokens=allow description=`*/ func main() {}`",
		"//webapi:resource scope=!#$%&'()*+,-./:;<=>?@[]^_{|}~ oauth2=deny",
		"//webapi:resource methods=GET,DELETE acr=\"DELETE:`*/ !#$%&'()*+-./:;<=>?@[]^_{}~ GET:x\" maxage=GET:1h1m1s,DELETE:2540400h",
		"//webapi:resource scope=`*/` description=\"a\\\\nb\"",
		"//webapi:resource\n//webapi:require GET,POST note:read admin\n//webapi:require GET `admin` note:write",
		"//webapi:resource\n//webapi:describe read */ panic(1) /*",
		"//webapi:resource\n//webapi:describe read Deprecated: +build x //go:build y",
		"//webapi:resource methods=DELETE\n// # Heading\n//\n//   - item",
		"//go:embed x\n//webapi:resource",
	} {
		f.Add(line, "//webapi:defaults anonymous=GET")
	}
	f.Add("//webapi:resource", "//webapi:scope admin \u00e9 // */ \x60")
	f.Add("//webapi:resource", "//webapi:scope */ `")
	f.Add("//webapi:resource", "//webapi:scope a-b\n//webapi:scope a_b x")
	f.Fuzz(func(t *testing.T, line, packageLine string) {
		if strings.Contains(line+packageLine, "\x00") {
			return
		}
		src := "// Package p is.\n//\n" + packageLine + "\npackage p\n\n//webapi:resource\ntype Base struct{}\n\n" +
			"// Note is.\n//\n" + line + "\ntype Note struct{ *Base }\n"
		checkOutputs(t, tree{"p.go": src})
	})
}

// FuzzTexts puts a text where texts for people can stand. It must not get out of
// the comments and strings in which they are put.
func FuzzTexts(f *testing.F) {
	for _, text := range []string{
		"See your notes", "*/ func init() { panic(1) } /*", `"); panic("`, "`", "\\", "%s %d", "{{.}}", "${x}",
		"//go:build ignore", "Deprecated: no.", "é \u200d\u0301", "a. b. c.", "# A", "- x", "1. y", "+build x", "line\tbreak",
		strings.Repeat("long ", 40), strings.Repeat("x", 200), "[Note]: https://example.com", "http://example.com/*", "?", "BUG(me): x", "\\n",
	} {
		f.Add(text)
	}
	var want map[string][]string
	f.Fuzz(func(t *testing.T, text string) {
		if want == nil {
			want = checkOutputs(t, textInputs("harmless"))
		}
		if len(want) != 4 {
			t.Fatalf("a harmless text gives %d files", len(want))
		}
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\n\r\ufeff") || strings.TrimSpace(text) == "" {
			return
		}
		got := checkOutputs(t, textInputs(text))
		if got == nil {
			return
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("code with the text %q (-harmless +got):\n%s", text, diff)
		}
	})
}

// textInputs has a text wherever one can stand, in Go and in a spec.
func textInputs(text string) tree {
	quoted := strconv.Quote(text)
	return tree{
		"p.go": "// Package p is.\n//\n//webapi:scope admin " + text + "\npackage p\n\n" +
			"//webapi:resource description=" + quoted + "\n//webapi:describe read " + text + "\ntype Note struct{}\n\n" +
			"// Book is " + text + "\n//\n//webapi:resource\ntype Book struct{}\n\n" +
			"//webapi:public reason=" + quoted + "\nfunc Health() {}\n",
		"webapi.yaml": "version: 1\npackage: p\nscopes: {other: " + yamlString(text) + "}\nresources:\n" +
			"- {type: Page, declare: true, description: " + yamlString(text) + ", describe: {write: " + yamlString(text) + "}}\n",
	}
}

func yamlString(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// checkOutputs generates from a folder and returns the code of each output, or
// nil if the input is refused. Every output must be formatted Go, and the second
// run must find nothing to do.
func checkOutputs(t *testing.T, files tree) map[string][]string {
	t.Helper()
	dir := t.TempDir()
	writeTree(t, dir, files)
	result, err := generator.Generate(context.Background(), generator.Config{Dir: dir})
	if list := diag.List(nil); errors.As(err, &list) {
		return nil
	} else if err != nil {
		t.Fatal(err)
	}
	code := map[string][]string{}
	for _, file := range result.Files {
		name := filepath.ToSlash(file.Path)
		checkFormatted(t, name, file.Content)
		code[name] = codeOf(t, file.Content)
	}
	if err := result.Write(); err != nil {
		t.Fatal(err)
	}
	again := generate(t, generator.Config{Dir: dir})
	if n := again.Count(generator.Unchanged); n != len(result.Files) || n != len(again.Files) {
		t.Errorf("the second run does something: %v", statuses(again))
	}
	return code
}

func checkFormatted(t *testing.T, name string, content []byte) {
	t.Helper()
	formatted, err := format.Source(content)
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, content)
	}
	if !bytes.Equal(formatted, content) {
		t.Errorf("%s is not as gofmt has it (-got +gofmt):\n%s", name, cmp.Diff(string(content), string(formatted)))
	}
	tree, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, group := range tree.Comments {
		for _, c := range group.List {
			_, directive := ast.ParseDirective(c.Slash, c.Text)
			if directive && !strings.HasPrefix(c.Text, "//go:build ") || strings.HasPrefix(c.Text, "/*") {
				t.Errorf("%s has the comment %q", name, c.Text)
			}
		}
	}
}

// codeOf returns the tokens of a file without comments, and without what is in
// strings.
func codeOf(t *testing.T, content []byte) []string {
	t.Helper()
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(content))
	s.Init(file, content, func(pos token.Position, msg string) { t.Errorf("%v: %s", pos, msg) }, 0)
	var code []string
	for {
		_, tok, lit := s.Scan()
		switch tok {
		case token.EOF:
			return code
		case token.STRING:
			code = append(code, tok.String())
		case token.IDENT:
			code = append(code, lit)
		default:
			code = append(code, tok.String())
		}
	}
}
