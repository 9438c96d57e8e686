// Package authserver is the OAuth2 authorization server: authorization codes
// with PKCE, client credentials, refresh tokens, revocation, introspection and
// metadata, and the pages on which people log in and consent.
//
// It stands on zitadel/oidc: an OpenID-certified library with a release every
// few weeks, whose Server interface takes the protocol's requests apart (forms,
// client authentication, redirects, errors) and leaves tokens and storage to
// the server that implements it. That lets this one issue plain OAuth2 tokens,
// with no OpenID Connect around them, and keep no secret but as a hash. The
// library calls that interface experimental until its version 4.
//
// The others looked at: ory/fosite knows all of this but the metadata, and has
// had no release since 2024, and most of ory/x comes with it; go-oauth2/oauth2
// knows neither revocation nor introspection nor metadata, and hands its store
// the tokens as they are.
package authserver
