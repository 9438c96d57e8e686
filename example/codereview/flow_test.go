package main

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/demo"
)

// TestFlow walks through everything that a client lives through, without a
// browser, for each way to verify tokens.
func TestFlow(t *testing.T) {
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			visit, _ := newPlainVisitor(t)
			newWorld(t, way, "").walk(t, visit)
		})
	}
}

// app is a client on somebody's machine (RFC 8252).
type app struct {
	*oauth2.Config
	issuer  string
	answers chan url.Values // to its redirect URI
	http    *http.Client
}

func newApp(t *testing.T, w *world) *app {
	t.Helper()
	a := &app{issuer: w.url, answers: make(chan url.Values, 1), http: &http.Client{Timeout: 20 * time.Second, Transport: new(http.Transport)}}
	listener := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/callback" {
			a.answers <- r.URL.Query()
		}
		_, _ = rw.Write([]byte("You can close this window."))
	}))
	t.Cleanup(listener.Close)
	t.Cleanup(a.http.CloseIdleConnections)
	a.Config = &oauth2.Config{
		ClientID: demo.ClientID, RedirectURL: listener.URL + "/callback",
		Endpoint: oauth2.Endpoint{
			AuthURL: w.url + "/oauth/authorize", TokenURL: w.url + "/oauth/token", AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	return a
}

func (a *app) context(t *testing.T) context.Context {
	return context.WithValue(t.Context(), oauth2.HTTPClient, a.http)
}

// ask has a visitor answer a request for scopes, and returns the answer that
// came to the redirect URI.
func (a *app) ask(t *testing.T, visit visitor, username, decision string, scopes ...string) (answer url.Values, verifier, page string) {
	t.Helper()
	verifier = oauth2.GenerateVerifier()
	cfg := *a.Config
	cfg.Scopes = scopes
	page = visit(t, cfg.AuthCodeURL("the state", oauth2.S256ChallengeOption(verifier)), username, decision)
	select {
	case answer = <-a.answers:
	case <-time.After(20 * time.Second):
		t.Fatal("no answer came to the redirect URI")
	}
	if answer.Get("state") != "the state" || answer.Get("iss") != a.issuer {
		t.Errorf("got state %q and iss %q", answer.Get("state"), answer.Get("iss"))
	}
	return answer, verifier, page
}

// authorize is ask for a visitor who allows, and the exchange of the code.
func (a *app) authorize(t *testing.T, visit visitor, username string, scopes ...string) *oauth2.Token {
	t.Helper()
	answer, verifier, _ := a.ask(t, visit, username, "allow", scopes...)
	token, err := a.Exchange(a.context(t), answer.Get("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func (w *world) walk(t *testing.T, visit visitor) {
	a := newApp(t, w)
	const request = "/api/repositories/compiler/review-requests/1"

	// Without a token, the challenge says where to learn how to get one.
	w.want(t, a.http, "GET", request, "", "", 401, `resource_metadata="`+w.url+`/.well-known/oauth-protected-resource/api"`)
	metadata := w.want(t, a.http, "GET", "/.well-known/oauth-protected-resource/api", "", "", 200, "").object(t)
	if servers, _ := metadata["authorization_servers"].([]any); len(servers) != 1 || servers[0] != w.url {
		t.Errorf("got authorization_servers %v", metadata["authorization_servers"])
	}

	// Who says no is believed.
	answer, _, page := a.ask(t, visit, "alice", "deny", "repository:read")
	if answer.Get("error") != "access_denied" || answer.Get("code") != "" {
		t.Errorf("denied: got %v", answer)
	}
	if !strings.Contains(page, "See the repositories") || strings.Contains(page, "Remove repositories") {
		t.Errorf("the consent page does not say what is asked for:\n%s", page)
	}

	first := []string{"repository:read", "review_request:read", "review_request:write", "review:read"}
	token := a.authorize(t, visit, "alice", first...)
	if granted := strings.Fields(token.Extra("scope").(string)); !slices.Equal(granted, slices.Sorted(slices.Values(first))) {
		t.Errorf("granted %v, want %v", granted, first)
	}
	w.everyRoute(t, a.http, token.AccessToken)

	// The step up: the challenge names what is missing, the client asks for
	// that as well, and the same request works.
	refused := w.want(t, a.http, "POST", request+"/reviews", token.AccessToken, `{"body": "Ship it", "ship_it": true}`,
		403, `error="insufficient_scope", scope="review:write review_request:read"`)
	named := regexp.MustCompile(`scope="([^"]*)"`).FindStringSubmatch(refused.challenge)
	token = a.authorize(t, visit, "alice", append(first, strings.Fields(named[1])...)...)
	w.want(t, a.http, "POST", request+"/reviews", token.AccessToken, `{"body": "Ship it", "ship_it": true}`, 201, "")

	// A refresh: the new token works, the one before does not.
	refreshed, err := a.TokenSource(a.context(t), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	if err != nil {
		t.Fatal(err)
	}
	w.want(t, a.http, "GET", request, refreshed.AccessToken, "", 200, "")
	w.want(t, a.http, "GET", request, token.AccessToken, "", 401, `error="invalid_token"`)

	// A revocation: neither token works.
	w.post(t, a.http, "/oauth/revoke", url.Values{"client_id": {a.ClientID}, "token": {refreshed.RefreshToken}}, 200)
	w.want(t, a.http, "GET", request, refreshed.AccessToken, "", 401, `error="invalid_token"`)
	if _, err := a.TokenSource(a.context(t), &oauth2.Token{RefreshToken: refreshed.RefreshToken}).Token(); err == nil {
		t.Error("a revoked refresh token was exchanged")
	}
}

// everyRoute calls every route with the scopes of walk.
func (w *world) everyRoute(t *testing.T, client *http.Client, token string) {
	t.Helper()
	const request = "/api/repositories/compiler/review-requests"
	needs := func(scope string) string { return `error="insufficient_scope", scope="` + scope + `"` }
	for _, tt := range []struct {
		method, path, body string
		status             int
		challenge          string
	}{
		{"GET", "/api/info", "", 200, ""},
		{"GET", "/api/nowhere", "", 404, ""},
		{"GET", "/api/repositories", "", 200, ""},
		{"GET", "/api/repositories/compiler", "", 200, ""},
		{"GET", "/api/repositories/nowhere", "", 404, ""},
		{"POST", "/api/repositories", `{"name":"linker"}`, 403, needs("repository:write")},
		{"PUT", "/api/repositories/compiler", `{}`, 403, needs("repository:write")},
		{"DELETE", "/api/repositories/compiler", "", 403, needs("repository:destroy")},
		{"PATCH", "/api/repositories/compiler", "", 405, ""},
		{"GET", request, "", 200, ""},
		{"POST", request, `{"summary":"Inline first"}`, 201, ""},
		{"POST", request, `{"summary":""}`, 400, ""},
		{"GET", request + "/2", "", 200, ""},
		{"PATCH", request + "/2", `{"status":"submitted"}`, 200, ""},
		{"PATCH", request + "/2", `{"status":"lost"}`, 400, ""},
		{"GET", request + "/02", "", 404, ""},
		{"DELETE", request + "/2", "", 403, needs("review_request:destroy")},
		{"GET", request + "/1/reviews", "", 200, ""},
		{"GET", request + "/1/reviews/1", "", 200, ""},
		{"GET", request + "/9/reviews", "", 404, ""},
		{"DELETE", request + "/1/reviews/1", "", 403, needs("review:destroy")},
		{"GET", "/api/users", "", 403, needs("user:read")},
		{"GET", "/api/users/bob", "", 403, needs("user:read")},
		{"GET", "/api/audit", "", 403, ""},
	} {
		w.want(t, client, tt.method, tt.path, token, tt.body, tt.status, tt.challenge)
	}
}

// post sends a form and compares the status.
func (w *world) post(t *testing.T, client *http.Client, path string, form url.Values, status int) reply {
	t.Helper()
	res, err := client.PostForm(w.url+path, form)
	if err != nil {
		t.Fatal(err)
	}
	got := reply{status: res.StatusCode, header: res.Header, body: body(t, res)}
	if got.status != status {
		t.Errorf("POST %s: got %d, want %d: %s", path, got.status, status, got.body)
	}
	return got
}

// TestDemo begins where the server tells people to.
func TestDemo(t *testing.T) {
	w := newWorld(t, "local", "")
	_, client := newPlainVisitor(t)
	if page, _ := open(t, client, w.url+"/"); !strings.Contains(page, `href="/demo/start"`) {
		t.Fatalf("no link to begin with:\n%s", page)
	}
	page, at := open(t, client, w.url+"/demo/start")
	page, at = submit(t, client, at, page, url.Values{"username": {"alice"}, "password": {"a guess"}})
	if !strings.Contains(page, `role="alert"`) {
		t.Errorf("a wrong password: got %s\n%s", at, page)
	}
	page, at = submit(t, client, at, page, url.Values{"username": {"alice"}, "password": {demoPassword}})
	page, at = submit(t, client, at, page, url.Values{"decision": {"allow"}})
	if at.Path != "/demo/callback" || !strings.Contains(page, "Fold constants") {
		t.Errorf("got %s\n%s", at, page)
	}
	if page, _ = open(t, client, at.String()); !strings.Contains(page, `role="alert"`) {
		t.Errorf("an answer was taken twice:\n%s", page)
	}
}
