package routes_test

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/packages"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

func TestCompileErrors(t *testing.T) {
	missing := &packages.Package{Errors: []packages.Error{{Msg: "no required module provides package x.org/y;\n\tto add it:\n\tgo get x.org/y"}}}
	built := &packages.Package{Name: "built", Errors: []packages.Error{{Msg: "it has an error of its own"}}}
	imports := map[string]*packages.Package{"x.org/y": missing, "x.org/built": built, "x.org/fine": {}}
	for _, tt := range []struct {
		name         string
		errors, want []packages.Error
	}{
		{"import", []packages.Error{{Pos: "a.go:1:1", Msg: `could not import x.org/y (invalid package name: "")`}},
			[]packages.Error{{Pos: "a.go:1:1", Msg: "no required module provides package x.org/y; to add it: go get x.org/y"}}},
		{"import of a package with a name", []packages.Error{{Pos: "a.go:1:1", Msg: "could not import x.org/built (why)"}},
			[]packages.Error{{Pos: "a.go:1:1", Msg: "could not import x.org/built (why)"}}},
		{"import without a reason", []packages.Error{{Pos: "a.go:1:1", Msg: "could not import x.org/fine (why)"}},
			[]packages.Error{{Pos: "a.go:1:1", Msg: "could not import x.org/fine (why)"}}},
		{"import of a package that is not known", []packages.Error{{Pos: "a.go:1:1", Msg: "could not import x.org/z (why)"}},
			[]packages.Error{{Pos: "a.go:1:1", Msg: "could not import x.org/z (why)"}}},
		{"compiler", []packages.Error{{Msg: "# example.com/app\na.go:1:1: wrong"}, {Pos: "a.go:1:1", Msg: "wrong"}, {Msg: "another"}, {Pos: "a.go:2:1", Msg: "# wrong"}},
			[]packages.Error{{Pos: "a.go:1:1", Msg: "wrong"}, {Msg: "another"}, {Pos: "a.go:2:1", Msg: "# wrong"}}},
		{"compiler alone", []packages.Error{{Msg: "# example.com/app\na.go:1:1: wrong"}},
			[]packages.Error{{Msg: "# example.com/app a.go:1:1: wrong"}}},
	} {
		if diff := cmp.Diff(tt.want, routes.CompileErrors(&packages.Package{Errors: tt.errors, Imports: imports})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestReadFailures has modules whose routes cannot be read.
func TestReadFailures(t *testing.T) {
	const mod = "module example.com/app\n\ngo 1.25\n"
	for _, tt := range []struct {
		name          string
		files         map[string]string
		folder        string
		problem, fail string
	}{
		{"type error", map[string]string{"go.mod": mod, "a.go": "package app\n\nvar x int = \"\"\n"}, ".",
			`a.go:3:13: cannot use "" (untyped string constant) as int value in variable declaration`, ""},
		{"syntax error", map[string]string{"go.mod": mod, "a.go": "package app\n\nfunc {\n"}, ".", "a.go:3:6: expected 'IDENT', found '{'", ""},
		{"import", map[string]string{"go.mod": mod, "a.go": "package app\n\nimport _ \"example.com/none\"\n\nvar x int = \"\"\n"}, ".",
			"a.go:3:10: no required module provides package example.com/none; to add it: go get example.com/none", ""},
		{"go.mod to update", map[string]string{"go.mod": mod + "\nrequire example.com/app/other v0.0.0\n\nreplace example.com/app/other => ./other\n",
			"other/go.mod": "module example.com/app/other\n\ngo 1.26\n", "a.go": "package app\n\nimport _ \"example.com/app/other\"\n", "other/o.go": "package other\n"}, ".",
			"", "the go command cannot load the packages: go: updates to go.mod needed"},
		{"broken go.mod", map[string]string{"go.mod": "modul\n", "a.go": "package app\n"}, ".", "", "the go command cannot load the packages: "},
		{"no module", map[string]string{"a.go": "package app\n"}, ".", "", "go.mod"},
		{"no folder", map[string]string{"go.mod": mod}, "none", "", "none"},
		{"none built", map[string]string{"go.mod": mod, "a.go": "//go:build never\n\npackage app\n"}, ".", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range tt.files {
				write(t, filepath.Join(dir, name), text)
			}
			table, err := routes.Read(t.Context(), dir, []string{tt.folder}, nil)
			if err != nil {
				if tt.fail == "" || !strings.Contains(err.Error(), tt.fail) {
					t.Errorf("got the error %v, want %q", err, tt.fail)
				}
				return
			}
			if tt.fail != "" {
				t.Fatalf("no error, want %s", tt.fail)
			}
			if got := strings.Join(table.Problems, "\n"); got != tt.problem {
				t.Errorf("got  %s\nwant %s", got, tt.problem)
			}
		})
	}
}

// TestReadNamed names one package of a module. What it calls of the others is followed.
func TestReadNamed(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/app\n\ngo 1.25\n",
		"api/api.go": `package api

import "net/http"

func Register(mux *http.ServeMux) { mux.Handle("/b", http.NotFoundHandler()) }

func ForOthers(mux *http.ServeMux) { mux.Handle("/c", http.NotFoundHandler()) }
`,
		"cmd/main.go": `package main

import (
	"net/http"

	"example.com/app/api"
)

func main() {
	http.Handle("/a", http.NotFoundHandler())
	api.Register(http.DefaultServeMux)
}
`,
	} {
		write(t, filepath.Join(dir, name), text)
	}
	table, err := routes.Read(t.Context(), filepath.Join(dir, "cmd"), []string{"."}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := describe(table.Of(dir), func(pos token.Pos) string { p := table.Position(pos); return fmt.Sprintf("%s:%d", p.Filename, p.Line) })
	want := "main.go:10: * /a: public -> NotFoundHandler\n../api/api.go:5: * /b: public -> NotFoundHandler\n"
	if got != want {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, got))
	}
	if other := table.Of(filepath.Join(dir, "api")); len(other.Routes) > 0 {
		t.Errorf("a folder that is no module has %d routes", len(other.Routes))
	}
}

// TestReadInterrupted is not told that packages are missing.
func TestReadInterrupted(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "go.mod"), "module example.com/app\n\ngo 1.25\n")
	write(t, filepath.Join(dir, "a.go"), "package app\n")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := routes.Read(ctx, dir, []string{"."}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("got the error %v", err)
	}
	t.Setenv("PATH", "")
	if _, err := routes.Read(t.Context(), dir, []string{"."}, nil); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("got the error %v", err)
	}
}

func TestPackages(t *testing.T) {
	for path, want := range map[string]struct{ router, serves bool }{
		"net/http": {false, true},
		"github.com/webapi-gen/webapi-gen/webapi":            {false, true},
		"github.com/webapi-gen/webapi-gen/adapters/gin":      {false, true},
		"github.com/gin-gonic/gin":                           {true, true},
		"github.com/go-chi/chi/v5/middleware":                {true, true},
		"github.com/labstack/echo/v4":                        {true, true},
		"github.com/webapi-gen/webapi-gen/webapi/webapitest": {false, false},
		"fmt":             {false, false},
		"example.com/app": {false, false},
	} {
		if got := routes.IsRouterPackage(path); got != want.router {
			t.Errorf("IsRouterPackage(%s) is %v", path, got)
		}
		if got := routes.ServesHTTP(path); got != want.serves {
			t.Errorf("ServesHTTP(%s) is %v", path, got)
		}
		if got := routes.IsRuntimePath(path); got != strings.HasSuffix(path, "webapi-gen/webapi") {
			t.Errorf("IsRuntimePath(%s) is %v", path, got)
		}
		pkg := types.NewPackage("example.com/app", "app")
		pkg.SetImports([]*types.Package{types.NewPackage("fmt", "fmt"), types.NewPackage(path, "x")})
		if got := routes.ImportsRuntime(pkg); got != routes.IsRuntimePath(path) {
			t.Errorf("ImportsRuntime is %v for a package that imports %s", got, path)
		}
	}
}

func TestPackageOf(t *testing.T) {
	for path, want := range map[string]string{
		"github.com/go-chi/chi/v5":     "github.com/go-chi/chi",
		"github.com/go-chi/chi":        "github.com/go-chi/chi",
		"github.com/gin-gonic/gin/v1x": "github.com/gin-gonic/gin/v1x",
		"example.com/views/x":          "example.com/views/x",
		"fmt":                          "fmt",
		"a":                            "a",
	} {
		if got := routes.PackageOf(types.NewTypeName(0, types.NewPackage(path, "x"), "T", nil)); got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if got := routes.PackageOf(types.Universe.Lookup("error")); got != "" {
		t.Errorf("error is declared in %s", got)
	}
}

// TestPosition reads folders in and outside of one that is a link.
func TestPosition(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"in", "out"} {
		write(t, filepath.Join(dir, name, "go.mod"), "module example.com/app\n\ngo 1.25\n")
		write(t, filepath.Join(dir, name, "a.go"), "package app\n\nimport \"net/http\"\n\nfunc init() { http.Handle(\"/\", http.NotFoundHandler()) }\n")
	}
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(dir, "in"), link); err != nil {
		t.Skip(err)
	}
	outside, err := filepath.EvalSymlinks(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	table, err := routes.Read(t.Context(), link, []string{".", outside}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"a.go", "../out/a.go"} {
		if got := table.Position(table.Routes[i].Pos).Filename; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestIsString(t *testing.T) {
	for typ, want := range map[types.Type]bool{
		types.Typ[types.String]:                 true,
		types.Typ[types.UntypedString]:          true,
		types.Typ[types.Int]:                    false,
		types.NewSlice(types.Typ[types.String]): false,
		types.NewNamed(types.NewTypeName(0, nil, "T", nil), types.Typ[types.String], nil): true,
	} {
		if got := routes.IsString(typ); got != want {
			t.Errorf("IsString(%s) is %v", typ, got)
		}
	}
}
