package webapi_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// stepUpNotes returns notes whose DELETE needs what is given of the user's login.
func stepUpNotes(needed webapi.StepUp) *resource {
	res := notes()
	res.rules.APITokens = true
	res.rules.StepUp = func(method string) webapi.StepUp {
		if method != "DELETE" {
			return webapi.StepUp{}
		}
		return needed
	}
	return res
}

func TestStepUp(t *testing.T) {
	age := func(d time.Duration) time.Time { return now.Add(-d) }
	fiveMinutes := webapi.StepUp{MaxAge: 5 * time.Minute}
	tests := []struct {
		name    string
		needed  webapi.StepUp
		acr     string
		at      time.Time
		allowed bool
	}{
		{"nothing needed", webapi.StepUp{}, "", time.Time{}, true},
		{"recent", fiveMinutes, "", age(time.Minute), true},
		{"now", fiveMinutes, "", now, true},
		{"just recent", fiveMinutes, "", age(5 * time.Minute), true},
		{"just old", fiveMinutes, "", age(5*time.Minute + 1), false},
		{"unknown time", fiveMinutes, "", time.Time{}, false},
		{"the year 1", fiveMinutes, "", time.Time{}.Add(1), false},
		{"in the future", fiveMinutes, "", now.Add(1), false},
		{"far in the future", fiveMinutes, "", now.AddDate(9000, 0, 0), false},
		{"a negative age", webapi.StepUp{MaxAge: -1}, "", now, false},
		{"first", webapi.StepUp{ACR: "gold silver"}, "gold", time.Time{}, true},
		{"last", webapi.StepUp{ACR: "gold silver"}, "silver", time.Time{}, true},
		{"none", webapi.StepUp{ACR: "gold silver"}, "", time.Time{}, false},
		{"none of too many blanks", webapi.StepUp{ACR: " gold  silver "}, "", time.Time{}, false},
		{"blanks", webapi.StepUp{ACR: " "}, "", time.Time{}, false},
		{"a list", webapi.StepUp{ACR: "gold silver"}, "gold silver", time.Time{}, false},
		{"a prefix", webapi.StepUp{ACR: "gold silver"}, "go", time.Time{}, false},
		{"another case", webapi.StepUp{ACR: "gold"}, "Gold", time.Time{}, false},
		{"both", webapi.StepUp{ACR: "gold", MaxAge: time.Minute}, "gold", now, true},
		{"strong but old", webapi.StepUp{ACR: "gold", MaxAge: time.Minute}, "gold", age(time.Hour), false},
		{"recent but weak", webapi.StepUp{ACR: "gold", MaxAge: time.Minute}, "", now, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			res := stepUpNotes(test.needed)
			var want error
			if !test.allowed {
				want = webapi.ErrInsufficientUserAuthentication
			}
			token := holding("note:destroy")
			token.ACR, token.AuthTime = test.acr, test.at
			ctx := contextOf(t, quiet(), grants(token))
			if err := webapi.Decide(ctx, res, "DELETE", "7"); code(err) != code(want) {
				t.Errorf("token: got %v, want %v", err, want)
			}
			if err := webapi.Decide(webapi.WithLogin(ctx, "gold", now), res, "DELETE", "7"); code(err) != code(want) {
				t.Errorf("token, WithLogin: got %v, want %v", err, want)
			}
			ctx = webapi.WithLogin(contextOf(t, quiet(), rejects(webapi.ErrNoCredentials)), test.acr, test.at)
			if err := webapi.Decide(webapi.WithUnscopedAccess(ctx), res, "DELETE", "7"); code(err) != code(want) {
				t.Errorf("no token: got %v, want %v", err, want)
			}
			if err := webapi.Decide(ctx, res, "DELETE", "7"); !errors.Is(err, webapi.ErrNotLoggedIn) {
				t.Errorf("WithLogin alone: got %v, want ErrNotLoggedIn", err)
			}
		})
	}
}

// TestStepUpOfMiddleware checks that a login that is known before the middleware counts.
func TestStepUpOfMiddleware(t *testing.T) {
	ctx := webapi.WithUnscopedAccess(webapi.WithLogin(t.Context(), "gold", time.Time{}))
	ctx, err := quiet().Authenticate()(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := webapi.Decide(ctx, stepUpNotes(webapi.StepUp{ACR: "gold"}), "DELETE", "7"); err != nil {
		t.Error(err)
	}
}

// TestStepUpWithoutLogin has callers that no login helps, and those that need none.
func TestStepUpWithoutLogin(t *testing.T) {
	res := stepUpNotes(webapi.StepUp{ACR: "gold"})
	api := webapi.Token{Kind: webapi.APIToken, Expires: future, ACR: "gold", AuthTime: now, Policy: policy(t, `{}`)}
	ctx := contextOf(t, quiet(), grants(api))
	if err := webapi.Decide(ctx, res, "DELETE", "7"); !errors.Is(err, webapi.ErrPermissionDenied) {
		t.Errorf("API token: got %v, want ErrPermissionDenied", err)
	}
	if err := webapi.Decide(ctx, res, "GET", "7"); err != nil {
		t.Errorf("API token, GET: %v", err)
	}
	res.rules.Anonymous, res.rules.Authenticated = "DELETE", "DELETE"
	ctx = contextOf(t, quiet(), rejects(webapi.ErrNoCredentials))
	if err := webapi.Decide(ctx, res, "DELETE", "7"); !errors.Is(err, webapi.ErrInsufficientUserAuthentication) {
		t.Errorf("anonymous: got %v, want ErrInsufficientUserAuthentication", err)
	}
	ctx = contextOf(t, quiet(), grants(holding()))
	if err := webapi.Decide(ctx, res, "DELETE", "7"); !errors.Is(err, webapi.ErrInsufficientUserAuthentication) {
		t.Errorf("authenticated: got %v, want ErrInsufficientUserAuthentication", err)
	}
	res.rules.Public = "DELETE"
	if err := webapi.Decide(ctx, res, "DELETE", "7"); err != nil {
		t.Errorf("public: %v", err)
	}
}

// TestStepUpOfSuper checks that both resources have to accept the login.
func TestStepUpOfSuper(t *testing.T) {
	outer, inner := stepUpNotes(webapi.StepUp{MaxAge: time.Hour}), stepUpNotes(webapi.StepUp{ACR: "gold"})
	outer.rules.Super = inner
	outer.needs["DELETE/purge"] = webapi.Require("note:destroy") // of which inner is asked about DELETE
	for acr, want := range map[string]error{"gold": nil, "": webapi.ErrInsufficientUserAuthentication} {
		token := holding("note:destroy")
		token.ACR, token.AuthTime = acr, now
		ctx := contextOf(t, quiet(), grants(token))
		for _, method := range []string{"DELETE", "DELETE/purge"} {
			if err := webapi.Decide(ctx, outer, method, "7"); code(err) != code(want) {
				t.Errorf("%q, %s: got %v, want %v", acr, method, err, want)
			}
		}
	}
}

func TestStepUpResponse(t *testing.T) {
	tests := []struct {
		needed          webapi.StepUp
		acr             string
		accept          string
		challenge, body string
	}{
		{webapi.StepUp{MaxAge: 5 * time.Minute}, "", "",
			`Bearer realm="api", error="insufficient_user_authentication", error_description="This needs a more recent login", max_age="300"`,
			`{"stat":"fail","err":{"code":401,"msg":"This needs a more recent login","type":"x-webapi-insufficient-user-authentication"},"max_age":300}`},
		{webapi.StepUp{ACR: "urn:example:gold silver"}, "bronze", "",
			`Bearer realm="api", error="insufficient_user_authentication", error_description="This needs a login of another kind", acr_values="urn:example:gold silver"`,
			`{"stat":"fail","err":{"code":401,"msg":"This needs a login of another kind","type":"x-webapi-insufficient-user-authentication"},"acr_values":["urn:example:gold","silver"]}`},
		{webapi.StepUp{ACR: "gold", MaxAge: time.Hour}, "gold", "application/problem+json",
			`Bearer realm="api", error="insufficient_user_authentication", error_description="This needs a more recent login", acr_values="gold", max_age="3600"`,
			`{"type":"about:blank","title":"Unauthorized","status":401,"detail":"This needs a more recent login","code":401,"error_type":"x-webapi-insufficient-user-authentication","acr_values":["gold"],"max_age":3600}`},
		{webapi.StepUp{ACR: "a\"b c\\ d\n gold"}, "", "", // written by hand
			`Bearer realm="api", error="insufficient_user_authentication", error_description="This needs a login of another kind", acr_values="gold"`,
			`{"stat":"fail","err":{"code":401,"msg":"This needs a login of another kind","type":"x-webapi-insufficient-user-authentication"},"acr_values":["gold"]}`},
	}
	for _, test := range tests {
		token := holding("note:destroy")
		token.ACR = test.acr
		w, r := httptest.NewRecorder(), httptest.NewRequest("DELETE", "/", nil)
		r.Header.Set("Accept", test.accept)
		handler := webapi.Handle(stepUpNotes(test.needed), webapi.Views{"DELETE": ok})
		quiet().Middleware(grants(token))(handler).ServeHTTP(w, r)
		if w.Code != http.StatusUnauthorized || w.Header().Get("WWW-Authenticate") != test.challenge || strings.TrimSpace(w.Body.String()) != test.body {
			t.Errorf("%+v: got %d, %q, %s", test.needed, w.Code, w.Header()["Www-Authenticate"], w.Body)
		}
	}
}

func TestLoginFromClaims(t *testing.T) {
	const bad = "error"
	tests := []struct{ claims, acr, at string }{
		{`{}`, "", ""},
		{`{"acr": "gold"}`, "gold", ""},
		{`{"auth_time": 1772366400}`, "", "2026-03-01T12:00:00Z"},
		{`{"acr": "0", "auth_time": 1772366400.9}`, "0", "2026-03-01T12:00:00Z"},
		{`{"auth_time": 0}`, "", "1970-01-01T00:00:00Z"},
		{`{"acr": ""}`, "", ""},
		{`{"acr": 1}`, bad, ""},
		{`{"acr": null}`, bad, ""},
		{`{"acr": ["gold"]}`, bad, ""},
		{`{"auth_time": "1772366400"}`, bad, ""},
		{`{"auth_time": null}`, bad, ""},
		{`{"auth_time": -1}`, bad, ""},
		{`{"auth_time": 253402300799}`, "", "9999-12-31T23:59:59Z"},
		{`{"auth_time": 253402300800}`, bad, ""},
		{`{"auth_time": 1772366400000}`, bad, ""}, // milliseconds
		{`{"auth_time": 1e300}`, bad, ""},
		{`{"auth_time": true}`, bad, ""},
	}
	for _, test := range tests {
		for _, numbers := range []bool{false, true} {
			var claims map[string]any
			decoder := json.NewDecoder(strings.NewReader(test.claims))
			if numbers {
				decoder.UseNumber()
			}
			if err := decoder.Decode(&claims); err != nil {
				t.Fatal(err)
			}
			acr, at, err := webapi.LoginFromClaims(claims)
			if test.acr == bad {
				if !errors.Is(err, webapi.ErrLoginFailed) || acr != "" || !at.IsZero() {
					t.Errorf("%s: got %q, %v, %v, want ErrLoginFailed", test.claims, acr, at, err)
				}
				continue
			}
			text := ""
			if !at.IsZero() {
				text = at.UTC().Format(time.RFC3339)
			}
			if err != nil || acr != test.acr || text != test.at {
				t.Errorf("%s: got %q, %s, %v", test.claims, acr, text, err)
			}
		}
	}
	if _, at, err := webapi.LoginFromClaims(map[string]any{"auth_time": int64(1772366400)}); err != nil || !at.Equal(now) {
		t.Errorf("int64: got %v, %v", at, err)
	}
}
