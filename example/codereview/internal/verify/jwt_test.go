package verify_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/verify"
)

const issuer, audience = "https://login.example", "https://api.example"

// sign returns a JWT with the claims of a good one and what is changed.
func sign(t *testing.T, alg jose.SignatureAlgorithm, key any, typ string, change map[string]any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: "k1"}},
		(&jose.SignerOptions{}).WithType(jose.ContentType(typ)))
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{
		"iss": issuer, "aud": audience, "sub": "alice", "client_id": "dashboard", "scope": "user:read review:read",
		"exp": time.Now().Add(time.Minute).Unix(), "iat": time.Now().Unix(), "jti": "1",
	}
	for name, value := range change {
		claims[name] = value
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestJWT(t *testing.T) {
	key := newKey(t)
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k1", Algorithm: "RS256", Use: "sig"}}})
	if err != nil {
		t.Fatal(err)
	}
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(set) }))
	t.Cleanup(keys.Close)
	client := &http.Client{Transport: new(http.Transport)}
	t.Cleanup(client.CloseIdleConnections)

	withdrawn := sign(t, jose.RS256, key, "at+jwt", map[string]any{"jti": "2"})
	v := verify.NewJWT(issuer, audience, keys.URL, client,
		func(_ context.Context, token string) (bool, error) { return token == withdrawn, nil })

	token, err := v.Verify(t.Context(), sign(t, jose.RS256, key, "at+jwt", map[string]any{"aud": []string{"x", audience}}))
	if err != nil || token.Subject != "alice" || token.ClientID != "dashboard" || token.Scopes.String() != "review:read user:read" || token.NoExpiry {
		t.Errorf("good: got %+v, %v", token, err)
	}
	for name, text := range map[string]string{
		"no JWT":                     "cra_ABC",
		"revoked":                    withdrawn,
		"an ID token":                sign(t, jose.RS256, key, "JWT", nil),
		"another issuer":             sign(t, jose.RS256, key, "at+jwt", map[string]any{"iss": "https://evil.example"}),
		"another audience":           sign(t, jose.RS256, key, "at+jwt", map[string]any{"aud": "https://other.example"}),
		"expired":                    sign(t, jose.RS256, key, "at+jwt", map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}),
		"malformed scopes":           sign(t, jose.RS256, key, "at+jwt", map[string]any{"scope": "a\tb"}),
		"another key":                sign(t, jose.RS256, newKey(t), "at+jwt", nil),
		"another alg":                sign(t, jose.PS256, key, "at+jwt", nil),
		"the public key as a secret": sign(t, jose.HS256, set, "at+jwt", nil),
		"alg none":                   "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1wbGUifQ.",
	} {
		if _, err := v.Verify(t.Context(), text); !errors.Is(err, webapi.ErrLoginFailed) {
			t.Errorf("%s: got %v, want ErrLoginFailed", name, err)
		}
	}
}

// TestJWTWithoutKeys blames no token for keys that cannot be had.
func TestJWTWithoutKeys(t *testing.T) {
	keys := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(keys.Close)
	client := &http.Client{Transport: new(http.Transport)}
	t.Cleanup(client.CloseIdleConnections)
	v := verify.NewJWT(issuer, audience, keys.URL, client, nil)
	_, err := v.Verify(t.Context(), sign(t, jose.RS256, newKey(t), "at+jwt", nil))
	if err == nil || errors.Is(err, webapi.ErrLoginFailed) {
		t.Errorf("got %v, want an error that is not the token's", err)
	}
}

// TestJWTKeysLimit fetches keys now and then, however many tokens have one that is
// not known.
func TestJWTKeysLimit(t *testing.T) {
	var fetched atomic.Int32
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fetched.Add(1)
		_, _ = w.Write([]byte(`{"keys":[]}`))
	}))
	t.Cleanup(keys.Close)
	client := &http.Client{Transport: new(http.Transport)}
	t.Cleanup(client.CloseIdleConnections)
	v := verify.NewJWT(issuer, audience, keys.URL, client, nil)
	forged := sign(t, jose.RS256, newKey(t), "at+jwt", nil)
	for range 200 {
		if _, err := v.Verify(t.Context(), forged); err == nil {
			t.Fatal("a forged token was taken")
		}
	}
	if fetched.Load() > 100 {
		t.Errorf("200 forged tokens fetched the keys %d times", fetched.Load())
	}
}
