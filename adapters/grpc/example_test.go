package grpcapi_test

import (
	"context"
	"fmt"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthv1 "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/test/bufconn"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"

	grpcapi "github.com/webapi-gen/webapi-gen/adapters/grpc"
)

// The health service of gRPC stands for one of your own: asking for the health of a
// service is reading a note, whose ID is the name of the service.
func ExampleGuard() {
	notes := adaptertest.Notes() // a type with a webapi:resource annotation
	cfg := &webapi.Config{Realm: "notes"}
	verifier := webapi.VerifierFunc(func(_ context.Context, secret string) (webapi.Token, error) {
		scopes, err := webapi.ParseScopes(map[string]string{"ann": "note:read", "bob": "note:write"}[secret])
		return webapi.Token{Scopes: scopes, NoExpiry: true}, err
	})

	guard := &grpcapi.Guard{
		Authenticate: cfg.Authenticate(webapi.Bearer(verifier)),
		Table: grpcapi.Table{
			healthv1.Health_Check_FullMethodName: {Resource: notes, Method: "GET", Object: func(message any) string {
				return message.(*healthv1.HealthCheckRequest).GetService()
			}},
		},
	}
	server := grpc.NewServer(grpc.ChainUnaryInterceptor(guard.Unary), grpc.ChainStreamInterceptor(guard.Stream))
	healthv1.RegisterHealthServer(server, health.NewServer())

	listener := bufconn.Listen(1 << 16)
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()
	conn, err := grpc.NewClient("passthrough:///notes", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = conn.Close() }()
	for _, token := range []string{"ann", "bob"} {
		ctx := metadata.AppendToOutgoingContext(context.Background(), "authorization", "Bearer "+token)
		_, err := healthv1.NewHealthClient(conn).Check(ctx, &healthv1.HealthCheckRequest{})
		fmt.Println(token+":", err)
	}
	// Output:
	// ann: <nil>
	// bob: rpc error: code = PermissionDenied desc = The access token lacks a scope that this request needs
}
