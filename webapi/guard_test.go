package webapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// TestGuard has two routes of a resource: an object and the collection.
func TestGuard(t *testing.T) {
	res := notes()
	res.rules.APITokens = true
	object := func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Method, " ", r.PathValue("id")) }
	mux := http.NewServeMux()
	mux.Handle("/notes/{id}", webapi.Guard(res)(http.HandlerFunc(object)))
	mux.Handle("/notes", webapi.GuardList(res)(http.HandlerFunc(object)))
	mux.Handle("/none", webapi.Guard(res)(nil))
	api := webapi.Token{Kind: webapi.APIToken, Expires: future,
		Policy: policy(t, `{"resources": {"note": {"7": {"block": ["*"]}, "*": {"allow": ["*"]}}}}`)}
	tests := []struct {
		method, path string
		token        webapi.Token
		status       int
		body         string
	}{
		{"GET", "/notes/7", holding("note:read"), 200, "GET 7"},
		{"HEAD", "/notes/7", holding("note:read"), 200, "HEAD 7"},
		{"DELETE", "/notes/7", holding("note:read"), 403, ""},
		{"PATCH", "/notes/7", holding("note:read"), 405, ""},
		{"get", "/notes/7", holding("note:read"), 405, ""},
		{"GET", "/notes/7", api, 403, ""},
		{"GET", "/notes/8", api, 200, "GET 8"},
		{"GET", "/notes", api, 200, "GET "},
		{"GET", "/none", holding("note:read"), 405, ""},
	}
	for _, tt := range tests {
		w := httptest.NewRecorder()
		quiet().Middleware(grants(tt.token))(mux).ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, nil))
		if w.Code != tt.status || tt.body != "" && w.Body.String() != tt.body {
			t.Errorf("%s %s: got %d %q, want %d %q", tt.method, tt.path, w.Code, w.Body, tt.status, tt.body)
		}
		if allow := w.Header().Get("Allow"); (w.Code == 405) != (allow != "") && tt.path != "/none" {
			t.Errorf("%s %s: %d with Allow %q", tt.method, tt.path, w.Code, allow)
		}
	}
}

// TestPathValue has a router that keeps the path values to itself.
func TestPathValue(t *testing.T) {
	outer, inner := notes(), notes()
	outer.rules.Super, outer.rules.APITokens, inner.rules.APITokens = inner, true, true
	inner.rules.Key, inner.rules.Policy = "folder", "folder"
	cfg := quiet()
	cfg.PathValue = func(r *http.Request, name string) string { return r.Header.Get("X-" + name) }
	api := webapi.Token{Kind: webapi.APIToken, Expires: future,
		Policy: policy(t, `{"resources": {"*": {"block": ["*"]}, "note": {"7": {"allow": ["GET"]}}, "folder": {"3": {"allow": ["GET"]}}}}`)}
	handler := cfg.Middleware(grants(api))(webapi.Guard(outer)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	for _, tt := range []struct {
		id, folder string
		status     int
	}{{"7", "3", 200}, {"8", "3", 403}, {"7", "4", 403}, {"", "3", 403}, {"7", "", 403}} {
		r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
		r.Header.Set("X-Id", tt.id)
		r.Header.Set("X-Folder", tt.folder)
		r.SetPathValue("id", "7") // which does not count
		r.SetPathValue("folder", "3")
		if handler.ServeHTTP(w, r); w.Code != tt.status {
			t.Errorf("note %q in %q: got %d, want %d", tt.id, tt.folder, w.Code, tt.status)
		}
	}
}

func TestWriteErrorHook(t *testing.T) {
	notFound := errors.New("no such note: secret")
	text := func(w http.ResponseWriter, r *http.Request, err error) {
		e := asError(err)
		if e == nil {
			e = &webapi.Error{Status: 404, Message: "nothing here"}
		}
		w.Header().Set("Content-Type", "text/plain")
		w.WriteHeader(e.Status)
		fmt.Fprint(w, e.Message)
	}
	mapped := func(w http.ResponseWriter, r *http.Request, err error) {
		if errors.Is(err, notFound) {
			err = &webapi.Error{Code: 100, Status: 404, Message: "nothing here"}
		}
		webapi.WriteError(w, r, err)
	}
	challenge := `Bearer realm="api", error="insufficient_scope", scope="note:destroy"`
	tests := []struct {
		name         string
		hook         func(http.ResponseWriter, *http.Request, error)
		method       string
		status       int
		body         string // the beginning
		contentType  string
		wantedHeader string // WWW-Authenticate
	}{
		{"own form", text, "DELETE", 403, "The access token lacks", "text/plain", challenge},
		{"own form, view", text, "GET", 404, "nothing here", "text/plain", ""},
		{"mapped, view", mapped, "GET", 404, `{"stat":"fail","err":{"code":100,"msg":"nothing here"}}`, "application/json", ""},
		{"mapped, denied", mapped, "DELETE", 403, `{"stat":"fail","err":{"code":112`, "application/json", challenge},
		{"problem", webapi.WriteProblem, "DELETE", 403, `{"type":"about:blank","title":"Forbidden","status":403`, "application/problem+json", challenge},
		{"problem, view", webapi.WriteProblem, "GET", 500, `{"type":"about:blank","title":"Internal Server Error"`, "application/problem+json", ""},
		{"no status", func(w http.ResponseWriter, _ *http.Request, _ error) { fmt.Fprint(w, "no") }, "DELETE", 403, "no", "", challenge},
		{"no status, view", func(w http.ResponseWriter, _ *http.Request, _ error) { fmt.Fprint(w, "no") }, "GET", 500, "no", "", ""},
		{"nothing", func(http.ResponseWriter, *http.Request, error) {}, "DELETE", 403, `{"stat":"fail","err":{"code":112`, "application/json", challenge},
		{"nothing, view", func(http.ResponseWriter, *http.Request, error) {}, "GET", 500, `{"stat":"fail","err":{"code":500`, "application/json", ""},
		{"early hints alone", func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(103) }, "DELETE", 403, `{"stat":"fail"`, "application/json", challenge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			cfg := quiet()
			cfg.WriteError = tt.hook
			ran := false
			handler := cfg.Middleware(grants(holding("note:read")))(webapi.Handle(notes(), webapi.Views{
				"GET": func(_ http.ResponseWriter, r *http.Request) error {
					if !webapi.HasWriteError(r.Context()) {
						t.Error("an adapter would not call WriteError")
					}
					return notFound
				},
				"DELETE": func(http.ResponseWriter, *http.Request) error { ran = true; return nil },
			}))
			server := httptest.NewServer(handler)
			defer server.Close()
			req, _ := http.NewRequestWithContext(t.Context(), tt.method, server.URL, nil)
			res, err := server.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = res.Body.Close() }()
			var body bytes.Buffer
			_, _ = body.ReadFrom(res.Body)
			if res.StatusCode != tt.status || !strings.HasPrefix(body.String(), tt.body) || strings.Contains(body.String(), "secret") {
				t.Errorf("got %d %q, want %d %q", res.StatusCode, body.String(), tt.status, tt.body)
			}
			if got := res.Header.Get("Content-Type"); tt.contentType != "" && got != tt.contentType {
				t.Errorf("got Content-Type %q, want %q", got, tt.contentType)
			}
			if got := strings.Join(res.Header.Values("WWW-Authenticate"), "; "); got != tt.wantedHeader {
				t.Errorf("got WWW-Authenticate %q, want %q", got, tt.wantedHeader)
			}
			if res.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("got Cache-Control %q", res.Header.Get("Cache-Control"))
			}
			if ran {
				t.Error("the view has run")
			}
		})
	}
}

// TestHasNoWriteError has contexts in which an adapter leaves errors to its framework.
func TestHasNoWriteError(t *testing.T) {
	for _, ctx := range []context.Context{t.Context(), contextOf(t, quiet(), rejects(webapi.ErrNoCredentials))} {
		if webapi.HasWriteError(ctx) {
			t.Errorf("%v has a WriteError", ctx)
		}
	}
}

// TestWriteErrorHookPanics shows that a hook which panics lets nobody through.
func TestWriteErrorHookPanics(t *testing.T) {
	cfg := quiet()
	cfg.WriteError = func(http.ResponseWriter, *http.Request, error) { panic("hook") }
	ran := false
	handler := cfg.Middleware(grants(holding()))(webapi.Guard(notes())(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { ran = true })))
	w := httptest.NewRecorder()
	func() {
		defer func() { _ = recover() }()
		handler.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	}()
	if ran || w.Body.Len() > 0 {
		t.Errorf("the view has run: %v; body %q", ran, w.Body)
	}
}

// TestOwnLogin has a login of the server itself beside a Config, before its
// middleware and after it.
func TestOwnLogin(t *testing.T) {
	logins := map[string]func(r *http.Request) *http.Request{
		"Basic YTpi": func(r *http.Request) *http.Request { return r.WithContext(webapi.WithUnscopedAccess(r.Context())) },
		"token user:key": func(r *http.Request) *http.Request {
			return r.WithContext(webapi.WithToken(r.Context(), holding("note:read")))
		},
	}
	own := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if login := logins[r.Header.Get("Authorization")]; login != nil {
				r = login(r)
			}
			next.ServeHTTP(w, r)
		})
	}
	config := quiet().Middleware(webapi.Bearer(issued{"good": holding("note:read")}))
	guarded := webapi.Guard(notes())(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, r.Header.Get("Authorization"))
	}))
	for order, handler := range map[string]http.Handler{"before": own(config(guarded)), "after": config(own(guarded))} {
		for authorization, want := range map[string][2]int{ // of GET and DELETE
			"Basic YTpi":      {200, 200},
			"token user:key":  {200, 403},
			"Bearer good":     {200, 403},
			"Bearer bad":      {401, 401},
			"Basic d3Jvbmc=":  {401, 401},
			"token user:else": {401, 401},
			"":                {401, 401},
		} {
			for i, method := range []string{"GET", "DELETE"} {
				r, w := httptest.NewRequest(method, "/", nil), httptest.NewRecorder()
				if authorization != "" {
					r.Header.Set("Authorization", authorization)
				}
				if handler.ServeHTTP(w, r); w.Code != want[i] {
					t.Errorf("own login %s the middleware, %s %q: got %d, want %d", order, method, authorization, w.Code, want[i])
				}
				if w.Code == 200 && w.Body.String() != authorization {
					t.Errorf("the handler sees Authorization %q, want %q", w.Body, authorization)
				}
			}
		}
	}
}

// TestOwnLoginDoesNotOverrideRejection marks a request whose bearer token an
// authenticator has rejected.
func TestOwnLoginDoesNotOverrideRejection(t *testing.T) {
	marks := map[string]func(*http.Request) *http.Request{
		"WithUnscopedAccess": func(r *http.Request) *http.Request { return r.WithContext(webapi.WithUnscopedAccess(r.Context())) },
		"WithToken": func(r *http.Request) *http.Request {
			return r.WithContext(webapi.WithToken(r.Context(), holding("note:read")))
		},
	}
	for name, mark := range marks {
		guarded := webapi.Guard(notes())(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		handler := quiet().Middleware(webapi.Bearer(issued{}))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			guarded.ServeHTTP(w, mark(r))
		}))
		r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
		r.Header.Set("Authorization", "Bearer bad")
		if handler.ServeHTTP(w, r); w.Code != 401 {
			t.Errorf("%s: got %d, want 401", name, w.Code)
		}
	}
}

// TestNoMiddleware asks a guard without Config.Middleware, and logs without a Logger, in a
// process of its own, since the warning comes once.
func TestNoMiddleware(t *testing.T) {
	if os.Getenv("WEBAPI_TEST_NO_MIDDLEWARE") != "" {
		slog.SetDefault(slog.New(slog.NewTextHandler(os.Stdout, nil)))
		guard := webapi.Guard(notes())(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
		request := func(ctx context.Context, authorization string) {
			r := httptest.NewRequestWithContext(ctx, "GET", "/notes", nil)
			if authorization != "" {
				r.Header.Set("Authorization", authorization)
			}
			guard.ServeHTTP(httptest.NewRecorder(), r)
		}
		request(t.Context(), "")
		request(webapi.WithToken(t.Context(), holding()), "Bearer secret") // of a middleware of their own
		request(contextOf(t, quiet(), webapi.Bearer(issued{})), "Bearer secret")
		fmt.Println("nothing has read the header")
		request(t.Context(), "Bearer secret")
		request(t.Context(), "Bearer secret")
		webapi.WriteError(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), errDown)
		answer(new(webapi.Config), httptest.NewRequest("GET", "/", nil), errDown)
		return
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoMiddleware$")
	cmd.Env = append(os.Environ(), "WEBAPI_TEST_NO_MIDDLEWARE=1")
	out, err := cmd.CombinedOutput()
	before, _, _ := bytes.Cut(out, []byte("nothing has read the header"))
	if n := bytes.Count(out, []byte("level=WARN")); err != nil || bytes.Contains(before, []byte("WARN")) || n != 1 || !bytes.Contains(out, []byte("Config.Middleware")) || bytes.Contains(out, []byte("secret")) {
		t.Errorf("got %d warnings, want 1: %v\n%s", n, err, out)
	}
	if n := bytes.Count(out, []byte("level=ERROR")); n != 2 {
		t.Errorf("got %d errors, want 2:\n%s", n, out)
	}
}
