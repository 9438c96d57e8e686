package routes_test

import (
	"flag"
	"fmt"
	"go/token"
	"go/types"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

var update = flag.Bool("update", false, "write what is found into the cases")

// TestFind has a case in each file of testdata: a module, and then a file "want" with
// the routes, one a line, followed by what is not read, and by the uses. Types with a webapi:resource
// directive are resources.
func TestFind(t *testing.T) { testCases(t, "testdata/*.txtar", find) }

// testCases compares the last file of each case with what a function returns for the module of
// the other files.
func testCases(t *testing.T, pattern string, find func(t *testing.T, dir string) string) {
	cases, err := filepath.Glob(pattern)
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for i, path := range cases {
		if testing.Short() && i%2 > 0 {
			continue // each starts the go command
		}
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			t.Parallel()
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir, want := t.TempDir(), ""
			last := len(archive.Files) - 1
			for i, f := range archive.Files {
				if i == last {
					want = string(f.Data)
					continue
				}
				write(t, filepath.Join(dir, f.Name), string(f.Data))
			}
			module(t, dir)
			patterns := []string{"./..."}
			if _, err := os.Stat(filepath.Join(dir, "lib/go.mod")); err == nil {
				patterns = append(patterns, "./lib/...")
			}
			result, err := generator.Generate(t.Context(), generator.Config{Dir: dir, Patterns: patterns})
			if err == nil {
				err = result.Write()
			}
			if err != nil && archive.Comment != nil && !strings.Contains(string(archive.Comment), "broken") {
				t.Fatal(err)
			}
			got := find(t, dir)
			if *update {
				archive.Files[last].Data = []byte(got)
				write(t, path, string(txtar.Format(archive)))
				return
			}
			if got != want {
				t.Errorf("(-want +got):\n%s", cmp.Diff(want, got))
			}
		})
	}
}

// stubs are the packages of others, by path, and those of testdata/stubs that stand for
// them. They have the declarations that routes are registered by.
var stubs = map[string]string{
	"github.com/go-chi/chi/v5":                                        "chi",
	"github.com/gorilla/mux":                                          "mux",
	"github.com/gin-gonic/gin":                                        "gin",
	"github.com/labstack/echo/v4":                                     "echo4",
	"github.com/labstack/echo/v5":                                     "echo5",
	"github.com/julienschmidt/httprouter":                             "httprouter",
	"github.com/danielgtaylor/huma/v2":                                "huma",
	"github.com/rs/cors":                                              "cors",
	"github.com/GoogleCloudPlatform/functions-framework-go/functions": "functions",
	"connectrpc.com/connect":                                          "connect",
	"example.org/tags/tagsconnect":                                    "tagsconnect",
	"github.com/webapi-gen/webapi-gen/adapters/gin":                   "ginapi",
	"github.com/webapi-gen/webapi-gen/adapters/connect":               "connectapi",
	"google.golang.org/grpc":                                          "grpc",
	"github.com/webapi-gen/webapi-gen/adapters/grpc":                  "grpcapi",
	"github.com/webapi-gen/webapi-gen/adapters/echo5":                 "echoapi",
}

// stubFolder returns a folder with a module for each stub. All cases share it, so that the go
// command compiles each stub once. TestMain removes it.
var stubFolder = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "webapi-gen-stubs-")
	if err != nil {
		return "", err
	}
	for path, stub := range stubs {
		if err := os.CopyFS(filepath.Join(dir, stub), os.DirFS(filepath.Join("testdata/stubs", stub))); err != nil {
			return dir, err
		}
		mod := "module " + path + "\n\ngo 1.25\n"
		switch stub {
		case "ginapi", "cors":
			mod += "require github.com/gin-gonic/gin v0.0.0\n"
		case "grpcapi":
			mod += "require google.golang.org/grpc v0.0.0\n"
		case "connectapi", "tagsconnect":
			mod += "require connectrpc.com/connect v0.0.0\n"
		}
		if err := os.WriteFile(filepath.Join(dir, stub, "go.mod"), []byte(mod), 0o666); err != nil {
			return dir, err
		}
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, _ := stubFolder(); dir != "" {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

// module writes the go.mod of a case, which is the module example.com/app.
func module(t *testing.T, dir string) {
	t.Helper()
	mod := "module example.com/app\n\ngo 1.25\n"
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	folder, err := stubFolder()
	if err != nil {
		t.Fatal(err)
	}
	mod += "require github.com/webapi-gen/webapi-gen/webapi v0.0.0\nreplace github.com/webapi-gen/webapi-gen/webapi => " + filepath.Join(root, "webapi") + "\n"
	for path, stub := range stubs {
		version := "v0.0.0"
		if major := filepath.Base(path); len(major) == 2 && major[0] == 'v' {
			version = major + ".0.0"
		}
		mod += "require " + path + " " + version + "\nreplace " + path + " => " + filepath.Join(folder, stub) + "\n"
	}
	write(t, filepath.Join(dir, "go.mod"), mod)
}

// read reads the routes of a module.
func read(t *testing.T, dir string) *routes.Table {
	t.Helper()
	cfg := generator.Config{Dir: dir, Patterns: []string{"./..."}}
	folders, err := generator.Folders(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	resolved, err := generator.Packages(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	found, err := routes.Read(t.Context(), dir, folders, resolved)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// TestRequests has a case in each file of testdata/requests: a module, its file "requests", and then
// the patterns of the routes that get each of them.
func TestRequests(t *testing.T) { testCases(t, "testdata/requests/*.txtar", serve) }

func serve(t *testing.T, dir string) string {
	t.Helper()
	found := read(t, dir)
	requests, err := os.ReadFile(filepath.Join(dir, "requests"))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(string(requests)) {
		method, target, _ := strings.Cut(strings.TrimSpace(line), " ")
		fmt.Fprintf(&b, "%s %s:", method, target)
		for _, r := range routes.Match(found.Routes, method, target) {
			fmt.Fprintf(&b, " %s", r.Pattern)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// find returns what is found in a module, one a line.
func find(t *testing.T, dir string) string {
	t.Helper()
	found := read(t, dir)
	var b strings.Builder
	for _, p := range found.Problems {
		fmt.Fprintf(&b, "problem %s\n", p)
	}
	position := func(pos token.Pos) string {
		p := found.Position(pos)
		return fmt.Sprintf("%s:%d", p.Filename, p.Line)
	}
	b.WriteString(describe(&found.Found, position))
	for _, u := range found.Uses {
		what := u.What
		if u.Func != nil {
			what = u.Func.Name()
		}
		fmt.Fprintf(&b, "%s: uses %s\n", position(u.Pos), what)
	}
	return b.String()
}

// describe returns the routes and what is not read, one a line.
func describe(found *routes.Found, position func(token.Pos) string) string {
	var b strings.Builder
	for _, r := range found.Routes {
		methods := "*"
		if r.Methods != nil {
			methods = strings.Join(r.Methods, ",")
		}
		fmt.Fprintf(&b, "%s: %s %s: %s", position(r.Pos), methods, r.Pattern, r.State())
		for _, g := range r.Guards {
			name := "?"
			if g.Resource != nil {
				name = g.Resource.Name()
			}
			if g.List {
				name += " list"
			}
			if g.Method != "" {
				name += " " + g.Method
			}
			fmt.Fprintf(&b, " by %s", name)
		}
		if r.By != "" {
			fmt.Fprintf(&b, " by %s", r.By)
		}
		if o := r.Handler.Object; o != nil {
			name := o.Name()
			if r.Handler.Resource != nil {
				name = r.Handler.Resource.Name() + "." + name
			}
			fmt.Fprintf(&b, " -> %s", name)
		}
		if r.Unread != "" {
			fmt.Fprintf(&b, " (%s)", r.Unread)
		}
		if r.Free != "" {
			b.WriteString(" (free)")
		}
		if r.Within != nil {
			b.WriteString(" (within)")
		}
		if r.Server {
			b.WriteString(" (server)")
		}
		if r.OfCaller() {
			b.WriteString(" (of the caller)")
		}
		b.WriteString("\n")
	}
	for _, u := range found.Unread {
		reason := strings.Replace(u.Reason, runtime.GOOS+"/"+runtime.GOARCH, "this system", 1)
		fmt.Fprintf(&b, "%s: not read: %s\n", position(u.Pos), reason)
	}
	return b.String()
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestStandardLibrary reads much code that was not written for this test: it must not
// crash, and come to an end.
func TestStandardLibrary(t *testing.T) {
	if testing.Short() {
		t.Skip("takes half a minute")
	}
	p := &routes.Program{
		Fset:       token.NewFileSet(),
		IsResource: func(*types.TypeName) bool { return false },
		IsPublic:   func(types.Object) bool { return false },
		GuardedBy:  func(types.Object) string { return "" },
	}
	loaded, err := packages.Load(&packages.Config{Context: t.Context(), Fset: p.Fset, Mode: packages.LoadSyntax}, "std")
	if err != nil {
		t.Fatal(err)
	}
	for _, pkg := range loaded {
		p.Packages = append(p.Packages, &routes.Package{Types: pkg.Types, Info: pkg.TypesInfo, Files: pkg.Syntax})
	}
	if found := routes.Find(p); len(p.Packages) < 200 || len(found.Routes) == 0 {
		t.Errorf("%d packages with %d routes", len(p.Packages), len(found.Routes))
	}
}

func TestMatch(t *testing.T) {
	all := []*routes.Route{
		{Pattern: "/", Router: routes.ServeMux},
		{Pattern: "/notes"},
		{Pattern: "/notes/{id}"},
		{Pattern: "/notes/new"},
		{Pattern: "/notes/new", Only: []string{"POST"}},
		{Pattern: "/notes/", Router: routes.ServeMux},
		{Pattern: "/files/{path...}"},
		{Pattern: "/users/:name/notes"},
		{Pattern: "/users/{id:[0-9]+}"},
		{Pattern: "/users/{name}"},
		{Pattern: "/users/{name}.json"},
		{Pattern: "example.com/hosts/{host:[a-z]{2,}(/x)?}"},
		{Pattern: "/chi/*"},
		{Pattern: "/chi/"},
		{Pattern: "/exact/{$}"},
		{Pattern: "/bad/{id:[}"},
		{Pattern: "/only/{id}", Only: []string{"POST"}},
		{Pattern: "/{?}/hole"},
		{Pattern: "/v{a}-{b}"},
		{Pattern: "/w{a}-{b}"},
		{Pattern: "/open{id"},
	}
	tests := []struct {
		method, target string
		want           []int
	}{
		{"GET", "/notes", []int{1}},
		{"GET", "/notes/42", []int{2}},
		{"GET", "/notes/new", []int{3}},
		{"POST", "/notes/new", []int{4}},
		{"GET", "/notes/42/more", []int{5}},
		{"GET", "/notes/", []int{5}},
		{"GET", "/nothing", []int{0}},
		{"GET", "/files/a/b.txt", []int{6}},
		{"GET", "/users/jo/notes", []int{7}},
		{"GET", "/users/12", []int{8}},
		{"GET", "/users/jo", []int{9}},
		{"GET", "/users/jo.json", []int{10}},
		{"GET", "/hosts/ab", []int{0, 11}},
		{"GET", "/hosts/ab/x", []int{0, 11}},
		{"GET", "example.com/hosts/ab/x", []int{11}},
		{"GET", "/hosts/a", []int{0}},
		{"GET", "/chi/x/y", []int{12}},
		{"GET", "/chi", []int{13}},
		{"GET", "/exact", []int{14}},
		{"GET", "/bad/1", []int{15}},
		{"GET", "/notes/{note}", []int{2}},
		{"GET", "/notes/:note", []int{2}},
		{"GET", "/users/{id}", []int{8, 9}},
		{"GET", "/none/{id}", nil},
		{"GET", "example.com/hosts/{host}", []int{11}},
		{"GET", "other.com/hosts/{host}", nil},
		{"GET", "/hosts/{host}", []int{11}},
		{"GET", "other.com/notes/{id}", []int{2}},
		{"PUT", "/notes/new", []int{3}},
		{"POST", "/only/{id}", []int{16}},
		{"GET", "/only/{id}", nil},
		{"GET", "/{a}/hole", nil},
		{"GET", "/v{x}-{y}", []int{18}},
		{"GET", "/v1-2", []int{18}},
		{"GET", "/open{id", []int{20}},
	}
	for _, tt := range tests {
		var want []*routes.Route
		for _, i := range tt.want {
			want = append(want, all[i])
		}
		if diff := cmp.Diff(patterns(want), patterns(routes.Match(all, tt.method, tt.target))); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.method, tt.target, diff)
		}
	}
}

func patterns(list []*routes.Route) []string {
	var all []string
	for _, r := range list {
		all = append(all, fmt.Sprint(r.Only)+r.Pattern)
	}
	return all
}

// TestMatchAsServeMux compares Match with net/http, for pairs of patterns and for escaped paths.
func TestMatchAsServeMux(t *testing.T) {
	patterns := []string{
		"/", "/{$}", "/a", "/a/", "/a/{$}", "/{x}", "/{x}/", "/{x...}", "/a/{x}", "/a/{x...}", "/a/{x}/c", "/a/b/c", "/a/{x}/{$}",
		"/{x}/b", "/{x}/b/", "/a//c", "/a%2Fb", "/a/%2F/c", "h.com/a", "h.com/{x}", "h.com/a/{x...}", "h.com/",
	}
	var targets []string
	segments := []string{"", "a", "b", "c", "%2F", "a%2Fb", "%61", ".", "..", "%2e"}
	for _, x := range segments {
		targets = append(targets, "/"+x)
		for _, y := range segments {
			targets = append(targets, "/"+x+"/"+y, "/"+x+"/"+y+"/")
			for _, z := range segments {
				targets = append(targets, "/"+x+"/"+y+"/"+z)
			}
		}
	}
	for i, p := range patterns {
		for j, q := range patterns {
			for _, only := range [][]string{nil, {"GET", "HEAD"}} {
				all := []*routes.Route{{Pattern: p, Router: routes.ServeMux}, {Pattern: q, Router: routes.ServeMux, Only: only}}
				mux, ok := serveMux(all)
				if i == j && only == nil || !ok {
					continue
				}
				for n, target := range targets {
					if (n+i+j)%61 != 0 { // all of them pass, and take minutes
						continue
					}
					method := []string{"GET", "HEAD", "POST"}[n%3]
					for _, host := range []string{"h.com", "other.com"} {
						want := served(t, mux, method, host, target)
						var got string
						for _, r := range routes.Match(all, method, host+target) {
							got += r.Pattern
						}
						if got != want {
							t.Fatalf("%q and %q: %s %s%s is served by %q, want %q", p, q, method, host, target, got, want)
						}
					}
				}
			}
		}
	}
}

// serveMux returns a mux with routes, and false if two of them conflict.
func serveMux(all []*routes.Route) (mux *http.ServeMux, ok bool) {
	defer func() { ok = recover() == nil }()
	mux = http.NewServeMux()
	for _, r := range all {
		pattern := r.Pattern
		if r.Only != nil {
			pattern = "GET " + pattern
		}
		mux.Handle(pattern, http.NotFoundHandler())
	}
	return mux, true
}

// served returns the pattern of the route that serves a request, or that the path has to which
// it is redirected.
func served(t *testing.T, mux *http.ServeMux, method, host, target string) string {
	u, err := url.ParseRequestURI(target)
	if err != nil {
		t.Fatal(err)
	}
	_, pattern := mux.Handler(&http.Request{Method: method, Host: host, URL: u})
	return strings.TrimPrefix(pattern, "GET ")
}
