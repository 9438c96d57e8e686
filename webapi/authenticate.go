package webapi

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
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

// prefersProblem reports whether the Accept header fields give
// application/problem+json a higher quality than application/json (RFC 9110,
// section 12.5.1). A media range with a malformed or repeated q is passed over.
// Other parameters are not looked at.
func prefersProblem(accept []string) bool {
	return quality(accept, "application/problem+json") > quality(accept, "application/json")
}

// quality returns the quality, in thousandths, that the Accept header fields
// give a media type of "application": that of the most specific range that
// matches it, of equals the highest; 0 if none matches.
func quality(accept []string, mediaType string) int {
	best, specificity := 0, 0
	for _, field := range accept {
		for element := range splitQuoted(field, ',') {
			mediaRange, q, ok := parseMediaRange(element)
			if !ok {
				continue
			}
			level := 0
			switch {
			case strings.EqualFold(mediaRange, mediaType):
				level = 3
			case strings.EqualFold(mediaRange, "application/*"):
				level = 2
			case mediaRange == "*/*":
				level = 1
			}
			if level > specificity || level == specificity && level > 0 && q > best {
				best, specificity = q, level
			}
		}
	}
	return best
}

// parseMediaRange reads one element of an Accept header field.
func parseMediaRange(element string) (mediaRange string, q int, ok bool) {
	q, seen := 1000, false
	first := true
	for part := range splitQuoted(element, ';') {
		part = strings.Trim(part, " \t")
		if first {
			mediaRange, first = part, false
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		if !strings.EqualFold(name, "q") {
			continue
		}
		if q, ok = parseQuality(value); !ok || seen {
			return "", 0, false
		}
		seen = true
	}
	return mediaRange, q, true
}

// parseQuality reads a qvalue of RFC 9110, section 12.4.2, in thousandths: 0 to
// 1 with at most three decimal places.
func parseQuality(s string) (q int, ok bool) {
	if s == "" || len(s) > len("0.000") || s[0] != '0' && s[0] != '1' {
		return 0, false
	}
	if len(s) > 1 && s[1] != '.' {
		return 0, false
	}
	q = int(s[0]-'0') * 1000
	for i, unit := 2, 100; i < len(s); i, unit = i+1, unit/10 {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		q += int(s[i]-'0') * unit
	}
	return q, q <= 1000
}

// splitQuoted splits s at sep, but not within a quoted-string of RFC 9110,
// section 5.6.4.
func splitQuoted(s string, sep byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, quoted := 0, false
		for i := 0; i < len(s); i++ {
			switch {
			case quoted && s[i] == '\\':
				i++
			case s[i] == '"':
				quoted = !quoted
			case s[i] == sep && !quoted:
				if !yield(s[start:i]) {
					return
				}
				start = i + 1
			}
		}
		yield(s[start:])
	}
}

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
// One that finds credentials elsewhere than in the Authorization header leaves a
// request that has this header alone and returns ErrNoCredentials: the header
// decides by itself. A token with Token.Session and the rejection of a session
// are passed over in such a request.
//
// An Authenticator must be safe for concurrent use. It must not log tokens.
// [Bearer] and [Session] return the usual ones.
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
// presents credentials is never served as one that has none, nor by its login
// session. That holds without any authenticator too, unless [WithToken] has put
// a token into the context before. A middleware of the team's own therefore
// stands outside of this one.
//
// Refused at once, before any guard, are a request with two Authorization
// headers (400), and one that changes something by a login session from another
// origin (403, see Config.CrossOrigin).
//
// The configuration is copied; later changes of c have no effect.
func (c *Config) Middleware(authenticators ...Authenticator) func(http.Handler) http.Handler {
	cfg := c.prepare()
	authenticators = slices.Clone(authenticators)

	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s, refusal := cfg.authenticate(r, authenticators)
			r = r.WithContext(withState(r.Context(), s))
			if refusal != nil {
				WriteError(w, r, refusal)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}
