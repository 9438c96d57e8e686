// Package authserver is the OAuth2 authorization server: authorization codes
// with PKCE, client credentials, refresh tokens, revocation, introspection and
// metadata, and the pages on which people log in and consent.
//
// It stands on zitadel/oidc: an OpenID-certified library whose Server interface
// takes the protocol's requests apart (forms, client authentication, redirects,
// errors) and leaves tokens and storage to the server that implements it. That
// lets this one issue plain OAuth2 tokens, with no OpenID Connect around them, and
// keep no secret but as a hash. The library calls that interface experimental
// until its version 4.
package authserver
