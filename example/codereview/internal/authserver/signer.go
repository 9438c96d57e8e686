package authserver

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/zitadel/oidc/v3/pkg/op"

	"github.com/webapi-gen/webapi-gen/example/codereview/internal/store"
)

// Signer signs access tokens (RFC 9068), with RS256, the algorithm that
// everybody has to support (section 2.1).
type Signer struct {
	signer jose.Signer
	public jose.JSONWebKey
}

// NewSigner returns the signer of the private key in a PEM file, which it makes
// if it is not there. Without a file the key is new, and the tokens that it
// signs are good for as long as the process runs.
func NewSigner(file string) (*Signer, error) {
	key, err := loadKey(file)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	public := jose.JSONWebKey{Key: key.Public(), Algorithm: string(jose.RS256), Use: "sig"}
	thumbprint, err := public.Thumbprint(crypto.SHA256)
	if err != nil {
		return nil, fmt.Errorf("signing key: %w", err)
	}
	public.KeyID = fmt.Sprintf("%x", thumbprint[:8])
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: public.KeyID}},
		(&jose.SignerOptions{}).WithType("at+jwt"))
	return &Signer{signer: signer, public: public}, err
}

func loadKey(file string) (*rsa.PrivateKey, error) {
	if file == "" {
		return rsa.GenerateKey(rand.Reader, 2048)
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return makeKey(file)
	}
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s: no PEM", file)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	rsaKey, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("%s: want an RSA key, got %T", file, key)
	}
	return rsaKey, nil
}

func makeKey(file string) (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return key, os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600)
}

// sign returns the JWT of t (RFC 9068, section 2.2).
func (s *Signer) sign(issuer, audience string, t store.AccessToken) (string, error) {
	return jwt.Signed(s.signer).Claims(jwt.Claims{
		Issuer:   issuer,
		Subject:  t.Subject,
		Audience: jwt.Audience{audience},
		Expiry:   jwt.NewNumericDate(t.Expires),
		IssuedAt: jwt.NewNumericDate(t.Issued),
		ID:       rand.Text(),
	}).Claims(struct {
		ClientID string `json:"client_id"`
		Scope    string `json:"scope"`
	}{t.ClientID, t.Scopes}).Serialize()
}

// Keys serves the public key as a JWK set (RFC 7517, section 5).
func (s *Server) Keys(context.Context, *op.Request[struct{}]) (*op.Response, error) {
	set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{}}
	if s.Signer != nil {
		set.Keys = append(set.Keys, s.Signer.public)
	}
	return op.NewResponse(set), nil
}
