package authserver

import (
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// WebClient is the client of the site's own pages, whose tokens login sessions
// carry.
const WebClient = "web"

// SessionLifetime is how long a login lasts.
const SessionLifetime = 12 * time.Hour

// showLogin shows the form that login answers.
//
//webapi:public reason="nobody is logged in yet"
func (s *Server) showLogin(w http.ResponseWriter, r *http.Request) {
	s.show(w, r, http.StatusOK, "login.html", page{Title: "Log in", Request: r.FormValue("request")}, "")
}

// login checks a password, and opens a session.
//
//webapi:public reason="nobody is logged in yet"
func (s *Server) login(w http.ResponseWriter, r *http.Request) {
	p := page{Title: "Log in", Request: r.PostFormValue("request"), User: r.PostFormValue("username")}
	if !s.ownForm(r) {
		p.Problem = "This form has expired. Try again."
		s.show(w, r, http.StatusForbidden, "login.html", p, "")
		return
	}
	wait := s.limits.address.take(address(r))
	if wait == 0 {
		wait = s.limits.user.take(p.User)
	}
	if wait > 0 {
		retryAfter(w, wait)
		p.Problem = "Too many attempts. Wait a minute and try again."
		s.show(w, r, http.StatusTooManyRequests, "login.html", p, "")
		return
	}
	user, err := s.Store.Login(r.Context(), p.User, r.PostFormValue("password"))
	if errors.Is(err, store.ErrNotFound) {
		p.Problem = "Wrong username or password."
		s.show(w, r, http.StatusUnauthorized, "login.html", p, "")
		return
	}
	if err == nil {
		err = s.openSession(r, user)
	}
	if err != nil {
		s.failed(w, r, err)
		return
	}
	http.Redirect(w, r, onward("/consent", p.Request), http.StatusSeeOther)
}

// onward returns where a page goes on with an authorization request; home, if
// there is none.
func onward(path, request string) string {
	if request == "" {
		return "/"
	}
	return path + "?" + url.Values{"request": {request}}.Encode()
}

// openSession gives the session an access token of the user with whatever the
// user may do. What is kept in the session is where the token is found, not the
// token. The session gets a new ID and new forms, so that nobody knows them from
// before, and the login before it ends.
func (s *Server) openSession(r *http.Request, user store.User) error {
	if err := s.Sessions.RenewToken(r.Context()); err != nil {
		return err
	}
	s.Sessions.Remove(r.Context(), "csrf")
	if err := s.Store.RevokeKey(r.Context(), s.Sessions.GetString(r.Context(), "token")); err != nil {
		return err
	}
	var all []webapi.Scope
	for _, entry := range s.Scopes.Catalog().All() {
		all = append(all, entry.Scope)
	}
	now := time.Now()
	secret := store.NewSecret("cra_")
	err := s.Store.SaveAccessToken(r.Context(), secret, store.AccessToken{
		Grant: store.Grant{ID: store.NewSecret(""), ClientID: WebClient, Subject: user.Username,
			Scopes: mayGrant(user, webapi.MakeScopes(all...)).String()},
		Issued: now, Expires: now.Add(SessionLifetime),
	})
	if err != nil {
		return err
	}
	s.Sessions.Put(r.Context(), "username", user.Username)
	s.Sessions.Put(r.Context(), "token", store.Key(secret))
	return nil
}

// logout ends the session and what it was opened with. Where an authorization
// request waits, somebody else can log in for it.
//
//webapi:public reason="it ends the session that asks, if there is one"
func (s *Server) logout(w http.ResponseWriter, r *http.Request) {
	if s.Sessions.GetString(r.Context(), "username") != "" && !s.ownForm(r) {
		s.expired(w, r)
		return
	}
	err := s.Store.RevokeKey(r.Context(), s.Sessions.GetString(r.Context(), "token"))
	if err := errors.Join(err, s.Sessions.Destroy(r.Context())); err != nil {
		s.failed(w, r, err)
		return
	}
	http.Redirect(w, r, onward("/login", r.PostFormValue("request")), http.StatusSeeOther)
}

// user returns who is logged in, or store.ErrNotFound.
func (s *Server) user(r *http.Request) (store.User, error) {
	return s.Store.User(r.Context(), s.Sessions.GetString(r.Context(), "username"))
}

// mayGrant returns those of the scopes that the user can give away.
func mayGrant(user store.User, scopes webapi.Scopes) webapi.Scopes {
	var kept []webapi.Scope
	for scope := range scopes.All() {
		if scope != "admin" || user.Admin {
			kept = append(kept, scope)
		}
	}
	return webapi.MakeScopes(kept...)
}

// SessionToken implements [webapi.SessionStore].
func (s *Server) SessionToken(r *http.Request) (webapi.Token, error) {
	key := s.Sessions.GetString(r.Context(), "token")
	if key == "" {
		return webapi.Token{}, webapi.ErrNoCredentials
	}
	t, err := s.Store.AccessTokenByKey(r.Context(), key)
	if errors.Is(err, store.ErrNotFound) {
		return webapi.Token{}, webapi.ErrNotLoggedIn
	}
	if err != nil {
		return webapi.Token{}, err
	}
	scopes, err := webapi.ParseScopes(t.Scopes)
	return webapi.Token{Scopes: scopes, Expires: t.Expires, Subject: t.Subject, ClientID: t.ClientID}, err
}

// Logout is a webapi.Config.Logout.
func (s *Server) Logout(_ http.ResponseWriter, r *http.Request) error {
	return s.Sessions.Destroy(r.Context())
}
