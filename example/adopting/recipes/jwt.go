package recipes

import (
	"context"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// JWT returns a verifier of the access tokens (RFC 9068) that issuer signs for
// audience. It finds the issuer's keys by its metadata.
func JWT(ctx context.Context, issuer, audience string) (webapi.Verifier, error) {
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return nil, err
	}
	// It checks the signature, iss, aud and exp. What it calls the client ID is the audience.
	verifier := provider.VerifierContext(ctx, &oidc.Config{ClientID: audience, SupportedSigningAlgs: []string{oidc.RS256, oidc.ES256}})
	return webapi.VerifierFunc(func(ctx context.Context, token string) (webapi.Token, error) {
		verified, err := verifier.Verify(ctx, token)
		if err != nil || !isAccessToken(token) {
			return webapi.Token{}, webapi.ErrLoginFailed
		}
		claims := map[string]any{}
		if err := verified.Claims(&claims); err != nil {
			return webapi.Token{}, err
		}
		scopes, err := webapi.ScopesFromClaims(claims)
		if err != nil {
			return webapi.Token{}, err
		}
		clientID, _ := claims["client_id"].(string)
		return webapi.Token{Scopes: scopes, Expires: verified.Expiry, Subject: verified.Subject, ClientID: clientID}, nil
	}), nil
}

// isAccessToken reports whether the type of a JWT is that of access tokens. An ID
// token of the same issuer must not work (RFC 9068, section 4).
func isAccessToken(token string) bool {
	jws, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256, jose.ES256})
	if err != nil {
		return false
	}
	typ := jws.Signatures[0].Protected.ExtraHeaders[jose.HeaderType]
	return typ == "at+jwt" || typ == "application/at+jwt"
}
