package report_test

import (
	"flag"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/internal/report"
)

var update = flag.Bool("update", false, "rewrite the files of testdata")

// texts are the files that the diagnostics are about.
var texts = map[string]string{
	"notes.go": "package notes\n\n//webapi:resource metods=GET\n// webapi:resource\n\n" +
		"\ttype\tNote struct{}\t// webapi : x\n//webapi:describe read \"a \\\" b\" c\n//webapi:require GET\n" +
		"//webapi:resource scope=\"a b c\" methods=\"GET, PUTT\"\n",
	"wide.go":       "\ufeff//webapi:scope 日本 é\u0301 😀x=\u202eabc\x1b[31m\xff!\n",
	"crlf.yaml":     "version: 1\r\nresources:\r\n  - tipe: X\r\n",
	"huge.go":       strings.Repeat("日 ", 50_000) + "metods=GET" + strings.Repeat(" é", 50_000) + "\n",
	"long.go":       "//webapi:resource " + strings.Repeat("scope=a ", 20) + "\n//webapi:describe " + strings.Repeat("x", 300) + "\n",
	"a b,c:%d#é.go": "//webapi:resource\n",
}

func at(name string, line, column int) token.Position {
	return token.Position{Filename: name, Line: line, Column: column}
}

// diagnostics has one of each kind that is hard to print.
func diagnostics() diag.List {
	var list diag.List
	list.Add(token.Position{}, diag.BadText, "it has no place")
	list.Add(at("a b,c:%d#é.go", 1, 3), diag.UnknownWord, "the name is %s", "100%, [a](1): {0}\n<b>")
	list.Add(at("crlf.yaml", 3, 5), diag.UnknownKey, "unknown key")
	list.Add(at("crlf.yaml", 2, 0), diag.SpecShape, "the line is meant")
	list.Add(at("gone.go", 7, 3), diag.OutputMissing, "the file is not there")
	list.Add(at("huge.go", 1, 1), diag.BadText, "the beginning of a long line")
	list.Add(at("huge.go", 1, 200_001), diag.BadText, "the middle of a long line")
	list.Add(at("huge.go", 1, len(texts["huge.go"])), diag.BadText, "the end of a long line")
	list.Add(at("huge.go", 1, 0), diag.BadText, "a long line")
	list.Add(at("long.go", 1, 83), diag.Repeated, "a line that is cut on both sides")
	list.Add(at("long.go", 2, 19), diag.BadText, "a word that is longer than the screen")
	list.Add(at("notes.go", 0, 0), diag.NotGenerated, "the file is meant")
	list.Add(at("notes.go", 3, 19), diag.UnknownKey, "unknown key %q", "metods").
		SetFix("write methods=", diag.Edit{Offset: 33, End: 39, New: "methods"})
	list.Add(at("notes.go", 4, 1), diag.NearMiss, "a space after the slashes").
		SetFix("write //webapi:resource", diag.Edit{Offset: 46, End: 47})
	list.Add(at("notes.go", 6, 21), diag.NearMiss, "behind tabs").
		SetFix("move it\u202e", diag.Edit{Offset: 0, End: 0, New: "//webapi:x\n"}, diag.Edit{Offset: 64, End: 85})
	list.Add(at("notes.go", 6, 6), diag.Misplaced, "a blank is meant")
	list.Add(at("notes.go", 7, 24), diag.BadText, "a string is meant")
	list.Add(at("notes.go", 8, 21), diag.MissingArgument, "the end of the line is meant")
	list.Add(at("notes.go", 9, 26), diag.BadScope, "the scope %q is meant", "a b c")
	list.Add(at("notes.go", 9, 42), diag.UnknownMethod, "the method %q is meant, not %q", "GET", "G")
	list.Add(at("notes.go", 9, 18), diag.AlikeNames, "a warning")
	list.Add(at("notes.go", 10, 9), diag.MissingArgument, "the end of the file is meant")
	list.Add(at("notes.go", 99, 9), diag.MissingArgument, "a line that is no longer there")
	for _, word := range []string{"日本", "é\u0301", "😀", "=", "\u202e", "\x1b", "\xff", "!"} {
		list.Add(at("wide.go", 1, 1+strings.Index(texts["wide.go"], word)), diag.BadScope, "%s is meant", word)
	}
	return list
}

// writeTexts returns a folder with the files.
func writeTexts(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func printed(t *testing.T, list diag.List, format report.Format, opts report.Options) string {
	t.Helper()
	var b strings.Builder
	if err := report.Print(&b, list, format, opts); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFormats(t *testing.T) {
	dir := writeTexts(t)
	for name, tt := range map[string]struct {
		format report.Format
		opts   report.Options
	}{
		"text":     {report.Text, report.Options{}},
		"snippets": {report.Text, report.Options{Snippets: true}},
		"narrow":   {report.Text, report.Options{Snippets: true, Width: 40}},
		"colour":   {report.Text, report.Options{Snippets: true, Colour: true}},
		"json":     {report.JSON, report.Options{}},
		"github":   {report.GitHub, report.Options{Root: dir}},
		"sarif":    {report.SARIF, report.Options{Root: dir, Version: "v1.2.3"}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.opts.Dir = dir
			got := printed(t, diagnostics(), tt.format, tt.opts)
			file := filepath.Join("testdata", "want."+name)
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		})
	}
}

func TestNoDiagnostics(t *testing.T) {
	for format, want := range map[report.Format]string{
		report.Text:   "",
		report.JSON:   "{\n  \"version\": 1,\n  \"diagnostics\": []\n}\n",
		report.GitHub: "",
	} {
		if got := printed(t, nil, format, report.Options{Snippets: true, Colour: true}); got != want {
			t.Errorf("%s: got %q, want %q", format, got, want)
		}
	}
	if got := printed(t, nil, report.SARIF, report.Options{}); !strings.Contains(got, `"results": []`) {
		t.Errorf("sarif: no empty list of results in %s", got)
	}
}

func TestUnknownFormat(t *testing.T) {
	var f report.Format
	if err := f.Set("xml"); err == nil || f != "" {
		t.Errorf("Set(xml) = %v, and the format is %q", err, f)
	}
	if err := report.Print(&strings.Builder{}, nil, "xml", report.Options{}); err == nil {
		t.Error("Print took the format xml")
	}
}

// TestTextsAreVisible has a line with one character of each kind that must not
// reach a terminal.
func TestTextsAreVisible(t *testing.T) {
	dir := t.TempDir()
	var line strings.Builder
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if r != '\n' && !strconv.IsGraphic(r) && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			line.WriteRune(r)
		}
	}
	line.WriteString("\xff\xc0\xaf")
	if err := os.WriteFile(filepath.Join(dir, "a.go"), []byte(line.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	for column := range line.Len() + 2 {
		list := diag.List{{Pos: at("a.go", 1, column), Code: diag.BadText, Message: "x"}}
		got := printed(t, list, report.Text, report.Options{Snippets: true})
		if i := strings.IndexFunc(got, func(r rune) bool { return r != '\n' && !strconv.IsGraphic(r) || r == '\ufffd' }); i >= 0 {
			t.Fatalf("column %d: %q has %q", column, got, got[i:])
		}
	}
}

func TestSnippetsFitTheTerminal(t *testing.T) {
	dir := writeTexts(t)
	for _, name := range []string{"long.go", "wide.go", "notes.go"} {
		for width := 28; width < 90; width += 7 {
			for column := range min(len(texts[name]), 200) {
				list := diag.List{{Pos: at(name, 1, column), Code: diag.BadText, Message: "x"}}
				lines := strings.Split(printed(t, list, report.Text, report.Options{Dir: dir, Snippets: true, Width: width}), "\n")
				for _, line := range lines[1:3] {
					if n := columns(line); n > width {
						t.Fatalf("%s:1:%d: %d columns, want at most %d: %s", name, column, n, width, line)
					}
				}
			}
		}
	}
}

// columns returns the width of a text of wide.go.
func columns(text string) int {
	wide := strings.Count(text, "日") + strings.Count(text, "本") + strings.Count(text, "😀")
	return utf8.RuneCountInString(text) + wide - strings.Count(text, "\u0301")
}

func TestPaths(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	absolute := func(elem ...string) string { return filepath.Join(append([]string{dir}, elem...)...) }
	for _, tt := range []struct{ name, dir, root, want string }{
		{filepath.Join("api", "a.go"), "", "", "api/a.go"},
		{"a.go", "api", "", "api/a.go"},
		{"a.go", filepath.Join("..", "other"), "", "../other/a.go"},
		{"a.go", "api", ".", "api/a.go"},
		{"a.go", "api", dir, "api/a.go"},
		{"a.go", filepath.Join("x", "api"), absolute("x"), "api/a.go"},
		{absolute("api", "a.go"), "elsewhere", dir, "api/a.go"},
		{"..a.go", "", dir, "..a.go"},
		{"a.go", "", absolute("x"), filepath.ToSlash(absolute("a.go"))},
		{absolute("a.go"), "", "", "a.go"},
	} {
		list := diag.List{{Pos: at(tt.name, 1, 0), Code: diag.BadText, Message: "x"}}
		got := printed(t, list, report.GitHub, report.Options{Dir: tt.dir, Root: tt.root})
		escaped := strings.ReplaceAll(tt.want, ":", "%3A") // of a drive
		if want := "::error file=" + escaped + ",line=1,"; !strings.HasPrefix(got, want) {
			t.Errorf("%q in %q, root %q: got %q, want %q", tt.name, tt.dir, tt.root, got, want)
		}
	}
}
