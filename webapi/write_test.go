package webapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// answer returns the response of WriteError behind the middleware of cfg, for a
// request without credentials.
func answer(cfg *webapi.Config, r *http.Request, err error) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { webapi.WriteError(w, r, err) })
	cfg.Middleware()(next).ServeHTTP(w, r)
	return w
}

// headers are what every response of WriteError has, with changes.
func headers(change ...string) http.Header {
	h := http.Header{
		"Content-Type":           {"application/json"},
		"Cache-Control":          {"no-store"},
		"X-Content-Type-Options": {"nosniff"},
		"Vary":                   {"Authorization, Cookie, Accept"},
	}
	for i := 0; i < len(change); i += 2 {
		h.Set(change[i], change[i+1])
	}
	return h
}

func TestWriteError(t *testing.T) {
	missing := webapi.Decide(contextOf(t, quiet(), grants(holding("admin"))), notes(), "DELETE", "7")
	tests := []struct {
		name    string
		err     error
		status  int
		headers http.Header
		body    string
	}{
		{"101", webapi.ErrPermissionDenied, 403, headers(),
			`{"stat":"fail","err":{"code":101,"msg":"This is not permitted","type":"resource-permission-denied"}}`},
		{"103", webapi.ErrNotLoggedIn, 401, headers("WWW-Authenticate", `Bearer realm="api"`),
			`{"stat":"fail","err":{"code":103,"msg":"This needs a login","type":"auth-not-logged-in"}}`},
		{"104", webapi.ErrLoginFailed, 401, headers("WWW-Authenticate", `Bearer realm="api", error="invalid_token"`),
			`{"stat":"fail","err":{"code":104,"msg":"The credentials were not accepted","type":"auth-login-failed"}}`},
		{"112", missing, 403, headers("WWW-Authenticate", `Bearer realm="api", error="insufficient_scope", scope="note:destroy"`),
			`{"stat":"fail","err":{"code":112,"msg":"The access token lacks a scope that this request needs","type":"auth-oauth2-missing-scope"},` +
				`"required_scopes":[["note:destroy"],["admin","note:write"]],"missing_scopes":["note:destroy"]}`},
		{"112 without details", webapi.ErrMissingScope, 403, headers("WWW-Authenticate", `Bearer realm="api", error="insufficient_scope"`),
			`{"stat":"fail","err":{"code":112,"msg":"The access token lacks a scope that this request needs","type":"auth-oauth2-missing-scope"}}`},
		{"113", webapi.ErrAccessDenied, 403, headers(),
			`{"stat":"fail","err":{"code":113,"msg":"OAuth2 access tokens are not accepted here","type":"auth-oauth2-access-denied"}}`},
		{"405", webapi.Decide(t.Context(), notes(), "PUT", ""), 405, headers("Allow", "GET, HEAD, POST, DELETE"),
			`{"stat":"fail","err":{"code":405,"msg":"The method is not answered here","type":"x-webapi-method-not-allowed"}}`},
		{"405 with nothing allowed", webapi.ErrMethodNotAllowed, 405, headers("Allow", ""),
			`{"stat":"fail","err":{"code":405,"msg":"The method is not answered here","type":"x-webapi-method-not-allowed"}}`},
		{"503", webapi.ErrUnavailable, 503, headers(),
			`{"stat":"fail","err":{"code":503,"msg":"The credentials cannot be verified now","type":"x-webapi-unavailable"}}`},
		{"a view's own", &webapi.Error{Code: 100, Type: "resource-does-not-exist", Message: "No <such> note", Status: 404}, 404, headers(),
			`{"stat":"fail","err":{"code":100,"msg":"No \u003csuch\u003e note","type":"resource-does-not-exist"}}`},
		{"a view's own, bare", &webapi.Error{Code: 900, Status: 409}, 409, headers(),
			`{"stat":"fail","err":{"code":900,"msg":"Conflict"}}`},
		{"a view's own 401", &webapi.Error{Code: 900, Status: 401}, 401, headers("WWW-Authenticate", `Bearer realm="api"`),
			`{"stat":"fail","err":{"code":900,"msg":"Unauthorized"}}`},
		{"a view's own login", &webapi.Error{Code: 900, Status: 401, StepUp: webapi.StepUp{ACR: "gold"}}, 401,
			headers("WWW-Authenticate", `Bearer realm="api", error="insufficient_user_authentication", acr_values="gold"`),
			`{"stat":"fail","err":{"code":900,"msg":"Unauthorized"},"acr_values":["gold"]}`},
		{"a text that no header can have", &webapi.Error{Code: 900, Status: 401, Message: "Réservé", StepUp: webapi.StepUp{ACR: "gold"}}, 401,
			headers("WWW-Authenticate", `Bearer realm="api", error="insufficient_user_authentication", acr_values="gold"`),
			`{"stat":"fail","err":{"code":900,"msg":"Réservé"},"acr_values":["gold"]}`},
		{"a view's own 400", &webapi.Error{Code: 105, Status: 400, Message: "No text"}, 400, headers(),
			`{"stat":"fail","err":{"code":105,"msg":"No text"}}`},
		{"scopes that no header can have", &webapi.Error{Code: 112, Status: 403, Needed: []webapi.Scope{"a\r\nX: y", `b"`, "c"}}, 403,
			headers("WWW-Authenticate", `Bearer realm="api", error="insufficient_scope", scope="c"`),
			`{"stat":"fail","err":{"code":112,"msg":"Forbidden"}}`},
		{"status 0", &webapi.Error{Code: 900}, 500, headers(), `{"stat":"fail","err":{"code":900,"msg":"Internal Server Error"}}`},
		{"status 200", &webapi.Error{Code: 900, Status: 200}, 500, headers(), `{"stat":"fail","err":{"code":900,"msg":"Internal Server Error"}}`},
		{"status 599", &webapi.Error{Code: 900, Status: 599, Message: "No"}, 599, headers(), `{"stat":"fail","err":{"code":900,"msg":"No"}}`},
		{"status 600", &webapi.Error{Code: 900, Status: 600}, 500, headers(), `{"stat":"fail","err":{"code":900,"msg":"Internal Server Error"}}`},
		{"wrapped", fmt.Errorf("secret: %w", webapi.ErrAccessDenied), 403, headers(),
			`{"stat":"fail","err":{"code":113,"msg":"OAuth2 access tokens are not accepted here","type":"auth-oauth2-access-denied"}}`},
		{"unknown", errors.New("secret"), 500, headers(), internal},
		{"nil", nil, 500, headers(), internal},
		{"nil *Error", (*webapi.Error)(nil), 500, headers(), internal},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := answer(quiet(), httptest.NewRequest("GET", "/", nil), test.err)
			if w.Code != test.status || w.Body.String() != test.body+"\n" {
				t.Errorf("got  %d %s\nwant %d %s", w.Code, w.Body, test.status, test.body)
			}
			if !reflect.DeepEqual(w.Header(), test.headers) {
				t.Errorf("got  %q\nwant %q", w.Header(), test.headers)
			}
		})
	}
}

const internal = `{"stat":"fail","err":{"code":500,"msg":"The request failed","type":"x-webapi-internal"}}`

func TestWriteErrorProblem(t *testing.T) {
	missing := webapi.Decide(contextOf(t, quiet(), grants(holding("admin"))), notes(), "GET", "7")
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Accept", "application/problem+json")
	w := answer(quiet(), r, missing)
	want := `{"type":"about:blank","title":"Forbidden","status":403,"detail":"The access token lacks a scope that this request needs",` +
		`"code":112,"error_type":"auth-oauth2-missing-scope","required_scopes":[["note:read"]],"missing_scopes":["note:read"]}`
	if w.Code != 403 || w.Body.String() != want+"\n" || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("got  %d %s %s\nwant 403 %s", w.Code, w.Header().Get("Content-Type"), w.Body, want)
	}
}

func TestAccept(t *testing.T) {
	const json, problem = "application/json", "application/problem+json"
	tests := []struct {
		accept []string
		want   string
	}{
		{nil, json},
		{[]string{""}, json},
		{[]string{"*/*"}, json},
		{[]string{"application/*"}, json},
		{[]string{"text/html"}, json},
		{[]string{"application/json, application/problem+json"}, json},
		{[]string{"application/problem+json"}, problem},
		{[]string{"Application/Problem+JSON"}, problem},
		{[]string{"application/problem+json, */*;q=0.8"}, problem},
		{[]string{"application/problem+json;q=0.5, application/json;q=0.4"}, problem},
		{[]string{"application/problem+json;q=0.4, application/json;q=0.5"}, json},
		{[]string{"application/json;q=0.5", "application/problem+json"}, problem},
		{[]string{"application/json;q=0, */*"}, problem},
		{[]string{"application/json ; Q=0 , application/*;q=0.001"}, problem},
		{[]string{"application/problem+json;q=0"}, json},
		{[]string{"application/problem+json;q=1.000"}, problem},
		{[]string{"application/problem+json;q=1.001"}, json},
		{[]string{"application/problem+json;q=2"}, json},
		{[]string{"application/problem+json;q=0.1234"}, json},
		{[]string{"application/problem+json;q=-1"}, json},
		{[]string{"application/problem+json;q=0.00x"}, json},
		{[]string{"application/problem+json;q=0.9"}, problem},
		{[]string{"application/problem+json;q=2, application/problem+json;q=0.5"}, problem}, // the first is ignored
		{[]string{"application/problem+json;q=0.1, application/problem+json;q=0.9, application/json;q=0.5"}, problem},
		{[]string{"text/html, application/problem+json;q=0.5"}, problem},
		{[]string{"application/problem+json;q=1;q=1"}, json},
		{[]string{"application/problem+json;q="}, json},
		{[]string{"application/problem+json;q=1."}, problem},
		{[]string{"application/problem+json;q=01"}, json},
		{[]string{"application/problem+json;charset=utf-8"}, problem},
		{[]string{"application/problem+json;charset=utf-8;q=0.1, application/json;q=0.5"}, json},
		{[]string{`text/html;x="a", application/problem+json`}, problem},
		{[]string{`text/html;x="\"", application/problem+json`}, problem},
		{[]string{`text/html;x="a, application/problem+json"`}, json},
		{[]string{`text/html;x="\", application/problem+json"`}, json},
		{[]string{`text/html;x="`, "application/problem+json"}, problem},
		{[]string{"application/problem+jsonx"}, json},
	}
	for _, test := range tests {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header["Accept"] = test.accept
		if got := answer(quiet(), r, webapi.ErrAccessDenied).Header().Get("Content-Type"); got != test.want {
			t.Errorf("%q: got %s, want %s", test.accept, got, test.want)
		}
	}
}

// TestContentLength checks that net/http counts the line's end.
func TestContentLength(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		webapi.WriteError(w, r, webapi.ErrNotLoggedIn)
	}))
	defer server.Close()
	for _, accept := range []string{"application/json", "application/problem+json"} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept", accept)
		res, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if err != nil || res.Header.Get("Content-Type") != accept || res.ContentLength != int64(len(body)) ||
			!strings.HasSuffix(string(body), "}\n") || strings.Count(string(body), "\n") != 1 {
			t.Errorf("%s: got %q of the length %d, %v", accept, body, res.ContentLength, err)
		}
	}
}

func TestWriteErrorHead(t *testing.T) {
	w := answer(quiet(), httptest.NewRequest("HEAD", "/", nil), webapi.ErrNotLoggedIn)
	if w.Code != 401 || w.Body.Len() != 0 || w.Header().Get("WWW-Authenticate") == "" {
		t.Errorf("got %d %q with the body %q", w.Code, w.Header(), w.Body)
	}
}

func TestWriteErrorKeepsHeaders(t *testing.T) {
	tests := []struct{ vary, want []string }{
		{[]string{"Origin"}, []string{"Origin", "Authorization, Cookie, Accept"}},
		{[]string{"origin, ACCEPT", "cookie"}, []string{"origin, ACCEPT", "cookie", "Authorization"}},
		{[]string{"Accept,Authorization,Cookie"}, []string{"Accept,Authorization,Cookie"}},
		{[]string{"*"}, []string{"*"}},
	}
	for _, test := range tests {
		w := httptest.NewRecorder()
		w.Header()["Vary"] = test.vary
		w.Header().Set("WWW-Authenticate", "Basic")
		w.Header().Set("Content-Length", "7")
		webapi.WriteError(w, httptest.NewRequest("GET", "/", nil), webapi.ErrNotLoggedIn)
		if got := w.Header()["Vary"]; !reflect.DeepEqual(got, test.want) {
			t.Errorf("%q: got %q, want %q", test.vary, got, test.want)
		}
		if got, want := w.Header()["Www-Authenticate"], []string{"Basic", `Bearer realm="api"`}; !reflect.DeepEqual(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
		if got := w.Header().Get("Content-Length"); got != "" {
			t.Errorf("a Content-Length of %s is left", got)
		}
	}
}

// TestWriteErrorDropsHeaders checks the fields that are about another response or that
// proxies obey, and a field that nobody knows.
func TestWriteErrorDropsHeaders(t *testing.T) {
	w := httptest.NewRecorder()
	for _, name := range []string{
		"Content-Digest", "Content-Disposition", "Content-Encoding", "Content-Language", "Content-Length", "Content-Location",
		"Content-MD5", "Content-Range", "Digest", "ETag", "Expires", "Last-Modified", "Repr-Digest", "Signature", "Accept-Ranges",
		"X-Accel-Redirect", "X-Accel-Expires", "X-Accel-Buffering", "X-Accel-Charset", "X-Accel-Limit-Rate", "X-Sendfile",
		"X-Sendfile-Type", "X-Lighttpd-Send-File", "X-LIGHTTPD-send-tempfile", "X-Reproxy-URL", "X-Litespeed-Location",
		"X-LiteSpeed-Cache-Control", "X-LiteSpeed-Tag", "X-Proxy-Redirect", "Location", "Refresh", "Link", "Age", "Pragma", "Warning",
		"Surrogate-Control", "Surrogate-Key", "Surrogate-Capability", "Edge-Control", "Edge-Cache-Tag", "Cache-Tag", "Cache-Status",
		"CDN-Cache-Control", "Cloudflare-CDN-Cache-Control", "Vercel-CDN-Cache-Control", "Example-Cache-Control", "Fastly-Restarts",
		"Akamai-Cache-Control", "X-Cache-Tags", "Xkey", "X-Varnish-TTL", "X-Drupal-Cache-Tags", "No-Vary-Search",
		"Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade", "Trailer", "Proxy-Connection", "Te",
		"Trailer:X-Accel-Redirect", "Authentication-Info", "SourceMap", "Service-Worker-Allowed", "Speculation-Rules", "X-Ours", "",
	} {
		w.Header().Set(name, "x")
		w.Header()[strings.ToLower(name)] = []string{"x"} // not in canonical form, as Set would write it
	}
	for _, name := range []string{"content-type", "cache-control", "CACHE-CONTROL", "x-content-type-options", "CDN-Cache-Control", " Location", "Location "} {
		w.Header()[name] = []string{"x"}
	}
	webapi.WriteError(w, httptest.NewRequest("GET", "/", nil), webapi.ErrAccessDenied)
	if want := headers(); !reflect.DeepEqual(w.Header(), want) {
		t.Errorf("got the headers %v, want %v", w.Header(), want)
	}
}

// TestHarmlessHeadersStay checks that a denial, a refusal and a failed view keep what a
// middleware has set before and Config.Logout sets.
func TestHarmlessHeadersStay(t *testing.T) {
	names := []string{
		"Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers", "Strict-Transport-Security",
		"Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy",
		"Cross-Origin-Resource-Policy", "X-Request-Id", "x-request-id", "Traceparent", "Server-Timing", "Retry-After", "RateLimit",
		"RateLimit-Policy", "X-RateLimit-Remaining", "X-Rate-Limit-Limit", "Deprecation", "Sunset", "DPoP-Nonce", "Date", "Server",
		"Alt-Svc", "NEL", "Accept-Patch", "X-B3-TraceId",
	}
	failing := func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("X-Accel-Redirect", "/files/7")
		return &webapi.Error{Code: 100, Status: 404}
	}
	ended := holding("note:read")
	ended.Session, ended.Expires = true, past
	for want, auth := range map[int]webapi.Authenticator{
		401: grants(ended),
		403: grants(holding()),
		404: grants(holding("note:read")),
		503: rejects(errDown),
	} {
		cfg := quiet()
		cfg.Logout = func(w http.ResponseWriter, _ *http.Request) error {
			w.Header().Add("Set-Cookie", "session=; Max-Age=0")
			w.Header().Set("Clear-Site-Data", `"cache"`)
			return nil
		}
		w := httptest.NewRecorder()
		for _, name := range names {
			w.Header()[name] = []string{"kept"}
		}
		w.Header().Set("Set-Cookie", "csrf=x")
		w.Header().Set("X-Sendfile", "/files/7")
		cfg.Middleware(auth)(webapi.Handle(notes(), webapi.Views{"GET": failing})).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		for _, name := range names {
			if got := w.Header()[name]; !slices.Equal(got, []string{"kept"}) {
				t.Errorf("%d: %s: got %q", want, name, got)
			}
		}
		cookies := []string{"csrf=x"}
		if want == 401 {
			cookies = append(cookies, "session=; Max-Age=0")
		}
		if got := w.Header()["Set-Cookie"]; w.Code != want || !slices.Equal(got, cookies) || (w.Header().Get("Clear-Site-Data") != "") != (want == 401) {
			t.Errorf("%d: got %d with the cookies %q and %v", want, w.Code, got, w.Header())
		}
		if got := w.Header().Get("X-Sendfile") + w.Header().Get("X-Accel-Redirect"); got != "" {
			t.Errorf("%d: a proxy sends %s", want, got)
		}
	}
}

func TestChallengeParameters(t *testing.T) {
	tests := []struct {
		realm, metadata, want string
		logged                bool
	}{
		{"", "", `Bearer realm="api", error="invalid_token"`, false},
		{"notes", "https://x/.well-known", `Bearer realm="notes", error="invalid_token", resource_metadata="https://x/.well-known"`, false},
		{"~", "https://x/~notes", `Bearer realm="~", error="invalid_token", resource_metadata="https://x/~notes"`, false},
		{`a "b" \c`, "", `Bearer realm="a \"b\" \\c", error="invalid_token"`, false},
		{"a\r\nX-Evil: 1", "https://x/\n", `Bearer realm="api", error="invalid_token"`, true},
		{"réalm", "https://x/\x7f", `Bearer realm="api", error="invalid_token"`, true},
		{"réalm", "https://x", `Bearer realm="api", error="invalid_token", resource_metadata="https://x"`, true},
		{"notes", "https://x/\n", `Bearer realm="notes", error="invalid_token"`, true},
	}
	for _, test := range tests {
		cfg := quiet()
		var log bytes.Buffer
		cfg.Realm, cfg.ResourceMetadata, cfg.Logger = test.realm, test.metadata, slog.New(slog.NewTextHandler(&log, nil))
		w := answer(cfg, httptest.NewRequest("GET", "/", nil), webapi.ErrLoginFailed)
		if got := w.Header().Get("WWW-Authenticate"); got != test.want {
			t.Errorf("%q, %q: got %s, want %s", test.realm, test.metadata, got, test.want)
		}
		if logged := strings.Contains(log.String(), "must be printable ASCII"); logged != test.logged {
			t.Errorf("%q, %q: the log has %q", test.realm, test.metadata, &log)
		}
	}
}

// TestUnknownErrorIsLogged checks that the log has what the client does not, once,
// unless Config.WriteError knows the error.
func TestUnknownErrorIsLogged(t *testing.T) {
	const secret, failed = `msg="webapi: request failed" method=GET path=/notes error=secret`, `error="no template"`
	errTemplate := errors.New("no template")
	tests := []struct {
		name string
		hook func(http.ResponseWriter, *http.Request, error)
		want []string // lines
	}{
		{"none", nil, []string{secret}},
		{"problem", webapi.WriteProblem, []string{secret}},
		{"all by itself", func(w http.ResponseWriter, _ *http.Request, _ error) { http.Error(w, "failed", 500) }, []string{secret}},
		{"nothing", func(http.ResponseWriter, *http.Request, error) {}, []string{secret}},
		{"passed on", webapi.WriteError, []string{secret}},
		{"passed on, wrapped", func(w http.ResponseWriter, r *http.Request, err error) {
			webapi.WriteError(w, r, fmt.Errorf("view: %w", err))
		}, []string{`error="view: secret"`}},
		{"mapped", func(w http.ResponseWriter, r *http.Request, _ error) { webapi.WriteError(w, r, webapi.ErrUnavailable) }, []string{secret}},
		{"mapped to the client's fault", func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(404) }, nil},
		{"mapped, after early hints", func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(103); w.WriteHeader(404) }, nil},
		{"mapped to success", func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(200) }, nil},
		{"no status", func(w http.ResponseWriter, _ *http.Request, _ error) { fmt.Fprint(w, "no") }, []string{secret}},
		{"status twice", func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(500); w.WriteHeader(404) }, []string{secret}},
		{"fails itself", func(w http.ResponseWriter, r *http.Request, _ error) { webapi.WriteError(w, r, errTemplate) }, []string{failed, secret}},
		{"panics", func(http.ResponseWriter, *http.Request, error) { panic("hook") }, []string{secret}},
	}
	for _, tt := range tests {
		var log bytes.Buffer
		cfg := quiet()
		cfg.Logger, cfg.WriteError = slog.New(slog.NewTextHandler(&log, nil)), tt.hook
		r, w := httptest.NewRequest("GET", "/notes?token=abc", nil), httptest.NewRecorder()
		run(func() {
			cfg.Middleware()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				webapi.WriteError(w, r, errors.New("secret"))
			})).ServeHTTP(w, r)
		})
		if strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: the client sees %s", tt.name, w.Body)
		}
		lines := slices.Collect(strings.Lines(log.String()))
		if !slices.EqualFunc(lines, tt.want, strings.Contains) {
			t.Errorf("%s: the log has %q, want %q", tt.name, lines, tt.want)
		}
	}
}

// TestKnownErrorIsNotLogged checks that an error for the client is not logged, with a
// Config.WriteError or without.
func TestKnownErrorIsNotLogged(t *testing.T) {
	for _, hook := range []func(http.ResponseWriter, *http.Request, error){nil, webapi.WriteError, func(http.ResponseWriter, *http.Request, error) {}} {
		var log bytes.Buffer
		cfg := quiet()
		cfg.Logger, cfg.WriteError = slog.New(slog.NewTextHandler(&log, nil)), hook
		if answer(cfg, httptest.NewRequest("GET", "/notes", nil), fmt.Errorf("x: %w", webapi.ErrNotLoggedIn)); log.Len() > 0 {
			t.Errorf("the log has %s", &log)
		}
	}
}

// TestEndedContextIsNoError checks that the log has no error if the client has left, and
// has one if the same error comes from elsewhere.
func TestEndedContextIsNoError(t *testing.T) {
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Hour))
	defer cancel()
	wrapped := func(err error) error {
		return fmt.Errorf("query: %w", &url.Error{Op: "Get", URL: "https://as.example", Err: err})
	}
	tests := []struct {
		name  string
		ctx   context.Context
		err   error
		level string
	}{
		{"the client has left", canceled, context.Canceled, "INFO"},
		{"the client has left, wrapped", canceled, wrapped(context.Canceled), "INFO"},
		{"the client has left, among others", canceled, errors.Join(errDown, context.Canceled), "INFO"},
		{"the client has left, and an upstream is late", canceled, context.DeadlineExceeded, "ERROR"},
		{"the client has left, and something else", canceled, errDown, "ERROR"},
		{"a deadline", late, wrapped(context.DeadlineExceeded), "WARN"},
		{"the client is there, and an upstream is late", t.Context(), context.DeadlineExceeded, "ERROR"},
		{"the client is there, and a query was canceled", t.Context(), wrapped(context.Canceled), "ERROR"},
	}
	for _, test := range tests {
		view := func(http.ResponseWriter, *http.Request) error { return test.err }
		for position, auth := range map[string]webapi.Authenticator{
			"view":          grants(holding("note:read")),
			"verifier":      webapi.Bearer(issued{"x": test.err}),
			"session":       webapi.Session(&sessions{err: test.err}),
			"authenticator": rejects(test.err),
			"logout":        rejects(webapi.ErrNotLoggedIn),
		} {
			var log bytes.Buffer
			cfg := quiet()
			cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
			cfg.Logout = func(http.ResponseWriter, *http.Request) error { return test.err }
			r, w := httptest.NewRequest("GET", "/", nil).WithContext(test.ctx), httptest.NewRecorder()
			if position == "verifier" {
				r.Header.Set("Authorization", "Bearer x")
			}
			cfg.Middleware(auth)(webapi.Handle(notes(), webapi.Views{"GET": view})).ServeHTTP(w, r)
			if got := log.String(); w.Code < 400 || strings.Count(got, "level=") != 1 || !strings.Contains(got, "level="+test.level+" ") {
				t.Errorf("%s: %s: got %d and the log %s, want one line of level %s", test.name, position, w.Code, got, test.level)
			}
		}
	}
}
