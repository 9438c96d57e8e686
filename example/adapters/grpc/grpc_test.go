package grpc_test

import (
	"context"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"

	adapter "github.com/webapi-gen/webapi-gen/example/adapters/grpc"
	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

func TestServer(t *testing.T) {
	cfg, expire := adaptertest.Clock()
	listener := bufconn.Listen(1 << 16)
	server := adapter.New(cfg, adaptertest.Bearer())
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient("passthrough:///notes", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	by := func(token string) context.Context {
		return metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
	}
	for _, tt := range []struct {
		token, id string
		want      codes.Code
	}{
		{"reader", "7", codes.OK},
		{"stranger", "7", codes.PermissionDenied},
		{"api-not-7", "7", codes.PermissionDenied},
		{"api-not-7", "8", codes.OK},
	} {
		err := conn.Invoke(by(tt.token), rpc.Get, wrapperspb.String(tt.id), new(rpc.Message))
		if got := status.Code(err); got != tt.want {
			t.Errorf("Get by %s: got %v, want %v", tt.token, err, tt.want)
		}
	}
	stream, err := conn.NewStream(by("brief"), &grpc.StreamDesc{ServerStreams: true}, rpc.Watch)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.SendMsg(wrapperspb.String("7")); err != nil {
		t.Fatal(err)
	}
	if err := stream.RecvMsg(new(rpc.Message)); err != nil {
		t.Fatal(err)
	}
	expire()
	for err == nil {
		err = stream.RecvMsg(new(rpc.Message))
	}
	if status.Code(err) != codes.Unauthenticated {
		t.Errorf("a stream beyond the expiry of its token: got %v", err)
	}
}
