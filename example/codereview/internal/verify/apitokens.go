package verify

import (
	"context"
	"errors"
	"strings"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// APITokenPrefix begins every API token, so that none is shown to a verifier of
// OAuth2 tokens, which may be another server.
const APITokenPrefix = "crp_"

// APITokens returns the verifier that knows the API tokens of s and leaves all
// others to oauth2. The policy is read each time, so that a change counts at
// once.
func APITokens(s *store.Store, oauth2 webapi.Verifier) webapi.Verifier {
	return webapi.VerifierFunc(func(ctx context.Context, secret string) (webapi.Token, error) {
		if !strings.HasPrefix(secret, APITokenPrefix) {
			return oauth2.Verify(ctx, secret)
		}
		t, err := s.APIToken(ctx, secret)
		if errors.Is(err, store.ErrNotFound) {
			return webapi.Token{}, webapi.ErrLoginFailed
		}
		if err != nil {
			return webapi.Token{}, err
		}
		policy, err := webapi.ParsePolicy([]byte(t.Policy))
		return webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Subject: t.Username, Policy: policy}, err
	})
}
