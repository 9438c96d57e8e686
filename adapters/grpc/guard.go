// Package grpcapi guards the procedures of a server of google.golang.org/grpc.
//
//	guard := &grpcapi.Guard{
//		Authenticate: cfg.Authenticate(webapi.Bearer(verifier)),
//		Table: grpcapi.Table{
//			notesv1.NoteService_List_FullMethodName:    {Resource: notes, Method: "GET"},
//			notesv1.NoteService_Get_FullMethodName:     {Resource: notes, Method: "GET", Object: noteID},
//			notesv1.NoteService_Archive_FullMethodName: {Resource: notes, Method: string(NotePostArchive), Object: noteID},
//		},
//	}
//	server := grpc.NewServer(grpc.ChainUnaryInterceptor(guard.Unary), grpc.ChainStreamInterceptor(guard.Stream))
//
// A procedure is allowed as the request for a method or a named operation of a
// resource that the table says it is, and denied if the table does not have it. That
// goes for every service of the server, also for those that come with gRPC, such as
// health and reflection.
//
// A stream is decided again for each message, in both directions: by the object that
// the last message of the client named, and by the token's expiry. The context of
// its handler ends when the token expires. The token itself is verified once, when
// the call begins.
//
// A handler may return an *[webapi.Error] as well, such as that of [webapi.Decide] for
// a further object.
package grpcapi

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapirpc"
)

// Table has a rule for each procedure, by its full name, which generated code has as
// a constant. A procedure that is not listed is denied. Servers of Connect and of
// gRPC can have the same table.
type Table = webapirpc.Table

// Rule says what a procedure does, and to what.
type Rule = webapirpc.Rule

// A Guard decides who may call which procedure. It must not be changed once a server
// has it. The zero value denies every call.
type Guard struct {
	// Table has the procedures that can be called.
	Table Table
	// Authenticate finds the token of a call; it is what [webapi.Config.Authenticate]
	// returns. It is nil for a server that has a login of its own in an interceptor
	// before the guard's, which calls [webapi.WithToken] or [webapi.WithUnscopedAccess].
	Authenticate func(ctx context.Context, authorization []string) (context.Context, error)
	// Error, if not nil, returns the error for the client that a call is denied with,
	// or whose handler has returned err. If it is nil, or returns nil, the error has a
	// google.rpc.ErrorInfo with the number, type and challenge of err, see
	// [webapirpc.Info]. Errors that have no *webapi.Error are the handler's own and
	// stay as they are.
	Error func(ctx context.Context, err *webapi.Error) error
	// IgnoreExpiry lets a stream go on after its token has expired, until the client
	// names another object.
	IgnoreExpiry bool
}

var (
	_ grpc.UnaryServerInterceptor  = (*Guard)(nil).Unary
	_ grpc.StreamServerInterceptor = (*Guard)(nil).Stream
)

// begin begins a call. decided reports whether it has been decided already.
func (g *Guard) begin(ctx context.Context, procedure string) (newCtx context.Context, call *webapirpc.Call, decided bool, err error) {
	if g.Authenticate != nil {
		ctx, err = g.Authenticate(ctx, metadata.ValueFromIncomingContext(ctx, "authorization"))
	}
	call = g.Table.Call(ctx, procedure, g.IgnoreExpiry)
	if err == nil {
		decided, err = call.Begin()
	}
	return ctx, call, decided, err
}

// Unary is a [grpc.UnaryServerInterceptor].
func (g *Guard) Unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	ctx, call, decided, err := g.begin(ctx, info.FullMethod)
	if err == nil && !decided {
		err = call.Received(req)
	}
	if err != nil {
		return nil, g.refusal(ctx, err)
	}
	res, err := handler(ctx, req)
	return res, g.refusal(ctx, err)
}

// Stream is a [grpc.StreamServerInterceptor].
func (g *Guard) Stream(srv any, ss grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	ctx, call, decided, err := g.begin(ss.Context(), info.FullMethod)
	if err == nil && !decided && info.IsClientStream {
		err = call.Decide() // the handler runs before the first message
	}
	if err == nil {
		err = call.Run(ctx, func(ctx context.Context) error { return handler(srv, &stream{ss, g, ctx, call}) })
	}
	return g.refusal(ctx, err)
}

// stream is a stream that passes a message on if the call may go on.
type stream struct {
	grpc.ServerStream
	guard *Guard
	ctx   context.Context
	call  *webapirpc.Call
}

func (s *stream) Context() context.Context { return s.ctx }

func (s *stream) RecvMsg(message any) error {
	if err := s.ServerStream.RecvMsg(message); err != nil {
		return err
	}
	return s.guard.refusal(s.ctx, s.call.Received(message))
}

func (s *stream) SendMsg(message any) error {
	if err := s.call.Decide(); err != nil {
		return s.guard.refusal(s.ctx, err)
	}
	return s.ServerStream.SendMsg(message)
}
