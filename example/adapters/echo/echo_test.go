package echo_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"

	"github.com/webapi-gen/webapi-gen/example/adapters/echo"
)

// TestServer does not use [adaptertest.Router], since echo answers OPTIONS itself.
func TestServer(t *testing.T) {
	server := echo.New(adaptertest.Config(), adaptertest.Bearer())
	for _, tt := range []struct {
		request, token string
		status         int
		body           string
	}{
		{"GET /notes", "reader", 200, "notes"},
		{"GET /notes", "stranger", 403, `{"message":"The access token lacks a scope that this request needs"}`},
		{"GET /notes", "", 401, `{"message":"This needs a login"}`},
		{"POST /notes", "reader", 403, `{"message":"The access token lacks a scope that this request needs"}`},
		{"POST /notes", "writer", 201, ""},
		{"GET /notes/7", "reader", 200, "note 7"},
		{"GET /notes/%37", "reader", 200, "note 7"},
		{"GET /notes/7", "api-not-7", 403, `{"message":"This is not permitted"}`},
		{"GET /notes/%37", "api-not-7", 403, `{"message":"This is not permitted"}`},
		{"GET /notes/7/", "api-not-7", 403, `{"message":"This is not permitted"}`},
		{"GET /notes/8", "api-not-7", 200, "note 8"},
		{"GET /notes/7", "api-only-7", 200, "note 7"},
		{"DELETE /notes/7", "writer", 403, `{"message":"The access token lacks a scope that this request needs"}`},
		{"DELETE /notes/7", "owner", 204, ""},
		{"GET /notes", "down", 503, `{"message":"The credentials cannot be verified now"}`},
	} {
		method, path, _ := strings.Cut(tt.request, " ")
		r, w := httptest.NewRequest(method, path, nil), httptest.NewRecorder()
		if tt.token != "" {
			r.Header.Set("Authorization", "Bearer "+tt.token)
		}
		server.ServeHTTP(w, r)
		if body := strings.TrimSpace(w.Body.String()); w.Code != tt.status || body != tt.body {
			t.Errorf("%s by %q: got %d %q, want %d %q", tt.request, tt.token, w.Code, body, tt.status, tt.body)
		}
	}
}
