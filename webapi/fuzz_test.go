package webapi_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func FuzzParseScopes(f *testing.F) {
	for _, seed := range []string{"", "a", "a b", "a  b", " a", "a ", "note:read note:read", `a"b`, "é", manyScopes(20)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, list string) {
		set, err := webapi.ParseScopes(list)
		tokens := strings.Split(list, " ")
		valid := list == "" || !slices.ContainsFunc(tokens, func(s string) bool {
			return s == "" || strings.ContainsFunc(s, func(c rune) bool { return c < 0x21 || c > 0x7e || c == '"' || c == '\\' })
		})
		if (err == nil) != valid {
			t.Fatalf("%q: got %v, valid %v", list, err, valid)
		}
		if err != nil {
			return
		}
		for _, s := range tokens {
			if s != "" && !set.Has(webapi.Scope(s)) {
				t.Errorf("%q: does not have %q", list, s)
			}
		}
		slices.Sort(tokens)
		if want := strings.Join(slices.Compact(tokens), " "); set.String() != want {
			t.Errorf("%q: got %q, want %q", list, set, want)
		}
		again, err := webapi.ParseScopes(set.String())
		if err != nil || again.String() != set.String() || again.Len() != set.Len() {
			t.Errorf("%q: read again: %q, %v", list, again, err)
		}
	})
}

func FuzzAccept(f *testing.F) {
	for _, seed := range []string{"", "*/*", "application/problem+json", "application/json;q=0, */*;q=0.5", `text/html;x="a,\"b"`, ";q=", ",,"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, accept string) {
		negotiate := func(fields ...string) string {
			r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
			r.Header["Accept"] = fields
			webapi.WriteError(w, r, webapi.ErrAccessDenied)
			return w.Header().Get("Content-Type")
		}
		got := negotiate(accept)
		if got != "application/json" && got != "application/problem+json" {
			t.Fatalf("%q: got %s", accept, got)
		}
		if got != "application/json" && !strings.Contains(accept, "/") {
			t.Errorf("%q: got a problem that was not asked for", accept)
		}
		if folded := negotiate(strings.ToLower(accept)); isASCII(accept) && folded != got {
			t.Errorf("%q: got %s, in lower case %s", accept, got, folded)
		}
		if twice := negotiate(accept, accept); twice != got {
			t.Errorf("%q: got %s, twice %s", accept, got, twice)
		}
	})
}

func FuzzChallenge(f *testing.F) {
	for _, seed := range []string{"", "api", `a "b"`, `\`, `\"`, "a\r\nb", "é", "\x7f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, realm string) {
		cfg := quiet()
		cfg.Realm = realm
		w := httptest.NewRecorder()
		next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { webapi.WriteError(w, r, webapi.ErrNotLoggedIn) })
		cfg.Middleware()(next).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))

		got, ok := unquote(strings.TrimPrefix(w.Header().Get("WWW-Authenticate"), "Bearer realm="))
		want := realm
		if realm == "" || !isASCII(realm) || strings.ContainsFunc(realm, func(c rune) bool { return c < ' ' || c == 0x7f }) {
			want = "api"
		}
		if !ok || got != want {
			t.Errorf("%q: got %q, want %q, in %q", realm, got, want, w.Header())
		}
	})
}

// unquote reads a quoted-string that is all of s.
func unquote(s string) (string, bool) {
	if len(s) < 2 || s[0] != '"' {
		return "", false
	}
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '"':
			return b.String(), i == len(s)-1
		case '\\':
			if i++; i == len(s) {
				return "", false
			}
		}
		b.WriteByte(s[i])
	}
	return "", false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] > 0x7f {
			return false
		}
	}
	return true
}
