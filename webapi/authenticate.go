package webapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
)

// An Authenticator finds the credentials of a request and verifies them.
//
// Authenticate returns a token and nil, or one of these errors:
//
//   - [ErrNoCredentials]: the request has no credentials of this kind. The next
//     authenticator is called. If the error joins it with a further one, that one
//     counts.
//   - an *[Error] with the code of [ErrNotLoggedIn] or [ErrLoginFailed]: the
//     credentials of a session, or other ones, are rejected. The guard returns
//     the error, so that handlers without a guard still serve the request. An
//     error that is joined with it counts as its reason, and is dropped.
//   - an *[Error] with status 400: the credentials are malformed. The
//     middleware writes the error.
//   - any other error: the credentials cannot be verified now. The middleware
//     logs the error and responds with status 503, without its text.
//
// An Authenticator that finds credentials outside of the Authorization header
// must return ErrNoCredentials for a request that has the header, because the
// header takes precedence. In such a request, a token with Token.Session and the
// rejection of a session are ignored.
//
// An Authenticator must be safe for concurrent use. It must not log tokens.
// [Bearer] and [Session] return the usual ones.
type Authenticator interface {
	Authenticate(r *http.Request) (Token, error)
}

// AuthenticatorFunc is an adapter that allows the use of a function as an
// [Authenticator].
type AuthenticatorFunc func(r *http.Request) (Token, error)

// Authenticate calls f(r).
func (f AuthenticatorFunc) Authenticate(r *http.Request) (Token, error) { return f(r) }

// Middleware returns the middleware that puts the configuration and the
// request's token into the context. It calls the authenticators in order, until
// one of them finds credentials.
//
// If the request has an Authorization header and every authenticator returns
// [ErrNoCredentials], the credentials count as rejected with [ErrLoginFailed]:
// a client that presents credentials is never served as one without, nor by its
// login session. A login of the server itself, with a scheme that no authenticator
// knows, calls [WithToken] or [WithUnscopedAccess] before this middleware or after
// it; the header may stay.
//
// The middleware itself denies a request with two Authorization headers (400),
// and one that is to change something by a login session from another origin
// (403, see Config.CrossOrigin).
//
// The configuration is copied; later changes of c have no effect.
func (c *Config) Middleware(authenticators ...Authenticator) func(http.Handler) http.Handler {
	authenticate := c.AuthenticateRequest(authenticators...)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r, err := authenticate(r)
			if err != nil {
				WriteError(w, r, err)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// AuthenticateRequest is [Config.Middleware] for a framework that has middleware and
// error responses of its own. It returns a function that returns r with the
// configuration and the token in its context. The error is an *[Error] with which
// the server must deny the request, as Middleware would; see [PrepareError]. If the
// server ignores it, guards return that error.
//
// The configuration is copied; later changes of c have no effect.
func (c *Config) AuthenticateRequest(authenticators ...Authenticator) func(r *http.Request) (*http.Request, error) {
	cfg := c.prepare()
	authenticators = slices.Clone(authenticators)

	return func(r *http.Request) (*http.Request, error) {
		s, refusal := cfg.authenticate(r, authenticators)
		r = r.WithContext(withState(r.Context(), s))
		if refusal != nil {
			return r, refusal
		}
		return r, nil
	}
}

// Authenticate is [Config.Middleware] without net/http, for the interceptor of
// an RPC server. It returns a function that takes the values of the
// Authorization header, or of the protocol's metadata, and returns a context for
// [Decide]:
//
//	authenticate := cfg.Authenticate(bearer) // once
//	ctx, err := authenticate(ctx, metadata.ValueFromIncomingContext(ctx, "authorization"))
//
// The error is an *[Error] for which the server must deny the call, as
// Middleware would: the credentials are malformed (status 400) or cannot be
// verified (503). Rejected credentials are not an error; they are in the
// context, and Decide returns the error. If the server ignores the error of
// authenticate, Decide returns that one.
//
// The authenticators get a POST request with the path "/" and no header but this
// one, so that [Session] finds no session. The configuration is copied; later
// changes of c have no effect.
func (c *Config) Authenticate(authenticators ...Authenticator) func(ctx context.Context, authorization []string) (context.Context, error) {
	cfg := c.prepare()
	authenticators = slices.Clone(authenticators)

	return func(ctx context.Context, authorization []string) (context.Context, error) {
		r := &http.Request{
			Method: http.MethodPost,
			URL:    &url.URL{Path: "/"},
			Header: http.Header{"Authorization": authorization},
			Body:   http.NoBody,
		}
		s, refusal := cfg.authenticate(r.WithContext(ctx), authenticators)
		ctx = withState(ctx, s)
		if refusal != nil {
			return ctx, refusal
		}
		return ctx, nil
	}
}

// authenticate returns the state of r after authentication. If the error is not
// nil, the request must be denied with it at once.
func (c *Config) authenticate(r *http.Request, authenticators []Authenticator) (state, *Error) {
	s := *stateOf(r.Context())
	s.cfg = c
	headers := len(r.Header.Values("Authorization"))
	if headers > 1 {
		return s.refuse(newError(codeBadRequest))
	}
	if headers == 1 && s.token != nil && s.token.Session {
		s.token = nil
	}
	if refusal := s.findCredentials(r, authenticators, headers == 1); refusal != nil {
		return s.refuse(refusal)
	}
	if s.bySession() {
		if err := c.crossOrigin().Check(r); err != nil {
			return s.refuse(newError(codeCrossOrigin))
		}
	}
	return s, nil
}

// findCredentials calls the authenticators and sets the token or the failure. If
// the error is not nil, the request must be denied with it at once. If header is
// true, the request has an Authorization header and sessions are ignored.
func (s *state) findCredentials(r *http.Request, authenticators []Authenticator, header bool) *Error {
	for _, a := range authenticators {
		token, err := a.Authenticate(r)
		switch e := asError(err); {
		case err == nil && header && token.Session:
			continue
		case err == nil:
			if token.Expires.IsZero() && !token.NoExpiry {
				s.cfg.logger().WarnContext(r.Context(), "webapi: a token without Expires is denied, since it counts as expired; set NoExpiry if it never expires")
			}
			s.setToken(token)
			return nil
		case isOnly(err, ErrNoCredentials):
			continue
		case header && isOnly(err, ErrNoCredentials, ErrNotLoggedIn):
			continue
		case e != nil && (e.Code == codeNotLoggedIn && !header || e.Code == codeLoginFailed):
			if claim := asClaimError(err); claim != nil {
				s.cfg.logger().WarnContext(r.Context(), "webapi: token rejected", "error", claim)
			}
			s.failure = rejection(e)
			return nil
		case e != nil && e.Status == http.StatusBadRequest:
			return e
		default:
			s.cfg.logError(r.Context(), "webapi: authentication failed", err)
			return newError(codeUnavailable)
		}
	}
	if s.token == nil && !s.unscoped && header {
		s.failure = newError(codeLoginFailed)
		s.failure.otherScheme = true
	}
	return nil
}

// bySession reports whether a login session carried the credentials.
func (s *state) bySession() bool {
	return s.token != nil && s.token.Session || s.failure != nil && s.failure.Code == codeNotLoggedIn
}

// refuse returns the state of a request that is denied with e before any guard,
// and a copy of e for the caller, who may change it. With this state, every
// guard denies as well.
func (s state) refuse(e *Error) (state, *Error) {
	refusal := *e
	refusal.refused = true
	answer := refusal
	s.token, s.failure = nil, &refusal
	return s, &answer
}

// rejection returns e as a guard returns it: with the status of its code, and
// with the session's logout if a session carried the credentials.
func rejection(e *Error) *Error {
	rejected := *e
	rejected.Status = http.StatusUnauthorized
	rejected.logout = e.Code == codeNotLoggedIn
	return &rejected
}
