package grpcapi_test

import (
	"context"
	"net"
	"path"
	"testing"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"

	grpcapi "github.com/webapi-gen/webapi-gen/adapters/grpc"
)

type message = wrapperspb.StringValue

func echo(_ context.Context, m *message) (*message, error) { return m, nil }

// service describes the service, as the code that protoc-gen-go-grpc makes does.
func service(changes <-chan string, unary func(context.Context, *message) (*message, error)) *grpc.ServiceDesc {
	desc := &grpc.ServiceDesc{
		ServiceName: adaptertest.Service,
		HandlerType: (*any)(nil),
		Streams: []grpc.StreamDesc{
			{StreamName: path.Base(adaptertest.Watch), ServerStreams: true, Handler: func(_ any, ss grpc.ServerStream) error {
				s := &grpc.GenericServerStream[message, message]{ServerStream: ss}
				id, err := s.Recv()
				if err != nil {
					return err
				}
				return adaptertest.WatchNote(ss.Context(), id.GetValue(), changes, func(text string) error {
					return s.Send(wrapperspb.String(text))
				})
			}},
			{StreamName: path.Base(adaptertest.Import), ClientStreams: true, Handler: func(_ any, ss grpc.ServerStream) error {
				s := &grpc.GenericServerStream[message, message]{ServerStream: ss}
				done, err := adaptertest.ImportNotes(func() (string, error) {
					m, err := s.Recv()
					return m.GetValue(), err
				})
				if err != nil {
					return err
				}
				return s.SendAndClose(wrapperspb.String(done))
			}},
		},
	}
	for _, procedure := range adaptertest.Unary() {
		desc.Methods = append(desc.Methods, method(procedure, unary))
	}
	return desc
}

func method(procedure string, unary func(context.Context, *message) (*message, error)) grpc.MethodDesc {
	handler := func(ctx context.Context, req any) (any, error) { return unary(ctx, req.(*message)) }
	return grpc.MethodDesc{MethodName: path.Base(procedure), Handler: func(
		srv any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor,
	) (any, error) {
		req := new(message)
		if err := decode(req); err != nil {
			return nil, err
		}
		return interceptor(ctx, req, &grpc.UnaryServerInfo{Server: srv, FullMethod: procedure}, handler)
	}}
}

// serve starts a server until the test ends, and returns a client.
func serve(t *testing.T, desc *grpc.ServiceDesc, options ...grpc.ServerOption) client {
	t.Helper()
	listener := bufconn.Listen(1 << 16)
	server := grpc.NewServer(options...)
	server.RegisterService(desc, nil)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient("passthrough:///notes",
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
		grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return client{conn}
}

func guard(cfg *webapi.Config) *grpcapi.Guard {
	return &grpcapi.Guard{Table: adaptertest.Table(), Authenticate: cfg.Authenticate(adaptertest.Bearer())}
}

func options(g *grpcapi.Guard) []grpc.ServerOption {
	return []grpc.ServerOption{grpc.ChainUnaryInterceptor(g.Unary), grpc.ChainStreamInterceptor(g.Stream)}
}

func TestProcedures(t *testing.T) {
	adaptertest.Procedures(t, func(t *testing.T, s adaptertest.RPCServer) adaptertest.Client {
		g := guard(s.Config)
		g.IgnoreExpiry = s.IgnoreExpiry
		return serve(t, service(s.Changes, echo), options(g)...)
	})
}

// TestOwnLogin has a login of the server itself in interceptors before the guard.
func TestOwnLogin(t *testing.T) {
	authenticate := adaptertest.Config().Authenticate(adaptertest.Bearer())
	login := func(ctx context.Context) context.Context {
		ctx, _ = authenticate(ctx, metadata.ValueFromIncomingContext(ctx, "authorization"))
		return ctx
	}
	g := &grpcapi.Guard{Table: adaptertest.Table()}
	c := serve(t, service(nil, echo),
		grpc.ChainUnaryInterceptor(func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			return handler(login(ctx), req)
		}, g.Unary),
		grpc.ChainStreamInterceptor(func(srv any, ss grpc.ServerStream, _ *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
			return handler(srv, withContext{ss, login(ss.Context())})
		}, g.Stream))
	for authorization, want := range map[string]codes.Code{
		"Bearer reader": 0, "Bearer stranger": codes.PermissionDenied, "": codes.Unauthenticated,
	} {
		if got := c.Unary(t.Context(), adaptertest.Get, authorization, "7"); got.Status != uint32(want) {
			t.Errorf("Get with %q: got %+v, want %v", authorization, got, want)
		}
		ctx, cancel := context.WithCancel(t.Context())
		if got := c.Watch(ctx, authorization, "7")(); got.Status != uint32(want) {
			t.Errorf("Watch with %q: got %+v, want %v", authorization, got, want)
		}
		cancel()
	}
}

type withContext struct {
	grpc.ServerStream
	ctx context.Context
}

func (s withContext) Context() context.Context { return s.ctx }

// TestZeroGuard has a guard that has been forgotten.
func TestZeroGuard(t *testing.T) {
	c := serve(t, service(nil, echo), options(new(grpcapi.Guard))...)
	for _, procedure := range []string{adaptertest.List, adaptertest.Get} {
		if got := c.Unary(t.Context(), procedure, "Bearer owner", "7"); got.Status != uint32(codes.PermissionDenied) {
			t.Errorf("%s: got %+v", procedure, got)
		}
	}
}

// TestError has errors in the form of the server.
func TestError(t *testing.T) {
	g := guard(adaptertest.Config())
	g.Error = func(_ context.Context, err *webapi.Error) error {
		if err.Code == webapi.ErrNotLoggedIn.Code {
			return nil
		}
		return status.Error(codes.NotFound, "nothing here")
	}
	c := serve(t, service(nil, echo), options(g)...)
	for authorization, want := range map[string]codes.Code{"Bearer stranger": codes.NotFound, "": codes.Unauthenticated} {
		if got := c.Unary(t.Context(), adaptertest.Get, authorization, "7"); got.Status != uint32(want) {
			t.Errorf("Get with %q: got %+v, want %v", authorization, got, want)
		}
		if got := c.Watch(t.Context(), authorization, "7")(); got.Status != uint32(want) {
			t.Errorf("Watch with %q: got %+v, want %v", authorization, got, want)
		}
	}
}

// TestErrorOfHandler has a handler that returns errors of its own. grpc-go does not
// recover panics, hence a nil pointer must not cause one.
func TestErrorOfHandler(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want codes.Code
	}{
		{status.Error(codes.NotFound, "no such note"), codes.NotFound},
		{&webapi.Error{Code: 100, Status: 404, Message: "\xff"}, codes.NotFound},
		{(*webapi.Error)(nil), codes.Internal},
	} {
		c := serve(t, service(nil, func(context.Context, *message) (*message, error) { return nil, tt.err }),
			options(guard(adaptertest.Config()))...)
		if got := c.Unary(t.Context(), adaptertest.Get, "Bearer reader", "7"); got.Status != uint32(tt.want) {
			t.Errorf("%#v: got %+v, want %v", tt.err, got, tt.want)
		}
	}
}

// TestIgnoredError has a handler that does not look at the error of Send.
func TestIgnoredError(t *testing.T) {
	cfg, expire := adaptertest.Clock()
	desc := service(nil, echo)
	desc.Streams[0].Handler = func(_ any, ss grpc.ServerStream) error {
		if err := ss.RecvMsg(new(message)); err != nil {
			return err
		}
		expire()
		_ = ss.SendMsg(new(message))
		return nil
	}
	if got := serve(t, desc, options(guard(cfg))...).Watch(t.Context(), "Bearer brief", "7")(); got != adaptertest.TokenExpired {
		t.Errorf("got %+v, want %+v", got, adaptertest.TokenExpired)
	}
}

type client struct{ conn *grpc.ClientConn }

func (c client) Unary(ctx context.Context, procedure, authorization, id string) adaptertest.Answer {
	return answer(c.conn.Invoke(authorize(ctx, authorization), procedure, wrapperspb.String(id), new(message)))
}

func (c client) Watch(ctx context.Context, authorization, id string) func() adaptertest.Answer {
	stream, err := c.conn.NewStream(authorize(ctx, authorization), &grpc.StreamDesc{ServerStreams: true}, adaptertest.Watch)
	if err != nil {
		return func() adaptertest.Answer { return answer(err) }
	}
	_ = stream.SendMsg(wrapperspb.String(id)) // receiving returns the error
	_ = stream.CloseSend()
	return func() adaptertest.Answer { return answer(stream.RecvMsg(new(message))) }
}

func (c client) Import(ctx context.Context, authorization string) (send func(), done func() adaptertest.Answer) {
	stream, err := c.conn.NewStream(authorize(ctx, authorization), &grpc.StreamDesc{ClientStreams: true}, adaptertest.Import)
	if err != nil {
		return func() {}, func() adaptertest.Answer { return answer(err) }
	}
	send = func() { _ = stream.SendMsg(wrapperspb.String("a note")) }
	return send, func() adaptertest.Answer {
		_ = stream.CloseSend()
		return answer(stream.RecvMsg(new(message)))
	}
}

func authorize(ctx context.Context, authorization string) context.Context {
	if authorization == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", authorization)
}

func answer(err error) adaptertest.Answer {
	s := status.Convert(err)
	a := adaptertest.Answer{Status: uint32(s.Code())}
	for _, detail := range s.Details() {
		info, _ := detail.(*errdetails.ErrorInfo)
		a.Code, a.Challenge = info.GetMetadata()["code"], info.GetMetadata()["challenge"]
	}
	return a
}
