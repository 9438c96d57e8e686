package webapi

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"
)

const defaultRealm = "api"

// Config is what a server may set. The zero value and a nil *Config are ready
// for use.
type Config struct {
	// Realm names the protected space in challenges (RFC 9110, section
	// 11.5). It is "api" if empty, and if it has a character that is not
	// printable ASCII.
	Realm string
	// ResourceMetadata is the URL of the protected resource's metadata, which
	// challenges name (RFC 9728, section 5.1). It is left out if empty, and if
	// it has a character that is not printable ASCII.
	ResourceMetadata string
	// Now returns the time; nil means time.Now. It must be safe for
	// concurrent use.
	Now func() time.Time
	// OnDecision is told every decision of a guard before the view runs, for
	// audit logs, metrics and traces. It must be safe for concurrent use and
	// should not block. Nil means nobody is told.
	OnDecision func(Decision)
	// Logger is told what clients are not: errors of views, authenticators
	// and Logout. Nil means slog.Default().
	Logger *slog.Logger
	// Logout ends the login session of the request, when the session's token
	// has been deleted or has expired. It must not write the response's
	// header. Nil means that no session is ended.
	Logout func(http.ResponseWriter, *http.Request) error
	// CrossOrigin says from which origins a login session may change
	// something; the middleware refuses others with [ErrCrossOrigin]. Nil
	// means the server's own origin only. It concerns requests whose
	// credentials a session carried: a browser sends those by itself, a bearer
	// token not.
	CrossOrigin *http.CrossOriginProtection
	// DangerouslyShadowScopesOf names resources (AccessRules.Name) whose
	// scopes are not enforced while a team finds out what would break: a valid
	// OAuth2 token that lacks a scope is let through and reported to
	// OnDecision as [OutcomeShadowed]. Nothing else is let through: no
	// credentials, rejected or expired ones, a method that is not answered,
	// API tokens and resources that take no OAuth2 token are judged as ever.
	// A resource behind another one as its Super is shadowed with that one,
	// and not by its own name. The names are logged as a warning.
	DangerouslyShadowScopesOf []string
}

// prepare returns a copy of c, which is then the server's own, and logs what
// whoever runs the server should know of it.
func (c *Config) prepare() *Config {
	cfg := new(Config)
	if c != nil {
		*cfg = *c
		cfg.DangerouslyShadowScopesOf = slices.Clone(c.DangerouslyShadowScopesOf)
	}
	if !quotable(cfg.Realm) || !quotable(cfg.ResourceMetadata) {
		cfg.logger().Error("webapi: Realm and ResourceMetadata must be printable ASCII; challenges leave them out",
			"realm", cfg.Realm, "resource_metadata", cfg.ResourceMetadata)
	}
	if len(cfg.DangerouslyShadowScopesOf) > 0 {
		cfg.logger().Warn("webapi: scopes of these resources are NOT enforced", "resources", cfg.DangerouslyShadowScopesOf)
	}
	return cfg
}

func (c *Config) realm() string {
	if c == nil || c.Realm == "" || !quotable(c.Realm) {
		return defaultRealm
	}
	return c.Realm
}

func (c *Config) resourceMetadata() string {
	if c == nil || !quotable(c.ResourceMetadata) {
		return ""
	}
	return c.ResourceMetadata
}

func (c *Config) now() time.Time {
	if c == nil || c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

func (c *Config) logger() *slog.Logger {
	if c == nil || c.Logger == nil {
		return slog.Default()
	}
	return c.Logger
}

func (c *Config) crossOrigin() *http.CrossOriginProtection {
	if c == nil || c.CrossOrigin == nil {
		return new(http.CrossOriginProtection)
	}
	return c.CrossOrigin
}

func (c *Config) shadows(resource string) bool {
	return c != nil && slices.Contains(c.DangerouslyShadowScopesOf, resource)
}

// logOut ends the session of r. The request is denied whether that works or not.
func (c *Config) logOut(w http.ResponseWriter, r *http.Request) {
	if c == nil || c.Logout == nil {
		return
	}
	if err := c.Logout(w, r); err != nil {
		c.logger().ErrorContext(r.Context(), "webapi: logout failed", "error", err)
	}
}

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
