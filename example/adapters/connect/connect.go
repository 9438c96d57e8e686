// Package connect serves guarded resources with connectrpc.com/connect.
package connect

import (
	"context"
	"net/http"

	"connectrpc.com/connect"

	connectapi "github.com/webapi-gen/webapi-gen/adapters/connect"
	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

// New returns a server with connectrpc.com/connect. Messages have a limit, which
// Connect does not set by default.
func New(cfg *webapi.Config, authenticators ...webapi.Authenticator) http.Handler {
	guard := &connectapi.Guard{Table: rpc.Table(), Authenticate: cfg.Authenticate(authenticators...)}
	options := connect.WithHandlerOptions(guard.Option(), connect.WithReadMaxBytes(64<<10))

	mux := http.NewServeMux()
	mux.Handle(rpc.Get, connect.NewUnaryHandlerSimple(rpc.Get, rpc.GetNote, options))
	mux.Handle(rpc.Watch, connect.NewServerStreamHandlerSimple(rpc.Watch,
		func(ctx context.Context, id *rpc.Message, stream *connect.ServerStream[rpc.Message]) error {
			return rpc.WatchNote(ctx, id, stream.Send)
		}, options))
	return mux
}
