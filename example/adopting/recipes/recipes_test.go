package recipes_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
	"github.com/webapi-gen/webapi-gen/example/adopting/recipes"
)

const audience = "https://api.example"

var note = new(notes.NoteResource)

func TestJWT(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	var issuer string
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": issuer, "jwks_uri": issuer + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}})
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	issuer = server.URL
	verifier, err := recipes.JWT(t.Context(), issuer, audience)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(typ string, change map[string]any) string {
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "k"}},
			(&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
		if err != nil {
			t.Fatal(err)
		}
		claims := map[string]any{"iss": issuer, "aud": audience, "sub": "alice", "client_id": "app", "scope": "note:read",
			"exp": time.Now().Add(time.Minute).Unix()}
		for name, value := range change {
			claims[name] = value
		}
		token, err := jwt.Signed(signer).Claims(claims).Serialize()
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	token, err := verifier.Verify(t.Context(), sign("at+jwt", nil))
	if err != nil || token.Subject != "alice" || token.ClientID != "app" || token.Scopes.String() != "note:read" || token.Expires.IsZero() {
		t.Errorf("got %+v, %v", token, err)
	}
	for name, text := range map[string]string{
		"no JWT":           "x",
		"an ID token":      sign("JWT", nil),
		"another issuer":   sign("at+jwt", map[string]any{"iss": "https://evil.example"}),
		"another audience": sign("at+jwt", map[string]any{"aud": "https://other.example"}),
		"expired":          sign("at+jwt", map[string]any{"exp": 1}),
		"no scope":         sign("at+jwt", map[string]any{"scope": 1}),
		"another key":      sign("at+jwt", nil) + "A",
	} {
		if _, err := verifier.Verify(t.Context(), text); !errors.Is(err, webapi.ErrLoginFailed) {
			t.Errorf("%s: got %v, want a rejection", name, err)
		}
	}
}

func TestIntrospection(t *testing.T) {
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "notes%3Aapi" || password != "s+%26" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		answer := map[string]any{"active": true, "scope": "note:read", "exp": time.Now().Add(time.Minute).Unix(), "aud": audience, "sub": "alice"}
		switch r.FormValue("token") {
		case "list":
			answer["aud"] = []string{"x", audience}
		case "revoked":
			answer = map[string]any{"active": false}
		case "other":
			answer["aud"] = "https://other.example"
		case "down":
			w.WriteHeader(http.StatusBadGateway)
		case "eternal":
			delete(answer, "exp")
		}
		_ = json.NewEncoder(w).Encode(answer)
	}))
	t.Cleanup(endpoint.Close)
	verifier := webapi.ForAudience(&recipes.Introspection{URL: endpoint.URL, ClientID: "notes:api", Secret: "s &", Client: endpoint.Client()}, audience)
	for text, want := range map[string]int{"good": 200, "list": 200, "revoked": 401, "other": 401, "eternal": 401, "down": 503} {
		if w := ask(guarded(new(webapi.Config).Middleware(webapi.Bearer(verifier))), "Bearer "+text); w.Code != want {
			t.Errorf("%s: got %d %s, want %d", text, w.Code, w.Body, want)
		}
	}
}

func TestWriteError(t *testing.T) {
	cfg := &webapi.Config{WriteError: recipes.WriteError}
	for _, tt := range []struct {
		err    error
		status int
		body   string
	}{
		{webapi.ErrMissingScope, 403, `{"error":"The access token lacks a scope that this request needs"}`},
		{store.ErrNotFound, 404, `{"error":"no such note"}`},
		{errors.New("secret"), 500, `{"error":"the server failed"}`},
	} {
		view := func(http.ResponseWriter, *http.Request) error { return tt.err }
		w := ask(cfg.Middleware()(recipes.OwnLogin(accounts{})(webapi.Handle(note, webapi.Views{"GET": view}))), "token reader")
		if w.Code != tt.status || w.Body.String() != tt.body+"\n" {
			t.Errorf("%v: got %d %s, want %d %s", tt.err, w.Code, w.Body, tt.status, tt.body)
		}
	}
}

func TestOwnLogin(t *testing.T) {
	own := recipes.OwnLogin(accounts{})
	config := new(webapi.Config).Middleware()
	for order, login := range map[string]func(http.Handler) http.Handler{
		"before": func(next http.Handler) http.Handler { return own(config(next)) },
		"after":  func(next http.Handler) http.Handler { return config(own(next)) },
	} {
		for authorization, want := range map[string]int{
			"Basic YWRtaW46c2VjcmV0": 200, "Basic YWRtaW46d3Jvbmc=": 401,
			"token reader": 200, "token other": 403, "token wrong": 401,
			"Bearer reader": 200, "Bearer wrong": 401, "": 401,
		} {
			w := ask(guarded(login), authorization)
			if w.Code != want || w.Code == 200 && w.Body.String() != authorization {
				t.Errorf("%s the middleware, %q: got %d %s, want %d", order, authorization, w.Code, w.Body, want)
			}
		}
	}
}

// TestRouteWithoutGuard asks a route that is not guarded yet, behind Config.Middleware.
func TestRouteWithoutGuard(t *testing.T) {
	verifier := webapi.VerifierFunc(func(_ context.Context, token string) (webapi.Token, error) {
		if token == "down" {
			return webapi.Token{}, errors.New("no answer")
		}
		return webapi.Token{}, webapi.ErrLoginFailed
	})
	open := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	handler := new(webapi.Config).Middleware(webapi.Bearer(verifier))(open)
	for authorization, want := range map[string]int{
		"": 200, "Basic YTpi": 200, "Bearer unknown": 200, "Bearer a b": 400, "Bearer down": 503,
	} {
		if w := ask(handler, authorization); w.Code != want {
			t.Errorf("%q: got %d %s, want %d", authorization, w.Code, w.Body, want)
		}
	}
}

// guarded returns a handler behind a guard and middleware, which writes the
// Authorization header that it sees.
func guarded(middleware func(http.Handler) http.Handler) http.Handler {
	return middleware(webapi.Guard(note)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(r.Header.Get("Authorization")))
	})))
}

func ask(handler http.Handler, authorization string) *httptest.ResponseRecorder {
	r, w := httptest.NewRequest("GET", "/notes/1", nil), httptest.NewRecorder()
	if authorization != "" {
		r.Header.Set("Authorization", authorization)
	}
	handler.ServeHTTP(w, r)
	return w
}

type accounts struct{}

func (accounts) Password(user, password string) bool { return user == "admin" && password == "secret" }

func (accounts) Token(credentials string) (webapi.Token, error) {
	scope, known := map[string]webapi.Scope{"reader": "note:read", "other": "tag:read"}[credentials]
	if !known {
		return webapi.Token{}, errors.New("unknown")
	}
	return webapi.Token{Scopes: webapi.MakeScopes(scope), NoExpiry: true}, nil
}
