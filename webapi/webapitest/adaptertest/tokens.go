// Package adaptertest has the tests that an adapter of a router or of an RPC
// framework must pass: [Router] or [Guards], and [Streams]; or [Procedures].
package adaptertest

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Config returns the configuration of a server under test.
func Config() *webapi.Config {
	return &webapi.Config{Realm: "notes", Logger: slog.New(slog.DiscardHandler)}
}

// expiry is when the token "brief" expires.
var expiry = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

// policies are those of the API tokens, by the token.
var policies = map[string]string{
	"api":       `{}`,
	"api-not-7": `{"resources": {"note": {"7": {"block": ["*"]}}}}`,
	"api-only-7": `{"resources": {"*": {"block": ["*"]},
	                              "note": {"7": {"allow": ["*"]}}}}`,
	"api-read": `{"resources": {"note": {"*": {"allow": ["GET"], "block": ["*"]}}}}`,
}

// scopes are those of the OAuth2 tokens, by the token.
var scopes = map[string]string{
	"stranger":  "other:read notes note",
	"reader":    "note:read",
	"writer":    "note:read note:write",
	"destroyer": "note:destroy",
	"archivist": "note:archive",
	"owner":     "note:read note:write note:destroy",
	"brief":     "note:read note:write",
	"momentary": "note:read",
	"expired":   "note:read note:write note:destroy",
}

// Bearer returns the authenticator of a server under test.
func Bearer() webapi.Authenticator { return webapi.Bearer(webapi.VerifierFunc(verify)) }

func verify(_ context.Context, secret string) (webapi.Token, error) {
	token := webapi.Token{NoExpiry: true, Subject: "ann"}
	var err error
	switch {
	case secret == "down":
		return webapi.Token{}, errors.New("the database is down")
	case secret == "api-no-policy":
		token.Kind = webapi.APIToken
	case policies[secret] != "":
		token.Kind = webapi.APIToken
		token.Policy, err = webapi.ParsePolicy([]byte(policies[secret]))
	case scopes[secret] != "":
		token.Scopes, err = webapi.ParseScopes(scopes[secret])
	default:
		return webapi.Token{}, webapi.ErrLoginFailed
	}
	switch secret {
	case "brief":
		token.Expires = expiry
	case "expired":
		token.Expires = time.Unix(1, 0)
	case "momentary":
		token.Expires = time.Now().Add(500 * time.Millisecond)
	}
	return token, err
}
