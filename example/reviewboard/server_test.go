package reviewboard

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// A fact is what tree.json says of who may use a resource. The test takes its
// expectations from it, not from the spec or the generated code.
type fact struct {
	Instance  string   `json:"instance"`
	ScopeName string   `json:"scope_name"`
	Methods   []string `json:"allowed_methods"`
	OAuth2    bool     `json:"oauth2_token_access_allowed"`
}

// actions is HTTP_SCOPE_METHOD_MAP of Djblets.
var actions = map[string]string{
	"GET": "read", "HEAD": "read", "OPTIONS": "read",
	"POST": "write", "PUT": "write", "PATCH": "write",
	"DELETE": "destroy",
}

func readFacts(t *testing.T) map[string]fact {
	t.Helper()
	var tree struct{ Resources []fact }
	if err := json.Unmarshal(treeJSON, &tree); err != nil {
		t.Fatal(err)
	}
	facts := map[string]fact{}
	for _, f := range tree.Resources {
		facts[f.Instance] = f
	}
	return facts
}

// expected returns the status and Djblets code of a request with a token that
// holds one scope, or none if scope is "".
func (f fact) expected(method, scope string) (status, code int) {
	answered := slices.Contains(f.Methods, method) || method == "HEAD" && slices.Contains(f.Methods, "GET")
	switch {
	case !answered:
		return http.StatusMethodNotAllowed, http.StatusMethodNotAllowed
	case !f.OAuth2:
		return http.StatusForbidden, 113
	case scope != f.ScopeName+":"+actions[method]:
		return http.StatusForbidden, 112
	}
	return http.StatusOK, 0
}

// TestEveryResource asks every route of the API for every method, with a token
// for each scope that the API has.
func TestEveryResource(t *testing.T) {
	facts := readFacts(t)
	handler, err := NewHandler()
	if err != nil {
		t.Fatal(err)
	}
	list, err := routes()
	if err != nil {
		t.Fatal(err)
	}
	scopes := append(catalogued(t, facts), "", "repository", "repository:*", "Repository:read")
	asked := map[string]bool{}
	for _, r := range list {
		if asked[r.instance] {
			continue // a resource that hangs in several places is the same there
		}
		asked[r.instance] = true
		f := facts[r.instance]
		t.Run(r.instance, func(t *testing.T) {
			t.Parallel()
			for method := range actions {
				for _, scope := range scopes {
					status, code := f.expected(method, scope)
					check(t, handler, request(r, method, scope), status, code)
				}
			}
			for _, method := range []string{"CONNECT", "TRACE", "PROPFIND", "get"} {
				check(t, handler, request(r, method, f.ScopeName+":read"), http.StatusMethodNotAllowed, http.StatusMethodNotAllowed)
			}
		})
	}
	if len(asked) != len(facts) {
		t.Errorf("%d of %d resources have a route", len(asked), len(facts))
	}
}

// catalogued returns the scopes of the catalogue, after comparing them with
// those that follow from tree.json.
func catalogued(t *testing.T, facts map[string]fact) []string {
	t.Helper()
	want := map[string]bool{}
	for _, f := range facts {
		for _, m := range f.Methods {
			if f.OAuth2 {
				want[f.ScopeName+":"+actions[m]] = true
			}
		}
	}
	got := map[string]bool{}
	for _, info := range WebAPIResources() {
		for _, s := range info.Scopes {
			got[string(s.Scope)] = true
		}
	}
	if !maps.Equal(want, got) {
		t.Errorf("the catalogue has %d scopes, want %d", len(got), len(want))
	}
	return slices.Sorted(maps.Keys(want))
}

var wildcard = regexp.MustCompile(`\{[a-z_]+\}`)

func request(r route, method, scope string) *http.Request {
	url := wildcard.ReplaceAllString(r.pattern[:len(r.pattern)-len("{$}")], "1")
	req := httptest.NewRequest(method, url, nil)
	token := webapi.Token{NoExpiry: true, Subject: "doc"}
	if scope != "" {
		token.Scopes = webapi.MakeScopes(webapi.Scope(scope))
	}
	return req.WithContext(webapi.WithToken(req.Context(), token))
}

func check(t *testing.T, handler http.Handler, req *http.Request, status, code int) {
	t.Helper()
	rec := httptest.NewRecorder()
	handler.ServeHTTP(rec, req)
	if rec.Code != status {
		t.Errorf("%s %s: got status %d, want %d", req.Method, req.URL, rec.Code, status)
	}
	if status == http.StatusOK || req.Method == http.MethodHead {
		return
	}
	var body struct{ Err struct{ Code int } }
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil || body.Err.Code != code {
		t.Errorf("%s %s: got body %s, want code %d (%v)", req.Method, req.URL, rec.Body, code, err)
	}
}

// TestOtherRequests checks what is the same for every resource: no credentials,
// an expired token and an API token without a policy.
func TestOtherRequests(t *testing.T) {
	handler, err := NewHandler()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name         string
		token        *webapi.Token
		status, code int
	}{
		{"no credentials", nil, http.StatusUnauthorized, 103},
		{"expired", &webapi.Token{Scopes: webapi.MakeScopes("root:read")}, http.StatusUnauthorized, 104},
		{"API token", &webapi.Token{Kind: webapi.APIToken, NoExpiry: true}, http.StatusForbidden, 101},
		{"right scope", &webapi.Token{Scopes: webapi.MakeScopes("root:read"), NoExpiry: true}, http.StatusOK, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			req := httptest.NewRequest(http.MethodGet, "/api/", nil)
			if tt.token != nil {
				req = req.WithContext(webapi.WithToken(req.Context(), *tt.token))
			}
			check(t, handler, req, tt.status, tt.code)
		})
	}
}
