package webapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"
	"time"
	"unsafe"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// situation is what a case of the decision starts from; change it and decide.
type situation struct {
	res      *resource
	method   string
	failure  error
	token    *webapi.Token
	unscoped bool
}

func (s *situation) decide(t *testing.T) error {
	t.Helper()
	auth := rejects(webapi.ErrNoCredentials)
	if s.failure != nil {
		auth = rejects(s.failure)
	}
	ctx := contextOf(t, quiet(), auth)
	if s.token != nil {
		ctx = webapi.WithToken(ctx, *s.token)
	}
	if s.unscoped {
		ctx = webapi.WithUnscopedAccess(ctx)
	}
	return webapi.Decide(ctx, s.res, s.method, "7")
}

// TestDecide has each row of the table in the package's documentation, and
// each row in conflict with the rows around it.
func TestDecide(t *testing.T) {
	apiToken := webapi.Token{Kind: webapi.APIToken, Expires: future}
	with := func(t webapi.Token, change func(*webapi.Token)) *webapi.Token { change(&t); return &t }
	expire := func(t *webapi.Token) { t.Expires = past }
	expireSession := func(t *webapi.Token) { t.Expires, t.Session = past, true }

	tests := []struct {
		name  string
		setUp func(*situation)
		want  error
	}{
		{"row 1", func(s *situation) { s.method = "PATCH"; s.token = held("note:read") }, webapi.ErrMethodNotAllowed},
		{"row 1 before 2", func(s *situation) { s.method = "PATCH"; s.failure = webapi.ErrLoginFailed }, webapi.ErrMethodNotAllowed},
		{"row 1 before 3", func(s *situation) { s.method = "PATCH"; s.unscoped = true }, webapi.ErrMethodNotAllowed},
		{"row 1 before zero rules", func(s *situation) { s.method = "PATCH"; s.res.rules = webapi.AccessRules{} }, webapi.ErrMethodNotAllowed},
		{"zero rules", func(s *situation) { s.res.rules = webapi.AccessRules{}; s.token = held("note:read") }, webapi.ErrPermissionDenied},
		{"zero rules before 2", func(s *situation) { s.res.rules = webapi.AccessRules{}; s.failure = webapi.ErrLoginFailed }, webapi.ErrPermissionDenied},
		{"no name before 3", func(s *situation) { s.res.rules.Name = ""; s.res.rules.Anonymous = "GET" }, webapi.ErrPermissionDenied},
		{"no name before 3, unscoped", func(s *situation) { s.res.rules.Name = ""; s.unscoped = true }, webapi.ErrPermissionDenied},
		{"row 2, session", func(s *situation) { s.failure = webapi.ErrNotLoggedIn }, webapi.ErrNotLoggedIn},
		{"row 2, other", func(s *situation) { s.failure = webapi.ErrLoginFailed }, webapi.ErrLoginFailed},
		{"row 2 before 3, anonymous", func(s *situation) { s.failure = webapi.ErrLoginFailed; s.res.rules.Anonymous = "GET" }, webapi.ErrLoginFailed},
		{"row 2 before 3, unscoped", func(s *situation) { s.failure = webapi.ErrLoginFailed; s.unscoped = true }, webapi.ErrLoginFailed},
		{"row 2 before 5", func(s *situation) {
			s.failure = webapi.ErrLoginFailed
			s.token = with(holding("note:read"), expireSession)
		}, webapi.ErrLoginFailed},
		{"row 2 before 10", func(s *situation) { s.failure = webapi.ErrNotLoggedIn; s.token = held("note:read") }, webapi.ErrNotLoggedIn},
		{"row 3, anonymous", func(s *situation) { s.res.rules.Anonymous = "HEAD, GET" }, nil},
		{"row 3, unscoped", func(s *situation) { s.unscoped = true }, nil},
		{"row 3 needs no requirement", func(s *situation) { s.unscoped = true; s.res.needs["GET"] = webapi.Requirement{} }, nil},
		{"row 4", func(s *situation) {}, webapi.ErrNotLoggedIn},
		{"row 4, anonymous names another method", func(s *situation) { s.res.rules.Anonymous = "HEAD" }, webapi.ErrNotLoggedIn},
		{"row 4, anonymous has the method within another", func(s *situation) { s.res.rules.Anonymous = "TARGET, GETS" }, webapi.ErrNotLoggedIn},
		{"row 4, anonymous in another case", func(s *situation) { s.res.rules.Anonymous = "get" }, webapi.ErrNotLoggedIn},
		{"row 5", func(s *situation) { s.token = with(holding("note:read"), expireSession) }, webapi.ErrNotLoggedIn},
		{"row 5 before 7", func(s *situation) { s.token = with(apiToken, expireSession) }, webapi.ErrNotLoggedIn},
		{"row 6", func(s *situation) { s.token = with(holding("note:read"), expire) }, webapi.ErrLoginFailed},
		{"row 6, exactly now", func(s *situation) { s.token = with(holding("note:read"), func(t *webapi.Token) { t.Expires = now }) }, webapi.ErrLoginFailed},
		{"row 6, zero token", func(s *situation) { s.token = new(webapi.Token) }, webapi.ErrLoginFailed},
		{"row 6, a time in spite of NoExpiry", func(s *situation) {
			s.token = with(holding("note:read"), func(t *webapi.Token) { t.Expires, t.NoExpiry = past, true })
		}, webapi.ErrLoginFailed},
		{"row 6 before 7", func(s *situation) { s.token = with(apiToken, expire) }, webapi.ErrLoginFailed},
		{"row 6 before 8", func(s *situation) { s.token = with(holding(), expire); s.res.rules.OAuth2 = false }, webapi.ErrLoginFailed},
		{"row 6, not made good by anonymous", func(s *situation) { s.token = with(holding(), expire); s.res.rules.Anonymous = "GET" }, webapi.ErrLoginFailed},
		{"row 6, not made good by unscoped", func(s *situation) { s.token = with(holding(), expire); s.unscoped = true }, webapi.ErrLoginFailed},
		{"row 7, not accepted", func(s *situation) { s.token = &apiToken }, webapi.ErrPermissionDenied},
		{"row 7, accepted, the policy denies", func(s *situation) { s.token = &apiToken; s.res.rules.APITokens = true }, webapi.ErrPermissionDenied},
		{"row 7 before 8", func(s *situation) { s.token = &apiToken; s.res.rules.OAuth2 = false }, webapi.ErrPermissionDenied},
		{"row 7, scopes do not help", func(s *situation) {
			s.token = with(apiToken, func(t *webapi.Token) { t.Scopes = webapi.MakeScopes("note:read") })
		}, webapi.ErrPermissionDenied},
		{"unknown kind", func(s *situation) { s.token = with(holding("note:read"), func(t *webapi.Token) { t.Kind = 2 }) }, webapi.ErrPermissionDenied},
		{"row 8", func(s *situation) { s.token = held("note:read"); s.res.rules.OAuth2 = false }, webapi.ErrAccessDenied},
		{"row 8 before 9", func(s *situation) { s.token = held(); s.res.rules.OAuth2 = false }, webapi.ErrAccessDenied},
		{"row 9", func(s *situation) { s.token = held("note:write") }, webapi.ErrMissingScope},
		{"row 9, not made good by anonymous", func(s *situation) { s.token = held(); s.res.rules.Anonymous = "GET" }, webapi.ErrMissingScope},
		{"row 9, not made good by unscoped", func(s *situation) { s.token = held(); s.unscoped = true }, webapi.ErrMissingScope},
		{"row 9, half an alternative", func(s *situation) { s.method = "DELETE"; s.token = held("admin") }, webapi.ErrMissingScope},
		{"row 9, by prefix", func(s *situation) { s.token = held("note", "note:", "note:*", "note:reader") }, webapi.ErrMissingScope},
		{"row 9, by case", func(s *situation) { s.token = held("Note:Read") }, webapi.ErrMissingScope},
		{"row 9, no requirement", func(s *situation) { s.token = held("note:read"); s.res.needs["GET"] = webapi.Requirement{} }, webapi.ErrMissingScope},
		{"row 10", func(s *situation) { s.token = held("note:read") }, nil},
		{"row 10, session", func(s *situation) {
			s.token = with(holding("note:read"), func(t *webapi.Token) { t.Session = true })
		}, nil},
		{"row 10, never expires", func(s *situation) {
			s.token = &webapi.Token{Scopes: webapi.MakeScopes("note:read"), NoExpiry: true}
		}, nil},
		{"row 10, all of an alternative", func(s *situation) { s.method = "DELETE"; s.token = held("note:write", "admin") }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := situation{res: notes(), method: "GET"}
			test.setUp(&s)
			if err := s.decide(t); code(err) != code(test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

func TestMethodIsTakenAsGiven(t *testing.T) {
	ctx := webapi.WithToken(context.Background(), webapi.Token{Scopes: webapi.MakeScopes("note:read"), NoExpiry: true})
	for _, method := range []string{"get", "Get", " GET", "GET ", "", "GET, HEAD", "*"} {
		if err := webapi.Decide(ctx, notes(), method, ""); !errors.Is(err, webapi.ErrMethodNotAllowed) {
			t.Errorf("%q: got %v, want ErrMethodNotAllowed", method, err)
		}
	}
}

func TestDecideFillsInDetails(t *testing.T) {
	cfg := quiet()
	ctx := contextOf(t, cfg, grants(holding("admin")))

	err := webapi.Decide(ctx, notes(), "DELETE", "7")
	e := asError(err)
	if e == nil || e.Code != 112 {
		t.Fatalf("got %v, want ErrMissingScope", err)
	}
	if want := "note:destroy or (admin and note:write)"; e.Required.String() != want {
		t.Errorf("Required is %q, want %q", e.Required, want)
	}
	// One scope is missing of either alternative: the first declared wins.
	if want := []webapi.Scope{"note:destroy"}; !reflect.DeepEqual(e.Needed, want) || !reflect.DeepEqual(e.Missing, want) {
		t.Errorf("Needed %q, Missing %q, want %q", e.Needed, e.Missing, want)
	}
	if want := "webapi: error 112: The access token lacks a scope that this request needs (missing: note:destroy)"; err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}

	e = asError(webapi.Decide(ctx, notes(), "PUT", "7"))
	if e == nil || e.Allow != "GET, HEAD, POST, DELETE" {
		t.Errorf("got %+v, want the resource's methods in Allow", e)
	}
}

// TestErrorsAreCopies checks that what a guard returns can be changed without
// an effect on the next request.
func TestErrorsAreCopies(t *testing.T) {
	rejected := contextOf(t, quiet(), rejects(webapi.ErrLoginFailed))
	for name, ctx := range map[string]context.Context{
		"none":     context.Background(),
		"rejected": rejected,
		"scopes":   contextOf(t, quiet(), grants(holding())),
	} {
		first := asError(webapi.Decide(ctx, notes(), "GET", ""))
		want := *first
		*first = webapi.Error{Code: 200, Status: 200}
		second := asError(webapi.Decide(ctx, notes(), "GET", ""))
		if !reflect.DeepEqual(*second, want) {
			t.Errorf("%s: got %+v, want %+v", name, *second, want)
		}
	}
	if webapi.ErrLoginFailed.Code != 104 || webapi.ErrNotLoggedIn.Code != 103 {
		t.Error("a sentinel has changed")
	}
}

func TestErrorIs(t *testing.T) {
	for _, test := range []struct {
		err, target error
		want        bool
	}{
		{webapi.ErrMissingScope, &webapi.Error{Code: 112}, true},
		{fmt.Errorf("x: %w", webapi.ErrMissingScope), &webapi.Error{Code: 112, Status: 400}, true},
		{webapi.ErrMissingScope, webapi.ErrAccessDenied, false},
		{webapi.ErrMissingScope, errDown, false},
		{webapi.ErrMissingScope, (*webapi.Error)(nil), false},
		{(*webapi.Error)(nil), webapi.ErrMissingScope, false},
	} {
		if got := errors.Is(test.err, test.target); got != test.want {
			t.Errorf("%#v is %#v: got %v", test.err, test.target, got)
		}
	}
}

func TestSuper(t *testing.T) {
	admin := &resource{
		rules: webapi.AccessRules{Name: "admin", Allow: "GET", OAuth2: true},
		needs: map[string]webapi.Requirement{"GET": webapi.Require("admin")},
	}
	top := &resource{rules: webapi.AccessRules{Name: "top", OAuth2: true, Super: admin}, needs: notes().needs}
	child := notes()
	child.rules.Super = top
	circle := notes()
	circle.rules.Super = circle
	empty := notes()
	empty.rules.Super = &resource{needs: notes().needs}
	open := notes()
	open.rules.Anonymous, open.rules.Super = "GET", notes()

	tests := []struct {
		name   string
		res    *resource
		method string
		scopes []webapi.Scope
		want   error
	}{
		{"all let through", child, "GET", []webapi.Scope{"note:read", "admin"}, nil},
		{"the last denies", child, "GET", []webapi.Scope{"note:read"}, webapi.ErrMissingScope},
		{"the first denies", child, "GET", []webapi.Scope{"admin"}, webapi.ErrMissingScope},
		{"the last does not answer", child, "POST", []webapi.Scope{"note:write", "admin"}, webapi.ErrMethodNotAllowed},
		{"no rules behind", empty, "GET", []webapi.Scope{"note:read"}, webapi.ErrPermissionDenied},
		{"circle", circle, "GET", []webapi.Scope{"note:read"}, webapi.ErrPermissionDenied},
		{"anonymous in front of a guard", open, "GET", nil, webapi.ErrNotLoggedIn},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var decisions []webapi.Decision
			cfg := quiet()
			cfg.OnDecision = func(d webapi.Decision) { decisions = append(decisions, d) }
			auth := grants(holding(test.scopes...))
			if test.scopes == nil {
				auth = rejects(webapi.ErrNoCredentials)
			}
			err := webapi.Decide(contextOf(t, cfg, auth), test.res, test.method, "")
			if code(err) != code(test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
			if len(decisions) != 1 || decisions[0].Resource != test.res.rules.Name || code(decisions[0].Err) != code(test.want) {
				t.Errorf("got the decisions %+v, want one, of %s", decisions, test.res.rules.Name)
			}
		})
	}
}

func TestCallMethodView(t *testing.T) {
	fails := errors.New("disk full")
	view := func(http.ResponseWriter, *http.Request) error { return fails }
	r := httptest.NewRequest("GET", "/", nil)
	r = r.WithContext(contextOf(t, quiet(), grants(holding("note:read"))))

	if err := notes().CallMethodView(nil, r, "GET", view); err != fails {
		t.Errorf("got %v, want the view's error", err)
	}
	err := notes().CallMethodView(nil, r, "GET", nil)
	if e := asError(err); e == nil || e.Code != 405 || e.Allow != notes().rules.Allow {
		t.Errorf("nil view: got %v, want ErrMethodNotAllowed", err)
	}
	denied := func(http.ResponseWriter, *http.Request) error { t.Error("the view ran"); return nil }
	if err := notes().CallMethodView(nil, r, "POST", denied); !errors.Is(err, webapi.ErrMissingScope) {
		t.Errorf("got %v, want ErrMissingScope", err)
	}
}

// TestMethodOverride checks that a header or a form field does not change the
// method.
func TestMethodOverride(t *testing.T) {
	r := httptest.NewRequest("POST", "/?_method=GET", nil)
	r.Header.Set("X-HTTP-Method-Override", "GET")
	r = r.WithContext(contextOf(t, quiet(), grants(holding("note:read"))))
	w := httptest.NewRecorder()
	views := webapi.Views{"GET": nil, "POST": func(http.ResponseWriter, *http.Request) error { t.Error("the view ran"); return nil }}
	webapi.Handle(notes(), views).ServeHTTP(w, r)
	if w.Code != 403 {
		t.Errorf("got %d, want 403", w.Code)
	}
}

func TestDecisionReport(t *testing.T) {
	var got webapi.Decision
	cfg := quiet()
	cfg.OnDecision = func(d webapi.Decision) { got = d }

	ctx := contextOf(t, cfg, grants(holding("note:write")))
	err := webapi.Decide(ctx, notes(), "GET", "7")
	want := webapi.Decision{Context: ctx, Resource: "note", Method: "GET", ObjectID: "7", Required: webapi.Require("note:read"),
		Subject: "ann", ClientID: "cli", Outcome: webapi.OutcomeMissingScope, Err: err}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	ctx = contextOf(t, cfg, grants(holding("note:read")))
	webapi.Decide(ctx, notes(), "GET", "7")
	want.Context, want.Outcome, want.Err = ctx, webapi.OutcomeAllowed, nil
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestExpiresByTheWallClock checks that a token expires by the wall clock, also if
// Expires was computed from time.Now. The monotonic clock, which Before uses if
// it can, stops while the machine is suspended.
func TestExpiresByTheWallClock(t *testing.T) {
	start := time.Now()
	woken := start
	const hasMonotonic, secondShift = 1 << 63, 30 // package time, Time.wall
	wall := (*uint64)(unsafe.Pointer(&woken))
	if *wall&hasMonotonic == 0 {
		t.Skip("this clock has no monotonic reading")
	}
	*wall += 3600 << secondShift
	token := holding("note:read")
	token.Expires = start.Add(5 * time.Minute)
	if !woken.Before(token.Expires) {
		t.Fatal("the monotonic clock has gone on")
	}
	cfg := quiet()
	cfg.Now = func() time.Time { return woken }
	var got error
	cfg.Middleware(grants(token))(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = webapi.Decide(r.Context(), notes(), "GET", "7")
	})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if code(got) != 104 {
		t.Errorf("got %v, want 104", got)
	}
}
