package scaffold_test

import (
	"context"
	"go/format"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/scaffold"
)

const goMod = "module example.com/api\n\ngo 1.26\n"

// inFolder writes files into a folder of their own and makes it the current one.
func inFolder(t *testing.T, files map[string]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func makePlan(t *testing.T, opts scaffold.Options) *scaffold.Plan {
	t.Helper()
	plan, err := scaffold.Make(context.Background(), opts)
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

const imports = "package api\n\nimport (\n\t\"context\"\n\tweb \"net/http\"\n)\n\n"

func TestPropose(t *testing.T) {
	for _, test := range []struct{ name, src, want string }{
		{"named methods", "type T struct{}\nfunc (*T) Delete(w web.ResponseWriter, r *web.Request) {}\nfunc (T) List(w web.ResponseWriter, r *web.Request) error { return nil }",
			"T has List and Delete //webapi:resource methods=GET,DELETE"},
		{"in lower case", "type T struct{}\nfunc (T) get(w web.ResponseWriter, r *web.Request) {}", "T has get //webapi:resource methods=GET"},
		{"a verb and a noun", "type T struct{}\nfunc (T) GetOrder(w web.ResponseWriter, r *web.Request) {}\nfunc (T) ListOrders(w web.ResponseWriter, r *web.Request) {}\n" +
			"func (T) createÖrder(w web.ResponseWriter, r *web.Request) {}\nfunc (T) DeleteOrder(w web.ResponseWriter, r *web.Request) {}",
			"T has GetOrder, ListOrders, createÖrder and DeleteOrder //webapi:resource methods=GET,POST,DELETE"},
		{"a noun that begins as a verb", "type T struct{}\nfunc (T) Listing(w web.ResponseWriter, r *web.Request) {}\nfunc (T) Posts(w web.ResponseWriter, r *web.Request) {}", ""},
		{"a verb elsewhere", "type T struct{}\nfunc (T) OrderGet(w web.ResponseWriter, r *web.Request) {}\nfunc (T) HandleList(w web.ResponseWriter, r *web.Request) {}", ""},
		{"in capitals", "type T struct{}\nfunc (T) GET(w web.ResponseWriter, r *web.Request) {}", "T has GET //webapi:resource methods=GET"},
		{"other parameters besides", "type T struct{}\nfunc (T) Put(ctx context.Context, r *web.Request, w web.ResponseWriter, id int) {}",
			"T has Put //webapi:resource methods=PUT"},
		{"two names of one method", "type T struct{}\nfunc (T) Get(w web.ResponseWriter, r *web.Request) {}\nfunc (T) List(w web.ResponseWriter, r *web.Request) {}",
			"T has Get and List //webapi:resource methods=GET"},
		{"HEAD follows GET", "type T struct{}\nfunc (T) Head(w web.ResponseWriter, r *web.Request) {}", "T has Head //webapi:resource methods=GET"},
		{"no struct", "type T map[string]int\nfunc (T) Patch(w web.ResponseWriter, r *web.Request) {}", "T has Patch //webapi:resource methods=PATCH"},
		{"type parameters", "type T[A, B any] struct{}\nfunc (*T[A, _]) Get(w web.ResponseWriter, r *web.Request) {}", "T has Get //webapi:resource methods=GET"},
		{"a value for the request", "type T struct{}\nfunc (T) Get(w web.ResponseWriter, r web.Request) {}", ""},
		{"no writer", "type T struct{}\nfunc (T) Get(r *web.Request) {}", ""},
		{"a writer of another package", "type T struct{}\nfunc (T) Get(w http.ResponseWriter, r *http.Request) {}", ""},
		{"a function", "func Get(w web.ResponseWriter, r *web.Request) {}", ""},
		{"another name", "type T struct{}\nfunc (T) Getter(w web.ResponseWriter, r *web.Request) {}", ""},
		{"an interface", "type T interface{ Get(w web.ResponseWriter, r *web.Request) }", ""},
		{"a resource already", "//webapi:resource\ntype T struct{}\nfunc (T) Get(w web.ResponseWriter, r *web.Request) {}", ""},
		{"public", "//webapi:public reason=\"a probe\"\ntype T struct{}\nfunc (T) Get(w web.ResponseWriter, r *web.Request) {}", ""},
		{"ServeHTTP with a switch", "type T struct{}\nfunc (T) ServeHTTP(w web.ResponseWriter, q *web.Request) {\n\tswitch q.Method {\n\tcase web.MethodGet, web.MethodHead:\n\tcase `POST`, \"BREW\", x:\n\tdefault:\n\t}\n}",
			"T has ServeHTTP //webapi:resource methods=GET,POST"},
		{"ServeHTTP with the switch of another request", "type T struct{}\nfunc (T) ServeHTTP(w web.ResponseWriter, q *web.Request) {\n\tswitch other.Method {\n\tcase \"POST\":\n\t}\n}",
			"T has ServeHTTP //webapi:resource"},
		{"ServeHTTP and a method", "type T struct{}\nfunc (T) ServeHTTP(w web.ResponseWriter, q *web.Request) {}\nfunc (T) Get(w web.ResponseWriter, r *web.Request) {}",
			"T has Get //webapi:resource methods=GET"},
		{"ServeHTTP with a switch and a method", "type T struct{}\nfunc (T) ServeHTTP(w web.ResponseWriter, q *web.Request) { switch q.Method { case \"PUT\": } }\nfunc (T) Get(w web.ResponseWriter, r *web.Request) {}",
			"T has Get and ServeHTTP //webapi:resource methods=GET,PUT"},
		{"middleware", "type T struct{ next web.Handler }\nfunc (t T) ServeHTTP(w web.ResponseWriter, r *web.Request) { t.next.ServeHTTP(w, r) }", ""},
		{"ServeHTTP without a body", "type T struct{}\nfunc (T) ServeHTTP(w web.ResponseWriter, r *web.Request)", "T has ServeHTTP //webapi:resource"},
		{"a clash", "type T struct{}\nfunc (T) Get(w web.ResponseWriter, r *web.Request) {}\nconst TScopeRead = 1",
			"T has Get //webapi:resource methods=GET (refused)"},
		{"one embeds the other", "type A struct{}\nfunc (A) Get(w web.ResponseWriter, r *web.Request) {}\ntype B struct{ A }\nfunc (B) Get(w web.ResponseWriter, r *web.Request) {}",
			"A has Get //webapi:resource methods=GET\nB has Get //webapi:resource methods=GET"},
		{"one is embedded by what is none", "type A struct{}\nfunc (A) Get(w web.ResponseWriter, r *web.Request) {}\ntype B struct{ A }",
			"A has Get //webapi:resource methods=GET (refused)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			inFolder(t, map[string]string{"go.mod": goMod, "api.go": imports + test.src + "\n"})
			var got []string
			for _, p := range makePlan(t, scaffold.Options{}).Proposals {
				line := p.Type + " " + p.Evidence() + " " + p.Directive()
				if p.Problem != "" {
					line += " (refused)"
				}
				got = append(got, line)
			}
			if diff := cmp.Diff(test.want, strings.Join(got, "\n")); diff != "" {
				t.Errorf("proposals (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFilesThatDoNotCount checks that files that no build has are ignored.
func TestFilesThatDoNotCount(t *testing.T) {
	const method = "import \"net/http\"\n\nfunc (T) Get(w http.ResponseWriter, r *http.Request) {}\n"
	for name, text := range map[string]string{
		"api_test.go": "package api\n\n" + method,
		"ignored.go":  "//go:build ignore\n\npackage api\n\n" + method,
		"_old.go":     "package api\n\n" + method,
		"doc.go":      "package documentation\n\n" + method,
	} {
		inFolder(t, map[string]string{"go.mod": goMod, "api.go": "package api\n\ntype T struct{}\n", name: text})
		plan := makePlan(t, scaffold.Options{})
		if len(plan.Proposals) > 0 {
			t.Errorf("%s: proposals %v", name, plan.Proposals)
		}
		if len(plan.Changes) != 1 || plan.Changes[0].Path != "api.go" {
			t.Errorf("%s: changes %v", name, plan.Changes)
		}
	}
}

// samples are formatted files. Each has a type that looks like a resource in another
// place.
func samples() []string {
	const method = "func (T) Get(w http.ResponseWriter, r *http.Request) {}\n"
	var list []string
	for _, head := range []string{
		"package api\n\nimport \"net/http\"\n",
		"// Package api serves.\npackage api\n\nimport \"net/http\" // for the handlers\n",
		"//go:build linux\n\n// Package api serves.\npackage api /* which\nis */\n\nimport (\n\t\"net/http\"\n) /* a comment\nthat goes on */\n",
		"package api\n\nimport \"net/http\"\nimport _ \"embed\"\n\n//go:generate stringer\n//go:generate enumer\n",
		"package api\n\nimport (\n\t_ \"embed\"\n\t\"net/http\"\n)\n\n// A comment of its own.\n",
	} {
		for _, decl := range []string{
			"type T struct{}\n",
			"// T is a type.\ntype T struct{}\n",
			"// T is a type.\n//\n//nolint:all\ntype T struct{}\n",
			"//nolint:all\ntype T struct{}\n",
			"/* T is a type. */\ntype T struct{}\n",
			"/*\nT is a type.\n*/\ntype T struct{}\n",
			"type S int\ntype T int\n",
			"type S int // s\ntype T int\n\ntype U int\n",
			"type (\n\tS int\n\tT struct{ s S }\n)\n",
			"type (\n\tLong int // l\n\tT    int // t\n\tS    int // s\n)\n",
			"type (\n\t// S is first.\n\tS int\n\n\t// T is a type.\n\tT struct{}\n)\n",
			"// These are types.\ntype (\n\tT struct{} // T\n)\n",
			"var x int\n\n// A comment that is not attached.\n\ntype T struct {\n\t// X is a field.\n\tX int\n}\n",
		} {
			list = append(list, head+"\n"+decl+"\n"+method)
		}
	}
	return list
}

// TestFormat checks for all samples, with both kinds of line breaks, that the files
// that are written are formatted, that lines are only added, and that a second run
// writes nothing.
func TestFormat(t *testing.T) {
	for _, sample := range samples() {
		for _, breaks := range []string{"\n", "\r\n"} {
			if formatted, err := format.Source([]byte(sample)); err != nil || string(formatted) != sample {
				t.Fatalf("the sample is not formatted: %v\n%s", err, formatted)
			}
			src := strings.ReplaceAll(sample, "\n", breaks)
			inFolder(t, map[string]string{"go.mod": goMod, "api.go": src})
			plan := makePlan(t, scaffold.Options{Annotate: true})
			if err := plan.Result().Write(); err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile("api.go")
			if err != nil {
				t.Fatal(err)
			}
			got := string(data)
			if strings.Count(got, "\n") != strings.Count(got, breaks) {
				t.Errorf("line breaks are mixed in %q", got)
			}
			text := strings.ReplaceAll(got, "\r\n", "\n")
			if formatted, err := format.Source([]byte(text)); err != nil || string(formatted) != text {
				t.Errorf("not formatted: %v (-want +got)\n%s", err, cmp.Diff(string(formatted), text))
			}
			if rest := without(text, sample); rest != "//go:generate go tool webapi-gen //webapi:resource methods=GET" {
				t.Errorf("added %q to\n%s\nand got\n%s", rest, sample, text)
			}
			if again := makePlan(t, scaffold.Options{Annotate: true}); len(again.Changes)+len(again.Proposals) > 0 {
				t.Errorf("a second run would write to\n%s\nwith the changes %+v", text, again.Changes)
			}
		}
	}
}

// TestUnformatted checks where lines are added in files that are not formatted.
func TestUnformatted(t *testing.T) {
	const method = "; func (T) Get(w http.ResponseWriter, r *http.Request) {}"
	for _, src := range []string{
		"package api\nimport \"net/http\"\ntype T struct{}" + method,
		"package api; import \"net/http\"; type T struct{}" + method,
		"package api\nimport \"net/http\"\n/* T is a type. */ type T struct{}" + method + "\n",
		"package api\nimport \"net/http\"\n/* T is\na type. */ type T struct{}" + method + "\n",
		"package api\nimport \"net/http\"\ntype (S int; T struct{})" + method + "\n",
		"package api\nimport \"net/http\"\nvar x int; type T struct{}" + method + "\n",
		"package api\nimport \"net/http\" /* a comment\nthat goes on */ // T is a type.\ntype T struct{}" + method + "\n",
	} {
		inFolder(t, map[string]string{"go.mod": goMod, "api.go": src})
		if err := makePlan(t, scaffold.Options{Annotate: true}).Result().Write(); err != nil {
			t.Fatal(err)
		}
		again := makePlan(t, scaffold.Options{Annotate: true})
		if again.Resources != 1 || len(again.Changes)+len(again.Proposals) > 0 {
			data, _ := os.ReadFile("api.go")
			t.Errorf("a second run finds %d resources and would write to\n%s", again.Resources, data)
		}
	}
}

// without returns the lines of text that are not in old, apart from blank lines and
// empty comments. Old must have the other lines in the same order.
func without(text, old string) string {
	var added []string
	lines := strings.Split(old, "\n")
	for _, line := range strings.Split(text, "\n") {
		switch {
		case len(lines) > 0 && slices.Equal(strings.Fields(line), strings.Fields(lines[0])): // but for its alignment
			lines = lines[1:]
		case strings.Trim(line, "\t/") != "":
			added = append(added, strings.TrimSpace(line))
		}
	}
	if len(lines) > 0 {
		added = append(added, "and lost", lines[0])
	}
	return strings.Join(added, " ")
}

func TestWhereTheLineGoes(t *testing.T) {
	const plain = "package api\n"
	handler := "package api\n\nimport \"net/http\"\n\ntype T struct{}\n\nfunc (T) Get(w http.ResponseWriter, r *http.Request) {}\n"
	for _, test := range []struct {
		name, want string
		files      map[string]string
	}{
		{"doc.go", "doc.go", map[string]string{"a.go": "// Package api serves.\n" + plain, "doc.go": plain, "z.go": handler}},
		{"the package's doc comment", "b.go", map[string]string{"a.go": plain, "b.go": "// Package api serves.\n" + plain, "z.go": handler}},
		{"other lines", "b.go", map[string]string{"a.go": handler, "b.go": plain + "\n//go:generate stringer\n"}},
		{"a resource", "b.go", map[string]string{"a.go": handler, "b.go": plain + "\n//webapi:resource\ntype R struct{}\n"}},
		{"what looks like one", "b.go", map[string]string{"a.go": plain, "b.go": handler}},
		{"the first", "a.go", map[string]string{"a.go": plain, "b.go": plain}},
		{"no file that some builds leave out", "z.go", map[string]string{"a_linux.go": handler, "b.go": "//go:build linux\n\n" + plain, "c.go": "package api\n\nimport \"C\"\n", "z.go": plain}},
		{"one of them if there is no other", "a_linux.go", map[string]string{"a_linux.go": plain, "a_windows.go": plain}},
		{"no generated file", "doc.go", map[string]string{"a.go": "// Code generated by protoc. DO NOT EDIT.\n\n" + plain}},
		{"nor a doc.go that is one", "generate.go", map[string]string{"doc.go": "// Code generated by protoc. DO NOT EDIT.\n\n" + plain}},
		{"nor anything over another file", "generate2.go", map[string]string{"doc.go": "// Code generated by protoc. DO NOT EDIT.\n\n" + plain, "generate.go": "//go:build ignore\n\npackage main\n"}},
		{"nowhere if a test has it", "", map[string]string{"a.go": plain, "a_test.go": plain + "\n//go:generate\twebapi-gen -v\n"}},
		{"nowhere if it has a path", "", map[string]string{"a.go": plain + "\n//go:generate go run ../../cmd/webapi-gen .\n"}},
		{"a line that only looks like it", "a.go", map[string]string{"a.go": plain + "\n// //go:generate go tool webapi-gen\n\n//go:generate go tool webapi-generate\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			test.files["go.mod"] = goMod
			inFolder(t, test.files)
			got := ""
			for _, c := range makePlan(t, scaffold.Options{}).Changes {
				got += c.Path
			}
			if got != test.want {
				t.Errorf("the line goes into %q, want %q", got, test.want)
			}
		})
	}
}

// TestPackageName checks the package clause of the file that is written for a package
// whose resources are only in a spec.
func TestPackageName(t *testing.T) {
	for _, test := range []struct {
		folder, want string
		files        map[string]string
	}{
		{"go-api", "goapi", nil},
		{"API", "api", nil},
		{"v2", "v2", nil},
		{".", "gonotes", nil}, // after the module
		{"api", "rest", map[string]string{"api/a_test.go": "package rest_test\n"}},
		{"null", "null", map[string]string{"null/a.go": "//go:build ignore\n\npackage main\n"}},
	} {
		inFolder(t, map[string]string{"go.mod": "module example.com/go-notes/v2\n\ngo 1.26\n", filepath.Join(test.folder, "x.txt"): ""})
		for name, text := range test.files {
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		plan := makePlan(t, scaffold.Options{Folder: test.folder, YAML: true})
		if err := plan.Result().Write(); err != nil {
			t.Fatal(err)
		}
		if plan.Package != test.want || plan.Changes[0].Path != filepath.Join(test.folder, "doc.go") {
			t.Errorf("%s: package %s in %s", test.folder, plan.Package, plan.Changes[0].Path)
		}
		if _, err := generator.Generate(context.Background(), generator.Config{Patterns: []string{test.folder}}); err != nil {
			t.Errorf("%s: %v", test.folder, err)
		}
	}
}
