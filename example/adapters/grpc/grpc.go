// Package grpc serves guarded resources with google.golang.org/grpc.
package grpc

import (
	"context"
	"path"

	"google.golang.org/grpc"

	grpcapi "github.com/webapi-gen/webapi-gen/adapters/grpc"
	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

// New returns a server with google.golang.org/grpc.
func New(cfg *webapi.Config, authenticators ...webapi.Authenticator) *grpc.Server {
	guard := &grpcapi.Guard{Table: rpc.Table(), Authenticate: cfg.Authenticate(authenticators...)}

	server := grpc.NewServer(grpc.ChainUnaryInterceptor(guard.Unary), grpc.ChainStreamInterceptor(guard.Stream))
	server.RegisterService(&service, nil)
	return server
}

// service describes the service, as the code that protoc-gen-go-grpc makes of a
// .proto does.
var service = grpc.ServiceDesc{
	ServiceName: rpc.Service,
	HandlerType: (*any)(nil),
	Methods:     []grpc.MethodDesc{{MethodName: path.Base(rpc.Get), Handler: get}},
	Streams:     []grpc.StreamDesc{{StreamName: path.Base(rpc.Watch), ServerStreams: true, Handler: watch}},
}

func get(srv any, ctx context.Context, decode func(any) error, interceptor grpc.UnaryServerInterceptor) (any, error) {
	id := new(rpc.Message)
	if err := decode(id); err != nil {
		return nil, err
	}
	return interceptor(ctx, id, &grpc.UnaryServerInfo{Server: srv, FullMethod: rpc.Get},
		func(ctx context.Context, id any) (any, error) { return rpc.GetNote(ctx, id.(*rpc.Message)) })
}

func watch(_ any, ss grpc.ServerStream) error {
	stream := &grpc.GenericServerStream[rpc.Message, rpc.Message]{ServerStream: ss}
	id, err := stream.Recv()
	if err != nil {
		return err
	}
	return rpc.WatchNote(ss.Context(), id, stream.Send)
}
