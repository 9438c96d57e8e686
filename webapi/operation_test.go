package webapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// operations returns notes that have named operations, a public and an authenticated one
// among them.
func operations() *resource {
	res := notes()
	for operation, scope := range map[string]webapi.Scope{
		"GET/list": "note:list", "GET/export": "note:export", "POST/archive": "note:archive",
	} {
		res.needs[operation] = webapi.Require(scope)
	}
	res.needs["POST/login"], res.needs["POST/react"] = webapi.Requirement{}, webapi.Requirement{}
	res.rules.Public, res.rules.Authenticated = "POST/login", "POST/react"
	return res
}

// TestDecideOperations has rows 1a and 8a of the table in the package's documentation, and
// each in conflict with the rows around it.
func TestDecideOperations(t *testing.T) {
	apiToken := func(p webapi.Policy) *webapi.Token {
		return &webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: p}
	}
	expired := func(session bool) *webapi.Token {
		token := holding("note:write")
		token.Expires, token.Session = past, session
		return &token
	}
	session := holding()
	session.Session = true
	tests := []struct {
		name   string
		method string
		setUp  func(*situation)
		want   error
	}{
		{"row 1", "POST/restore", func(s *situation) { s.token = held("note:write") }, webapi.ErrMethodNotAllowed},
		{"row 1, by case", "POST/Archive", func(s *situation) { s.token = held("note:archive") }, webapi.ErrMethodNotAllowed},
		{"row 1, without a name", "POST/", func(s *situation) { s.token = held("note:write") }, webapi.ErrMethodNotAllowed},
		{"row 1, without a method", "/archive", func(s *situation) { s.token = held("note:archive") }, webapi.ErrMethodNotAllowed},
		{"row 1, with more", "POST/archive/7", func(s *situation) { s.token = held("note:archive") }, webapi.ErrMethodNotAllowed},
		{"row 1, of another method", "PUT/archive", func(s *situation) { s.token = held("note:archive") }, webapi.ErrMethodNotAllowed},
		{"row 1, HEAD of an operation", "HEAD/export", func(s *situation) { s.token = held("note:export") }, webapi.ErrMethodNotAllowed},
		{"row 1 before 1a", "POST/restore", func(s *situation) { s.res.rules.Public = "POST/restore" }, webapi.ErrMethodNotAllowed},
		{"zero rules before 1a", "POST/login", func(s *situation) { s.res.rules.Name = "" }, webapi.ErrPermissionDenied},
		{"row 1a", "POST/login", func(*situation) {}, nil},
		{"row 1a before 2", "POST/login", func(s *situation) { s.failure = webapi.ErrLoginFailed }, nil},
		{"row 1a before 2, session", "POST/login", func(s *situation) { s.failure = webapi.ErrNotLoggedIn }, nil},
		{"row 1a before 5", "POST/login", func(s *situation) { s.token = expired(true) }, nil},
		{"row 1a before 6", "POST/login", func(s *situation) { s.token = expired(false) }, nil},
		{"row 1a before 7", "POST/login", func(s *situation) { s.token = apiToken(webapi.Policy{}) }, nil},
		{"row 1a before 8", "POST/login", func(s *situation) { s.token = held(); s.res.rules.OAuth2 = false }, nil},
		{"row 1a before 9", "POST/login", func(s *situation) { s.token = held() }, nil},
		{"row 1a, the method of a public operation", "POST", func(*situation) {}, webapi.ErrNotLoggedIn},
		{"row 1a, another operation of the method", "POST/archive", func(*situation) {}, webapi.ErrNotLoggedIn},
		{"row 1a, an operation of a public method", "POST/archive", func(s *situation) { s.res.rules.Public = "POST" }, webapi.ErrNotLoggedIn},
		{"row 2 before 8a", "POST/react", func(s *situation) { s.failure = webapi.ErrLoginFailed }, webapi.ErrLoginFailed},
		{"row 3 before 8a", "POST/react", func(s *situation) { s.unscoped = true }, nil},
		{"row 4 before 8a", "POST/react", func(*situation) {}, webapi.ErrNotLoggedIn},
		{"row 5 before 8a", "POST/react", func(s *situation) { s.token = expired(true) }, webapi.ErrNotLoggedIn},
		{"row 6 before 8a", "POST/react", func(s *situation) { s.token = expired(false) }, webapi.ErrLoginFailed},
		{"row 7 before 8a", "POST/react", func(s *situation) { s.token = apiToken(policy(t, `{}`)) }, webapi.ErrPermissionDenied},
		{"row 7 before 8a, the policy denies", "POST/react", func(s *situation) {
			s.res.rules.APITokens, s.token = true, apiToken(policy(t, `{"resources": {"note": {"*": {"block": ["POST"]}}}}`))
		}, webapi.ErrPermissionDenied},
		{"row 7 before 8a, the policy allows", "POST/react", func(s *situation) { s.res.rules.APITokens, s.token = true, apiToken(policy(t, `{}`)) }, nil},
		{"unknown kind before 8a", "POST/react", func(s *situation) { s.token = held("note:write"); s.token.Kind = 2 }, webapi.ErrPermissionDenied},
		{"row 8 before 8a", "POST/react", func(s *situation) { s.token = held("note:write"); s.res.rules.OAuth2 = false }, webapi.ErrAccessDenied},
		{"row 8a", "POST/react", func(s *situation) { s.token = held() }, nil},
		{"row 8a, session", "POST/react", func(s *situation) { s.token = &session }, nil},
		{"row 8a, the method of an authenticated operation", "POST", func(s *situation) { s.token = held() }, webapi.ErrMissingScope},
		{"row 8a, an operation of an authenticated method", "POST/archive", func(s *situation) { s.token = held(); s.res.rules.Authenticated = "POST" }, webapi.ErrMissingScope},
		{"row 9, the scope of the method", "POST/archive", func(s *situation) { s.token = held("note:write") }, webapi.ErrMissingScope},
		{"row 9, the scope of an operation", "POST", func(s *situation) { s.token = held("note:archive") }, webapi.ErrMissingScope},
		{"row 10", "POST/archive", func(s *situation) { s.token = held("note:archive") }, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := situation{res: operations(), method: test.method}
			test.setUp(&s)
			if err := s.decide(t); code(err) != code(test.want) {
				t.Errorf("got %v, want %v", err, test.want)
			}
		})
	}
}

// TestSuperOfOperations has supers that know an operation, and some that know its method only.
func TestSuperOfOperations(t *testing.T) {
	plain, own, open, silent := notes(), notes(), notes(), notes()
	own.needs["POST/archive"] = webapi.Require("admin")
	open.needs["POST/archive"], open.rules.Public = webapi.Requirement{}, "POST/archive"
	silent.rules.Public = "POST" // of the method, which the operation needs then
	delete(plain.needs, "DELETE")
	tests := []struct {
		name      string
		super     *resource
		operation string
		scopes    []webapi.Scope // nil for no credentials
		want      error
	}{
		{"the method of the super", plain, "POST/archive", []webapi.Scope{"note:archive", "note:write"}, nil},
		{"not the method of the super", plain, "POST/archive", []webapi.Scope{"note:archive"}, webapi.ErrMissingScope},
		{"a method that the super does not answer", plain, "DELETE/trash", []webapi.Scope{"note:archive"}, webapi.ErrMethodNotAllowed},
		{"the operation of the super", own, "POST/archive", []webapi.Scope{"note:archive", "admin"}, nil},
		{"the method of the super, not its operation", own, "POST/archive", []webapi.Scope{"note:archive", "note:write"}, webapi.ErrMissingScope},
		{"a public operation of the super", open, "POST/archive", []webapi.Scope{"note:archive"}, nil},
		{"a public operation of the super alone", open, "POST/archive", nil, webapi.ErrNotLoggedIn},
		{"a public method of the super", silent, "POST/archive", []webapi.Scope{"note:archive"}, nil},
		{"public, not in the super", plain, "POST/login", nil, webapi.ErrNotLoggedIn},
		{"public, and in the super", silent, "POST/login", nil, nil},
		{"authenticated, not in the super", plain, "POST/react", []webapi.Scope{}, webapi.ErrMissingScope},
		{"authenticated, and public in the super", silent, "POST/react", []webapi.Scope{}, nil},
	}
	for _, test := range tests {
		res := operations()
		res.needs["DELETE/trash"] = webapi.Require("note:archive")
		res.rules.Super = test.super
		auth := grants(holding(test.scopes...))
		if test.scopes == nil {
			auth = rejects(webapi.ErrNoCredentials)
		}
		if err := webapi.Decide(contextOf(t, quiet(), auth), res, test.operation, "7"); code(err) != code(test.want) {
			t.Errorf("%s: got %v, want %v", test.name, err, test.want)
		}
	}
}

// served sends a request to a handler behind the middleware of a token that has all scopes.
func served(cfg *webapi.Config, handler http.Handler, method string, scopes ...webapi.Scope) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/", nil)
	r.Method = method // NewRequest takes no "POST/archive"
	r.SetPathValue("id", "7")
	w := httptest.NewRecorder()
	cfg.Middleware(grants(holding(scopes...)))(handler).ServeHTTP(w, r)
	return w
}

var everyScope = []webapi.Scope{"note:read", "note:write", "note:destroy", "note:list", "note:export", "note:archive"}

// TestHandleOperation has routes of operations, asked by each method. HTTP/2 accepts a method
// that has a slash.
func TestHandleOperation(t *testing.T) {
	views := webapi.Views{"GET": ok, "POST": ok, "POST/archive": ok, "GET/list": ok}
	all := func(http.ResponseWriter, *http.Request) {}
	listed := operations()
	listed.rules.Allow = "POST"
	delete(listed.needs, "GET")
	delete(listed.needs, "HEAD")
	for _, tt := range []struct {
		name     string
		handler  http.Handler
		method   string
		status   int
		allow    string
		decision string // the method that was decided
	}{
		{"HandleOperation", webapi.HandleOperation(operations(), "POST/archive", ok), "POST", 200, "", "POST/archive"},
		{"HandleOperation", webapi.HandleOperation(operations(), "POST/archive", ok), "PUT", 405, "POST", "POST/archive"},
		{"HandleOperation", webapi.HandleOperation(operations(), "POST/archive", ok), "HEAD", 405, "POST", "POST/archive"},
		{"HandleOperation", webapi.HandleOperation(operations(), "POST/archive", ok), "POST/archive", 405, "GET, HEAD, POST, DELETE", "POST/archive"},
		{"HandleOperation", webapi.HandleOperation(operations(), "GET/export", ok), "GET", 200, "", "GET/export"},
		{"HandleOperation", webapi.HandleOperation(operations(), "GET/export", ok), "HEAD", 200, "", "GET/export"},
		{"HandleOperation", webapi.HandleOperation(operations(), "GET/export", ok), "POST", 405, "GET, HEAD", "GET/export"},
		{"HandleOperation", webapi.HandleOperation(operations(), "POST/login", ok), "PUT", 405, "POST", "POST/login"}, // although it is public
		{"HandleOperation", webapi.HandleOperation(operations(), "POST/archive", nil), "POST", 405, "", "POST/archive"},
		{"HandleOperation", webapi.HandleOperation(operations(), "POST", ok), "POST", 405, "", "POST"}, // no operation
		{"HandleOperation", webapi.HandleOperation(operations(), "POST", ok), "DELETE", 405, "", "POST"},
		{"GuardOperation", webapi.GuardOperation(operations(), "GET")(webapi.HandleOperation(operations(), "GET/export", ok)), "GET", 405, "", "GET"},
		{"HandleOperation, unanswered", webapi.HandleOperation(operations(), "POST/restore", ok), "POST", 405, "", "POST/restore"},
		{"GuardOperation", webapi.GuardOperation(operations(), "POST/archive")(http.HandlerFunc(all)), "POST", 200, "", "POST/archive"},
		{"GuardOperation", webapi.GuardOperation(operations(), "POST/archive")(http.HandlerFunc(all)), "GET", 405, "POST", "POST/archive"},
		{"Guard, forged", webapi.Guard(operations())(http.HandlerFunc(all)), "POST/archive", 405, "GET, HEAD, POST, DELETE", "POST/archive"},
		{"Guard, forged, public", webapi.Guard(operations())(http.HandlerFunc(all)), "POST/login", 405, "GET, HEAD, POST, DELETE", "POST/login"},
		{"GuardList, forged", webapi.GuardList(operations())(http.HandlerFunc(all)), "GET/list", 405, "GET, HEAD, POST, DELETE", "GET/list"},
		{"Handle, forged", webapi.Handle(operations(), views), "POST/archive", 405, "GET, HEAD, POST, DELETE", "POST/archive"},
		{"HandleList, forged", webapi.HandleList(operations(), views), "GET/list", 405, "GET, HEAD, POST, DELETE", "GET/list"},
		{"HandleList", webapi.HandleList(operations(), views), "GET", 200, "", "GET/list"},
		{"HandleList", webapi.HandleList(operations(), views), "HEAD", 200, "", "GET/list"},
		{"HandleList", webapi.HandleList(operations(), views), "POST", 200, "", "POST"},
		{"HandleList", webapi.HandleList(operations(), views), "DELETE", 405, "GET, HEAD, POST", "DELETE"},
		{"HandleList, without GET", webapi.HandleList(listed, views), "GET", 200, "", "GET/list"},
		{"HandleList, without GET", webapi.HandleList(listed, views), "PUT", 405, "GET, HEAD, POST", "PUT"},
		{"HandleList, without GET/list", webapi.HandleList(notes(), views), "GET", 200, "", "GET"},
		{"Handle", webapi.Handle(operations(), views), "GET", 200, "", "GET"},
		{"Handle, without GET", webapi.Handle(listed, views), "GET", 405, "POST", "GET"},
	} {
		var decided []string
		cfg := quiet()
		cfg.OnDecision = func(d webapi.Decision) { decided = append(decided, d.Method) }
		w := served(cfg, tt.handler, tt.method, everyScope...)
		if w.Code != tt.status || w.Header().Get("Allow") != tt.allow {
			t.Errorf("%s, %s of %s: got %d, Allow %q, want %d, %q", tt.name, tt.method, tt.decision, w.Code, w.Header().Get("Allow"), tt.status, tt.allow)
		}
		if len(decided) != 1 || decided[0] != tt.decision {
			t.Errorf("%s, %s: got the decisions %q, want one of %s", tt.name, tt.method, decided, tt.decision)
		}
	}
}

// TestScopesOfOperations checks that each way to an operation needs its scope and no other.
func TestScopesOfOperations(t *testing.T) {
	res := operations()
	for _, tt := range []struct {
		handler http.Handler
		method  string
		scope   webapi.Scope
	}{
		{webapi.HandleOperation(res, "POST/archive", ok), "POST", "note:archive"},
		{webapi.HandleOperation(res, "GET/export", ok), "HEAD", "note:export"},
		{webapi.HandleOperation(res, "GET/list", ok), "GET", "note:list"},
		{webapi.HandleList(res, webapi.Views{"GET": ok}), "GET", "note:list"},
		{webapi.HandleList(res, webapi.Views{"GET": ok}), "HEAD", "note:list"},
		{webapi.GuardList(res)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})), "GET", "note:list"},
		{webapi.Handle(res, webapi.Views{"GET": ok}), "GET", "note:read"},
	} {
		for _, scope := range everyScope {
			want := 403
			if scope == tt.scope {
				want = 200
			}
			if w := served(quiet(), tt.handler, tt.method, scope); w.Code != want {
				t.Errorf("%s with %s: got %d, want %d", tt.method, scope, w.Code, want)
			}
		}
	}
}

// TestPolicyOfOperations checks that a policy is asked about the method of an operation, and
// for GET/list about the collection.
func TestPolicyOfOperations(t *testing.T) {
	res := operations()
	res.rules.APITokens = true
	for _, tt := range []struct {
		policy, operation, id string
		want                  int
	}{
		{`{"resources": {"note": {"*": {"allow": ["POST"], "block": ["*"]}}}}`, "POST/archive", "7", 0},
		{`{"resources": {"note": {"*": {"block": ["POST"]}}}}`, "POST/archive", "7", 101},
		{`{"resources": {"note": {"*": {"allow": ["GET"], "block": ["*"]}}}}`, "GET/export", "7", 0},
		{`{"resources": {"note": {"7": {"block": ["POST"]}}}}`, "POST/archive", "7", 101},
		{`{"resources": {"note": {"7": {"block": ["POST"]}}}}`, "POST/archive", "8", 0},
		{`{"resources": {"note": {"7": {"block": ["POST"]}}}}`, "POST/archive", "", 101}, // the object is unknown
		{`{"resources": {"note": {"7": {"block": ["*"]}}}}`, "GET/list", "", 0},
		{`{"resources": {"note": {"*": {"block": ["GET"]}}}}`, "GET/list", "", 101},
	} {
		ctx := webapi.WithToken(context.Background(), webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, tt.policy)})
		if err := webapi.Decide(ctx, res, tt.operation, tt.id); code(err) != tt.want {
			t.Errorf("%s of %q by %s: got %v, want %d", tt.operation, tt.id, tt.policy, err, tt.want)
		}
		if tt.operation != "GET/list" {
			continue
		}
		r := httptest.NewRequest("GET", "/", nil).WithContext(ctx)
		r.SetPathValue("id", "7") // of a parent
		w := httptest.NewRecorder()
		webapi.HandleOperation(res, "GET/list", ok).ServeHTTP(w, r)
		if allowed := w.Code == 200; allowed != (tt.want == 0) {
			t.Errorf("HandleOperation of %s by %s: got %d", tt.operation, tt.policy, w.Code)
		}
	}
}

// TestOperationsAllocateNothing checks that the guard of an operation is as cheap as another.
func TestOperationsAllocateNothing(t *testing.T) {
	res := operations()
	view := func(http.ResponseWriter, *http.Request) error { return nil }
	r := httptest.NewRequest("POST", "/", nil)
	r = r.WithContext(contextOf(t, quiet(), grants(holding(everyScope...))))
	for _, operation := range []webapi.Operation{"POST/archive", "POST/login", "POST/react"} {
		handler := webapi.HandleOperation(res, operation, view)
		if n := testing.AllocsPerRun(100, func() { handler.ServeHTTP(nil, r) }); n != 0 {
			t.Errorf("%s: %v allocations", operation, n)
		}
	}
}
