package connect

import (
	"cmp"
	"context"
	"io"
	"net/http"

	"connectrpc.com/connect"

	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

// New returns the server of the notes, as the code that protoc-gen-connect-go
// makes of a .proto would: a handler for each procedure. Messages have a limit,
// which Connect does not set by default.
func New(notes *rpc.Notes, guard connect.HandlerOption) http.Handler {
	guard = connect.WithHandlerOptions(guard, connect.WithReadMaxBytes(64<<10))
	mux := http.NewServeMux()
	for procedure, unary := range notes.Unary() {
		mux.Handle(procedure, connect.NewUnaryHandlerSimple(procedure, unary, guard))
	}
	mux.Handle(rpc.Watch, connect.NewServerStreamHandlerSimple(rpc.Watch,
		func(ctx context.Context, id *rpc.Message, stream *connect.ServerStream[rpc.Message]) error {
			return notes.Watch(ctx, id, stream.Send)
		}, guard))
	mux.Handle(rpc.Import, connect.NewClientStreamHandlerSimple(rpc.Import,
		func(_ context.Context, stream *connect.ClientStream[rpc.Message]) (*rpc.Message, error) {
			return notes.Import(func() (*rpc.Message, error) {
				if stream.Receive() {
					return stream.Msg(), nil
				}
				return nil, cmp.Or(stream.Err(), io.EOF)
			})
		}, guard))
	return mux
}
