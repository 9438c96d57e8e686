package webapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
)

// Authenticate is [Config.Middleware] without net/http, for the interceptor of
// an RPC server. It returns a function that takes the values of the
// Authorization header, or what the protocol calls metadata, and returns a
// context for [Decide]:
//
//	authenticate := cfg.Authenticate(bearer) // once
//	ctx, err := authenticate(ctx, metadata.ValueFromIncomingContext(ctx, "authorization"))
//
// The error is an *[Error] that the call is to be refused with, as Middleware
// would: malformed credentials (status 400) and a verifier that fails (503).
// Credentials that are rejected are no error; they are in the context, and
// Decide answers with them. If the error is not looked at, Decide answers with
// that as well.
//
// The authenticators get a POST request with the path "/", this header and
// nothing else, so that a [Session] finds none. The configuration is copied;
// later changes of c have no effect.
func (c *Config) Authenticate(authenticators ...Authenticator) func(ctx context.Context, authorization []string) (context.Context, error) {
	cfg := c.prepare()
	authenticators = slices.Clone(authenticators)

	return func(ctx context.Context, authorization []string) (context.Context, error) {
		r := &http.Request{
			Method: http.MethodPost,
			URL:    &url.URL{Path: "/"},
			Header: http.Header{},
			Body:   http.NoBody,
		}
		if len(authorization) > 0 {
			r.Header["Authorization"] = authorization
		}
		s, refusal := cfg.authenticate(r.WithContext(ctx), authenticators)
		ctx = withState(ctx, s)
		if refusal != nil {
			return ctx, refusal
		}
		return ctx, nil
	}
}

// Challenge returns the WWW-Authenticate value that [WriteError] would send for
// err (RFC 6750, section 3), "" if none. ctx is that of Middleware or
// Authenticate. It is for a header: WWW-Authenticate may not be a trailer (RFC
// 9110, section 6.5.1), so that an RPC server whose errors are in trailers needs
// another name for it.
func Challenge(ctx context.Context, err error) string {
	e := asError(err)
	if e == nil {
		return ""
	}
	return stateOf(ctx).cfg.challengeFor(e, e.Status)
}

// authenticate returns the state of r after the authenticators were asked, and
// the error that is to be answered at once, or nil.
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
	if refusal := s.ask(r, authenticators, headers == 1); refusal != nil {
		return s.refuse(refusal)
	}
	if s.bySession() {
		if err := c.crossOrigin().Check(r); err != nil {
			return s.refuse(newError(codeCrossOrigin))
		}
	}
	return s, nil
}

// ask lets the authenticators find the request's credentials: it sets the token
// or the failure, or returns the error that is to be answered at once. Where
// there is an Authorization header, a session does not count.
func (s *state) ask(r *http.Request, authenticators []Authenticator, header bool) *Error {
	for _, a := range authenticators {
		token, err := a.Authenticate(r)
		switch e := asError(err); {
		case err == nil && header && token.Session:
			continue
		case err == nil:
			s.carry(token)
			return nil
		case e == nil && errors.Is(err, ErrNoCredentials): // with an *Error beside it, credentials were rejected
			continue
		case e != nil && e.Code == codeNotLoggedIn && header:
			continue
		case e != nil && (e.Code == codeNotLoggedIn || e.Code == codeLoginFailed):
			s.failure = rejection(e)
			return nil
		case e != nil && e.Status == http.StatusBadRequest:
			return e
		default:
			s.cfg.logger().ErrorContext(r.Context(), "webapi: authentication failed", "error", err)
			return newError(codeUnavailable)
		}
	}
	if s.token == nil && header {
		s.failure = newError(codeLoginFailed)
		s.failure.otherScheme = true
	}
	return nil
}

// bySession reports whether a login session carried the credentials.
func (s *state) bySession() bool {
	return s.token != nil && s.token.Session || s.failure != nil && s.failure.Code == codeNotLoggedIn
}

// refuse returns the state of a request that is refused with e before any
// guard, and the error to answer with, which is a copy: the caller may change it.
// A guard that is asked nevertheless denies.
func (s state) refuse(e *Error) (state, *Error) {
	refusal := *e
	refusal.refused = true
	answer := refusal
	s.token, s.failure = nil, &refusal
	return s, &answer
}

// rejection returns e as the guard answers it: with the status of its code,
// and with the session's end if a session carried the credentials.
func rejection(e *Error) *Error {
	rejected := *e
	rejected.Status = http.StatusUnauthorized
	rejected.logout = e.Code == codeNotLoggedIn
	return &rejected
}
