package webapi_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func TestAuthenticate(t *testing.T) {
	bearer := webapi.Bearer(issued{"good": holding("note:read"), "fails": errors.New("down")})
	store := &sessions{err: webapi.ErrNoCredentials}
	tests := []struct {
		name          string
		authorization []string
		refused       error
		decided       error
		challenge     string
	}{
		{"good", []string{"Bearer good"}, nil, nil, ""},
		{"none", nil, nil, webapi.ErrNotLoggedIn, `Bearer realm="notes", scope="note:read"`},
		{"unknown", []string{"Bearer bad"}, nil, webapi.ErrLoginFailed, `Bearer realm="notes", error="invalid_token", scope="note:read"`},
		{"another scheme", []string{"Basic x"}, nil, webapi.ErrLoginFailed, `Bearer realm="notes", scope="note:read"`},
		{"empty", []string{""}, nil, webapi.ErrLoginFailed, `Bearer realm="notes", scope="note:read"`},
		{"malformed", []string{"Bearer"}, webapi.ErrBadRequest, webapi.ErrBadRequest, `Bearer realm="notes", error="invalid_request"`},
		{"two", []string{"Bearer good", "Bearer good"}, webapi.ErrBadRequest, webapi.ErrBadRequest, `Bearer realm="notes", error="invalid_request"`},
		{"fails", []string{"Bearer fails"}, webapi.ErrUnavailable, webapi.ErrUnavailable, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			cfg := quiet()
			cfg.Realm = "notes"
			ctx, err := cfg.Authenticate(bearer, webapi.Session(store))(t.Context(), test.authorization)
			if code(err) != code(test.refused) {
				t.Fatalf("got %v, want %v", err, test.refused)
			}
			if e := asError(err); e != nil {
				e.Code, e.Message = 1, "changed" // the caller's copy
			}
			// An interceptor that overlooks the error gets it once more, and
			// neither an anonymous method nor unscoped access helps.
			open := notes()
			if test.refused != nil {
				open.rules.Anonymous = "GET"
				ctx = webapi.WithUnscopedAccess(ctx)
			}
			err = webapi.Decide(ctx, open, "GET", "7")
			if code(err) != code(test.decided) {
				t.Fatalf("decided %v, want %v", err, test.decided)
			}
			if got := webapi.Challenge(ctx, err); got != test.challenge {
				t.Errorf("got the challenge %q, want %q", got, test.challenge)
			}
		})
	}
	if _, err := (*webapi.Config)(nil).Authenticate(bearer)(t.Context(), []string{"Bearer good"}); err != nil {
		t.Errorf("nil *Config: got %v", err)
	}
	if webapi.Challenge(t.Context(), nil) != "" || webapi.Challenge(t.Context(), errors.New("x")) != "" {
		t.Error("a challenge for what is no *Error")
	}
	ctx, err := quiet().Authenticate(rejects(webapi.ErrBadRequest))(t.Context(), nil)
	if webapi.Challenge(ctx, err) == "" || webapi.Challenge(ctx, webapi.ErrBadRequest) != "" {
		t.Error("a sentinel has changed")
	}
}

// TestAuthenticateGivesARequest checks that an authenticator can look at the
// whole of the request that it gets.
func TestAuthenticateGivesARequest(t *testing.T) {
	look := webapi.AuthenticatorFunc(func(r *http.Request) (webapi.Token, error) {
		_, err := r.Cookie("session")
		if r.URL.Query().Has("x") || r.Body.Close() != nil || r.Method != "POST" || !errors.Is(err, http.ErrNoCookie) || r.ParseForm() != nil {
			t.Errorf("got %+v", r)
		}
		return webapi.Token{}, webapi.ErrNoCredentials
	})
	if _, err := quiet().Authenticate(look)(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestDecideBehindHandleList checks that the view of a collection can call
// Decide for an object.
func TestDecideBehindHandleList(t *testing.T) {
	res := notes()
	res.rules.APITokens = true
	token := webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, `{"resources": {"note": {"7": {"block": ["GET"]}}}}`)}
	for id, want := range map[string]int{"7": 101, "8": 0, "": 0} {
		var got error
		guard := &listing{resource: res, view: func(r *http.Request) { got = webapi.Decide(r.Context(), res, "GET", id) }}
		if err := overHTTPList(webapi.WithToken(t.Context(), token), guard); err != nil || code(got) != want {
			t.Errorf("%q: got %v, %v, want %d", id, err, got, want)
		}
	}
}
