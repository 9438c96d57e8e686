package grpc_test

import (
	"context"
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/webapi"

	adapter "github.com/webapi-gen/webapi-gen/example/adapters/grpc"
	"github.com/webapi-gen/webapi-gen/example/adapters/internal/acceptance"
	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

func TestProcedures(t *testing.T) {
	acceptance.Procedures(t, func(t *testing.T, cfg *webapi.Config, notes *rpc.Notes) acceptance.Client {
		listener := bufconn.Listen(1 << 16)
		server := adapter.New(notes, adapter.Guard(rpc.NoteTable(), cfg, acceptance.Bearer())...)
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
	})
}

type client struct{ conn *grpc.ClientConn }

func (c client) Unary(ctx context.Context, procedure, authorization, id string) acceptance.Answer {
	var trailer metadata.MD
	err := c.conn.Invoke(authorize(ctx, authorization), procedure, wrapperspb.String(id), new(rpc.Message), grpc.Trailer(&trailer))
	return answer(err, trailer)
}

func (c client) Watch(ctx context.Context, authorization, id string) func() acceptance.Answer {
	stream, err := c.conn.NewStream(authorize(ctx, authorization), &grpc.StreamDesc{ServerStreams: true}, rpc.Watch)
	if err != nil {
		return func() acceptance.Answer { return answer(err, nil) }
	}
	_ = stream.SendMsg(wrapperspb.String(id)) // receiving says why, if that fails
	_ = stream.CloseSend()
	return func() acceptance.Answer {
		if err := stream.RecvMsg(new(rpc.Message)); err != nil {
			return answer(err, stream.Trailer())
		}
		return acceptance.Answer{}
	}
}

func (c client) Import(ctx context.Context, authorization string) (send func(), done func() acceptance.Answer) {
	stream, err := c.conn.NewStream(authorize(ctx, authorization), &grpc.StreamDesc{ClientStreams: true}, rpc.Import)
	if err != nil {
		return func() {}, func() acceptance.Answer { return answer(err, nil) }
	}
	send = func() { _ = stream.SendMsg(wrapperspb.String("a note")) }
	return send, func() acceptance.Answer {
		_ = stream.CloseSend()
		if err := stream.RecvMsg(new(rpc.Message)); err != nil {
			return answer(err, stream.Trailer())
		}
		return acceptance.Answer{}
	}
}

func authorize(ctx context.Context, authorization string) context.Context {
	if authorization == "" {
		return ctx
	}
	return metadata.AppendToOutgoingContext(ctx, "authorization", authorization)
}

func answer(err error, trailer metadata.MD) acceptance.Answer {
	return acceptance.Answer{
		Status:    status.Code(err),
		Code:      strings.Join(trailer.Get("webapi-code"), ", "),
		Challenge: strings.Join(trailer.Get("webapi-challenge"), ", "),
	}
}
