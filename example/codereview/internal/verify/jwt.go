package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/time/rate"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// JWT checks access tokens that are JWTs (RFC 9068, section 4).
type JWT struct {
	issuer, audience string
	keys             oidc.KeySet
	revoked          func(ctx context.Context, token string) (bool, error)
}

// NewJWT returns the verifier of the tokens that issuer signs for audience, with
// one of the keys at keysURL. The keys are fetched when a token has one that is
// not known yet, though not as often as somebody sends such tokens. revoked says which tokens were revoked before they expired; nil
// is for an API that cannot know.
func NewJWT(issuer, audience, keysURL string, client *http.Client, revoked func(context.Context, string) (bool, error)) *JWT {
	fetch := &http.Client{Transport: keysTransport{client.Transport, rate.NewLimiter(rate.Every(time.Second), 10)}, Timeout: client.Timeout}
	ctx := oidc.ClientContext(context.Background(), fetch)
	return &JWT{issuer: issuer, audience: audience, keys: oidc.NewRemoteKeySet(ctx, keysURL), revoked: revoked}
}

// Verify implements [webapi.Verifier].
func (j *JWT) Verify(ctx context.Context, token string) (webapi.Token, error) {
	if !isAccessToken(token) {
		return webapi.Token{}, webapi.ErrLoginFailed
	}
	keys := &keySet{KeySet: j.keys}
	// The library's own verifier checks iss, aud and exp of any JWT. What it
	// calls the client ID is the audience.
	verified, err := oidc.NewVerifier(j.issuer, keys, &oidc.Config{
		ClientID:             j.audience,
		SupportedSigningAlgs: []string{oidc.RS256},
	}).Verify(ctx, token)
	if keys.err != nil {
		return webapi.Token{}, keys.err
	}
	if err != nil {
		return webapi.Token{}, webapi.ErrLoginFailed
	}
	if j.revoked != nil {
		switch revoked, err := j.revoked(ctx, token); {
		case err != nil:
			return webapi.Token{}, err
		case revoked:
			return webapi.Token{}, webapi.ErrLoginFailed
		}
	}
	return j.tokenOf(verified)
}

func (j *JWT) tokenOf(verified *oidc.IDToken) (webapi.Token, error) {
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
}

// isAccessToken reports whether token says that it is a JWT access token and
// signed with RS256. An ID token of the same issuer is no access token, though
// everything else of it may fit (RFC 9068, section 5).
func isAccessToken(token string) bool {
	jws, err := jose.ParseSigned(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil || len(jws.Signatures) != 1 {
		return false
	}
	typ := jws.Signatures[0].Protected.ExtraHeaders[jose.HeaderType]
	return typ == "at+jwt" || typ == "application/at+jwt"
}

// errKeys says that the keys could not be fetched, which is no token's fault.
var errKeys = errors.New("verify: no keys")

// keySet keeps the error of the keys for one token; the verifier around it
// makes all errors one.
type keySet struct {
	oidc.KeySet
	err error
}

func (k *keySet) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	payload, err := k.KeySet.VerifySignature(ctx, jwt)
	if errors.Is(err, errKeys) || ctx.Err() != nil {
		k.err = err
	}
	return payload, err
}

// keysTransport marks what goes wrong with errKeys.
type keysTransport struct {
	http.RoundTripper
	limit *rate.Limiter
}

func (t keysTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !t.limit.Allow() {
		return nil, fmt.Errorf("%w: fetched too often", errKeys)
	}
	res, err := t.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errKeys, err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, errors.Join(fmt.Errorf("%w: %s", errKeys, res.Status), res.Body.Close())
	}
	return res, nil
}
