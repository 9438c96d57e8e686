package verify

import (
	"context"
	"errors"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// Local returns the verifier that looks a token up where it was issued. Issuer
// and audience need no check: the table has no tokens of others.
func Local(s *store.Store) webapi.Verifier {
	return webapi.VerifierFunc(func(ctx context.Context, secret string) (webapi.Token, error) {
		t, err := s.AccessToken(ctx, secret)
		if errors.Is(err, store.ErrNotFound) {
			return webapi.Token{}, webapi.ErrLoginFailed
		}
		if err != nil {
			return webapi.Token{}, err
		}
		scopes, err := webapi.ParseScopes(t.Scopes)
		return webapi.Token{Scopes: scopes, Expires: t.Expires, Subject: t.Subject, ClientID: t.ClientID}, err
	})
}
