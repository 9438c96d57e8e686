package authserver

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// client is a client as the library wants to see one. What concerns OpenID
// Connect alone has no meaning here.
type client struct{ *store.Client }

func (c client) GetID() string              { return c.ID }
func (c client) RedirectURIs() []string     { return c.Client.RedirectURIs }
func (c client) IsScopeAllowed(string) bool { return true } // Authorize asks the catalogue as well
func (c client) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}

// ApplicationType is that of RFC 8252: a native application listens on this
// machine, at a port that it does not know beforehand.
func (c client) ApplicationType() op.ApplicationType { return op.ApplicationTypeNative }

func (c client) AuthMethod() oidc.AuthMethod {
	if c.Public {
		return oidc.AuthMethodNone
	}
	return oidc.AuthMethodBasic
}

func (c client) GrantTypes() []oidc.GrantType {
	var all []oidc.GrantType
	for _, g := range c.Client.GrantTypes {
		all = append(all, oidc.GrantType(g))
	}
	return all
}

func (c client) PostLogoutRedirectURIs() []string                             { return nil }
func (c client) LoginURL(string) string                                       { return "" }
func (c client) AccessTokenType() op.AccessTokenType                          { return op.AccessTokenTypeBearer }
func (c client) IDTokenLifetime() time.Duration                               { return 0 }
func (c client) DevMode() bool                                                { return false }
func (c client) RestrictAdditionalIdTokenScopes() func([]string) []string     { return slices.Clone }
func (c client) RestrictAdditionalAccessTokenScopes() func([]string) []string { return slices.Clone }
func (c client) IDTokenUserinfoClaimsAssertion() bool                         { return false }
func (c client) ClockSkew() time.Duration                                     { return 0 }

// redirectsTo reports whether uri is one that the client registered, byte for
// byte (RFC 9700, section 2.1). The port of a loopback address may be another
// (RFC 8252, section 7.3). The library asks as well, and decodes uri first.
func (c client) redirectsTo(uri string) bool {
	if slices.Contains(c.Client.RedirectURIs, uri) {
		return true
	}
	for _, registered := range c.Client.RedirectURIs {
		r, err := url.Parse(registered)
		if err != nil || r.Scheme != "http" || !net.ParseIP(r.Hostname()).IsLoopback() {
			continue
		}
		u, err := url.Parse(uri)
		if err != nil || u.User != nil || u.Hostname() != r.Hostname() {
			continue
		}
		r.Host = u.Host
		if r.String() == uri {
			return true
		}
	}
	return false
}

// VerifyClient authenticates a client by its secret (RFC 6749, section 2.3.1).
// One without a secret is known by its ID alone, and by the code and the
// verifier that it has. An ID is no secret (section 2.2), so the time may tell
// whether there is such a client.
func (s *Server) VerifyClient(ctx context.Context, r *op.Request[op.ClientCredentials]) (op.Client, error) {
	c, err := s.Store.Client(ctx, r.Data.ClientID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, refusedClient()
	case err != nil:
		return nil, s.fault(ctx, err)
	case r.Data.ClientAssertion != "" || c.Public != (r.Data.ClientSecret == ""):
		return nil, refusedClient()
	case !c.Public && !c.HasSecret(r.Data.ClientSecret):
		return nil, refusedClient()
	}
	return client{c}, nil
}

func refusedClient() error {
	return op.NewStatusError(oidc.ErrInvalidClient(), http.StatusUnauthorized)
}

// fault returns what a client learns of an error inside: nothing. That of a
// client which has gone is nobody's.
func (s *Server) fault(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		s.Logger.ErrorContext(ctx, "authserver: request failed", "error", err)
	}
	return oidc.ErrServerError()
}
