package connect_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"

	adapter "github.com/webapi-gen/webapi-gen/example/adapters/connect"
	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

func TestServer(t *testing.T) {
	cfg, expire := adaptertest.Clock()
	server := httptest.NewServer(adapter.New(cfg, adaptertest.Bearer()))
	t.Cleanup(server.Close)
	request := func(token, id string) *connect.Request[rpc.Message] {
		req := connect.NewRequest(wrapperspb.String(id))
		req.Header().Set("Authorization", "Bearer "+token)
		return req
	}
	client := func(procedure string) *connect.Client[rpc.Message, rpc.Message] {
		return connect.NewClient[rpc.Message, rpc.Message](server.Client(), server.URL+procedure)
	}
	for _, tt := range []struct {
		token, id string
		want      connect.Code
	}{
		{"reader", "7", 0},
		{"stranger", "7", connect.CodePermissionDenied},
		{"api-not-7", "7", connect.CodePermissionDenied},
		{"api-not-7", "8", 0},
		{"reader", strings.Repeat("8", 1<<20), connect.CodeResourceExhausted},
	} {
		_, err := client(rpc.Get).CallUnary(t.Context(), request(tt.token, tt.id))
		if (err != nil) != (tt.want != 0) || err != nil && connect.CodeOf(err) != tt.want {
			t.Errorf("Get by %s: got %v, want %v", tt.token, err, tt.want)
		}
	}
	stream, err := client(rpc.Watch).CallServerStream(t.Context(), request("brief", "7"))
	if err != nil {
		t.Fatal(err)
	}
	if !stream.Receive() {
		t.Fatal(stream.Err())
	}
	expire()
	for stream.Receive() {
	}
	if got := connect.CodeOf(stream.Err()); got != connect.CodeUnauthenticated {
		t.Errorf("a stream beyond the expiry of its token: got %v", stream.Err())
	}
}
