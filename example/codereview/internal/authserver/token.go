package authserver

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// CodeExchange takes a code (RFC 6749, section 4.1.3). The code is spent before
// anything else of the request is looked at: whoever guesses the verifier has
// one attempt.
func (s *Server) CodeExchange(ctx context.Context, r *op.ClientRequest[oidc.AccessTokenRequest]) (*op.Response, error) {
	a, err := s.Store.SpendCode(ctx, r.Data.Code)
	if errors.Is(err, store.ErrNotFound) {
		return nil, oidc.ErrInvalidGrant().WithDescription("code: unknown, expired or used before")
	}
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	if a.ClientID != r.Client.GetID() || a.RedirectURI != r.Data.RedirectURI {
		return nil, oidc.ErrInvalidGrant().WithDescription("code: of another client or redirect_uri")
	}
	challenge := &oidc.CodeChallenge{Challenge: a.Challenge, Method: oidc.CodeChallengeMethodS256}
	if err := op.AuthorizeCodeChallenge(r.Data.CodeVerifier, challenge); err != nil {
		return nil, err
	}
	access, token, err := s.newAccessToken(a.Grant, accessLifetime)
	if err == nil {
		err = s.Store.SaveAccessToken(ctx, access, token)
	}
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	refresh := ""
	if slices.Contains(r.Client.GrantTypes(), oidc.GrantTypeRefreshToken) {
		refresh = store.NewSecret("crr_")
		if err := s.Store.SaveRefreshToken(ctx, refresh, a.Grant, time.Now().Add(refreshLifetime)); err != nil {
			return nil, s.fault(ctx, err)
		}
	}
	return tokenResponse(access, token, refresh), nil
}

// RefreshToken exchanges a refresh token for a new pair (RFC 6749, section 6).
// A refresh token works once. When one comes again, the client or a thief has an
// old copy, and nobody can say which: everything of the grant is revoked (RFC
// 9700, section 4.14.2).
func (s *Server) RefreshToken(ctx context.Context, r *op.ClientRequest[oidc.RefreshTokenRequest]) (*op.Response, error) {
	old, err := s.Store.RefreshToken(ctx, r.Data.RefreshToken)
	if errors.Is(err, store.ErrNotFound) || err == nil && old.ClientID != r.Client.GetID() {
		return nil, oidc.ErrInvalidGrant().WithDescription("refresh_token: unknown, revoked or expired")
	}
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	user, err := s.Store.User(ctx, old.Subject)
	if errors.Is(err, store.ErrNotFound) {
		return nil, oidc.ErrInvalidGrant().WithDescription("refresh_token: the user does not exist any more")
	}
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	now := old
	if len(r.Data.Scopes) > 0 {
		if !within(r.Data.Scopes, old.Scopes) {
			return nil, oidc.ErrInvalidScope().WithDescription("scope: more than was granted")
		}
		now.Scopes = r.Data.Scopes.String()
	}
	scopes, err := webapi.ParseScopes(now.Scopes)
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	now.Scopes = mayGrant(user, scopes).String() // an administrator then may be none now
	access, token, err := s.newAccessToken(now, accessLifetime)
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	next := store.Rotation{
		Access: access, Token: token,
		Refresh: store.NewSecret("crr_"), Grant: old, RefreshExpires: time.Now().Add(refreshLifetime),
	}
	switch err := s.Store.Rotate(ctx, r.Data.RefreshToken, next); {
	case errors.Is(err, store.ErrNotFound):
		return nil, s.refreshedTwice(ctx, old.ID)
	case err != nil:
		return nil, s.fault(ctx, err)
	}
	return tokenResponse(access, token, next.Refresh), nil
}

func (s *Server) refreshedTwice(ctx context.Context, grantID string) error {
	if err := s.Store.RevokeGrant(ctx, grantID); err != nil {
		return s.fault(ctx, err)
	}
	return oidc.ErrInvalidGrant().WithDescription("refresh_token: used before; log in again")
}

// ClientCredentialsExchange issues a token to a client for itself (RFC 6749,
// section 4.4), which is then its own subject (RFC 9068, section 2.2), under a
// name that no user has (RFC 9700, section 4.15). There is no refresh token: the
// client has what it needs to ask again.
func (s *Server) ClientCredentialsExchange(ctx context.Context, r *op.ClientRequest[oidc.ClientCredentialsRequest]) (*op.Response, error) {
	c := r.Client.(client).Client
	asked := []string(r.Data.Scope)
	if len(asked) == 0 {
		asked = c.Scopes
	}
	scopes := s.grantable(c, asked)
	if scopes.Len() == 0 {
		return nil, oidc.ErrInvalidScope().WithDescription("scope: none that this client may ask for")
	}
	grant := store.Grant{ID: store.NewSecret(""), ClientID: c.ID, Subject: "client:" + c.ID, Scopes: scopes.String()}
	access, token, err := s.newAccessToken(grant, accessLifetime)
	if err == nil {
		err = s.Store.SaveAccessToken(ctx, access, token)
	}
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	return tokenResponse(access, token, ""), nil
}

// Issue issues an access token outside of the protocol, for seeds and tests.
func (s *Server) Issue(ctx context.Context, g store.Grant, lifetime time.Duration) (string, error) {
	access, token, err := s.newAccessToken(g, lifetime)
	if err != nil {
		return "", err
	}
	return access, s.Store.SaveAccessToken(ctx, access, token)
}

func (s *Server) newAccessToken(g store.Grant, lifetime time.Duration) (string, store.AccessToken, error) {
	now := time.Now()
	t := store.AccessToken{Grant: g, Issued: now, Expires: now.Add(lifetime)}
	if s.Signer == nil {
		return store.NewSecret("cra_"), t, nil
	}
	access, err := s.Signer.sign(s.Issuer, s.Resource, t)
	return access, t, err
}

func tokenResponse(access string, t store.AccessToken, refresh string) *op.Response {
	return op.NewResponse(&oidc.AccessTokenResponse{
		AccessToken:  access,
		TokenType:    oidc.BearerToken,
		ExpiresIn:    uint64(t.Expires.Sub(t.Issued).Seconds()),
		RefreshToken: refresh,
		Scope:        strings.Fields(t.Scopes),
	})
}

// within reports whether every scope is one of those granted.
func within(scopes []string, granted string) bool {
	set, err := webapi.ParseScopes(granted)
	return err == nil && !slices.ContainsFunc(scopes, func(s string) bool { return !set.Has(webapi.Scope(s)) })
}
