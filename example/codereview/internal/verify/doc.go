// Package verify has three ways for a resource server to find out what a bearer
// token is good for, each a webapi.Verifier:
//
//   - Local looks into the table of the authorization server, for an API that
//     shares its database.
//   - Introspection asks the authorization server each time (RFC 7662): nothing
//     is shared but a client's secret, and a revocation counts at once.
//   - JWT checks a signature (RFC 9068): nothing is asked, but a revocation is
//     not seen unless there is a list of what was revoked.
package verify
