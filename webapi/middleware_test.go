package webapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// serve sends a GET with the given Authorization header, "" for none, through
// the middleware to a guarded route and to a public one.
func serve(cfg *webapi.Config, authorization string, a ...webapi.Authenticator) (guarded, public *httptest.ResponseRecorder) {
	mux := http.NewServeMux()
	mux.Handle("/notes/{id}", webapi.Handle(notes(), webapi.Views{"GET": ok}))
	mux.HandleFunc("/public", func(w http.ResponseWriter, r *http.Request) { ok(w, r) })
	handler := cfg.Middleware(a...)(mux)
	send := func(path string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest("GET", path, nil), httptest.NewRecorder()
		if authorization != "" {
			r.Header.Set("Authorization", authorization)
		}
		handler.ServeHTTP(w, r)
		return w
	}
	return send("/notes/7"), send("/public")
}

func ok(w http.ResponseWriter, _ *http.Request) error {
	_, err := fmt.Fprint(w, "ok")
	return err
}

func TestMiddleware(t *testing.T) {
	none := rejects(webapi.ErrNoCredentials)
	good := grants(holding("note:read"))
	const plain, invalid = `Bearer realm="api", scope="note:read"`, `Bearer realm="api", error="invalid_token", scope="note:read"`
	tests := []struct {
		name            string
		authorization   string
		authenticators  []webapi.Authenticator
		guarded, public int
		challenge       string
	}{
		{"no credentials", "", []webapi.Authenticator{none}, 401, 200, plain},
		{"no authenticator, no header", "", nil, 401, 200, plain},
		{"no authenticator, a header", "Basic x", nil, 401, 200, plain},
		{"a scheme that nobody accepts", "Basic x", []webapi.Authenticator{none, none}, 401, 200, plain},
		{"good", "Bearer x", []webapi.Authenticator{good}, 200, 200, ""},
		{"the second finds them", "Bearer x", []webapi.Authenticator{none, good}, 200, 200, ""},
		{"the first decides", "Bearer x", []webapi.Authenticator{rejects(webapi.ErrLoginFailed), good}, 401, 200, invalid},
		{"wrapped no credentials", "", []webapi.Authenticator{rejects(fmt.Errorf("bearer: %w", webapi.ErrNoCredentials)), good}, 200, 200, ""},
		{"none here, rejected there", "", []webapi.Authenticator{rejects(errors.Join(webapi.ErrNoCredentials, webapi.ErrLoginFailed)), good}, 401, 200, invalid},
		{"rejected", "Bearer x", []webapi.Authenticator{rejects(webapi.ErrLoginFailed)}, 401, 200, invalid},
		{"none here, a failure there", "", []webapi.Authenticator{rejects(errors.Join(webapi.ErrNoCredentials, errDown)), good}, 503, 503, ""},
		{"a failure here, none there", "", []webapi.Authenticator{rejects(errors.Join(errDown, webapi.ErrNoCredentials)), good}, 503, 503, ""},
		{"none and a failure in one text", "", []webapi.Authenticator{rejects(fmt.Errorf("%w: %w", webapi.ErrNoCredentials, errDown)), good}, 503, 503, ""},
		{"none and a failure, wrapped", "", []webapi.Authenticator{rejects(fmt.Errorf("x: %w", errors.Join(errors.Join(webapi.ErrNoCredentials, errDown)))), good}, 503, 503, ""},
		{"a failure that says it is none", "", []webapi.Authenticator{rejects(chain{errDown, webapi.ErrNoCredentials}), good}, 503, 503, ""},
		{"none, and a failure that says so", "", []webapi.Authenticator{rejects(chain{webapi.ErrNoCredentials, errDown}), good}, 503, 503, ""},
		{"none and none", "", []webapi.Authenticator{rejects(errors.Join(webapi.ErrNoCredentials, fmt.Errorf("x: %w", webapi.ErrNoCredentials))), good}, 200, 200, ""},
		{"an error that joins none", "", []webapi.Authenticator{rejects(several{}), good}, 503, 503, ""},
		{"an error that wraps nothing", "", []webapi.Authenticator{rejects(chain{errDown}), good}, 503, 503, ""},
		{"rejected session", "", []webapi.Authenticator{rejects(webapi.ErrNotLoggedIn)}, 401, 200, plain},
		{"rejected session beside a header", "Bearer x", []webapi.Authenticator{rejects(errors.Join(webapi.ErrNoCredentials, webapi.ErrNotLoggedIn)), good}, 200, 200, ""},
		{"rejected session and a failure beside a header", "Bearer x", []webapi.Authenticator{rejects(errors.Join(webapi.ErrNotLoggedIn, errDown)), good}, 503, 503, ""},
		{"rejected session and token beside a header", "Bearer x", []webapi.Authenticator{rejects(errors.Join(webapi.ErrNotLoggedIn, webapi.ErrLoginFailed)), good}, 503, 503, ""},
		{"rejected with another status", "", []webapi.Authenticator{rejects(&webapi.Error{Code: 104, Status: 200})}, 401, 200, invalid},
		{"malformed", "Bearer", []webapi.Authenticator{rejects(webapi.ErrBadRequest)}, 400, 400, `Bearer realm="api", error="invalid_request"`},
		{"verifier fails", "Bearer x", []webapi.Authenticator{rejects(errors.New("secret"))}, 503, 503, ""},
		{"any other code", "Bearer x", []webapi.Authenticator{rejects(webapi.ErrMissingScope)}, 503, 503, ""},
		{"nil *Error", "Bearer x", []webapi.Authenticator{rejects((*webapi.Error)(nil))}, 503, 503, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			guarded, public := serve(quiet(), test.authorization, test.authenticators...)
			if guarded.Code != test.guarded || public.Code != test.public {
				t.Errorf("got %d and %d, want %d and %d", guarded.Code, public.Code, test.guarded, test.public)
			}
			if got := guarded.Header().Get("WWW-Authenticate"); got != test.challenge {
				t.Errorf("got the challenge %q, want %q", got, test.challenge)
			}
		})
	}
}

var errDown = errors.New("down")

// chain is a list of errors as github.com/hashicorp/go-multierror has it: each element is
// the error by Is, and Unwrap returns the rest.
type chain []error

func (c chain) Error() string        { return c[0].Error() }
func (c chain) Is(target error) bool { return errors.Is(c[0], target) }
func (c chain) Unwrap() error {
	if len(c) == 1 {
		return nil
	}
	return c[1:]
}

// several is a list of errors that may be empty.
type several []error

func (s several) Error() string   { return fmt.Sprintf("%d errors", len(s)) }
func (s several) Unwrap() []error { return s }

// TestNoCredentialsAnonymous checks that a failed verification is no permission to be
// anonymous.
func TestNoCredentialsAnonymous(t *testing.T) {
	open := notes()
	open.rules.Anonymous = "GET"
	for _, err := range []error{errors.Join(webapi.ErrNoCredentials, errDown), chain{errDown, webapi.ErrNoCredentials}} {
		for _, a := range []webapi.Authenticator{rejects(err), webapi.Session(&sessions{err: err})} {
			r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
			quiet().Middleware(a)(webapi.Handle(open, webapi.Views{"GET": ok})).ServeHTTP(w, r)
			if w.Code != 503 {
				t.Errorf("%v: got %d, want 503", err, w.Code)
			}
		}
	}
}

// TestErrorTrees checks every combination of up to three errors in every form: a view
// that is anonymous, or that a further authenticator opens, runs only if all of them
// say that there are no credentials, or that a session is rejected beside a header.
func TestErrorTrees(t *testing.T) {
	leaves := []error{webapi.ErrNoCredentials, webapi.ErrNotLoggedIn, webapi.ErrLoginFailed, webapi.ErrBadRequest, errDown}
	forms := []func(list []error) error{
		func(list []error) error { return errors.Join(list...) },
		func(list []error) error { return fmt.Errorf("x: %w", errors.Join(list...)) },
		func(list []error) error { return fmt.Errorf("%w%w%w", list[0], list[len(list)/2], list[len(list)-1]) },
		func(list []error) error { return errors.Join(list[0], errors.Join(list[1:]...)) },
		func(list []error) error { return chain(list) },
	}
	var lists [][]error
	for _, a := range leaves {
		lists = append(lists, []error{a})
		for _, b := range leaves {
			lists = append(lists, []error{a, b})
			for _, c := range leaves {
				lists = append(lists, []error{a, b, c})
			}
		}
	}
	open := notes()
	open.rules.Anonymous = "GET"
	seen := map[int]int{}
	for _, list := range lists {
		for i, form := range forms {
			for _, header := range []string{"", "Bearer x"} {
				for _, further := range [][]webapi.Authenticator{nil, {grants(holding("note:read"))}} {
					none := !slices.ContainsFunc(list, func(err error) bool {
						return err != webapi.ErrNoCredentials && (header == "" || err != webapi.ErrNotLoggedIn)
					})
					r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
					if header != "" {
						r.Header.Set("Authorization", header)
					}
					auth := append([]webapi.Authenticator{rejects(form(list))}, further...)
					quiet().Middleware(auth...)(webapi.Handle(open, webapi.Views{"GET": ok})).ServeHTTP(w, r)
					served := none && (header == "" || further != nil)
					if (w.Code == 200) != served && (w.Code == 200 || i != len(forms)-1) { // a chain may hide its end, which is denied
						t.Errorf("%q in form %d, header %q, %d further: got %d", list, i, header, len(further), w.Code)
					}
					seen[w.Code]++
				}
			}
		}
	}
	t.Logf("by status: %v", seen)
}

func TestMiddlewareLeaksNothing(t *testing.T) {
	var log bytes.Buffer
	cfg := quiet()
	cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
	guarded, _ := serve(cfg, "Bearer x", rejects(errors.New("secret")))
	want := `{"stat":"fail","err":{"code":503,"msg":"The credentials cannot be verified now","type":"x-webapi-unavailable"}}`
	if guarded.Body.String() != want+"\n" {
		t.Errorf("got %s, want %s", guarded.Body, want)
	}
	if !strings.Contains(log.String(), `msg="webapi: authentication failed" error=secret`) {
		t.Errorf("the log has %s", &log)
	}
}

// TestTokenFromOutside checks that a token of the team's own middleware counts
// for an Authorization header, but not for one that is rejected.
func TestTokenFromOutside(t *testing.T) {
	handler := webapi.Handle(notes(), webapi.Views{"GET": ok})
	tests := []struct {
		auth []webapi.Authenticator
		want int
	}{
		{nil, 200},
		{[]webapi.Authenticator{rejects(webapi.ErrNoCredentials)}, 200},
		{[]webapi.Authenticator{rejects(webapi.ErrLoginFailed)}, 401},
		{[]webapi.Authenticator{grants(holding())}, 403},
	}
	for i, test := range tests {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Authorization", "Basic x")
		r = r.WithContext(webapi.WithToken(r.Context(), holding("note:read")))
		w := httptest.NewRecorder()
		quiet().Middleware(test.auth...)(handler).ServeHTTP(w, r)
		if w.Code != test.want {
			t.Errorf("%d: got %d, want %d", i, w.Code, test.want)
		}
	}
}

func TestLogout(t *testing.T) {
	expired := holding("note:read")
	expired.Expires = past
	expiredSession := expired
	expiredSession.Session = true
	scopeless := holding()
	scopeless.Session = true
	tests := []struct {
		name string
		auth webapi.Authenticator
		want bool
	}{
		{"rejected session", rejects(webapi.ErrNotLoggedIn), true},
		{"rejected token", rejects(webapi.ErrLoginFailed), false},
		{"expired session", grants(expiredSession), true},
		{"expired token", grants(expired), false},
		{"session without the scope", grants(scopeless), false},
		{"no credentials", rejects(webapi.ErrNoCredentials), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			calls := 0
			cfg := quiet()
			cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
			cfg.Logout = func(w http.ResponseWriter, _ *http.Request) error {
				calls++
				http.SetCookie(w, &http.Cookie{Name: "session", MaxAge: -1})
				return errors.New("store is down")
			}
			guarded, public := serve(cfg, "", test.auth)
			if public.Code != 200 || guarded.Code == 200 {
				t.Errorf("got %d and %d", guarded.Code, public.Code)
			}
			out := calls == 1 && guarded.Header().Get("Set-Cookie") != "" && strings.Contains(log.String(), "store is down")
			if out != test.want || calls > 1 {
				t.Errorf("%d calls, logged out %v, want %v", calls, out, test.want)
			}
			webapi.Decide(contextOf(t, cfg, test.auth), notes(), "GET", "7")
			if calls > 1 {
				t.Error("Decide has logged out")
			}
		})
	}
}

func TestConfigIsCopied(t *testing.T) {
	cfg := quiet()
	handler := cfg.Middleware()(webapi.Handle(notes(), webapi.Views{"GET": ok}))
	cfg.Realm = "later"
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if got := w.Header().Get("WWW-Authenticate"); got != `Bearer realm="api", scope="note:read"` {
		t.Errorf("got %s", got)
	}
}

func TestNilConfig(t *testing.T) {
	var cfg *webapi.Config
	guarded, public := serve(cfg, "", rejects(webapi.ErrNotLoggedIn))
	if guarded.Code != 401 || public.Code != 200 {
		t.Errorf("got %d and %d", guarded.Code, public.Code)
	}
}

func TestTokenFrom(t *testing.T) {
	if _, found := webapi.TokenFrom(t.Context()); found {
		t.Error("found a token where none is")
	}
	ctx := webapi.WithToken(t.Context(), holding("a"))
	inner := webapi.WithToken(webapi.WithUnscopedAccess(ctx), holding("b"))
	for want, ctx := range map[string]context.Context{"a": ctx, "b": inner} {
		token, found := webapi.TokenFrom(ctx)
		if !found || token.Scopes.String() != want || token.Subject != "ann" {
			t.Errorf("got %+v, %v, want the scope %s", token, found, want)
		}
	}
}

// TestConcurrency is for the race detector.
func TestConcurrency(t *testing.T) {
	cfg := quiet()
	cfg.OnDecision = func(webapi.Decision) {}
	var turn sync.Map
	auth := webapi.AuthenticatorFunc(func(r *http.Request) (webapi.Token, error) {
		if _, again := turn.LoadOrStore(r.Header.Get("X-Client"), true); again {
			return webapi.Token{}, webapi.ErrLoginFailed
		}
		return holding("note:read"), nil
	})
	handler := cfg.Middleware(auth)(webapi.Handle(notes(), webapi.Views{"GET": ok, "DELETE": ok}))
	var wg sync.WaitGroup
	for i := range 50 {
		wg.Go(func() {
			for _, method := range []string{"GET", "DELETE", "PUT", "HEAD"} {
				r, w := httptest.NewRequest(method, "/", nil), httptest.NewRecorder()
				r.Header.Set("X-Client", fmt.Sprint(i, method == "GET"))
				handler.ServeHTTP(w, r)
				if want := map[string]int{"GET": 200, "DELETE": 403, "PUT": 405, "HEAD": 401}[method]; w.Code != want {
					t.Errorf("%s: got %d, want %d", method, w.Code, want)
				}
			}
		})
	}
	wg.Wait()
}
