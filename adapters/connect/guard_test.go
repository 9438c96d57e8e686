package connectapi_test

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"

	connectapi "github.com/webapi-gen/webapi-gen/adapters/connect"
)

type message = wrapperspb.StringValue

// handler returns the handlers of the service, as protoc-gen-connect-go makes them.
func handler(changes <-chan string, options ...connect.HandlerOption) http.Handler {
	option := connect.WithHandlerOptions(options...)
	mux := http.NewServeMux()
	for _, procedure := range adaptertest.Unary() {
		mux.Handle(procedure, connect.NewUnaryHandlerSimple(procedure,
			func(_ context.Context, m *message) (*message, error) { return m, nil }, option))
	}
	mux.Handle(adaptertest.Watch, connect.NewServerStreamHandlerSimple(adaptertest.Watch,
		func(ctx context.Context, id *message, stream *connect.ServerStream[message]) error {
			return adaptertest.WatchNote(ctx, id.GetValue(), changes, func(text string) error {
				return stream.Send(wrapperspb.String(text))
			})
		}, option))
	mux.Handle(adaptertest.Import, connect.NewClientStreamHandlerSimple(adaptertest.Import,
		func(_ context.Context, stream *connect.ClientStream[message]) (*message, error) {
			text, err := adaptertest.ImportNotes(func() (string, error) {
				if stream.Receive() {
					return stream.Msg().GetValue(), nil
				}
				return "", cmp.Or(stream.Err(), io.EOF)
			})
			return wrapperspb.String(text), err
		}, option))
	return mux
}

// guards are the ways to guard handlers.
var guards = map[string]func(adaptertest.RPCServer) http.Handler{
	"Option": func(s adaptertest.RPCServer) http.Handler {
		guard := &connectapi.Guard{
			Table: adaptertest.Table(), Authenticate: s.Config.Authenticate(adaptertest.Bearer()), IgnoreExpiry: s.IgnoreExpiry,
		}
		return handler(s.Changes, guard.Option())
	},
	"Interceptor": func(s adaptertest.RPCServer) http.Handler {
		guard := &connectapi.Guard{
			Table: adaptertest.Table(), Authenticate: s.Config.Authenticate(adaptertest.Bearer()), IgnoreExpiry: s.IgnoreExpiry,
		}
		return handler(s.Changes, connect.WithInterceptors(guard))
	},
}

func TestProcedures(t *testing.T) {
	protocols := map[string]connect.ClientOption{
		"connect": connect.WithClientOptions(), "gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb(),
	}
	for name, protocol := range protocols {
		for way, guarded := range guards {
			t.Run(name+"/"+way, func(t *testing.T) {
				adaptertest.Procedures(t, func(t *testing.T, s adaptertest.RPCServer) adaptertest.Client {
					server := httptest.NewUnstartedServer(guarded(s))
					server.EnableHTTP2 = true
					server.StartTLS()
					t.Cleanup(server.Close)
					return client{server, protocol}
				})
			})
		}
	}
}

// guard returns a guard with the tokens of adaptertest.
func guard(cfg *webapi.Config) *connectapi.Guard {
	return &connectapi.Guard{Table: adaptertest.Table(), Authenticate: cfg.Authenticate(adaptertest.Bearer())}
}

func start(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// TestOwnLogin has a login before the guard: the middleware of net/http, and an
// interceptor.
func TestOwnLogin(t *testing.T) {
	guard := &connectapi.Guard{Table: adaptertest.Table()}
	cfg := adaptertest.Config()
	for name, guarded := range map[string]http.Handler{
		"Middleware":  cfg.Middleware(adaptertest.Bearer())(handler(nil, guard.Option())),
		"interceptor": handler(nil, connect.WithInterceptors(login(cfg.Authenticate(adaptertest.Bearer())), guard)),
	} {
		c := client{start(t, guarded), connect.WithClientOptions()}
		for authorization, want := range map[string]connect.Code{
			"Bearer reader": 0, "Bearer stranger": connect.CodePermissionDenied, "": connect.CodeUnauthenticated,
		} {
			if got := c.Unary(t.Context(), adaptertest.Get, authorization, "7"); got.Status != uint32(want) {
				t.Errorf("%s, Get with %q: got %+v, want %v", name, authorization, got, want)
			}
			if got := c.Unary(t.Context(), adaptertest.List, authorization, ""); got.Status != uint32(want) {
				t.Errorf("%s, List with %q: got %+v, want %v", name, authorization, got, want)
			}
			ctx, cancel := context.WithCancel(t.Context())
			if got := c.Watch(ctx, authorization, "7")(); got.Status != uint32(want) {
				t.Errorf("%s, Watch with %q: got %+v, want %v", name, authorization, got, want)
			}
			cancel()
		}
	}
}

// login is an interceptor that authenticates.
type login func(context.Context, []string) (context.Context, error)

func (l login) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, req connect.AnyRequest) (connect.AnyResponse, error) {
		ctx, err := l(ctx, req.Header().Values("Authorization"))
		if err != nil {
			return nil, err
		}
		return next(ctx, req)
	}
}

func (l login) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, conn connect.StreamingHandlerConn) error {
		ctx, err := l(ctx, conn.RequestHeader().Values("Authorization"))
		if err != nil {
			return err
		}
		return next(ctx, conn)
	}
}

func (login) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

// TestZeroGuard has a guard that has been forgotten.
func TestZeroGuard(t *testing.T) {
	server := start(t, handler(nil, new(connectapi.Guard).Option()))
	for _, procedure := range []string{adaptertest.List, adaptertest.Get} {
		got := client{server, connect.WithClientOptions()}.Unary(t.Context(), procedure, "Bearer owner", "7")
		if got.Status != uint32(connect.CodePermissionDenied) {
			t.Errorf("%s: got %+v", procedure, got)
		}
	}
}

// TestStatus looks at what a client sees that knows HTTP and not Connect.
func TestStatus(t *testing.T) {
	server := start(t, handler(nil, guard(adaptertest.Config()).Option()))
	res, err := http.Post(server.URL+adaptertest.Get, "application/json", strings.NewReader(`"7"`))
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if got := res.Header.Get("WWW-Authenticate"); res.StatusCode != 401 || got != `Bearer realm="notes", scope="note:read"` {
		t.Errorf("got %d %q", res.StatusCode, got)
	}
}

// TestError has errors in the form of the server.
func TestError(t *testing.T) {
	g := guard(adaptertest.Config())
	g.Error = func(_ context.Context, err *webapi.Error) error {
		if err.Code == webapi.ErrNotLoggedIn.Code {
			return nil
		}
		return connect.NewError(connect.CodeNotFound, errors.New("nothing here"))
	}
	server := start(t, handler(nil, g.Option()))
	for authorization, want := range map[string]string{
		"Bearer stranger": "not_found: nothing here",
		"":                "unauthenticated: This needs a login",
	} {
		for _, procedure := range []string{adaptertest.List, adaptertest.Get} {
			_, err := client{server, connect.WithClientOptions()}.of(procedure).CallUnary(t.Context(), request(authorization, "7"))
			if err == nil || err.Error() != want {
				t.Errorf("%s with %q: got %v, want %s", procedure, authorization, err, want)
			}
		}
	}
}

// TestErrorOfHandler has a handler that returns errors of its own.
func TestErrorOfHandler(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want connect.Code
	}{
		{connect.NewError(connect.CodeNotFound, errors.New("no such note")), connect.CodeNotFound},
		{&webapi.Error{Code: 100, Status: 404}, connect.CodeNotFound},
		{(*webapi.Error)(nil), connect.CodeInternal},
	} {
		server := start(t, connect.NewUnaryHandlerSimple(adaptertest.Get,
			func(context.Context, *message) (*message, error) { return nil, tt.err }, guard(adaptertest.Config()).Option()))
		got := client{server, connect.WithClientOptions()}.Unary(t.Context(), adaptertest.Get, "Bearer reader", "7")
		if got.Status != uint32(tt.want) {
			t.Errorf("%#v: got %+v, want %v", tt.err, got, tt.want)
		}
	}
}

// TestIgnoredError has a handler that does not look at the error of Send.
func TestIgnoredError(t *testing.T) {
	cfg, expire := adaptertest.Clock()
	server := start(t, connect.NewServerStreamHandlerSimple(adaptertest.Watch,
		func(_ context.Context, id *message, stream *connect.ServerStream[message]) error {
			expire()
			_ = stream.Send(id)
			return nil
		}, guard(cfg).Option()))
	next := client{server, connect.WithClientOptions()}.Watch(t.Context(), "Bearer brief", "7")
	if got := next(); got != adaptertest.TokenExpired {
		t.Errorf("got %+v, want %+v", got, adaptertest.TokenExpired)
	}
}

// TestBodyOfDenied tests that the message of a call that is denied without it is not
// read. Hence net/http does not ask for it with 100 Continue, either.
func TestBodyOfDenied(t *testing.T) {
	h := handler(nil, guard(adaptertest.Config()).Option())
	for _, tt := range []struct {
		procedure, token string
		status           int
		read             bool
	}{
		{adaptertest.Create, "reader", 403, false},
		{adaptertest.Backup, "owner", 403, false},
		{adaptertest.Get, "a b", 400, false},
		{adaptertest.Get, "stranger", 403, true},
		{adaptertest.Create, "owner", 200, true},
	} {
		body := &readBody{Reader: strings.NewReader(`"hello"`)}
		r, w := httptest.NewRequest(http.MethodPost, tt.procedure, body), httptest.NewRecorder()
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+tt.token)
		if h.ServeHTTP(w, r); w.Code != tt.status || body.read != tt.read {
			t.Errorf("%s by %s: got %d, body read %v; want %d, %v", tt.procedure, tt.token, w.Code, body.read, tt.status, tt.read)
		}
	}
}

// readBody knows whether it has been read.
type readBody struct {
	io.Reader
	read bool
}

func (b *readBody) Read(p []byte) (int, error) {
	b.read = true
	return b.Reader.Read(p)
}

// TestPanic has a handler that panics.
func TestPanic(t *testing.T) {
	server := httptest.NewUnstartedServer(connect.NewUnaryHandlerSimple(adaptertest.Get,
		func(context.Context, *message) (*message, error) { panic(http.ErrAbortHandler) }, guard(adaptertest.Config()).Option()))
	server.Start()
	t.Cleanup(server.Close)
	c := client{server, connect.WithClientOptions()}
	if got := c.Unary(t.Context(), adaptertest.Get, "Bearer reader", "7"); got.Status != uint32(connect.CodeUnavailable) {
		t.Errorf("got %+v", got)
	}
	if got := c.Unary(t.Context(), adaptertest.Get, "Bearer stranger", "7"); got.Status != uint32(connect.CodePermissionDenied) {
		t.Errorf("after the panic: got %+v", got)
	}
}

// TestClient has a guard among the interceptors of a client.
func TestClient(t *testing.T) {
	server := start(t, handler(nil, guard(adaptertest.Config()).Option()))
	g := &connectapi.Guard{Table: connectapi.Table{adaptertest.Get: {Resource: adaptertest.Notes(), Method: "GET"}}}
	got := client{server, connect.WithInterceptors(g)}.Unary(t.Context(), adaptertest.Get, "Bearer reader", "7")
	if got != (adaptertest.Answer{}) {
		t.Errorf("got %+v", got)
	}
	ctx := webapi.WithToken(t.Context(), webapitest.Token(t, adaptertest.Notes(), "GET"))
	if next := (client{server, connect.WithInterceptors(g)}).Watch(ctx, "Bearer reader", "7"); next() != (adaptertest.Answer{}) {
		t.Error("a stream is denied")
	}
}

type client struct {
	server   *httptest.Server
	protocol connect.ClientOption
}

func (c client) of(procedure string) *connect.Client[message, message] {
	return connect.NewClient[message, message](c.server.Client(), c.server.URL+procedure, c.protocol)
}

func (c client) Unary(ctx context.Context, procedure, authorization, id string) adaptertest.Answer {
	_, err := c.of(procedure).CallUnary(ctx, request(authorization, id))
	return answer(err)
}

func (c client) Watch(ctx context.Context, authorization, id string) func() adaptertest.Answer {
	stream, err := c.of(adaptertest.Watch).CallServerStream(ctx, request(authorization, id))
	return func() adaptertest.Answer {
		if err != nil || stream.Receive() {
			return answer(err)
		}
		return answer(stream.Err())
	}
}

func (c client) Import(ctx context.Context, authorization string) (send func(), done func() adaptertest.Answer) {
	stream := c.of(adaptertest.Import).CallClientStream(ctx)
	authorize(stream.RequestHeader(), authorization)
	send = func() { _ = stream.Send(wrapperspb.String("a note")) } // done returns the error
	return send, func() adaptertest.Answer {
		_, err := stream.CloseAndReceive()
		return answer(err)
	}
}

func request(authorization, id string) *connect.Request[message] {
	req := connect.NewRequest(wrapperspb.String(id))
	authorize(req.Header(), authorization)
	return req
}

func authorize(header http.Header, authorization string) {
	if authorization != "" {
		header.Set("Authorization", authorization)
	}
}

func answer(err error) adaptertest.Answer {
	if err == nil {
		return adaptertest.Answer{}
	}
	var e *connect.Error
	if !errors.As(err, &e) {
		return adaptertest.Answer{Status: uint32(connect.CodeUnknown)}
	}
	a := adaptertest.Answer{Status: uint32(e.Code())}
	for _, detail := range e.Details() {
		if value, err := detail.Value(); err == nil {
			info, _ := value.(*errdetails.ErrorInfo)
			a.Code, a.Challenge = info.GetMetadata()["code"], info.GetMetadata()["challenge"]
		}
	}
	return a
}
