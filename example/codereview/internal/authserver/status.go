package authserver

import (
	"context"
	"errors"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// Introspect tells a resource server what a token is good for (RFC 7662). Other
// clients are not told, or one could try tokens that it has found (section 4).
// A token that is not good is inactive, whatever the reason (section 2.2).
func (s *Server) Introspect(ctx context.Context, r *op.Request[op.IntrospectionRequest]) (*op.Response, error) {
	c, err := s.VerifyClient(ctx, &op.Request[op.ClientCredentials]{Data: r.Data.ClientCredentials})
	if err != nil {
		return nil, err
	}
	if !c.(client).MayIntrospect {
		return nil, refusedClient()
	}
	t, err := s.Store.AccessToken(ctx, r.Data.Token)
	if errors.Is(err, store.ErrNotFound) {
		return op.NewResponse(&oidc.IntrospectionResponse{}), nil
	}
	if err != nil {
		return nil, s.fault(ctx, err)
	}
	return op.NewResponse(&oidc.IntrospectionResponse{
		Active:     true,
		Scope:      strings.Fields(t.Scopes),
		ClientID:   t.ClientID,
		TokenType:  oidc.BearerToken,
		Expiration: oidc.FromTime(t.Expires),
		IssuedAt:   oidc.FromTime(t.Issued),
		Subject:    t.Subject,
		Audience:   oidc.Audience{s.Resource},
		Issuer:     s.Issuer,
	}), nil
}

// Revocation revokes a token (RFC 7009).
func (s *Server) Revocation(ctx context.Context, r *op.ClientRequest[oidc.RevocationRequest]) (*op.Response, error) {
	if err := s.Store.RevokeToken(ctx, r.Client.GetID(), r.Data.Token); err != nil {
		return nil, s.fault(ctx, err)
	}
	return op.NewResponse(nil), nil
}
