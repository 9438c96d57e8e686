package webapi

import (
	"log/slog"
	"net/http"
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
	// OnDecision is told every decision of a guard before the view runs. It
	// must be safe for concurrent use and should not block. Nil means nobody
	// is told.
	OnDecision func(Decision)
	// Logger is told what clients are not: errors of views, authenticators
	// and Logout. Nil means slog.Default().
	Logger *slog.Logger
	// Logout ends the login session of the request, when the session's token
	// has been deleted or has expired. It must not write the response's
	// header. Nil means that no session is ended.
	Logout func(http.ResponseWriter, *http.Request) error
}

// Decision is what a guard decided, for an audit log. It has neither the token
// nor its scopes.
type Decision struct {
	// Resource is the name of the resource that was asked, and Method the
	// method as given.
	Resource, Method string
	// Required is what the method requires of an OAuth2 token.
	Required Requirement
	// Subject and ClientID are those of the token; "" if there is none.
	Subject, ClientID string
	// Err is nil if the view may run, otherwise the *Error that denies. It is
	// also what the caller gets: do not change it.
	Err error
}

func (s *state) report(resource, method string, required Requirement, denied *Error) {
	if s.cfg == nil || s.cfg.OnDecision == nil {
		return
	}
	d := Decision{Resource: resource, Method: method, Required: required}
	if s.token != nil {
		d.Subject, d.ClientID = s.token.Subject, s.token.ClientID
	}
	if denied != nil {
		d.Err = denied
	}
	s.cfg.OnDecision(d)
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

// logOut ends the session of r. The request is denied whether that works or not.
func (c *Config) logOut(w http.ResponseWriter, r *http.Request) {
	if c == nil || c.Logout == nil {
		return
	}
	if err := c.Logout(w, r); err != nil {
		c.logger().ErrorContext(r.Context(), "webapi: logout failed", "error", err)
	}
}
