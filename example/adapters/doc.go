// Package adapters shows how guarded resources are served with routers and RPC
// frameworks other than net/http:
//
//   - notes has the resource that all serve, and the router of net/http
//   - gin and echo use the guards of the adapters, which are modules to import
//   - chi is a router of net/http's own types; what matters is that the path value
//     which the resource's key= names is on the request, unescaped
//   - connect and grpc use the adapters for RPC, with rpc for what they share: the
//     table that says which method of which resource a procedure is
//   - otel counts the decisions and notes them in traces
//
// Every router is tested with one literal table of who may do what, and both
// RPC servers must answer as HTTP does, whatever the credentials.
package adapters
