// Package grpc serves guarded resources with google.golang.org/grpc.
//
// A procedure is let through as the request for a method of a resource that the
// table says it is. A stream is decided again on each message, either way: by
// the object that the last message of the client named, and by the token's
// expiry. The token itself is verified once, when the call begins. A stream
// that says nothing stays open past the expiry, and ends when it next speaks.
//
// A handler may return an *webapi.Error as well, such as that of webapi.Decide
// for a further object.
package grpc

import (
	"cmp"
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

// Guard returns the options of a server that guards every procedure of every
// service: also of those, such as health and reflection, that come with gRPC.
func Guard(table rpc.Table, cfg *webapi.Config, authenticators ...webapi.Authenticator) []grpc.ServerOption {
	g := guard{table, cfg.Authenticate(authenticators...)}
	return []grpc.ServerOption{grpc.ChainUnaryInterceptor(g.unary), grpc.ChainStreamInterceptor(g.stream)}
}

type guard struct {
	table         rpc.Table
	authorization func(ctx context.Context, values []string) (context.Context, error)
}

func (g guard) authenticate(ctx context.Context) (context.Context, error) {
	return g.authorization(ctx, metadata.ValueFromIncomingContext(ctx, "authorization"))
}

func (g guard) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (res any, err error) {
	ctx, err = g.authenticate(ctx)
	if err == nil {
		err = g.table.Call(ctx, info.FullMethod).Received(req)
	}
	if err == nil {
		res, err = handler(ctx, req)
	}
	_ = grpc.SetTrailer(ctx, trailer(ctx, err)) // a call that is over cannot be told
	return res, refusal(err)
}

func (g guard) stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, err := g.authenticate(ss.Context())
	call := g.table.Call(ctx, info.FullMethod)
	if err == nil && info.IsClientStream { // its handler would run before the first message
		err = call.Decide()
	}
	if err == nil {
		err = handler(srv, stream{ss, ctx, call})
		err = cmp.Or(call.Denied(), err) // the handler may have passed over the error of a SendMsg
	}
	ss.SetTrailer(trailer(ctx, err))
	return refusal(err)
}

// stream is a stream that lets a message through if the call may go on.
type stream struct {
	grpc.ServerStream
	ctx  context.Context
	call *rpc.Call
}

func (s stream) Context() context.Context { return s.ctx }

func (s stream) RecvMsg(message any) error {
	if err := s.ServerStream.RecvMsg(message); err != nil {
		return err
	}
	return refusal(s.call.Received(message))
}

func (s stream) SendMsg(message any) error {
	if err := s.call.Decide(); err != nil {
		return refusal(err)
	}
	return s.ServerStream.SendMsg(message)
}
