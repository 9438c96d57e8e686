package authserver

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// asked is an authorization request before the user who is to answer it.
type asked struct {
	id     string
	user   store.User
	client *store.Client
	store.Authorization
	scopes webapi.Scopes // those of Authorization that user can give away
}

// find returns the request that the browser speaks of. Where it cannot, it has
// answered: nobody is logged in, or the request is answered or too old.
func (s *Server) find(w http.ResponseWriter, r *http.Request) *asked {
	id := r.FormValue("request")
	user, err := s.user(r)
	if errors.Is(err, store.ErrNotFound) {
		http.Redirect(w, r, onward("/login", id), http.StatusSeeOther)
		return nil
	}
	a := &asked{id: id, user: user}
	if err == nil {
		a.Authorization, err = s.Store.Authorization(r.Context(), id)
	}
	if err == nil {
		a.client, err = s.Store.Client(r.Context(), a.ClientID)
	}
	if errors.Is(err, store.ErrNotFound) {
		s.gone(w, r)
		return nil
	}
	if err == nil {
		a.scopes, err = webapi.ParseScopes(a.Scopes)
	}
	if err != nil {
		s.failed(w, r, err)
		return nil
	}
	a.scopes = mayGrant(user, a.scopes)
	return a
}

// consent is what the page shows besides.
type consent struct {
	Client, Name, Host string
	Scopes             []consentScope
}

// consentScope is a scope that the client asks for, and what is granted with it.
type consentScope struct {
	webapi.CatalogEntry
	With []webapi.CatalogEntry
}

// Removes reports whether a scope lets things be removed, which the page points
// out.
func (consent) Removes(e consentScope) bool { return slices.Contains(e.Methods, "DELETE") }

// showConsent shows what a request asks for.
//
//webapi:public reason="people consent with the login session of this server, not with a token"
func (s *Server) showConsent(w http.ResponseWriter, r *http.Request) {
	a := s.find(w, r)
	if a == nil {
		return
	}
	c := consent{Client: a.client.Name, Name: a.user.Name, Host: host(a.RedirectURI)}
	catalog := s.Scopes.Catalog()
	for scope := range a.scopes.All() {
		entry, _ := catalog.Lookup(scope)
		entry.Scope = scope // of an extension that has gone meanwhile, nothing more is known
		asked := consentScope{CatalogEntry: entry}
		for _, implied := range entry.Implies {
			if with, known := catalog.Lookup(implied); known && !a.scopes.Has(implied) {
				asked.With = append(asked.With, with)
			}
		}
		c.Scopes = append(c.Scopes, asked)
	}
	s.show(w, r, http.StatusOK, "consent.html",
		page{Title: "Allow " + a.client.Name + "?", User: a.user.Username, Request: a.id, Data: c}, a.RedirectURI)
}

// host returns where a redirect URI leads, for people.
func host(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Host == "" {
		return strings.TrimSuffix(uri, "/")
	}
	return u.Host
}

// decide answers the request. Whatever is not the Allow button denies.
//
//webapi:public reason="people consent with the login session of this server, not with a token"
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	if !s.ownForm(r) {
		s.expired(w, r)
		return
	}
	a := s.find(w, r)
	if a == nil {
		return
	}
	if r.PostFormValue("decision") != "allow" || a.scopes.Len() == 0 {
		s.answer(w, r, s.Store.Deny(r.Context(), a.id), s.errorURL(a.RedirectURI,
			&oidc.Error{ErrorType: oidc.AccessDenied, Description: "the user denied access", State: a.State}))
		return
	}
	code := store.NewSecret("crc_")
	err := s.Store.Allow(r.Context(), a.id, a.user.Username, a.scopes.String(), code, codeLifetime)
	s.answer(w, r, err, s.answerURL(a.RedirectURI, a.State, url.Values{"code": {code}}))
}

// answer sends the browser back to the client, unless the answer could not be
// kept.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, err error, to string) {
	if errors.Is(err, store.ErrNotFound) {
		s.gone(w, r)
		return
	}
	if err != nil {
		s.failed(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer") // RFC 9700, section 4.2.4
	http.Redirect(w, r, to, http.StatusSeeOther)     // section 4.12: not 307, which sends the form along
}
