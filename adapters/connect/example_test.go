package connectapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"

	connectapi "github.com/webapi-gen/webapi-gen/adapters/connect"
)

// The names of the procedures are constants of generated code, in which a message has a
// type of its own, such as *notesv1.DeleteRequest.
func ExampleGuard() {
	const deleteNote = "/notes.v1.NoteService/Delete"
	notes := adaptertest.Notes() // a type with a webapi:resource annotation
	cfg := &webapi.Config{Realm: "notes"}
	verifier := webapi.VerifierFunc(func(_ context.Context, secret string) (webapi.Token, error) {
		scopes, err := webapi.ParseScopes(map[string]string{"ann": "note:destroy note:write", "bob": "note:read"}[secret])
		return webapi.Token{Scopes: scopes, NoExpiry: true}, err
	})

	guard := &connectapi.Guard{
		Authenticate: cfg.Authenticate(webapi.Bearer(verifier)),
		Table: connectapi.Table{
			deleteNote: {Resource: notes, Method: "DELETE", Object: func(message any) string {
				return message.(*wrapperspb.StringValue).GetValue()
			}},
		},
	}
	mux := http.NewServeMux()
	mux.Handle(deleteNote, connect.NewUnaryHandlerSimple(deleteNote,
		func(_ context.Context, id *wrapperspb.StringValue) (*emptypb.Empty, error) {
			fmt.Println("deletes note", id.GetValue())
			return &emptypb.Empty{}, nil
		}, guard.Option()))

	server := httptest.NewServer(mux)
	defer server.Close()
	client := connect.NewClient[wrapperspb.StringValue, emptypb.Empty](server.Client(), server.URL+deleteNote)
	for _, token := range []string{"ann", "bob"} {
		req := connect.NewRequest(wrapperspb.String("7"))
		req.Header().Set("Authorization", "Bearer "+token)
		_, err := client.CallUnary(context.Background(), req)
		fmt.Println(token+":", err)
	}
	// Output:
	// deletes note 7
	// ann: <nil>
	// bob: permission_denied: The access token lacks a scope that this request needs
}
