package webapi

import (
	"context"
	"maps"
)

// state is everything that this package keeps in a context, so that a guard
// needs one look-up. It is immutable: the With functions put a changed copy
// into a new context.
type state struct {
	cfg      *Config           // nil for the defaults
	token    *Token            // nil if the request carries none
	failure  *Error            // a credential that was presented and rejected; code 103 for a session, else 104
	unscoped bool              // WithUnscopedAccess
	list     collection        // HandleList; zero elsewhere
	objects  map[string]string // WithObjectID
}

type stateKey struct{}

// carry sets the token. It expires by the wall clock: the monotonic one, which
// time.Time.Before goes by if both times have it, stands still while a machine is
// suspended.
func (s *state) carry(token Token) {
	token.Expires = token.Expires.Round(0)
	s.token = &token
}

// noState is the state of a context that has none. Nobody writes to it.
var noState = new(state)

func stateOf(ctx context.Context) *state {
	if s, ok := ctx.Value(stateKey{}).(*state); ok {
		return s
	}
	return noState
}

func withState(ctx context.Context, s state) context.Context {
	return context.WithValue(ctx, stateKey{}, &s)
}

// WithToken returns a context that carries token, which must have been
// verified. A middleware of the team's own calls it, and so does a test. It
// does not forgive a credential that [Config.Middleware] has rejected before.
func WithToken(ctx context.Context, token Token) context.Context {
	s := *stateOf(ctx)
	s.carry(token)
	return withState(ctx, s)
}

// TokenFrom returns the token of the request. It is false if the request
// carries none. The token may have expired; the guard looks at that.
func TokenFrom(ctx context.Context) (Token, bool) {
	if t := stateOf(ctx).token; t != nil {
		return *t, true
	}
	return Token{}, false
}

// WithUnscopedAccess returns a context whose request was authenticated by other
// means than a token, such as a login with a password: a guard lets it through
// without any scope. Djblets lets every request without a token through; here
// the server says so for each request for which it is meant.
//
// If a cookie carries that login, the server puts [http.CrossOriginProtection] in
// front: Config.CrossOrigin looks at sessions that have a token.
//
// A token or a rejected credential in the context is judged nevertheless. An
// Authorization header that no [Authenticator] accepts is such a credential: a
// middleware that has verified one itself, and calls WithUnscopedAccess, takes
// it from the request before [Config.Middleware] sees it.
func WithUnscopedAccess(ctx context.Context) context.Context {
	s := *stateOf(ctx)
	s.unscoped = true
	return withState(ctx, s)
}

// WithObjectID returns a context in which key names the object id, for [Decide]
// and [DecideList] of a resource whose Super has a Key of its own: what
// CallMethodView takes from the path of an HTTP request.
func WithObjectID(ctx context.Context, key, id string) context.Context {
	s := *stateOf(ctx)
	s.objects = maps.Clone(s.objects)
	if s.objects == nil {
		s.objects = map[string]string{}
	}
	s.objects[key] = id
	return withState(ctx, s)
}
