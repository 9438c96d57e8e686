// Package connectapi guards the procedures of a server of connectrpc.com/connect.
//
//	guard := &connectapi.Guard{
//		Authenticate: cfg.Authenticate(webapi.Bearer(verifier)),
//		Table: connectapi.Table{
//			notesv1connect.NoteServiceListProcedure:    {Resource: notes, Method: "GET"},
//			notesv1connect.NoteServiceGetProcedure:     {Resource: notes, Method: "GET", Object: noteID},
//			notesv1connect.NoteServiceArchiveProcedure: {Resource: notes, Method: string(NotePostArchive), Object: noteID},
//		},
//	}
//	mux.Handle(notesv1connect.NewNoteServiceHandler(server, guard.Option()))
//
// A procedure is allowed as the request for a method or a named operation of a
// resource that the table says it is, and denied if the table does not have it. The
// table can be that of several services.
//
// A stream is decided again for each message, in both directions: by the object that
// the last message of the client named, and by the token's expiry. The context of
// its handler ends when the token expires. The token itself is verified once, when
// the call begins.
//
// A handler may return an *[webapi.Error] as well, such as that of [webapi.Decide] for
// a further object.
package connectapi

import (
	"context"
	"net/http"

	"connectrpc.com/connect"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapirpc"
)

// Table has a rule for each procedure, by its full name, which generated code has as
// a constant. A procedure that is not listed is denied. Servers of Connect and of
// gRPC can have the same table.
type Table = webapirpc.Table

// Rule says what a procedure does, and to what.
type Rule = webapirpc.Rule

// A Guard decides who may call which procedure. It must not be changed once a handler
// has it. The zero value denies every call.
type Guard struct {
	// Table has the procedures that can be called.
	Table Table
	// Authenticate finds the token of a call; it is what [webapi.Config.Authenticate]
	// returns. It is nil for a server that has [webapi.Config.Middleware] or a login
	// of its own in front of its handlers, which calls [webapi.WithToken] or
	// [webapi.WithUnscopedAccess].
	Authenticate func(ctx context.Context, authorization []string) (context.Context, error)
	// Error, if not nil, returns the error for the client that a call is denied with,
	// or whose handler has returned err. If it is nil, or returns nil, the error has a
	// google.rpc.ErrorInfo with the number and type of err, see [webapirpc.Info], and
	// with Connect's own protocol a WWW-Authenticate header. Errors that have no
	// *webapi.Error are the handler's own and stay as they are.
	Error func(ctx context.Context, err *webapi.Error) error
	// IgnoreExpiry lets a stream go on after its token has expired, until the client
	// names another object.
	IgnoreExpiry bool
}

var _ connect.Interceptor = (*Guard)(nil)

// Option returns the option of a handler that g guards: g as an interceptor, and a
// request gate, which denies before the message is read what needs no message: a
// malformed Authorization header, a procedure that is not in the table, and a
// procedure for a collection. A gate runs before all interceptors: a server whose
// login is one uses connect.WithInterceptors(login, g) instead.
func (g *Guard) Option() connect.HandlerOption {
	gate := func(ctx context.Context, spec connect.Spec, peer connect.Peer, header http.Header) (context.Context, error) {
		c, err := g.begin(ctx, spec, header)
		return context.WithValue(c.ctx, callKey{g}, c), g.refusal(c.ctx, peer, err)
	}
	return connect.WithHandlerOptions(connect.WithRequestGate(gate), connect.WithInterceptors(g))
}

// call is a call that has begun.
type call struct {
	*webapirpc.Call
	ctx     context.Context
	decided bool // before any message
}

type callKey struct{ *Guard }

// begin returns the call that the gate has begun, or begins it.
func (g *Guard) begin(ctx context.Context, spec connect.Spec, header http.Header) (c call, err error) {
	if c, ok := ctx.Value(callKey{g}).(call); ok {
		c.ctx = ctx
		return c, c.Denied()
	}
	if g.Authenticate != nil {
		ctx, err = g.Authenticate(ctx, header.Values("Authorization"))
	}
	c = call{Call: g.Table.Call(ctx, spec.Procedure, g.IgnoreExpiry), ctx: ctx}
	if err == nil {
		c.decided, err = c.Begin()
	}
	return c, err
}

// WrapUnary implements [connect.Interceptor].
func (g *Guard) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		if req.Spec().IsClient {
			return next(ctx, req)
		}
		c, err := g.begin(ctx, req.Spec(), req.Header())
		if err == nil && !c.decided {
			err = c.Received(req.Any())
		}
		if err != nil {
			return nil, g.refusal(c.ctx, req.Peer(), err)
		}
		res, err := next(c.ctx, req)
		return res, g.refusal(c.ctx, req.Peer(), err)
	}
}

// WrapStreamingHandler implements [connect.Interceptor].
func (g *Guard) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		c, err := g.begin(ctx, conn.Spec(), conn.RequestHeader())
		if err == nil && !c.decided && conn.Spec().StreamType != connect.StreamTypeServer {
			err = c.Decide() // the handler runs before the first message
		}
		if err == nil {
			err = c.Run(c.ctx, func(ctx context.Context) error { return next(ctx, &stream{conn, g, c}) })
		}
		return g.refusal(c.ctx, conn.Peer(), err)
	}
}

// WrapStreamingClient implements [connect.Interceptor]. Clients are not guarded.
func (g *Guard) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

// stream is a connection that passes a message on if the call may go on.
type stream struct {
	connect.StreamingHandlerConn
	guard *Guard
	call  call
}

func (s *stream) Receive(message any) error {
	if err := s.StreamingHandlerConn.Receive(message); err != nil {
		return err
	}
	return s.guard.refusal(s.call.ctx, s.Peer(), s.call.Received(message))
}

func (s *stream) Send(message any) error {
	if err := s.call.Decide(); err != nil {
		return s.guard.refusal(s.call.ctx, s.Peer(), err)
	}
	return s.StreamingHandlerConn.Send(message)
}
