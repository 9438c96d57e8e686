// Package example holds programs that are guarded by webapi-gen.
//
// Notes is the smallest one that is whole. Reviewboard has the API of Review
// Board, 71 resources, in one YAML spec. Codereview is an API with everything
// that a real one needs around it: an OAuth2 authorization server with a consent
// page, login sessions, a database, and tokens verified in three ways. Adapters
// shows the guards under other routers than net/http's, under Connect and gRPC,
// and decisions counted with OpenTelemetry. Adopting has servers before and after
// they got guards, for docs/adopting.md. Mcp is a server of the Model Context
// Protocol with scopes for each of its tools.
package example
