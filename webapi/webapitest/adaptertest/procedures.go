package adaptertest

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Answer is what a server says to a call. The zero value is that of a call which
// was allowed.
type Answer struct {
	Status    uint32 // the status code of gRPC, which Connect has as well
	Code      string // "code" of the google.rpc.ErrorInfo
	Challenge string // "challenge" of the google.rpc.ErrorInfo
}

// Client calls an RPC server. authorization is the value of Authorization, "" for
// none.
type Client interface {
	// Unary calls a procedure with one message each way.
	Unary(ctx context.Context, procedure, authorization, id string) Answer
	// Watch begins to watch a note. next waits for a message.
	Watch(ctx context.Context, authorization, id string) (next func() Answer)
	// Import begins an import. send sends a note, done waits for the answer.
	Import(ctx context.Context, authorization string) (send func(), done func() Answer)
}

// RPCServer is what an RPC server under test is made of.
type RPCServer struct {
	Config       *webapi.Config
	Changes      <-chan string // for [WatchNote]
	IgnoreExpiry bool          // of the guard
}

// Procedures tests that an RPC server answers as HTTP does, and that it ends a
// stream when the token expires. serve starts a server until the test ends.
func Procedures(t *testing.T, serve func(*testing.T, RPCServer) Client) {
	t.Run("as HTTP", func(t *testing.T) { sameAsHTTP(t, serve(t, RPCServer{Config: Config()})) })
	t.Run("watch until expiry", func(t *testing.T) { watchUntilExpiry(t, serve) })
	t.Run("watch beyond expiry", func(t *testing.T) { watchBeyondExpiry(t, serve) })
	t.Run("silent until expiry", func(t *testing.T) { silentUntilExpiry(t, serve) })
	t.Run("import until expiry", func(t *testing.T) { importUntilExpiry(t, serve) })
	t.Run("decisions", func(t *testing.T) { decisions(t, serve) })
}

// calls are the same calls as procedures and over HTTP.
var calls = []struct{ procedure, id, method, path string }{
	{List, "", "GET", "/notes"},
	{Create, "", "POST", "/notes"},
	{Import, "", "POST", "/notes"},
	{Get, "7", "GET", "/notes/7"},
	{Get, "8", "GET", "/notes/8"},
	{Watch, "7", "GET", "/notes/7"},
	{Watch, "8", "GET", "/notes/8"},
	{Delete, "7", "DELETE", "/notes/7"},
	{Archive, "7", "POST", "/notes/7/archive"},
	{Archive, "8", "POST", "/notes/8/archive"},
	{Rename, "7", "PATCH", "/notes/7"},
}

var authorizations = []string{
	"", "Bearer", "Bearer a b", "Basic YTpi", "Bearer nobodys", "Bearer down", "Bearer expired",
	"Bearer stranger", "Bearer reader", "Bearer writer", "Bearer destroyer", "Bearer archivist", "Bearer owner",
	"Bearer api", "Bearer api-no-policy", "Bearer api-not-7", "Bearer api-only-7", "Bearer api-read",
}

func sameAsHTTP(t *testing.T, client Client) {
	server := httptest.NewServer(netHTTP(Config(), Bearer()))
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
	unlisted := Answer{Status: 7, Code: "101"} // PERMISSION_DENIED
	if got := overRPC(t, client, Backup, "Bearer owner", ""); got != unlisted {
		t.Errorf("a procedure that is not in the table: got %+v, want %+v", got, unlisted)
	}
}

func overRPC(t *testing.T, client Client, procedure, authorization, id string) Answer {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	switch procedure {
	case Watch:
		return client.Watch(ctx, authorization, id)()
	case Import:
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
	// INVALID_ARGUMENT, UNAUTHENTICATED, PERMISSION_DENIED, UNIMPLEMENTED, UNAVAILABLE
	status, ok := map[int]uint32{400: 3, 401: 16, 403: 7, 405: 12, 503: 14}[res.StatusCode]
	if !ok {
		t.Fatalf("%s %s: got %d", method, path, res.StatusCode)
	}
	return Answer{status, failure.Err.Code.String(), res.Header.Get("WWW-Authenticate")}
}

// decisions tests that a call with one message each way is decided once.
func decisions(t *testing.T, serve func(*testing.T, RPCServer) Client) {
	cfg := Config()
	made := make(chan webapi.Decision, 16)
	cfg.OnDecision = func(d webapi.Decision) { made <- d }
	client := serve(t, RPCServer{Config: cfg})
	for _, call := range []struct{ procedure, id string }{{List, ""}, {Get, "7"}} {
		for _, authorization := range []string{"Bearer reader", "Bearer stranger", ""} {
			client.Unary(t.Context(), call.procedure, authorization, call.id)
			if n := len(made); n != 1 {
				t.Fatalf("%s with %q: got %d decisions, want 1", call.procedure, authorization, n)
			}
			if d := <-made; d.ObjectID != call.id || d.Method != "GET" {
				t.Errorf("%s with %q: decided %s of %q, want GET of %q", call.procedure, authorization, d.Method, d.ObjectID, call.id)
			}
		}
	}
}
