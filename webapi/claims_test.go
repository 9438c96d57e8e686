package webapi_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func TestScopesFromClaims(t *testing.T) {
	const bad = "error"
	tests := []struct{ claims, want string }{
		{`{}`, ""},
		{`{"sub": "ann"}`, ""},
		{`{"scope": ""}`, ""},
		{`{"scope": "a"}`, "a"},
		{`{"scope": "b a b"}`, "a b"},
		{`{"scope": "a,b"}`, "a b"},
		{`{"scope": ["b", "a"]}`, "a b"},
		{`{"scope": []}`, ""},
		{`{"scp": ["a", "b"]}`, "a b"},
		{`{"scp": "a b"}`, "a b"},
		{`{"scope": "openid  note:read "}`, "note:read openid"},
		{`{"scope": "  a   b  "}`, "a b"},
		{`{"scope": " "}`, ""},
		{`{"scope": "a  b", "scp": ["b", "a"]}`, "a b"},
		{`{"scopes": ["a"]}`, "a"},
		{`{"scope": "a b", "scp": ["b", "a"], "scopes": "b,a"}`, "a b"},
		{`{"Scope": "a", "SCP": ["a"]}`, ""},

		{`{"scope": "a b", "scp": ["a"]}`, bad},
		{`{"scope": "a", "scp": []}`, bad},
		{`{"scope": "", "scopes": ["a"]}`, bad},
		{`{"scope": "a", "scopes": 1}`, bad},
		{`{"scope": "a, b"}`, bad},
		{`{"scope": "a,b c"}`, bad},
		{`{"scope": "a\u00a0b"}`, bad},
		{`{"scope": "a\n"}`, bad},
		{`{"scope": "a ,b"}`, bad},
		{`{"scope": [" a"]}`, bad},
		{`{"scope": [" "]}`, bad},
		{`{"scope": "a\tb"}`, bad},
		{`{"scope": "a,,b"}`, bad},
		{`{"scope": ","}`, bad},
		{`{"scope": "a,"}`, bad},
		{`{"scope": "é"}`, bad},
		{`{"scope": ["a b"]}`, bad},
		{`{"scope": ["a,b"]}`, bad},
		{`{"scope": ["a", ""]}`, bad},
		{`{"scope": ["a", 1]}`, bad},
		{`{"scope": ["a", null]}`, bad},
		{`{"scope": ["a", ["b"]]}`, bad},
		{`{"scope": null}`, bad},
		{`{"scope": true}`, bad},
		{`{"scope": {"a": true}}`, bad},
	}
	for _, test := range tests {
		var claims map[string]any
		if err := json.Unmarshal([]byte(test.claims), &claims); err != nil {
			t.Fatal(err)
		}
		got, err := webapi.ScopesFromClaims(claims)
		if err != nil && test.want != bad || err == nil && (test.want == bad || got.String() != test.want) {
			t.Errorf("%s: got %q, %v, want %s", test.claims, got, err, test.want)
		}
		if err != nil && got.Len() > 0 {
			t.Errorf("%s: got %q beside an error", test.claims, got)
		}
	}
	if got, err := webapi.ScopesFromClaims(nil); err != nil || got.Len() > 0 {
		t.Errorf("nil: got %q, %v", got, err)
	}
	if got, err := webapi.ParseScopeClaim([]string{"b", "a"}); err != nil || got.String() != "a b" {
		t.Errorf("[]string: got %q, %v", got, err)
	}
	if _, err := webapi.ParseScopeClaim([]string{"a b"}); err == nil {
		t.Error("[]string with a space is accepted")
	}
}

func TestScopeClaimErrorsSayWhere(t *testing.T) {
	tests := map[string]string{
		`{"scp": ["secret", 1]}`:                 "webapi: claim scp: webapi: scope list: want a string as element 1, got float64",
		`{"scp": ["sec ret"]}`:                   "webapi: claim scp: webapi: scope list: element 0 is not one scope",
		`{"scope": "secret", "scopes": "secre"}`: "webapi: the claims scope and scopes differ",
		`{"scope": null}`:                        "webapi: claim scope: webapi: scope list: want a string or a list of strings, got <nil>",
		`{"scope": "a,b c"}`:                     "webapi: claim scope: webapi: scope list: commas and spaces",
	}
	for text, want := range tests {
		var claims map[string]any
		if err := json.Unmarshal([]byte(text), &claims); err != nil {
			t.Fatal(err)
		}
		_, err := webapi.ScopesFromClaims(claims)
		if err == nil || err.Error() != want || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
	}
}

// TestInvalidClaims checks that a claim that is wrong makes the token invalid, and is
// not taken for a failure of the verifier.
func TestInvalidClaims(t *testing.T) {
	_, invalid := webapi.ScopesFromClaims(map[string]any{"scope": "note:read\t"})
	_, invalidValue := webapi.ParseScopeClaim(7)
	_, differ := webapi.ScopesFromClaims(map[string]any{"scope": "a", "scp": "b"})
	_, blanks := webapi.ParseScopes("openid  note:read ")
	for _, err := range []error{invalid, invalidValue, differ, blanks, fmt.Errorf("jwt: %w", invalid)} {
		if !errors.Is(err, webapi.ErrLoginFailed) {
			t.Errorf("%v does not wrap ErrLoginFailed", err)
		}
		for _, test := range []struct {
			header    string
			auth      webapi.Authenticator
			challenge string
		}{
			{"Bearer x", webapi.Bearer(issued{"x": err}), `Bearer realm="api", error="invalid_token", scope="note:read"`},
			{"Token x", rejects(err), `Bearer realm="api", error="invalid_token", scope="note:read"`},
			{"", webapi.Session(&sessions{err: err}), `Bearer realm="api", scope="note:read"`},
		} {
			var log bytes.Buffer
			cfg := quiet()
			cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
			guarded, public := serve(cfg, test.header, test.auth, grants(holding("note:read")))
			if guarded.Code != 401 || public.Code != 200 || guarded.Header().Get("WWW-Authenticate") != test.challenge {
				t.Errorf("%v: got %d and %d, %s", err, guarded.Code, public.Code, guarded.Header().Get("WWW-Authenticate"))
			}
			if got := log.String(); strings.Count(got, "level=WARN msg=\"webapi: token rejected\"") != 2 || strings.Contains(got, "level=ERROR") {
				t.Errorf("%v: the log has %s", err, got)
			}
		}
	}
}
