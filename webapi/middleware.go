package webapi

import (
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
