package webapi_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// TestPathValueThatPanics sends the requests for which http.ServeMux leaves the path
// values unset, so that PathValue panics (golang/go#81222).
func TestPathValueThatPanics(t *testing.T) {
	apiToken := webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, `{}`)}
	connecting := notes() // as no generated resource is
	connecting.needs["CONNECT"] = webapi.Require("note:read")
	connecting.rules.APITokens = true
	super := notes()
	super.rules.Key, super.rules.APITokens, super.needs = "other", true, connecting.needs
	child := *connecting
	child.rules.Key, child.rules.Super = "", super
	for _, test := range []struct {
		name string
		auth webapi.Authenticator
		res  *resource
		want int
	}{
		{"no token", rejects(webapi.ErrNoCredentials), notes(), 405},
		{"an API token", grants(apiToken), notes(), 405},
		{"a method that is answered, no token", rejects(webapi.ErrNoCredentials), connecting, 401},
		{"a method that is answered, an API token", grants(apiToken), connecting, 403},
		{"a method that is answered, an OAuth2 token", grants(holding("note:read")), connecting, 200},
		{"the object of a Super", grants(apiToken), &child, 403},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := quiet()
			var reports []webapi.Decision
			cfg.OnDecision = func(d webapi.Decision) { reports = append(reports, d) }
			views := webapi.Views{"CONNECT": ok, "GET": ok}
			mux := http.NewServeMux()
			mux.Handle("/notes/{id}/x", webapi.Handle(test.res, views))
			mux.HandleFunc("/panics/{id}/x", func(w http.ResponseWriter, r *http.Request) {
				defer func() {
					if recover() == nil {
						t.Log("net/http has mended PathValue")
					}
					w.WriteHeader(204)
				}()
				r.PathValue("id")
			})
			mux.HandleFunc("/sets/{id}/x", func(w http.ResponseWriter, r *http.Request) { // as the adapter of a router within it does
				webapi.SetPathValue(r, "id", "7")
				webapi.SetPathValue(r, "own", "8")
				if got := r.PathValue("own"); got != "8" {
					t.Errorf("got the path value %q", got)
				}
				webapi.Handle(test.res, views).ServeHTTP(w, r)
			})
			mux.HandleFunc("/others/{other}/x", func(w http.ResponseWriter, r *http.Request) { webapi.Handle(test.res, views).ServeHTTP(w, r) })
			server := httptest.NewServer(cfg.Middleware(test.auth)(mux))
			defer server.Close()
			if got := connect(t, server, "/panics//x"); got != 204 {
				t.Fatalf("got %d", got)
			}
			path := "/notes//x"
			if test.res.rules.Super != nil {
				path = "/others//x"
			} else if got := connect(t, server, "/sets//x"); got != test.want {
				t.Errorf("a value that is set: got %d, want %d", got, test.want)
			}
			reports = nil
			if got := connect(t, server, path); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
			if len(reports) != 1 || reports[0].ObjectID != "" || (reports[0].Outcome == webapi.OutcomeAllowed) != (test.want == 200) {
				t.Errorf("got the reports %+v", reports)
			}
		})
	}
}

// connect sends a CONNECT request for path, which http.Client cannot, and returns the
// status of the response.
func connect(t *testing.T, server *httptest.Server, path string) int {
	t.Helper()
	conn, err := net.DialTimeout("tcp", server.Listener.Addr().String(), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := fmt.Fprintf(conn, "CONNECT %s HTTP/1.1\r\nHost: x\r\n\r\n", path); err != nil {
		t.Fatal(err)
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("no response: %v", err)
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// hooks are the functions of a team that a request can call before its view runs.
type hooks struct {
	cfg     *webapi.Config
	auth    webapi.Authenticator
	res     *resource
	w       http.ResponseWriter
	request *http.Request
	granted bool // the request would be allowed
}

// brokenWriter is a ResponseWriter of which a method fails.
type brokenWriter struct {
	http.ResponseWriter
	header, writeHeader, write func()
}

func (w *brokenWriter) Header() http.Header         { w.header(); return w.ResponseWriter.Header() }
func (w *brokenWriter) WriteHeader(status int)      { w.writeHeader(); w.ResponseWriter.WriteHeader(status) }
func (w *brokenWriter) Write(p []byte) (int, error) { w.write(); return w.ResponseWriter.Write(p) }

// logHandler is a handler of logs that fails.
type logHandler struct {
	slog.Handler
	fail func()
}

func (h *logHandler) Handle(context.Context, slog.Record) error { h.fail(); return nil }

type sessionFunc func(*http.Request) (webapi.Token, error)

func (f sessionFunc) SessionToken(r *http.Request) (webapi.Token, error) { return f(r) }

// TestHooksThatEnd checks that a hook which panics, or ends its goroutine, opens
// nothing: the view does not run, then or later, and the panic is passed on as it is.
func TestHooksThatEnd(t *testing.T) {
	ended := holding("note:read")
	ended.Session, ended.Expires = true, past
	inSession := holding("note:read")
	inSession.Session = true
	positions := map[string]func(h *hooks, fail func()){
		"OnDecision": func(h *hooks, fail func()) { h.cfg.OnDecision = func(webapi.Decision) { fail() } },
		"OnDecision, denied": func(h *hooks, fail func()) {
			h.auth, h.granted, h.cfg.OnDecision = grants(holding()), false, func(webapi.Decision) { fail() }
		},
		"OnDecision, shadowed": func(h *hooks, fail func()) {
			h.auth, h.cfg.DangerouslyShadowScopesOf = grants(holding()), []string{"note"}
			h.cfg.OnDecision = func(webapi.Decision) { fail() }
		},
		"OnDecision, no view": func(h *hooks, fail func()) {
			h.request.Method, h.granted, h.cfg.OnDecision = "POST", false, func(webapi.Decision) { fail() }
		},
		"Now": func(h *hooks, fail func()) { h.cfg.Now = func() time.Time { fail(); return now } },
		"Logger": func(h *hooks, fail func()) {
			h.auth, h.granted, h.cfg.Logger = rejects(errDown), false, slog.New(&logHandler{h.cfg.Logger.Handler(), fail})
		},
		"Logout": func(h *hooks, fail func()) {
			h.auth, h.granted = grants(ended), false
			h.cfg.Logout = func(http.ResponseWriter, *http.Request) error { fail(); return nil }
		},
		"Logger of Logout": func(h *hooks, fail func()) {
			h.auth, h.granted, h.cfg.Logger = grants(ended), false, slog.New(&logHandler{h.cfg.Logger.Handler(), fail})
			h.cfg.Logout = func(http.ResponseWriter, *http.Request) error { return errDown }
		},
		"Logger of a claim": func(h *hooks, fail func()) {
			_, err := webapi.ParseScopeClaim(nil)
			h.auth, h.granted, h.cfg.Logger = rejects(err), false, slog.New(&logHandler{h.cfg.Logger.Handler(), fail})
		},
		"Authenticator": func(h *hooks, fail func()) {
			h.auth = webapi.AuthenticatorFunc(func(*http.Request) (webapi.Token, error) { fail(); return holding("note:read"), nil })
		},
		"Verifier": func(h *hooks, fail func()) {
			h.request.Header.Set("Authorization", "Bearer x")
			h.auth = webapi.Bearer(webapi.VerifierFunc(func(context.Context, string) (webapi.Token, error) { fail(); return holding("note:read"), nil }))
		},
		"SessionStore": func(h *hooks, fail func()) {
			h.auth = webapi.Session(sessionFunc(func(*http.Request) (webapi.Token, error) { fail(); return inSession, nil }))
		},
		"PathValue": func(h *hooks, fail func()) {
			h.auth = grants(webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, `{}`)})
			h.res.rules.APITokens = true
			h.cfg.PathValue = func(*http.Request, string) string { fail(); return "7" }
		},
		"WriteError": func(h *hooks, fail func()) {
			h.auth, h.granted = grants(holding()), false
			h.cfg.WriteError = func(http.ResponseWriter, *http.Request, error) { fail() }
		},
		"WriteError of a refusal": func(h *hooks, fail func()) {
			h.auth, h.granted = rejects(errDown), false
			h.cfg.WriteError = func(http.ResponseWriter, *http.Request, error) { fail() }
		},
		"WriteError, no view": func(h *hooks, fail func()) {
			h.request.Method, h.granted = "POST", false
			h.cfg.WriteError = func(http.ResponseWriter, *http.Request, error) { fail() }
		},
		"Super": func(h *hooks, fail func()) { h.res.rules.Super = brokenResource{notes(), fail} },
		"Header of a denial": func(h *hooks, fail func()) {
			h.auth, h.granted, h.w = grants(holding()), false, &brokenWriter{h.w, fail, func() {}, func() {}}
		},
		"WriteHeader of a denial": func(h *hooks, fail func()) {
			h.auth, h.granted, h.w = grants(holding()), false, &brokenWriter{h.w, func() {}, fail, func() {}}
		},
		"Write of a denial": func(h *hooks, fail func()) {
			h.auth, h.granted, h.w = grants(holding()), false, &brokenWriter{h.w, func() {}, func() {}, fail}
		},
		"Write of a refusal": func(h *hooks, fail func()) {
			h.auth, h.granted, h.w = rejects(errDown), false, &brokenWriter{h.w, func() {}, func() {}, fail}
		},
	}
	for position, arrange := range positions {
		for end, fail := range map[string]func(){
			"nothing": func() {},
			"panic":   func() { panic("hook") },
			"error":   func() { panic(errDown) },
			"abort":   func() { panic(http.ErrAbortHandler) },
			"Goexit":  runtime.Goexit,
		} {
			t.Run(position+", "+end, func(t *testing.T) {
				for _, list := range []bool{false, true} {
					for _, middleware := range []bool{false, true} {
						h := &hooks{
							cfg: quiet(), auth: grants(holding("note:read")), res: notes(),
							w: httptest.NewRecorder(), request: httptest.NewRequest("GET", "/", nil), granted: true,
						}
						recorder := h.w.(*httptest.ResponseRecorder)
						delete(h.res.needs, "POST")
						arrange(h, fail)
						if list && h.cfg.PathValue != nil {
							continue // not called
						}
						ran := false
						panicked, returned := run(func() { h.handler(list, middleware, &ran).ServeHTTP(h.w, h.request) })
						want := map[string]any{"panic": "hook", "error": errDown, "abort": http.ErrAbortHandler}[end]
						if panicked != want || returned != (end == "nothing") {
							t.Errorf("list %v, middleware %v: panicked with %v, returned %v", list, middleware, panicked, returned)
						}
						if wantRun := end == "nothing" && h.granted; ran != wantRun {
							t.Errorf("list %v, middleware %v: the view ran: %v, want %v", list, middleware, ran, wantRun)
						}
						if end != "nothing" && recorder.Body.Len() > 0 {
							t.Errorf("list %v, middleware %v: got %d %s", list, middleware, recorder.Code, recorder.Body)
						}
					}
				}
			})
		}
	}
}

// handler returns the server, with a view that sets ran.
func (h *hooks) handler(list, middleware bool, ran *bool) http.Handler {
	view := func(http.ResponseWriter, *http.Request) error { *ran = true; return nil }
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { *ran = true })
	var guarded http.Handler
	switch views := (webapi.Views{"GET": view}); {
	case list && middleware:
		guarded = webapi.GuardList(h.res)(next)
	case list:
		guarded = webapi.HandleList(h.res, views)
	case middleware:
		guarded = webapi.Guard(h.res)(next)
	default:
		guarded = webapi.Handle(h.res, views)
	}
	return h.cfg.Middleware(h.auth)(guarded)
}

// brokenResource is a resource whose rules cannot be read.
type brokenResource struct {
	*resource
	fail func()
}

func (x brokenResource) AccessRules() webapi.AccessRules { x.fail(); return x.rules }

// TestDecideWithHooksThatEnd is TestHooksThatEnd without net/http.
func TestDecideWithHooksThatEnd(t *testing.T) {
	for end, fail := range map[string]func(){"panic": func() { panic("hook") }, "Goexit": runtime.Goexit} {
		cfg := quiet()
		cfg.OnDecision = func(webapi.Decision) { fail() }
		ctx, err := cfg.Authenticate(grants(holding("note:read")))(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		decided := errors.New("undecided")
		panicked, returned := run(func() { decided = webapi.Decide(ctx, notes(), "GET", "7") })
		if decided == nil || returned || (panicked == "hook") != (end == "panic") {
			t.Errorf("%s: got %v, panicked with %v, returned %v", end, decided, panicked, returned)
		}
	}
}

// run runs f in a goroutine of its own, and returns what it panicked with and whether it
// returned.
func run(f func()) (panicked any, returned bool) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() { panicked = recover() }()
		f()
		returned = true
	}()
	<-done
	return panicked, returned
}

// TestPanicIsNoAnswer checks that a client gets no answer from a server of net/http whose
// hook panics, and that the server goes on.
func TestPanicIsNoAnswer(t *testing.T) {
	cfg := quiet()
	var calls atomic.Int32
	cfg.OnDecision = func(webapi.Decision) {
		if calls.Add(1) == 1 {
			panic("hook")
		}
	}
	server := httptest.NewUnstartedServer(cfg.Middleware(grants(holding("note:read")))(webapi.Handle(notes(), webapi.Views{"GET": ok})))
	server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(io.Discard, nil), slog.LevelError)
	server.Start()
	defer server.Close()
	if res, err := server.Client().Post(server.URL, "text/plain", nil); err == nil { // not repeated by the client, as GET is
		_ = res.Body.Close()
		t.Errorf("got %s", res.Status)
	}
	res, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 200 {
		t.Errorf("got %s", res.Status)
	}
}
