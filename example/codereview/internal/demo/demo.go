// Package demo is an OAuth2 client in a page: it asks for consent, exchanges the
// code, and calls the API with what it got. It shares nothing with the
// authorization server but what any client is told, and the login session.
package demo

import (
	"context"
	"crypto/subtle"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/alexedwards/scs/v2"
	"golang.org/x/oauth2"
)

// ClientID is that of the demo.
const ClientID = "dashboard"

// RedirectURL is where the authorization server at issuer sends the browser.
func RedirectURL(issuer string) string { return issuer + "/demo/callback" }

//go:embed *.html
var files embed.FS

var pages = template.Must(template.ParseFS(files, "*.html"))

type demo struct {
	oauth2   *oauth2.Config
	sessions *scs.SessionManager
	site     Site
	issuer   string
	client   *http.Client
}

// Site is the site whose start page the demo is.
type Site interface {
	CSRF(r *http.Request) string                // the token of the logout form
	LimitVisits(next http.Handler) http.Handler // limits what creates sessions
}

// Register adds the pages to mux.
func Register(mux *http.ServeMux, sessions *scs.SessionManager, site Site, issuer string, client *http.Client) {
	d := &demo{sessions: sessions, site: site, issuer: issuer, client: client, oauth2: &oauth2.Config{
		ClientID: ClientID, RedirectURL: RedirectURL(issuer),
		Scopes: []string{"repository:read", "review_request:read", "review:read", "review:write", "review:destroy", "user:read"},
		Endpoint: oauth2.Endpoint{
			AuthURL: issuer + "/oauth/authorize", TokenURL: issuer + "/oauth/token", AuthStyle: oauth2.AuthStyleInParams,
		},
	}}
	mux.Handle("GET /{$}", sessions.LoadAndSave(http.HandlerFunc(d.home)))
	mux.Handle("GET /demo/start", site.LimitVisits(sessions.LoadAndSave(http.HandlerFunc(d.start))))
	mux.Handle("GET /demo/callback", sessions.LoadAndSave(http.HandlerFunc(d.callback)))
}

// result is what the page shows.
type result struct {
	User, CSRF, Problem string
	Scopes              []string
	Requests            []reviewRequest
}

type reviewRequest struct {
	ID                      int64
	Summary, Status, Author string
}

// result returns what every page shows.
func (d *demo) result(r *http.Request) result {
	got := result{User: d.sessions.GetString(r.Context(), "username")}
	if got.User != "" {
		got.CSRF = d.site.CSRF(r)
	}
	return got
}

// home shows the start page.
//
//webapi:public reason="it is the start page"
func (d *demo) home(w http.ResponseWriter, r *http.Request) { d.show(w, d.result(r)) }

// start sends the browser to the authorization server. The session keeps what
// ties the answer to this browser: state, and the verifier of PKCE.
//
//webapi:public reason="a login begins here"
func (d *demo) start(w http.ResponseWriter, r *http.Request) {
	state, verifier := oauth2.GenerateVerifier(), oauth2.GenerateVerifier()
	d.sessions.Put(r.Context(), "demo-state", state)
	d.sessions.Put(r.Context(), "demo-verifier", verifier)
	http.Redirect(w, r, d.oauth2.AuthCodeURL(state, oauth2.S256ChallengeOption(verifier)), http.StatusSeeOther)
}

// callback takes the answer of the authorization server.
//
//webapi:public reason="the state ties the answer to this browser, which is all that is needed"
func (d *demo) callback(w http.ResponseWriter, r *http.Request) {
	got := d.result(r)
	state := d.sessions.PopString(r.Context(), "demo-state")
	verifier := d.sessions.PopString(r.Context(), "demo-verifier")
	switch {
	case state == "" || subtle.ConstantTimeCompare([]byte(state), []byte(r.FormValue("state"))) != 1 || r.FormValue("iss") != d.issuer:
		got.Problem = "This link has expired. Connect again."
	case r.FormValue("error") == "access_denied":
		got.Problem = "You denied access."
	case r.FormValue("error") != "":
		got.Problem = "Access was not granted: " + r.FormValue("error")
	default:
		if err := d.call(r, verifier, &got); err != nil {
			slog.WarnContext(r.Context(), "demo: connecting failed", "error", err)
			got.Problem = "Connecting failed. Connect again."
		}
	}
	d.show(w, got)
}

// call exchanges the code and lists the review requests.
func (d *demo) call(r *http.Request, verifier string, got *result) error {
	ctx := context.WithValue(r.Context(), oauth2.HTTPClient, d.client)
	token, err := d.oauth2.Exchange(ctx, r.FormValue("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		return err
	}
	scopes, _ := token.Extra("scope").(string)
	got.Scopes = strings.Fields(scopes)
	res, err := d.oauth2.Client(ctx, token).Get(d.issuer + "/api/repositories/compiler/review-requests")
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the API answered %s", res.Status)
	}
	var answer struct {
		Requests []reviewRequest `json:"review_requests"`
	}
	err = json.NewDecoder(io.LimitReader(res.Body, 1<<20)).Decode(&answer)
	got.Requests = answer.Requests
	return err
}

func (d *demo) show(w http.ResponseWriter, got result) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "same-origin") // the URL has the code (RFC 9700, section 4.2.4)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	_ = pages.ExecuteTemplate(w, "demo.html", got) // a browser that has gone cannot be told
}
