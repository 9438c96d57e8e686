package acceptance

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"google.golang.org/grpc/codes"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
	"github.com/webapi-gen/webapi-gen/example/adapters/rpc"
)

// Answer is what a server says to a call. The zero value is let through.
type Answer struct {
	Status    codes.Code // Connect has the same
	Code      string     // of the webapi.Error
	Challenge string
}

// Client asks an RPC server. authorization is the value of Authorization, ""
// for none.
type Client interface {
	// Unary calls a procedure with one message each way.
	Unary(ctx context.Context, procedure, authorization, id string) Answer
	// Watch begins to watch a note. next waits for a message.
	Watch(ctx context.Context, authorization, id string) (next func() Answer)
	// Import begins an import. send sends a note, done waits for the answer.
	Import(ctx context.Context, authorization string) (send func(), done func() Answer)
}

// Serve starts an RPC server under test, until the test ends.
type Serve = func(t *testing.T, cfg *webapi.Config, notes *rpc.Notes) Client

// Procedures tests that an RPC server answers as HTTP does, and that it ends a
// stream when the token expires.
func Procedures(t *testing.T, serve Serve) {
	t.Run("as HTTP", func(t *testing.T) { sameAsHTTP(t, serve(t, Config(), new(rpc.Notes))) })
	t.Run("watch until expiry", func(t *testing.T) { watchUntilExpiry(t, serve) })
	t.Run("import until expiry", func(t *testing.T) { importUntilExpiry(t, serve) })
}

// calls are the same calls as procedures and over HTTP.
var calls = []struct{ procedure, id, method, path string }{
	{rpc.List, "", "GET", "/notes"},
	{rpc.Create, "", "POST", "/notes"},
	{rpc.Import, "", "POST", "/notes"},
	{rpc.Get, "7", "GET", "/notes/7"},
	{rpc.Get, "8", "GET", "/notes/8"},
	{rpc.Watch, "7", "GET", "/notes/7"},
	{rpc.Watch, "8", "GET", "/notes/8"},
	{rpc.Delete, "7", "DELETE", "/notes/7"},
	{rpc.Rename, "7", "PATCH", "/notes/7"},
}

var authorizations = []string{
	"", "Bearer", "Bearer a b", "Basic YTpi", "Bearer nobodys", "Bearer down", "Bearer expired",
	"Bearer stranger", "Bearer reader", "Bearer writer", "Bearer destroyer", "Bearer owner",
	"Bearer api", "Bearer api-no-policy", "Bearer api-not-7", "Bearer api-only-7", "Bearer api-read",
}

func sameAsHTTP(t *testing.T, client Client) {
	server := httptest.NewServer(notes.New(Config(), Bearer()))
	t.Cleanup(server.Close)
	seen := map[string]bool{}
	for _, c := range calls {
		for _, authorization := range authorizations {
			want := overHTTP(t, server, c.method, c.path, authorization)
			seen[want.Code] = true
			if got := overRPC(t, client, c.procedure, authorization, c.id); got != want {
				t.Errorf("%s %s with %q\ngot  %+v\nHTTP %+v", c.procedure, c.id, authorization, got, want)
			}
		}
	}
	for _, code := range []string{"", "101", "103", "104", "112", "400", "405", "503"} {
		if !seen[code] {
			t.Errorf("no call has the outcome %q", code)
		}
	}
	unlisted := Answer{Status: codes.PermissionDenied, Code: "101"}
	if got := overRPC(t, client, rpc.Backup, "Bearer owner", ""); got != unlisted {
		t.Errorf("a procedure that is not in the table: got %+v, want %+v", got, unlisted)
	}
}

func overRPC(t *testing.T, client Client, procedure, authorization, id string) Answer {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	switch procedure {
	case rpc.Watch:
		return client.Watch(ctx, authorization, id)()
	case rpc.Import:
		send, done := client.Import(ctx, authorization)
		send()
		return done()
	default:
		return client.Unary(ctx, procedure, authorization, id)
	}
}

// overHTTP returns the answer of the HTTP server, in the words of RPC.
func overHTTP(t *testing.T, server *httptest.Server, method, path, authorization string) Answer {
	t.Helper()
	res, body := ask(t, server, method, path, authorization)
	if res.StatusCode < 400 {
		return Answer{}
	}
	var failure struct{ Err struct{ Code json.Number } }
	if err := json.Unmarshal([]byte(body), &failure); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	status, ok := map[int]codes.Code{
		400: codes.InvalidArgument, 401: codes.Unauthenticated, 403: codes.PermissionDenied,
		405: codes.Unimplemented, 503: codes.Unavailable,
	}[res.StatusCode]
	if !ok {
		t.Fatalf("%s %s: got %d", method, path, res.StatusCode)
	}
	return Answer{status, failure.Err.Code.String(), res.Header.Get("WWW-Authenticate")}
}
