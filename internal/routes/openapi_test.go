package routes

import (
	"strings"
	"testing"
)

func TestPathIndex(t *testing.T) {
	all := []*Route{
		{Pattern: "/", Router: ServeMux},
		{Pattern: "/notes/{id}", Router: ServeMux},
		{Pattern: "/notes/{note}", Router: ServeMux, Only: []string{"GET", "HEAD"}},
		{Pattern: "/notes/{path...}", Router: ServeMux},
		{Pattern: "/notes/new", Only: []string{"POST"}},
		{Pattern: "/users/{id:[0-9]+}", Router: Chi},
		{Pattern: "/users/{name}", Router: Chi},
		{Pattern: "/views", Methods: []string{"POST"}},
		{Pattern: "/tags/{id}/", Router: Chi, steps: []step{{router: Chi, pattern: "/tags/{id}", mounted: true}, {router: Chi, pattern: "/"}}},
		{Pattern: "/things/{id}", Only: []string{"GET"}},
		{Pattern: "/things/{key}", Only: []string{"POST"}},
		{Pattern: "/{?}/x"},
		{Pattern: ""},
		{Pattern: "api.example.com/hosts/:host", Router: Echo},
	}
	x := NewPathIndex(all)
	for _, tt := range []struct{ method, path, want string }{
		{"GET", "/notes/{x}", "/notes/{note}"},
		{"DELETE", "/notes/{x}", "/notes/{id}"},
		{"POST", "/notes/new", "/notes/new"},
		{"GET", "/notes/new", "/notes/{note}"},
		{"GET", "/notes", "/notes/{path...}"},
		{"GET", "/other", "/"},
		{"GET", "/notes/{x}/y", ""},
		{"GET", "/users/{x}", "/users/{id:[0-9]+} /users/{name}"},
		{"POST", "/views", "/views"},
		{"GET", "/views", ""},
		{"GET", "/tags/{x}", "/tags/{id}/"},
		{"GET", "/tags/{x}/", "/tags/{id}/"},
		{"GET", "/hosts/{x}", "api.example.com/hosts/:host"},
		{"POST", "/things/{x}", "/things/{key}"},
		{"TRACE", "/", "/"},
	} {
		var got []string
		for _, r := range x.Serving(tt.method, tt.path) {
			got = append(got, r.Pattern)
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s %s: got %q, want %q", tt.method, tt.path, got, tt.want)
		}
	}
	if path := all[8].Path(); path != "/tags/{id}" {
		t.Errorf("the path of a mounted root is %s", path)
	}
}

func TestAnswers(t *testing.T) {
	r := &Route{Only: []string{"GET", "POST"}}
	if !r.Answers("POST") || r.Answers("PUT") {
		t.Error("a route for all methods of its router does not answer these")
	}
	if r.Methods = []string{"GET"}; !r.Answers("GET") || r.Answers("POST") {
		t.Error("a route for GET does not answer GET alone")
	}
}

func TestWildcard(t *testing.T) {
	for segment, want := range map[string]string{"{id}": "id", "{id:[0-9]+}": "id", "{path...}": "path", ":id": "id", "notes": "", "": ""} {
		if got := Wildcard(segment); got != want {
			t.Errorf("%q: got %q, want %q", segment, got, want)
		}
	}
}

func TestOpenAPIPath(t *testing.T) {
	for pattern, want := range map[string]string{
		"/":                             "/",
		"/notes":                        "/notes",
		"/notes/{id}":                   "/notes/{id}",
		"/notes/:id":                    "/notes/{id}",
		"/notes/:id/tags":               "/notes/{id}/tags",
		"/notes/{id:[0-9]+}/x":          "/notes/{id}/x",
		"/notes/{id:[0-9]{2,3}/[a-z]+}": "/notes/{id}",
		"/files/{path...}":              "/files/{path}",
		"/files/*filepath":              "/files/{filepath}",
		"/files/*":                      "/files/{path}",
		"/notes/{$}":                    "/notes/",
		"/notes/":                       "/notes/",
		"api.example.com/v1/notes/{id}": "/v1/notes/{id}",
		"/{year}-{month:[0-9]{2}}.html": "/{year}-{month}.html",
		"/v1/notes:batchGet":            "/v1/notes:batchGet",
		"":                              "",
	} {
		if got := OpenAPIPath(pattern); got != want {
			t.Errorf("%s: got %s, want %s", pattern, got, want)
		}
	}
}
