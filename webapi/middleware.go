package webapi

import (
	"errors"
	"net/http"
	"slices"
)

// Authenticator finds the credentials of a request and verifies them.
//
// Besides a token and nil, Authenticate returns one of these errors:
//
//   - [ErrNoCredentials]: the request has no credentials of this sort. The next
//     authenticator is asked.
//   - an *[Error] with the code of [ErrNotLoggedIn] or [ErrLoginFailed]: the
//     credentials, of a session or others, are rejected. The guard answers with
//     it, so that a request that needs no guard is still served.
//   - an *[Error] with the status 400: the credentials are malformed. The
//     middleware answers with it.
//   - any other: the credentials could not be verified. The middleware logs the
//     error and answers 503 without a word of it.
//
// An Authenticator must be safe for concurrent use. It must not log tokens.
type Authenticator interface {
	Authenticate(r *http.Request) (Token, error)
}

// AuthenticatorFunc is a function as an [Authenticator].
type AuthenticatorFunc func(r *http.Request) (Token, error)

// Authenticate calls f.
func (f AuthenticatorFunc) Authenticate(r *http.Request) (Token, error) { return f(r) }

// Middleware returns the middleware that puts the configuration and the
// request's token into the context. It asks the authenticators in their order;
// the first that finds credentials is the last to be asked.
//
// A request whose Authorization header no authenticator accepts, because each
// said [ErrNoCredentials], is recorded as [ErrLoginFailed]: a client that
// presents credentials is never served as one that has none. That holds without
// any authenticator too, unless [WithToken] has put a token into the context
// before. A middleware of the team's own therefore stands outside of this one.
//
// The configuration is copied; later changes of c have no effect.
func (c *Config) Middleware(authenticators ...Authenticator) func(http.Handler) http.Handler {
	cfg := new(Config)
	if c != nil {
		*cfg = *c
	}
	if !quotable(cfg.Realm) || !quotable(cfg.ResourceMetadata) {
		cfg.logger().Error("webapi: Realm and ResourceMetadata must be printable ASCII; challenges leave them out",
			"realm", cfg.Realm, "resource_metadata", cfg.ResourceMetadata)
	}
	authenticators = slices.Clone(authenticators)

	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s, refusal := cfg.authenticate(r, authenticators)
			r = r.WithContext(withState(r.Context(), s))
			if refusal != nil {
				refuse(w, r, refusal)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// authenticate returns the state of r after the authenticators were asked, and
// the error that the middleware answers at once, or nil.
func (c *Config) authenticate(r *http.Request, authenticators []Authenticator) (state, *Error) {
	s := *stateOf(r.Context())
	s.cfg = c
	for _, a := range authenticators {
		token, err := a.Authenticate(r)
		if err == nil {
			s.token = &token
			return s, nil
		}
		if errors.Is(err, ErrNoCredentials) {
			continue
		}
		e := asError(err)
		switch {
		case e != nil && (e.Code == codeNotLoggedIn || e.Code == codeLoginFailed):
			s.failure = rejection(e)
			return s, nil
		case e != nil && e.Status == http.StatusBadRequest:
			return s, e
		default:
			c.logger().ErrorContext(r.Context(), "webapi: authentication failed", "error", err)
			return s, newError(codeUnavailable)
		}
	}
	if s.token == nil && len(r.Header.Values("Authorization")) > 0 {
		s.failure = newError(codeLoginFailed)
		s.failure.otherScheme = true
	}
	return s, nil
}

// rejection returns e as the guard answers it: with the status of its code,
// and with the session's end if a session carried the credentials.
func rejection(e *Error) *Error {
	rejected := *e
	rejected.Status = http.StatusUnauthorized
	rejected.logout = e.Code == codeNotLoggedIn
	return &rejected
}

// refuse answers a request that does not reach a guard. RFC 6750, section 3.1,
// has a challenge for a malformed one.
func refuse(w http.ResponseWriter, r *http.Request, refusal *Error) {
	if refusal.Status == http.StatusBadRequest {
		w.Header().Add("WWW-Authenticate", stateOf(r.Context()).cfg.challenge("invalid_request", nil))
	}
	WriteError(w, r, refusal)
}
