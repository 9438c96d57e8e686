// Package connect serves guarded resources with connectrpc.com/connect.
//
// A procedure is let through as the request for a method of a resource that the
// table says it is. A stream is decided again on each message, either way: by
// the object that the last message of the client named, and by the token's
// expiry. The token itself is verified once, when the call begins. A stream
// that says nothing stays open past the expiry, and ends when it next speaks.
//
// A handler may return an *webapi.Error as well, such as that of webapi.Decide
// for a further object.
package connect

import (
	"cmp"
	"context"
	"net/http"

	"connectrpc.com/connect"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

// Guard returns the option that guards a handler: a gate that authenticates the
// call before any message is read, and an interceptor that decides. Without
// the gate there would be no credentials, and the interceptor would deny.
func Guard(table rpc.Table, cfg *webapi.Config, authenticators ...webapi.Authenticator) connect.HandlerOption {
	authenticate := cfg.Authenticate(authenticators...)
	return connect.WithHandlerOptions(
		connect.WithRequestGate(func(ctx context.Context, _ connect.Spec, peer connect.Peer, header http.Header) (context.Context, error) {
			ctx, err := authenticate(ctx, header.Values("Authorization"))
			return ctx, refusal(ctx, peer, err)
		}),
		connect.WithInterceptors(guard{table}),
	)
}

type guard struct{ table rpc.Table }

func (g guard) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		if err := g.table.Call(ctx, req.Spec().Procedure).Received(req.Any()); err != nil {
			return nil, refusal(ctx, req.Peer(), err)
		}
		res, err := next(ctx, req)
		return res, refusal(ctx, req.Peer(), err)
	}
}

func (g guard) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		call := g.table.Call(ctx, conn.Spec().Procedure)
		if conn.Spec().StreamType != connect.StreamTypeServer { // its handler would run before the first message
			if err := call.Decide(); err != nil {
				return refusal(ctx, conn.Peer(), err)
			}
		}
		err := next(ctx, stream{conn, ctx, call})
		return refusal(ctx, conn.Peer(), cmp.Or(call.Denied(), err)) // the handler may have passed over the error of a Send
	}
}

func (guard) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next // clients are not guarded
}

// stream is a connection that lets a message through if the call may go on.
type stream struct {
	connect.StreamingHandlerConn
	ctx  context.Context
	call *rpc.Call
}

func (s stream) Receive(message any) error {
	if err := s.StreamingHandlerConn.Receive(message); err != nil {
		return err
	}
	return refusal(s.ctx, s.Peer(), s.call.Received(message))
}

func (s stream) Send(message any) error {
	if err := s.call.Decide(); err != nil {
		return refusal(s.ctx, s.Peer(), err)
	}
	return s.StreamingHandlerConn.Send(message)
}
