package webapi

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"time"
)

// Config is the configuration of a server. The zero value and a nil *Config are
// valid.
type Config struct {
	// Realm is the realm in challenges (RFC 9110, section 11.5). If it is empty
	// or not printable ASCII, the realm is "api".
	Realm string
	// ResourceMetadata is the URL of the protected resource metadata in
	// challenges (RFC 9728, section 5.1). If it is empty or not printable ASCII,
	// challenges do not have it.
	ResourceMetadata string
	// Now returns the current time. It must be safe for concurrent use. If it is
	// nil, time.Now is used.
	Now func() time.Time
	// OnDecision, if not nil, is called with each decision of a guard, before
	// the view runs, for audit logs, metrics and traces. It must be safe for
	// concurrent use and should not block.
	OnDecision func(Decision)
	// Logger logs what clients do not see: errors of views, authenticators and
	// Logout. An error that wraps the one of the request's context, since the
	// client has left, has the level Info, or Warn if a deadline has passed. If
	// Logger is nil, slog.Default() is used.
	Logger *slog.Logger
	// Logout, if not nil, is called to end the login session of the request when
	// the session's token has been deleted or has expired. It must not call
	// WriteHeader or Write.
	Logout func(http.ResponseWriter, *http.Request) error
	// PathValue, if not nil, returns the path value of a name, for a router that
	// does not set those of net/http ([http.Request.SetPathValue]), such as
	// gorilla/mux: mux.Vars(r)[name]. It returns "" if there is none.
	PathValue func(r *http.Request, name string) string
	// WriteError, if not nil, writes the response to an error of a guard, of the
	// middleware or of a view, in the form that the clients of the server know.
	// [WriteProblem] is one. The header fields that [PrepareError] sets are set
	// already. For an *[Error] in the tree of err, which [errors.As] finds, its
	// Status and Message are those for the client; any other error is one that a
	// view returned, and its text may be a secret. Such an error is logged, unless
	// the response has a status below 500, or WriteError has passed it to a function
	// of this package, which does so.
	//
	// If WriteError writes a body without a status, the response has the Status of
	// the Error, or 500. If it writes nothing, the response is that of the function
	// [WriteError], which it may call as well. The view of a denied request does
	// not run whatever WriteError does.
	WriteError func(w http.ResponseWriter, r *http.Request, err error)
	// CrossOrigin checks the origin of requests whose credentials a login
	// session carried, which a browser sends by itself. The middleware denies
	// those that fail with [ErrCrossOrigin]. If it is nil, requests that are not
	// safe must come from the server's own origin.
	CrossOrigin *http.CrossOriginProtection
	// DangerouslyShadowScopesOf lists resources (AccessRules.Name) whose scopes
	// are not enforced, to find out which clients would fail: a valid OAuth2 token
	// that lacks a scope is allowed, and OnDecision gets [OutcomeShadowed].
	// Everything else is denied as usual: no credentials, rejected or expired
	// ones, a method that is not answered, API tokens, and OAuth2 tokens on a
	// resource that does not accept them. For a Super, the name of the resource
	// whose guard was called counts, not its own. The names are logged as a
	// warning.
	DangerouslyShadowScopesOf []string
}

// prepare returns a copy of c and logs what is wrong or dangerous in it.
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
		return "api"
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

// pathValue returns the path value of r with that name, or "" if there is none.
func (c *Config) pathValue(r *http.Request, name string) string {
	if c != nil && c.PathValue != nil {
		return c.PathValue(r, name)
	}
	return ownPathValue(r, name)
}

// ownPathValue returns the path value that r itself has. Where [http.ServeMux] has
// not set the values of the pattern, as for CONNECT with an empty segment in the
// path, [http.Request.PathValue] panics (golang/go#81222).
func ownPathValue(r *http.Request, name string) (value string) {
	defer func() {
		if recover() != nil {
			value = ""
		}
	}()
	return r.PathValue(name)
}

// SetPathValue is [http.Request.SetPathValue] for the adapter of a router within an
// [http.ServeMux]. Where that has not set the values of its own pattern, in which name
// is, the method panics (golang/go#81222): SetPathValue has no effect there, and to
// guards the object is unknown.
func SetPathValue(r *http.Request, name, value string) {
	defer func() { _ = recover() }()
	r.SetPathValue(name, value)
}

func (c *Config) shadows(resource string) bool {
	return c != nil && slices.Contains(c.DangerouslyShadowScopesOf, resource)
}

// logOut calls Logout and logs its error. The request is denied in any case.
func (c *Config) logOut(w http.ResponseWriter, r *http.Request) {
	if c == nil || c.Logout == nil {
		return
	}
	if err := c.Logout(w, r); err != nil {
		c.logError(r.Context(), "webapi: logout failed", err)
	}
}

// logError logs what the client does not see, with level Error. If the reason is
// that the context of the request has ended, the server has not failed: the level is
// Info if it was canceled, which is what a client does that leaves, and Warn if its
// deadline has passed.
func (c *Config) logError(ctx context.Context, msg string, err error, args ...any) {
	level := slog.LevelError
	if ended := ctx.Err(); errors.Is(err, ended) && err != nil {
		level = slog.LevelInfo
		if ended != context.Canceled {
			level = slog.LevelWarn
		}
	}
	c.logger().Log(ctx, level, msg, append(args, "error", err)...)
}

// state is the value of this package in a context. It is one value, so that a
// guard needs one look-up. It is immutable: the With functions put a changed copy
// into a new context.
type state struct {
	cfg      *Config           // nil for the defaults
	token    *Token            // nil if there is none
	failure  *Error            // of rejected credentials; code 103 for a session, else 104
	unscoped bool              // WithUnscopedAccess
	login    login             // WithLogin
	list     collection        // HandleList
	objects  map[string]string // WithObjectID
	hooked   *hookWriter       // where Config.WriteError runs
}

type stateKey struct{}

// setToken sets the token, without the monotonic clock readings of its times: that
// clock stops while the machine is suspended, and time.Time.Before would use
// it.
func (s *state) setToken(token Token) {
	token.Expires, token.AuthTime = token.Expires.Round(0), token.AuthTime.Round(0)
	s.token = &token
}

// acceptOtherScheme removes the failure of an Authorization header that no
// Authenticator knows: the caller of the With function has looked at it.
func (s *state) acceptOtherScheme() {
	if s.failure != nil && s.failure.otherScheme {
		s.failure = nil
	}
}

// noState is the state of a context without one. It must not be changed.
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

// WithToken returns a context with token, which the caller has verified. It is for
// middleware that does not use an [Authenticator], and for tests. It can run before
// [Config.Middleware] and after it. It does not remove the failure of credentials
// that an Authenticator has rejected.
func WithToken(ctx context.Context, token Token) context.Context {
	s := *stateOf(ctx)
	s.setToken(token)
	s.acceptOtherScheme()
	return withState(ctx, s)
}

// TokenFrom returns the token in ctx, and false if there is none. The token may
// have expired.
func TokenFrom(ctx context.Context) (Token, bool) {
	if t := stateOf(ctx).token; t != nil {
		return *t, true
	}
	return Token{}, false
}

// WithUnscopedAccess returns a context for a request that was authenticated
// without a token, such as by a login with a password: guards allow it without
// any scope. An operation that needs a [StepUp] needs [WithLogin] too. Djblets allows every request without a token; here the server has to
// call WithUnscopedAccess for each.
//
// If a cookie carries the login, use [http.CrossOriginProtection] as well:
// Config.CrossOrigin only checks sessions that have a token.
//
// It can be called before [Config.Middleware] and after it. A token in the context
// takes precedence, and so do credentials that an [Authenticator] has rejected.
// An Authorization header of which no Authenticator knows the scheme does not: it
// is what the caller has verified.
func WithUnscopedAccess(ctx context.Context) context.Context {
	s := *stateOf(ctx)
	s.unscoped = true
	s.acceptOtherScheme()
	return withState(ctx, s)
}

// WithObjectID returns a context with the ID of the object that key names. [Decide]
// and [DecideList] use it for a Super with another Key than the resource, for
// which CallMethodView uses the path value.
func WithObjectID(ctx context.Context, key, id string) context.Context {
	s := *stateOf(ctx)
	s.objects = maps.Clone(s.objects)
	if s.objects == nil {
		s.objects = map[string]string{}
	}
	s.objects[key] = id
	return withState(ctx, s)
}
