package main

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"

	"github.com/webapi-gen/webapi-gen/example/codereview/api"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/demo"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
	"github.com/webapi-gen/webapi-gen/example/codereview/internal/verify"
)

// tables say once more who may do what, by resource.
var tables = map[string]webapitest.Table{
	"repository": {
		APITokens: true,
		Anonymous: []string{"GET"},
		Routes: webapitest.Routes{
			"GET /api/repositories":          {"repository:read"},
			"POST /api/repositories":         {"repository:write"},
			"GET /api/repositories/spare":    {"repository:read"},
			"PUT /api/repositories/spare":    {"repository:write"},
			"DELETE /api/repositories/spare": {"repository:destroy", "admin"},
		},
	},
	"review_request": {
		Routes: webapitest.Routes{
			"GET /api/repositories/compiler/review-requests":      {"review_request:read"},
			"POST /api/repositories/compiler/review-requests":     {"review_request:write"},
			"GET /api/repositories/compiler/review-requests/9":    {"review_request:read"},
			"PATCH /api/repositories/compiler/review-requests/9":  {"review_request:write"},
			"DELETE /api/repositories/compiler/review-requests/9": {"review_request:destroy"},
		},
	},
	"review": {
		Routes: webapitest.Routes{
			"GET /api/repositories/compiler/review-requests/1/reviews":       {"review:read", "review:write"},
			"POST /api/repositories/compiler/review-requests/1/reviews":      {"review:write review_request:read"},
			"GET /api/repositories/compiler/review-requests/1/reviews/9":     {"review:read", "review:write"},
			"DELETE /api/repositories/compiler/review-requests/1/reviews/9":  {"review:destroy"},
			"GET /api/repositories/compiler/review-requests/07/reviews/1":    {"review:read", "review:write"},
			"DELETE /api/repositories/compiler/review-requests/07/reviews/1": {"review:destroy"},
		},
	},
	"user": {
		Routes: webapitest.Routes{
			"GET /api/users":       {"user:read"},
			"GET /api/users/alice": {"user:read"},
		},
	},
	"audit": {
		NoOAuth2:  true,
		APITokens: true,
		Routes:    webapitest.Routes{"GET /api/audit": nil},
	},
}

// TestMatrix sends every kind of token to every route. The tokens are real ones,
// and go through the verifier.
func TestMatrix(t *testing.T) {
	for _, info := range api.WebAPIResources() {
		if _, ok := tables[info.Name]; !ok && info.Type != "" {
			t.Errorf("there is no table for the resource %s", info.Name)
		}
	}
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			newWorld(t, way, "").matrix(t)
		})
	}
}

func (w *world) matrix(t *testing.T) {
	for name, table := range tables {
		t.Run(name, func(t *testing.T) { webapitest.Run(t, w.realTokens(t), table) })
	}
}

// realTokens returns the server behind a handler that takes the token which
// webapitest put into a request's context, and sends the request on with what a
// client with such a token would send.
func (w *world) realTokens(t *testing.T) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		token, ok := webapi.TokenFrom(r.Context())
		r = r.Clone(context.Background())
		var err error
		switch {
		case !ok:
		case token.Session:
			err = w.carryInSession(r, token)
		case token.Kind == webapi.APIToken:
			err = w.carryAPIToken(r, token)
		default:
			err = w.carryBearer(r, token)
		}
		if err != nil {
			t.Error(err)
		}
		w.ServeHTTP(rw, r)
	})
}

func grantOf(token webapi.Token) store.Grant {
	return store.Grant{ID: store.NewSecret(""), ClientID: demo.ClientID, Subject: token.Subject, Scopes: token.Scopes.String()}
}

func lifetime(token webapi.Token) time.Duration {
	if token.NoExpiry {
		return time.Minute
	}
	return time.Until(token.Expires)
}

func (w *world) carryBearer(r *http.Request, token webapi.Token) error {
	secret, err := w.auth.Issue(r.Context(), grantOf(token), lifetime(token))
	r.Header.Set("Authorization", "Bearer "+secret)
	return err
}

func (w *world) carryAPIToken(r *http.Request, token webapi.Token) error {
	policy := `{"resources": {"*": {"block": ["*"]}}}`
	if token.Policy.Allows("repository", "GET", "") {
		policy = `{}`
	}
	secret := store.NewSecret(verify.APITokenPrefix)
	r.Header.Set("Authorization", "Bearer "+secret)
	return w.store.SaveAPIToken(r.Context(), secret, store.APIToken{Username: "root", Policy: policy})
}

func (w *world) carryInSession(r *http.Request, token webapi.Token) error {
	secret, err := w.auth.Issue(r.Context(), grantOf(token), lifetime(token))
	if err != nil {
		return err
	}
	sessions := w.auth.Sessions
	ctx, err := sessions.Load(r.Context(), "")
	if err != nil {
		return err
	}
	sessions.Put(ctx, "token", store.Key(secret))
	cookie, _, err := sessions.Commit(ctx)
	r.AddCookie(&http.Cookie{Name: sessions.Cookie.Name, Value: cookie})
	return err
}

// TestListByPolicy shows a script what its policy lets it see, and no more.
func TestListByPolicy(t *testing.T) {
	w := newWorld(t, "local", "")
	if err := w.store.AddRepository(t.Context(), store.Repository{Name: "secret"}); err != nil {
		t.Fatal(err)
	}
	secret := store.NewSecret(verify.APITokenPrefix)
	err := w.store.SaveAPIToken(t.Context(), secret, store.APIToken{Username: "root",
		Policy: `{"resources": {"repository": {"*": {"allow": ["GET"], "block": ["*"]}, "secret": {"block": ["*"]}}}}`})
	if err != nil {
		t.Fatal(err)
	}
	list := w.want(t, http.DefaultClient, "GET", "/api/repositories", secret, "", 200, "").object(t)
	var names []string
	for _, repo := range list["repositories"].([]any) {
		names = append(names, repo.(map[string]any)["name"].(string))
	}
	if !slices.Equal(names, []string{"compiler"}) {
		t.Errorf("got %v, want the repository that the policy allows", names)
	}
	w.want(t, http.DefaultClient, "GET", "/api/repositories/secret", secret, "", 403, "")
	w.want(t, http.DefaultClient, "DELETE", "/api/repositories/compiler", secret, "", 403, "")
}

// TestOwners lets nobody change or remove what is somebody else's, whatever the
// client may do on behalf of its user.
func TestOwners(t *testing.T) {
	w := newWorld(t, "local", "")
	token := func(subject string, more ...webapi.Scope) string {
		t.Helper()
		scopes := append(more, api.RepositoryScopeWrite, api.RepositoryScopeDestroy,
			api.ReviewRequestScopeWrite, api.ReviewRequestScopeDestroy, api.ReviewScopeDestroy)
		secret, err := w.auth.Issue(t.Context(), grantOf(webapi.Token{Subject: subject, Scopes: webapi.MakeScopes(scopes...)}), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return secret
	}
	script := store.NewSecret(verify.APITokenPrefix)
	if err := w.store.SaveAPIToken(t.Context(), script, store.APIToken{Username: "bob", Policy: `{}`}); err != nil {
		t.Fatal(err)
	}
	bot := store.Client{ID: "alice", Name: "A client with the name of a user", GrantTypes: []string{"client_credentials"},
		Scopes: []string{"review_request:write", "review_request:destroy"}}
	secret := store.NewSecret("")
	if err := w.store.SaveClient(t.Context(), bot, secret); err != nil {
		t.Fatal(err)
	}
	namesake := w.post(t, http.DefaultClient, "/oauth/token", url.Values{"grant_type": {"client_credentials"},
		"client_id": {"alice"}, "client_secret": {secret}}, 200).object(t)["access_token"].(string)

	const (
		repository = "/api/repositories/compiler"      // alice's
		request    = repository + "/review-requests/1" // alice's
		review     = request + "/reviews/1"            // bob's
		nowhere    = "/api/repositories/nowhere"
		another    = repository + "/review-requests/2" // bob's
	)
	admin, alice, bob := token("root", "admin"), token("alice"), token("bob")
	for _, tt := range []struct {
		name, token, method, path, body string
		status                          int
	}{
		{"bob", bob, "PUT", repository, `{"description": "Mine"}`, 403},
		{"bob", bob, "DELETE", repository, "", 403},
		{"bob", bob, "DELETE", nowhere, "", 404},
		{"a script of bob's", script, "PUT", repository, `{"description": "Mine"}`, 403},
		{"a script of bob's", script, "DELETE", repository, "", 403},
		{"bob", bob, "PATCH", request, `{"status": "discarded"}`, 403},
		{"bob", bob, "DELETE", request, "", 403},
		{"the client alice", namesake, "PATCH", request, `{"status": "discarded"}`, 403},
		{"the client alice", namesake, "DELETE", request, "", 403},
		{"alice", alice, "DELETE", review, "", 403},
		{"root's client without admin", token("root"), "DELETE", review, "", 403},
		{"bob", bob, "POST", "/api/repositories", `{"name": "bobs", "owner": "alice"}`, 400},
		{"alice", alice, "PATCH", request, `{"status": "submitted"}`, 200},
		{"alice", alice, "PATCH", request, `{"author": "bob"}`, 400},
		{"bob", bob, "DELETE", review, "", 204},
		{"bob", bob, "DELETE", review, "", 404},
		{"alice", alice, "DELETE", request, "", 204},
		{"bob", bob, "POST", repository + "/review-requests", `{"summary": "Loops"}`, 201},
		{"root as an administrator", admin, "DELETE", another, "", 204},
		{"alice", alice, "PUT", repository, `{"description": "Still mine"}`, 200},
		{"alice", alice, "DELETE", repository, "", 204},
	} {
		got := w.want(t, http.DefaultClient, tt.method, tt.path, tt.token, tt.body, tt.status, "")
		if t.Failed() {
			t.Fatalf("%s: %s %s: %s", tt.name, tt.method, tt.path, got.body)
		}
	}
}

// TestAudit shows the log to administrators only.
func TestAudit(t *testing.T) {
	w := newWorld(t, "local", "")
	script := store.NewSecret(verify.APITokenPrefix)
	if err := w.store.SaveAPIToken(t.Context(), script, store.APIToken{Username: "alice", Policy: `{}`}); err != nil {
		t.Fatal(err)
	}
	w.want(t, http.DefaultClient, "GET", "/api/audit", script, "", 403, "")
	w.want(t, http.DefaultClient, "GET", "/api/audit", w.seeded.apiToken, "", 200, "")
}
