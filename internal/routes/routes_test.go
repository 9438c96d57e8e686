package routes_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

var update = flag.Bool("update", false, "write what is found into the cases")

// TestFind has a case in each file of testdata: Go files and then a file "want" with
// the routes, one a line, followed by the positions that are not read.
func TestFind(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			dir, want := t.TempDir(), ""
			var folders []string
			last := len(archive.Files) - 1
			for i, f := range archive.Files {
				if i == last {
					want = string(f.Data)
					continue
				}
				if folder := filepath.Dir(f.Name); strings.HasSuffix(f.Name, ".go") && !slices.Contains(folders, folder) {
					folders = append(folders, folder)
				}
				write(t, filepath.Join(dir, f.Name), string(f.Data))
			}
			got := find(t, dir, folders...)
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

// TestExamples finds the routes of code that is compiled and run.
func TestExamples(t *testing.T) {
	const want = `codereview/api/routes.go: /api/repositories GET,HEAD,POST of codereview/api.RepositoryResource, list
codereview/api/routes.go: /api/repositories/{repository} GET,HEAD,PUT,DELETE of codereview/api.RepositoryResource
codereview/api/routes.go: /api/repositories/{repository}/review-requests GET,HEAD,POST of codereview/api.ReviewRequestResource, list
codereview/api/routes.go: /api/repositories/{repository}/review-requests/{review_request} GET,HEAD,PATCH,DELETE of codereview/api.ReviewRequestResource
codereview/api/routes.go: /api/repositories/{repository}/review-requests/{review_request}/reviews GET,HEAD,POST of codereview/api.ReviewResource, list
codereview/api/routes.go: /api/repositories/{repository}/review-requests/{review_request}/reviews/{review} GET,HEAD,DELETE of codereview/api.ReviewResource
codereview/api/routes.go: /api/users GET,HEAD of codereview/api.UserResource, list
codereview/api/routes.go: /api/users/{username} GET,HEAD of codereview/api.UserResource
codereview/api/routes.go: /api/audit GET,HEAD of codereview/api.AuditResource, list
adapters/chi/chi.go: /notes GET,HEAD,POST of adapters/notes.NoteResource, list
adapters/chi/chi.go: /notes/{id} GET,HEAD,DELETE of adapters/notes.NoteResource
adapters/notes/notes.go: /notes GET,HEAD,POST of adapters/notes.NoteResource, list
adapters/notes/notes.go: /notes/{id} GET,HEAD,DELETE of adapters/notes.NoteResource
notes/notes.go: /notes GET,HEAD,POST of notes.NoteResource, list
notes/notes.go: /notes/{id} GET,HEAD,DELETE of notes.NoteResource
reviewboard/server.go: not read
reviewboard/server.go: not read
`
	got := find(t, "../../example", "codereview/api", "codereview", "adapters/chi", "adapters/notes", "notes", "reviewboard")
	got = strings.ReplaceAll(got, "github.com/webapi-gen/webapi-gen/example/", "")
	got = regexp.MustCompile(`:\d+:\d+:`).ReplaceAllString(got, ":") // positions change with the examples
	if got != want {
		t.Errorf("(-want +got):\n%s", cmp.Diff(want, got))
	}
}

// find returns what is found in the folders, one a line.
func find(t *testing.T, base string, folders ...string) string {
	t.Helper()
	found, err := routes.NewLoader(base).Find(context.Background(), folders)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range found.Routes {
		fmt.Fprintf(&b, "%s: %s ", r.Pos, r.Pattern)
		var answered []string
		for _, m := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} {
			if r.Answers(m) {
				answered = append(answered, m)
			}
		}
		fmt.Fprintf(&b, "%s of %s.%s", strings.Join(answered, ","), r.Resource.Package, r.Resource.Type)
		if r.List {
			b.WriteString(", list")
		}
		b.WriteString("\n")
	}
	for _, pos := range found.Unread {
		fmt.Fprintf(&b, "%s: not read\n", pos)
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

func TestMatch(t *testing.T) {
	all := []routes.Route{
		{Pattern: "/", Below: true},
		{Pattern: "/notes"},
		{Pattern: "/notes/{id}"},
		{Pattern: "/notes/new"},
		{Pattern: "/notes/new", Only: []string{"POST"}},
		{Pattern: "/notes/", Below: true},
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
	}
	for _, tt := range tests {
		var want []routes.Route
		for _, i := range tt.want {
			want = append(want, all[i])
		}
		if diff := cmp.Diff(want, routes.Match(all, tt.method, tt.target)); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", tt.method, tt.target, diff)
		}
	}
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
				all := []routes.Route{{Pattern: p, Below: true}, {Pattern: q, Below: true, Only: only}}
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
func serveMux(all []routes.Route) (mux *http.ServeMux, ok bool) {
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
