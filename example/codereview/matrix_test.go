package main

import (
	"context"
	"net/http"
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
			"GET /api/repositories/compiler/review-requests/1":    {"review_request:read"},
			"PATCH /api/repositories/compiler/review-requests/1":  {"review_request:write"},
			"DELETE /api/repositories/compiler/review-requests/1": {"review_request:destroy"},
		},
	},
	"review": {
		Routes: webapitest.Routes{
			"GET /api/repositories/compiler/review-requests/1/reviews":       {"review:read"},
			"POST /api/repositories/compiler/review-requests/1/reviews":      {"review:write review_request:read"},
			"GET /api/repositories/compiler/review-requests/1/reviews/9":     {"review:read"},
			"DELETE /api/repositories/compiler/review-requests/1/reviews/9":  {"review:destroy"},
			"GET /api/repositories/compiler/review-requests/07/reviews/1":    {"review:read"},
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

// TestOwnReviews lets nobody take back somebody else's review, whatever the
// scopes.
func TestOwnReviews(t *testing.T) {
	w := newWorld(t, "local", "")
	const review = "/api/repositories/compiler/review-requests/1/reviews/1" // bob's
	for _, tt := range []struct {
		subject string
		status  int
	}{{"alice", 403}, {"bob", 204}, {"bob", 404}} {
		secret, err := w.auth.Issue(t.Context(), grantOf(webapi.Token{Subject: tt.subject,
			Scopes: webapi.MakeScopes(api.ReviewScopeDestroy, "admin")}), time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		w.want(t, http.DefaultClient, "DELETE", review, secret, "", tt.status, "")
	}
}
