package webapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
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

func FuzzParsePolicy(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `{"resources": {"*": {"allow": ["*"]}}}`, `{"resources": {"repo": {"1": {"block": ["GET", "HEAD"]}, "*": {}}}}`,
		`{"resources": {"repo": {"*": {"allow": ["GET"], "block": ["*"]}}}}`, `{"resources": {"a": {}, "a": {}}}`, `{"resources": {"\ud800": {}}}`,
	} {
		f.Add(seed, "repo", "GET", "1")
	}
	f.Fuzz(func(t *testing.T, text, id, method, object string) {
		p, err := webapi.ParsePolicy([]byte(text))
		got := p.Allows(id, method, object)
		if err != nil {
			if got {
				t.Errorf("%q: allows beside an error", text)
			}
			return
		}
		if got != djblets(t, text, id, method, object) {
			t.Errorf("%q: %q %q %q: got %v", text, id, method, object, got)
		}
		if p.Allows(id, "HEAD", object) != p.Allows(id, "GET", object) {
			t.Errorf("%q: HEAD is not GET", text)
		}
		keyless := &resource{rules: webapi.AccessRules{Name: "x", Policy: id, APITokens: true}, needs: map[string]webapi.Requirement{method: {}}}
		ctx := webapi.WithToken(t.Context(), webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: p})
		if got, want := webapi.Decide(ctx, keyless, method, "") == nil, allowsEvery(text, p, id, method); got != want {
			t.Errorf("%q: %q %q without a key: got %v", text, id, method, got)
		}
	})
}

// allowsEvery reports whether p, with the given text, allows the method on the
// collection and on each object that it has an entry for.
func allowsEvery(text string, p webapi.Policy, id, method string) bool {
	var whole struct {
		Resources map[string]map[string]json.RawMessage
	}
	_ = json.Unmarshal([]byte(text), &whole)
	for object := range whole.Resources[id] {
		if id != "*" && !p.Allows(id, method, object) {
			return false
		}
	}
	return p.Allows(id, method, "")
}

// djblets decides by a policy that is known to be well-formed, in the way of
// is_resource_method_allowed and __check_resource_policy.
func djblets(t *testing.T, text, id, method, object string) bool {
	type entry struct{ Allow, Block []string }
	var whole struct{ Resources map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(text), &whole); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	if id == "" {
		return false // there is no such resource in Djblets
	}
	if method == "HEAD" {
		method = "GET"
	}
	check := func(e entry) (allowed, decided bool) {
		for _, name := range []string{method, "*"} {
			if slices.Contains(e.Block, name) {
				return false, true
			}
			if slices.Contains(e.Allow, name) {
				return true, true
			}
		}
		return false, false
	}
	entries := func(raw json.RawMessage, keys ...string) (allowed, decided bool) {
		var section map[string]entry
		if json.Unmarshal(raw, &section) != nil {
			return false, false
		}
		for _, key := range keys {
			if e, ok := section[key]; ok && key != "" {
				if allowed, decided := check(e); decided {
					return allowed, true
				}
			}
		}
		return false, false
	}
	if id != "*" {
		if allowed, decided := entries(whole.Resources[id], object, "*"); decided {
			return allowed
		}
	}
	var global entry
	_ = json.Unmarshal(whole.Resources["*"], &global)
	allowed, decided := check(global)
	return allowed || !decided
}

func FuzzScopeClaim(f *testing.F) {
	for _, seed := range []string{`"a b"`, `"a,b"`, `["a","b"]`, `[]`, `""`, `null`, `1`, `["a b"]`, `"a, b"`, `{}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var claim any
		if json.Unmarshal([]byte(text), &claim) != nil {
			return
		}
		got, err := webapi.ParseScopeClaim(claim)
		if err != nil && got.Len() > 0 {
			t.Errorf("%s: got %q beside an error", text, got)
		}
		words, _ := claim.(string)
		for s := range got.All() {
			list, _ := claim.([]any)
			if !slices.Contains(list, any(string(s))) && !slices.Contains(strings.FieldsFunc(words, func(c rune) bool { return c == ' ' || c == ',' }), string(s)) {
				t.Errorf("%s: got %q from nowhere", text, s)
			}
		}
		again, errAgain := webapi.ScopesFromClaims(map[string]any{"scp": claim, "scope": claim})
		if (err == nil) != (errAgain == nil) || again.String() != got.String() {
			t.Errorf("%s: got %q, %v, from claims %q, %v", text, got, err, again, errAgain)
		}
	})
}

func FuzzBearer(f *testing.F) {
	for _, seed := range []string{"", "Bearer a", "bearer  a==", "Bearer", "Bearer a b", "Basic x", "Bearer\ta", "Bearera", "=", "Bearer é"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		asked := ""
		v := webapi.VerifierFunc(func(_ context.Context, token string) (webapi.Token, error) {
			asked = token
			return holding("note:read"), nil
		})
		match := bearerCredentials.FindStringSubmatch(header)
		ctx, err := quiet().Authenticate(webapi.Bearer(v))(t.Context(), []string{header})
		decided := code(webapi.Decide(ctx, notes(), "GET", "7"))
		switch {
		case match != nil && (err != nil || asked != match[1] || decided != 0):
			t.Errorf("%q: got %v, asked for %q, decided %d", header, err, asked, decided)
		case match == nil && (asked != "" || decided != 400 && decided != 104 || (decided == 400) != (err != nil)):
			t.Errorf("%q: got %v, asked for %q, decided %d", header, err, asked, decided)
		case decided == 400 && !bearerScheme.MatchString(header):
			t.Errorf("%q: malformed, but of another scheme", header)
		}
	})
}

// bearerCredentials is the grammar of RFC 6750, section 2.1.
var (
	bearerCredentials = regexp.MustCompile(`^(?i:bearer) +([A-Za-z0-9._~+/-]+=*)$`)
	bearerScheme      = regexp.MustCompile(`^(?i:bearer)([^!#$%&'*+.^_|~0-9A-Za-z\x60-]|$)`)
)

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
