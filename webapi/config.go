package webapi

import (
	"log/slog"
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
