package connect_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/webapi"

	adapter "github.com/webapi-gen/webapi-gen/example/adapters/connect"
	"github.com/webapi-gen/webapi-gen/example/adapters/internal/acceptance"
	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

func TestProcedures(t *testing.T) {
	protocols := map[string]connect.ClientOption{
		"connect": connect.WithClientOptions(), "gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb(),
	}
	for name, protocol := range protocols {
		t.Run(name, func(t *testing.T) {
			acceptance.Procedures(t, func(t *testing.T, cfg *webapi.Config, notes *rpc.Notes) acceptance.Client {
				guard := adapter.Guard(rpc.NoteTable(), cfg, acceptance.Bearer())
				server := httptest.NewUnstartedServer(adapter.New(notes, guard))
				server.EnableHTTP2 = true
				server.StartTLS()
				t.Cleanup(server.Close)
				return client{server, protocol}
			})
		})
	}
}

// TestStatus looks at what a client sees that knows HTTP and not Connect.
func TestStatus(t *testing.T) {
	guard := adapter.Guard(rpc.NoteTable(), acceptance.Config(), acceptance.Bearer())
	server := httptest.NewServer(adapter.New(new(rpc.Notes), guard))
	t.Cleanup(server.Close)
	res, err := http.Post(server.URL+rpc.Get, "application/json", strings.NewReader(`"7"`))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if got := res.Header.Get("WWW-Authenticate"); res.StatusCode != 401 || got != `Bearer realm="notes"` {
		t.Errorf("got %d %q", res.StatusCode, got)
	}
}

// TestErrorPassedOver has a handler that does not look whether it may send.
func TestErrorPassedOver(t *testing.T) {
	cfg, expire := acceptance.Clock()
	server := httptest.NewServer(connect.NewServerStreamHandlerSimple(rpc.Watch,
		func(_ context.Context, id *rpc.Message, stream *connect.ServerStream[rpc.Message]) error {
			expire()
			_ = stream.Send(id)
			return nil
		}, adapter.Guard(rpc.NoteTable(), cfg, acceptance.Bearer())))
	t.Cleanup(server.Close)
	next := client{server, connect.WithClientOptions()}.Watch(t.Context(), "Bearer brief", "7")
	if got := next(); got != acceptance.TokenExpired {
		t.Errorf("got %+v, want %+v", got, acceptance.TokenExpired)
	}
}

func TestLargeMessage(t *testing.T) {
	guard := adapter.Guard(rpc.NoteTable(), acceptance.Config(), acceptance.Bearer())
	server := httptest.NewServer(adapter.New(new(rpc.Notes), guard))
	t.Cleanup(server.Close)
	got := client{server, connect.WithClientOptions()}.Unary(t.Context(), rpc.Get, "Bearer reader", strings.Repeat("8", 1<<20))
	if got.Status != codes.ResourceExhausted {
		t.Errorf("got %+v", got)
	}
}

type client struct {
	server   *httptest.Server
	protocol connect.ClientOption
}

func (c client) of(procedure string) *connect.Client[rpc.Message, rpc.Message] {
	return connect.NewClient[rpc.Message, rpc.Message](c.server.Client(), c.server.URL+procedure, c.protocol)
}

func (c client) Unary(ctx context.Context, procedure, authorization, id string) acceptance.Answer {
	_, err := c.of(procedure).CallUnary(ctx, request(authorization, id))
	return answer(err)
}

func (c client) Watch(ctx context.Context, authorization, id string) func() acceptance.Answer {
	stream, err := c.of(rpc.Watch).CallServerStream(ctx, request(authorization, id))
	return func() acceptance.Answer {
		if err != nil || stream.Receive() {
			return answer(err)
		}
		return answer(stream.Err())
	}
}

func (c client) Import(ctx context.Context, authorization string) (send func(), done func() acceptance.Answer) {
	stream := c.of(rpc.Import).CallClientStream(ctx)
	authorize(stream.RequestHeader(), authorization)
	send = func() { _ = stream.Send(wrapperspb.String("a note")) } // done says why, if that fails
	return send, func() acceptance.Answer {
		_, err := stream.CloseAndReceive()
		return answer(err)
	}
}

func request(authorization, id string) *connect.Request[rpc.Message] {
	req := connect.NewRequest(wrapperspb.String(id))
	authorize(req.Header(), authorization)
	return req
}

func authorize(header http.Header, authorization string) {
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
}

func answer(err error) acceptance.Answer {
	if err == nil {
		return acceptance.Answer{}
	}
	e, ok := errors.AsType[*connect.Error](err)
	if !ok {
		return acceptance.Answer{Status: codes.Unknown}
	}
	return acceptance.Answer{
		Status:    codes.Code(e.Code()),
		Code:      e.Meta().Get("Webapi-Code"),
		Challenge: e.Meta().Get("Webapi-Challenge"),
	}
}
