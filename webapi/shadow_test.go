package webapi_test

import (
	"bytes"
	"log/slog"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// shadowing is a configuration that shadows resources and keeps the decisions.
func shadowing(decisions *[]webapi.Decision, names ...string) *webapi.Config {
	cfg := quiet()
	cfg.DangerouslyShadowScopesOf = names
	cfg.OnDecision = func(d webapi.Decision) { *decisions = append(*decisions, d) }
	return cfg
}

// TestShadow checks that nothing but a missing scope is allowed.
func TestShadow(t *testing.T) {
	expired := holding("note:read")
	expired.Expires = past
	apiToken := webapi.Token{Kind: webapi.APIToken, Expires: future}
	closed := notes()
	closed.rules.OAuth2 = false
	nameless := notes()
	nameless.rules.Name = ""
	nobody := notes()
	nobody.needs["GET"] = webapi.Requirement{}
	stepUp := notes()
	stepUp.rules.StepUp = func(string) webapi.StepUp { return webapi.StepUp{ACR: "gold"} }
	lacks := &webapi.Error{Code: 112, Status: 400, Missing: []webapi.Scope{"note:read"}}

	tests := []struct {
		name   string
		res    *resource
		auth   webapi.Authenticator
		method string
		want   error
	}{
		{"missing scope", notes(), grants(holding()), "GET", nil},
		{"missing scope, another method", notes(), grants(holding("note:read")), "DELETE", nil},
		{"no credentials", notes(), rejects(webapi.ErrNoCredentials), "GET", webapi.ErrNotLoggedIn},
		{"rejected", notes(), rejects(webapi.ErrLoginFailed), "GET", webapi.ErrLoginFailed},
		{"rejected session", notes(), rejects(webapi.ErrNotLoggedIn), "GET", webapi.ErrNotLoggedIn},
		{"expired", notes(), grants(expired), "GET", webapi.ErrLoginFailed},
		{"API token", notes(), grants(apiToken), "GET", webapi.ErrPermissionDenied},
		{"no OAuth2", closed, grants(holding()), "GET", webapi.ErrAccessDenied},
		{"method", notes(), grants(holding()), "PATCH", webapi.ErrMethodNotAllowed},
		{"no name", nameless, grants(holding()), "GET", webapi.ErrPermissionDenied},
		{"a scope and another login", stepUp, grants(holding()), "GET", webapi.ErrInsufficientUserAuthentication},
		{"a requirement that nobody can meet", nobody, grants(holding()), "GET", webapi.ErrMissingScope},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []webapi.Decision
			ctx := contextOf(t, shadowing(&got, "note", ""), test.auth)
			err := webapi.Decide(ctx, test.res, test.method, "7")
			if code(err) != code(test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			wanted := webapi.OutcomeShadowed
			if test.want != nil {
				wanted = outcomes[code(test.want)]
			}
			if len(got) != 1 || got[0].Outcome != wanted || got[0].Err == nil {
				t.Errorf("got the decisions %+v, want one, %v", got, wanted)
			}
		})
	}

	var got []webapi.Decision
	ctx, err := shadowing(&got, "note").Authenticate(rejects(lacks))(t.Context(), nil)
	if err == nil || webapi.Decide(ctx, notes(), "GET", "7") == nil || got[0].Outcome != webapi.OutcomeRefused {
		t.Error("a refusal that looks like a missing scope is let through")
	}
}

func TestShadowReportsWhatIsMissing(t *testing.T) {
	var got []webapi.Decision
	webapi.Decide(contextOf(t, shadowing(&got, "note"), grants(holding("admin"))), notes(), "DELETE", "7")
	e := asError(got[0].Err)
	if e == nil || e.Code != 112 || !reflect.DeepEqual(e.Missing, []webapi.Scope{"note:destroy"}) {
		t.Errorf("got %+v", got[0])
	}
	chain := notes()
	chain.rules.Super = &resource{rules: webapi.AccessRules{Name: "admin", OAuth2: true}, needs: map[string]webapi.Requirement{"GET": webapi.Require("admin")}}
	got = nil
	webapi.Decide(contextOf(t, shadowing(&got, "note"), grants(holding())), chain, "GET", "7")
	if e := asError(got[0].Err); !reflect.DeepEqual(e.Missing, []webapi.Scope{"note:read"}) {
		t.Errorf("got %v, want the outer resource's error", e)
	}
	got = nil
	webapi.Decide(contextOf(t, shadowing(&got, "note"), grants(holding("note:destroy"))), notes(), "DELETE", "7")
	if got[0].Outcome != webapi.OutcomeAllowed || got[0].Err != nil {
		t.Errorf("got %+v, want allowed", got[0])
	}
}

// TestShadowOfSupers checks that a chain is shadowed by the name of the resource
// whose guard was called, and by no other.
func TestShadowOfSupers(t *testing.T) {
	admin := &resource{
		rules: webapi.AccessRules{Name: "admin", Allow: "GET", OAuth2: true},
		needs: map[string]webapi.Requirement{"GET": webapi.Require("admin")},
	}
	closed := &resource{rules: webapi.AccessRules{Name: "closed", OAuth2: false}, needs: admin.needs}
	child := notes()
	child.rules.Super = admin
	behind := notes()
	behind.rules.Super = closed
	tests := []struct {
		name   string
		res    *resource
		shadow string
		method string
		scopes []webapi.Scope
		want   error
	}{
		{"the outer lacks", child, "note", "GET", []webapi.Scope{"admin"}, nil},
		{"the inner lacks", child, "note", "GET", []webapi.Scope{"note:read"}, nil},
		{"both lack", child, "note", "GET", nil, nil},
		{"the inner is named", child, "admin", "GET", []webapi.Scope{"note:read"}, webapi.ErrMissingScope},
		{"another is named", child, "notes", "GET", []webapi.Scope{"note:read"}, webapi.ErrMissingScope},
		{"the inner does not answer", child, "note", "POST", nil, webapi.ErrMethodNotAllowed},
		{"the inner takes no OAuth2", behind, "note", "GET", nil, webapi.ErrAccessDenied},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []webapi.Decision
			err := webapi.Decide(contextOf(t, shadowing(&got, test.shadow), grants(holding(test.scopes...))), test.res, test.method, "")
			if code(err) != code(test.want) || len(got) != 1 || got[0].Resource != "note" || (got[0].Outcome == webapi.OutcomeShadowed) != (err == nil) {
				t.Errorf("got %v, %+v, want %v", err, got, test.want)
			}
		})
	}
}

func TestShadowIsLoud(t *testing.T) {
	var log bytes.Buffer
	cfg := quiet()
	cfg.Logger = slog.New(slog.NewTextHandler(&log, nil))
	names := []string{"note"}
	cfg.DangerouslyShadowScopesOf = names
	middleware := cfg.Middleware(grants(holding()))
	if !strings.Contains(log.String(), `level=WARN msg="webapi: scopes of these resources are NOT enforced" resources=[note]`) {
		t.Errorf("the log has %s", &log)
	}
	names[0] = "page" // no effect
	w := httptest.NewRecorder()
	middleware(webapi.Handle(notes(), webapi.Views{"GET": ok})).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	if w.Code != 200 {
		t.Errorf("got %d", w.Code)
	}
	if err := webapi.Decide(webapi.WithToken(t.Context(), holding()), notes(), "GET", "7"); err == nil {
		t.Error("without a configuration a scope is not enforced")
	}
}

// outcomes are those of the codes.
var outcomes = map[int]webapi.Outcome{
	0: webapi.OutcomeAllowed, 101: webapi.OutcomePermissionDenied, 103: webapi.OutcomeNotLoggedIn, 104: webapi.OutcomeLoginFailed,
	112: webapi.OutcomeMissingScope, 401: webapi.OutcomeInsufficientLogin, 113: webapi.OutcomeAccessDenied, 405: webapi.OutcomeMethodNotAllowed,
}

func TestOutcomeString(t *testing.T) {
	want := []string{"unknown", "allowed", "shadowed", "method_not_allowed", "not_logged_in", "login_failed",
		"permission_denied", "access_denied", "missing_scope", "refused", "insufficient_login", "unknown"}
	for i, text := range want {
		if got := webapi.Outcome(i).String(); got != text {
			t.Errorf("%d: got %q, want %q", i, got, text)
		}
	}
}

// TestReportedObject checks the object of a decision.
func TestReportedObject(t *testing.T) {
	for list, want := range map[bool]string{false: "7", true: ""} {
		var got []webapi.Decision
		handler := webapi.Handle(notes(), webapi.Views{"GET": ok})
		if list {
			handler = webapi.HandleList(notes(), webapi.Views{"GET": ok})
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.SetPathValue("id", "7")
		shadowing(&got).Middleware(grants(holding("note:read")))(handler).ServeHTTP(httptest.NewRecorder(), r)
		if len(got) != 1 || got[0].ObjectID != want || got[0].Context == nil || got[0].Outcome != webapi.OutcomeAllowed {
			t.Errorf("list %v: got %+v, want the object %q", list, got, want)
		}
	}
}
