// Package adopting holds the code of docs/adopting.md: servers that were there
// before their guards, each with the routes as they were in before_test.go.
//
//   - nethttp, chi, gin and echo are the same server with four routers
//   - recipes verify JWTs, ask an introspection endpoint, write errors in a form of
//     the server's own, and keep a login of the server's own
//
// Requests and answers are those of the document's table.
package adopting
