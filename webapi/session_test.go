package webapi_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// sessions is a store with one session.
type sessions struct {
	token webapi.Token
	err   error
	asked int
}

func (s *sessions) SessionToken(*http.Request) (webapi.Token, error) {
	s.asked++
	return s.token, s.err
}

func TestSession(t *testing.T) {
	expired := holding("note:read")
	expired.Expires = past
	const plain = `Bearer realm="api", scope="note:read"`
	tests := []struct {
		name            string
		store           *sessions
		guarded, public int
		challenge       string
		logout          bool
	}{
		{"good", &sessions{token: holding("note:read")}, 200, 200, "", false},
		{"without the scope", &sessions{token: holding()}, 403, 200, `Bearer realm="api", error="insufficient_scope", scope="note:read"`, false},
		{"expired", &sessions{token: expired}, 401, 200, plain, true},
		{"deleted token", &sessions{err: webapi.ErrNotLoggedIn}, 401, 200, plain, true},
		{"deleted token, no credentials besides", &sessions{err: errors.Join(webapi.ErrNoCredentials, webapi.ErrNotLoggedIn)}, 401, 200, plain, true},
		{"none", &sessions{err: webapi.ErrNoCredentials}, 401, 200, plain, false},
		{"fails", &sessions{err: errors.New("store is down")}, 503, 503, "", false},
		{"an error that is not a session's", &sessions{err: webapi.ErrLoginFailed}, 503, 503, "", false},
		{"an error that is not a session's either", &sessions{err: webapi.ErrBadRequest}, 503, 503, "", false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			logout := false
			cfg := quiet()
			cfg.Logout = func(http.ResponseWriter, *http.Request) error { logout = true; return nil }
			guarded, public := serve(cfg, "", webapi.Session(test.store))
			if guarded.Code != test.guarded || public.Code != test.public {
				t.Errorf("got %d and %d, want %d and %d", guarded.Code, public.Code, test.guarded, test.public)
			}
			if got := guarded.Header().Get("WWW-Authenticate"); got != test.challenge {
				t.Errorf("got the challenge %q, want %q", got, test.challenge)
			}
			if logout != test.logout {
				t.Errorf("logged out %v, want %v", logout, test.logout)
			}
		})
	}
	if guarded, _ := serve(quiet(), "", webapi.Session(nil)); guarded.Code != 503 {
		t.Errorf("no store: got %d, want 503", guarded.Code)
	}
}

// TestHeaderDecidesAlone checks that no session counts beside an Authorization
// header: not one of Session, not one of a team's own authenticator, not one of
// a middleware outside, in no order.
func TestHeaderDecidesAlone(t *testing.T) {
	inSession := holding("note:read")
	inSession.Session = true
	bearer := webapi.Bearer(issued{"good": holding("note:read"), "weak": holding()})
	headers := map[string]int{"Bearer good": 200, "Bearer weak": 403, "Bearer bad": 401, "Basic x": 401, "Digest": 401, " ": 401, "Bearer": 400}
	for header, want := range headers {
		for _, own := range []webapi.Authenticator{grants(inSession), rejects(webapi.ErrNotLoggedIn)} {
			store := &sessions{token: holding("note:read")}
			session := webapi.Session(store)
			for _, order := range [][]webapi.Authenticator{
				{bearer, session, own}, {bearer, own, session}, {session, bearer, own},
				{session, own, bearer}, {own, bearer, session}, {own, session, bearer},
			} {
				for _, outside := range []bool{false, true} {
					r := httptest.NewRequest("GET", "/", nil)
					r.Header["Authorization"] = []string{header}
					if outside {
						r = r.WithContext(webapi.WithToken(r.Context(), inSession))
					}
					w := httptest.NewRecorder()
					quiet().Middleware(order...)(webapi.Handle(notes(), webapi.Views{"GET": ok})).ServeHTTP(w, r)
					if w.Code != want {
						t.Errorf("%q: got %d, want %d", header, w.Code, want)
					}
				}
			}
			if store.asked > 0 {
				t.Errorf("%q: the session was read", header)
			}
		}
	}
	// Without the header each of them is let in, so that the test means something.
	for _, a := range []webapi.Authenticator{webapi.Session(&sessions{token: holding("note:read")}), grants(inSession)} {
		if guarded, _ := serve(quiet(), "", a); guarded.Code != 200 {
			t.Errorf("no header: got %d, want 200", guarded.Code)
		}
	}
}

func TestCrossOrigin(t *testing.T) {
	inSession := holding("note:read", "note:write")
	inSession.Session = true
	session := webapi.Session(&sessions{token: inSession})
	deleted := webapi.Session(&sessions{err: webapi.ErrNotLoggedIn})
	bearer := webapi.Bearer(issued{"good": holding("note:read", "note:write")})
	trusting := http.NewCrossOriginProtection()
	if err := trusting.AddTrustedOrigin("https://app.example"); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name     string
		auth     webapi.Authenticator
		method   string
		headers  string // name=value, separated by spaces
		trusting bool
		want     int
	}{
		{"same origin", session, "POST", "Sec-Fetch-Site=same-origin", false, 200},
		{"typed in", session, "POST", "Sec-Fetch-Site=none", false, 200},
		{"no browser", session, "POST", "", false, 200},
		{"cross site", session, "POST", "Sec-Fetch-Site=cross-site", false, 403},
		{"same site, another origin", session, "POST", "Sec-Fetch-Site=same-site", false, 403},
		{"an old browser", session, "POST", "Origin=https://app.example", false, 403},
		{"cross site, safe", session, "GET", "Sec-Fetch-Site=cross-site", false, 200},
		{"trusted", session, "POST", "Sec-Fetch-Site=cross-site Origin=https://app.example", true, 200},
		{"not the trusted one", session, "POST", "Sec-Fetch-Site=cross-site Origin=https://evil.example", true, 403},
		{"deleted token", deleted, "POST", "Sec-Fetch-Site=cross-site", false, 403},
		{"a session of the team's own", grants(inSession), "POST", "Sec-Fetch-Site=cross-site", false, 403},
		{"no session", rejects(webapi.ErrNoCredentials), "POST", "Sec-Fetch-Site=cross-site", false, 401},
		{"bearer", bearer, "POST", "Authorization=Bearer_good Sec-Fetch-Site=cross-site", false, 200},
		{"bearer beside a session", session, "POST", "Authorization=Basic_x Sec-Fetch-Site=cross-site", false, 401},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg := quiet()
			cfg.Logout = func(http.ResponseWriter, *http.Request) error {
				if test.want == 403 {
					t.Error("logged out")
				}
				return nil
			}
			cfg.OnDecision = func(webapi.Decision) {
				if test.want == 403 {
					t.Error("a guard was asked")
				}
			}
			if test.trusting {
				cfg.CrossOrigin = trusting
			}
			r := httptest.NewRequest(test.method, "https://api.example/", nil)
			for header := range strings.FieldsSeq(test.headers) {
				name, value, _ := strings.Cut(header, "=")
				r.Header.Set(name, strings.ReplaceAll(value, "_", " "))
			}
			w := httptest.NewRecorder()
			views := webapi.Views{"GET": ok, "POST": ok}
			cfg.Middleware(test.auth)(webapi.Handle(notes(), views)).ServeHTTP(w, r)
			if w.Code != test.want {
				t.Errorf("got %d %s, want %d", w.Code, w.Body, test.want)
			}
			if test.want == 403 && (!strings.Contains(w.Body.String(), "x-webapi-cross-origin") || w.Header().Get("WWW-Authenticate") != "") {
				t.Errorf("got %s, %q", w.Body, w.Header())
			}
		})
	}
}

// TestCrossOriginOutside checks that a session's token which a middleware outside
// has found is checked as well.
func TestCrossOriginOutside(t *testing.T) {
	inSession := holding("note:write")
	inSession.Session = true
	r := httptest.NewRequest("POST", "/", nil)
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	r = r.WithContext(webapi.WithToken(r.Context(), inSession))
	w := httptest.NewRecorder()
	quiet().Middleware()(webapi.Handle(notes(), webapi.Views{"POST": ok})).ServeHTTP(w, r)
	if w.Code != 403 {
		t.Errorf("got %d, want 403", w.Code)
	}
}

func TestSessionErrorIsLogged(t *testing.T) {
	var log bytes.Buffer
	cfg := quiet()
	cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
	guarded, _ := serve(cfg, "", webapi.Session(&sessions{err: errors.New("store is down")}))
	if !strings.Contains(log.String(), "store is down") || strings.Contains(guarded.Body.String(), "store") {
		t.Errorf("got %s, the log has %s", guarded.Body, &log)
	}
}
