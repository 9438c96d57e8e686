package webapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// issued is a verifier that knows some tokens and fails with others.
type issued map[string]any // a webapi.Token or an error

func (v issued) Verify(_ context.Context, token string) (webapi.Token, error) {
	switch known := v[token].(type) {
	case webapi.Token:
		return known, nil
	case error:
		return webapi.Token{}, known
	}
	return webapi.Token{}, webapi.ErrLoginFailed
}

func TestBearerGrammar(t *testing.T) {
	var asked []string
	auth := webapi.Bearer(webapi.VerifierFunc(func(_ context.Context, token string) (webapi.Token, error) {
		asked = append(asked, token)
		return holding("note:read"), nil
	}))
	const malformed = 400
	tests := []struct {
		header string
		status int
		token  string
	}{
		{"Bearer abc", 200, "abc"},
		{"bearer abc", 200, "abc"},
		{"BEARER abc", 200, "abc"},
		{"Bearer   abc", 200, "abc"},
		{"Bearer aZ09-._~+/==", 200, "aZ09-._~+/=="},
		{"Bearer", malformed, ""},
		{"Bearer ", malformed, ""},
		{"Bearer =", malformed, ""},
		{"Bearer a=b", malformed, ""},
		{"Bearer a b", malformed, ""},
		{"Bearer a ", malformed, ""},
		{"Bearer a,b", malformed, ""},
		{"Bearer a, Bearer b", malformed, ""},
		{"Bearer,a", malformed, ""},
		{"Bearer\ta", malformed, ""},
		{"Bearer \ta", malformed, ""},
		{`Bearer "a"`, malformed, ""},
		{"Bearer:a", malformed, ""},
		{"Bearer/a", malformed, ""},
		{"Bearer=", malformed, ""},
		{"Bearer é", malformed, ""},
		{"Bearer a\x00", malformed, ""},
		{"Bearera", 401, ""},
		{"Bearer!a", 401, ""},
		{"Basic abc", 401, ""},
		{"abc", 401, ""},
		{" Bearer abc", 401, ""},
		{"=", 401, ""},
	}
	for _, test := range tests {
		asked = nil
		guarded, public := serve(quiet(), test.header, auth)
		if guarded.Code != test.status {
			t.Errorf("%q: got %d, want %d", test.header, guarded.Code, test.status)
		}
		if test.status == malformed && public.Code != malformed {
			t.Errorf("%q: a public route got %d", test.header, public.Code)
		}
		if want := strings.Repeat(test.token+" ", 2); test.token != "" && strings.Join(asked, " ")+" " != want || test.token == "" && asked != nil {
			t.Errorf("%q: the verifier was asked for %q", test.header, asked)
		}
		if test.status == malformed && guarded.Header().Get("WWW-Authenticate") != `Bearer realm="api", error="invalid_request"` {
			t.Errorf("%q: got the challenge %q", test.header, guarded.Header())
		}
	}
}

func TestBearerVerifier(t *testing.T) {
	session := holding("note:read")
	session.Session = true
	auth := webapi.Bearer(issued{
		"good":     holding("note:read"),
		"session":  session,
		"zero":     webapi.Token{},
		"revoked":  &webapi.Error{Code: 104, Status: 200, Message: "Revoked"},
		"wrapped":  fmt.Errorf("iss: %w", webapi.ErrLoginFailed),
		"joined":   errors.Join(webapi.ErrNoCredentials, webapi.ErrLoginFailed),
		"second":   errors.Join(webapi.ErrMissingScope, webapi.ErrLoginFailed),
		"byis":     chain{webapi.ErrLoginFailed},
		"fails":    errors.New("no route to host"),
		"none":     webapi.ErrNoCredentials,
		"logout":   webapi.ErrNotLoggedIn,
		"bad":      webapi.ErrBadRequest,
		"canceled": context.Canceled,
		"nil":      (*webapi.Error)(nil),
	})
	const invalid = `Bearer realm="api", error="invalid_token", scope="note:read"`
	tests := []struct {
		token           string
		guarded, public int
		challenge       string
	}{
		{"good", 200, 200, ""},
		{"session", 200, 200, ""},
		{"zero", 401, 200, invalid},
		{"unknown", 401, 200, invalid},
		{"revoked", 401, 200, invalid},
		{"wrapped", 401, 200, invalid},
		{"joined", 401, 200, invalid},
		{"second", 401, 200, invalid},
		{"byis", 401, 200, invalid},
		{"fails", 503, 503, ""},
		{"none", 503, 503, ""},
		{"logout", 503, 503, ""},
		{"bad", 503, 503, ""},
		{"canceled", 503, 503, ""},
		{"nil", 503, 503, ""},
	}
	for _, test := range tests {
		// The second authenticator would let everything through.
		guarded, public := serve(quiet(), "Bearer "+test.token, auth, grants(holding("note:read")))
		if guarded.Code != test.guarded || public.Code != test.public {
			t.Errorf("%s: got %d and %d, want %d and %d", test.token, guarded.Code, public.Code, test.guarded, test.public)
		}
		if got := guarded.Header().Get("WWW-Authenticate"); got != test.challenge {
			t.Errorf("%s: got the challenge %q, want %q", test.token, got, test.challenge)
		}
	}

	for token, want := range map[string]string{"revoked": "Revoked", "second": webapi.ErrLoginFailed.Message, "byis": webapi.ErrLoginFailed.Message} {
		if guarded, _ := serve(quiet(), "Bearer "+token, auth); !strings.Contains(guarded.Body.String(), want) {
			t.Errorf("%s: got %s, want %s", token, guarded.Body, want)
		}
	}

	ctx, err := quiet().Authenticate(auth)(t.Context(), []string{"Bearer session"})
	if token, ok := webapi.TokenFrom(ctx); err != nil || !ok || token.Session {
		t.Errorf("got %+v, %v, want a token without a session", token, err)
	}
	if guarded, _ := serve(quiet(), "Bearer x", webapi.Bearer(nil)); guarded.Code != 503 {
		t.Errorf("no verifier: got %d, want 503", guarded.Code)
	}
}

// TestBearerKeepsTheSecret checks that neither the client nor the log learns a
// token from the error of a verifier.
func TestBearerKeepsTheSecret(t *testing.T) {
	const secret = "s3cret+token/=="
	var log bytes.Buffer
	cfg := quiet()
	cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
	fails := webapi.VerifierFunc(func(_ context.Context, token string) (webapi.Token, error) {
		return webapi.Token{}, fmt.Errorf(`post "https://as.example/introspect?token=s3cret%%2Btoken%%2F%%3D%%3D": %s is no good`, token)
	})
	guarded, _ := serve(cfg, "Bearer "+secret, webapi.Bearer(fails))
	if guarded.Code != 503 || strings.Contains(guarded.Body.String(), "introspect") {
		t.Errorf("got %d %s", guarded.Code, guarded.Body)
	}
	if !strings.Contains(log.String(), `introspect?token=[token]`) || !strings.Contains(log.String(), "[token] is no good") {
		t.Errorf("the log does not have the error: %s", &log)
	}
	if strings.Contains(log.String(), "s3cret") {
		t.Errorf("the log has the token: %s", &log)
	}
}

// TestBearerInHeaderOnly checks that a token elsewhere is not looked at.
func TestBearerInHeaderOnly(t *testing.T) {
	handler := quiet().Middleware(webapi.Bearer(issued{"good": holding("note:write")}))(webapi.Handle(notes(), webapi.Views{"POST": ok}))
	send := func(header http.Header) int {
		r := httptest.NewRequest("POST", "/?access_token=good", strings.NewReader("access_token=good"))
		r.Header = header
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.AddCookie(&http.Cookie{Name: "access_token", Value: "good"})
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}
	if got := send(http.Header{}); got != 401 {
		t.Errorf("got %d, want 401", got)
	}
	if got := send(http.Header{"Proxy-Authorization": {"Bearer good"}, "X-Authorization": {"Bearer good"}}); got != 401 {
		t.Errorf("another header: got %d, want 401", got)
	}
	if got := send(http.Header{"Authorization": {"Bearer good"}}); got != 200 {
		t.Errorf("the header: got %d, want 200", got)
	}
}

// TestForgottenExpiry checks that the log says why a token without an expiry is denied.
func TestForgottenExpiry(t *testing.T) {
	for name, token := range map[string]webapi.Token{
		"forgotten": {Scopes: webapi.MakeScopes("note:read")},
		"over":      {Scopes: webapi.MakeScopes("note:read"), Expires: now.Add(-time.Second)},
		"none":      {Scopes: webapi.MakeScopes("note:read"), NoExpiry: true},
	} {
		var log bytes.Buffer
		cfg := quiet()
		cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
		guarded, public := serve(cfg, "Bearer secret", webapi.Bearer(issued{"secret": token}))
		if want := name == "none"; (guarded.Code == 200) != want || public.Code != 200 {
			t.Errorf("%s: got %d and %d", name, guarded.Code, public.Code)
		}
		want := 0
		if name == "forgotten" {
			want = 2
		}
		if got := log.String(); strings.Count(got, "a token without Expires is denied") != want || strings.Contains(got, "secret") {
			t.Errorf("%s: the log has %q, want %d warnings", name, got, want)
		}
	}
}

func TestTwoAuthorizationHeaders(t *testing.T) {
	good := webapi.Bearer(issued{"good": holding("note:read")})
	for _, authenticators := range [][]webapi.Authenticator{nil, {good}, {grants(holding("note:read"))}} {
		handler := quiet().Middleware(authenticators...)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { ok(w, r) }))
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Authorization"] = []string{"Bearer good", "Bearer good"}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != 400 || w.Header().Get("WWW-Authenticate") != `Bearer realm="api", error="invalid_request"` {
			t.Errorf("got %d, %q", w.Code, w.Header())
		}
		if _, err := good.Authenticate(r); !errors.Is(err, webapi.ErrBadRequest) {
			t.Errorf("Bearer alone: got %v", err)
		}
	}
}
