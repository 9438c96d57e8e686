package routes

import "testing"

func TestOpenAPIPath(t *testing.T) {
	for pattern, want := range map[string]string{
		"/":                             "/",
		"/notes":                        "/notes",
		"/notes/{id}":                   "/notes/{id}",
		"/notes/:id":                    "/notes/{id}",
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
