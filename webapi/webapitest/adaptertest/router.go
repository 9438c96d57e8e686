package adaptertest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"
)

// New makes the server under test.
type New = func(*webapi.Config, ...webapi.Authenticator) http.Handler

// Router tests that a router serves the notes to whom it should.
func Router(t *testing.T, serve New) {
	t.Run("table", func(t *testing.T) {
		webapitest.Run(t, serve(Config(), Bearer()), webapitest.Table{
			APITokens: true,
			Routes: webapitest.Routes{
				"GET /notes":      {"note:read"},
				"POST /notes":     {"note:write"},
				"GET /notes/7":    {"note:read"},
				"DELETE /notes/7": {"note:destroy note:write"},
			},
		})
	})
	t.Run("object", func(t *testing.T) { object(t, serve) })
}

// object tests that the guard and the view learn from the router which note is
// meant: a policy blocks note 7, however its ID is spelled in the URL.
func object(t *testing.T, serve New) {
	server := httptest.NewServer(serve(Config(), Bearer()))
	t.Cleanup(server.Close)
	tests := []struct {
		path, token string
		status      int
		body        string // "" for that of an error
	}{
		{"/notes", "api-not-7", 200, "notes"},
		{"/notes/8", "api-not-7", 200, "note 8"},
		{"/notes/7", "api-not-7", 403, ""},
		{"/notes/%37", "api-not-7", 403, ""},
		{"/notes", "api-only-7", 403, ""},
		{"/notes/8", "api-only-7", 403, ""},
		{"/notes/7", "api-only-7", 200, "note 7"},
		{"/notes/%37", "api-only-7", 200, "note 7"},
		{"/notes/%2537", "api-only-7", 403, ""},
		{"/notes/%2537", "reader", 200, "note %37"},
		{"/notes/a%20b%21", "reader", 200, "note a b!"},
		{"/notes/8/x", "reader", 404, ""},
		{"/notes/x/8", "api-not-7", 404, ""},
	}
	for _, tt := range tests {
		t.Run(tt.token+tt.path, func(t *testing.T) {
			res, body := ask(t, server, http.MethodGet, tt.path, "Bearer "+tt.token)
			if res.StatusCode != tt.status || tt.body != "" && body != tt.body {
				t.Errorf("got %d %q, want %d %q", res.StatusCode, body, tt.status, tt.body)
			}
		})
	}
}

// ask asks the server and returns the answer with its whole body.
func ask(t *testing.T, server *httptest.Server, method, path, authorization string) (*http.Response, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	res, err := server.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}
