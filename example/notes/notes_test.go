package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestServer(t *testing.T) {
	server := httptest.NewServer(newServer())
	t.Cleanup(server.Close)
	tests := []struct {
		method, path, token string
		status              int
		challenge           string
	}{
		{"GET", "/notes", "", 401, `Bearer realm="notes", scope="note:read"`},
		{"GET", "/notes", "nobodys", 401, `Bearer realm="notes", error="invalid_token", scope="note:read"`},
		{"GET", "/notes", "reader", 200, ""},
		{"GET", "/notes/1", "reader", 200, ""},
		{"HEAD", "/notes/1", "reader", 200, ""},
		{"POST", "/notes", "reader", 403, `Bearer realm="notes", error="insufficient_scope", scope="note:write"`},
		{"POST", "/notes", "writer", 201, ""},
		{"POST", "/notes/1", "owner", 405, ""},
		{"DELETE", "/notes/1", "writer", 403, `Bearer realm="notes", error="insufficient_scope", scope="note:destroy note:write"`},
		{"DELETE", "/notes/1", "owner", 204, ""},
		{"PATCH", "/notes/1", "owner", 405, ""},
	}
	for _, tt := range tests {
		t.Run(tt.method+" "+tt.path+" as "+tt.token, func(t *testing.T) {
			req, err := http.NewRequest(tt.method, server.URL+tt.path, nil)
			if err != nil {
				t.Fatal(err)
			}
			if tt.token != "" {
				req.Header.Set("Authorization", "Bearer "+tt.token)
			}
			res, err := server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			if res.StatusCode != tt.status {
				t.Errorf("got status %d, want %d", res.StatusCode, tt.status)
			}
			if got := res.Header.Get("WWW-Authenticate"); got != tt.challenge {
				t.Errorf("got challenge %q, want %q", got, tt.challenge)
			}
		})
	}
}

// TestCatalogIsCopied checks that who asks for the catalogue cannot change it.
func TestCatalogIsCopied(t *testing.T) {
	got := WebAPIResources()
	got[0].Methods[0].Requires[0][0] = "changed"
	if scope := WebAPIResources()[0].Methods[0].Requires[0][0]; scope == "changed" {
		t.Error("a caller has changed the catalogue of all others")
	}
}
