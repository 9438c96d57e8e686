package grpc

import (
	"context"
	"path"

	"google.golang.org/grpc"

	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

// New returns the server of the notes.
func New(notes *rpc.Notes, guard ...grpc.ServerOption) *grpc.Server {
	server := grpc.NewServer(guard...)
	server.RegisterService(service(notes), notes)
	return server
}

// service describes the service, as the code that protoc-gen-go-grpc makes of a
// .proto would.
func service(notes *rpc.Notes) *grpc.ServiceDesc {
	desc := &grpc.ServiceDesc{
		ServiceName: rpc.Service,
		HandlerType: (*any)(nil),
		Streams: []grpc.StreamDesc{
			{StreamName: path.Base(rpc.Watch), ServerStreams: true, Handler: func(_ any, ss grpc.ServerStream) error {
				s := &grpc.GenericServerStream[rpc.Message, rpc.Message]{ServerStream: ss}
				id, err := s.Recv()
				if err != nil {
					return err
				}
				return notes.Watch(ss.Context(), id, s.Send)
			}},
			{StreamName: path.Base(rpc.Import), ClientStreams: true, Handler: func(_ any, ss grpc.ServerStream) error {
				s := &grpc.GenericServerStream[rpc.Message, rpc.Message]{ServerStream: ss}
				done, err := notes.Import(s.Recv)
				if err != nil {
					return err
				}
				return s.SendAndClose(done)
			}},
		},
	}
	for procedure, unary := range notes.Unary() {
		desc.Methods = append(desc.Methods, method(procedure, unary))
	}
	return desc
}

func method(procedure string, unary rpc.Unary) grpc.MethodDesc {
	handler := func(ctx context.Context, req any) (any, error) { return unary(ctx, req.(*rpc.Message)) }
	return grpc.MethodDesc{MethodName: path.Base(procedure), Handler: func(
		srv any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor,
	) (any, error) {
		req := new(rpc.Message)
		if err := decode(req); err != nil {
			return nil, err
		}
		if interceptor == nil {
			return handler(ctx, req)
		}
		return interceptor(ctx, req, &grpc.UnaryServerInfo{Server: srv, FullMethod: procedure}, handler)
	}}
}
