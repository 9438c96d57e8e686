package webapitest_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"
)

func TestRun(t *testing.T) {
	webapitest.Run(t, server(notes()), notesTable())
}

// TestRunBehindMiddleware checks that a whole server can be tested.
func TestRunBehindMiddleware(t *testing.T) {
	never := webapi.VerifierFunc(func(_ context.Context, _ string) (webapi.Token, error) { return webapi.Token{}, webapi.ErrLoginFailed })
	webapitest.Run(t, new(webapi.Config).Middleware(webapi.Bearer(never))(server(notes())), notesTable())
}

// TestRunOwnForm has responses of a form that Run does not know, whose status counts.
func TestRunOwnForm(t *testing.T) {
	cfg := &webapi.Config{WriteError: func(w http.ResponseWriter, _ *http.Request, err error) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"code":4711,"message":%q}`, err)
	}}
	if report := run(t, cfg.Middleware()(server(notes())), notesTable()); report != "" {
		t.Error(report)
	}
	broken := notes()
	broken.needs["DELETE"] = webapi.Require("note:write")
	if run(t, cfg.Middleware()(server(broken)), notesTable()) == "" {
		t.Error("not noticed")
	}
}

func TestRunOptions(t *testing.T) {
	open, closed, tokens := notes(), notes(), notes()
	open.rules.Anonymous = "GET, HEAD"
	closed.rules.OAuth2, closed.needs = false, map[string]webapi.Requirement{"GET": {}, "HEAD": {}}
	tokens.rules.APITokens = true

	table := notesTable()
	table.Anonymous = []string{"GET"}
	webapitest.Run(t, server(open), table)

	table = notesTable()
	table.APITokens = true
	webapitest.Run(t, server(tokens), table)

	webapitest.Run(t, server(closed), webapitest.Table{NoOAuth2: true, Routes: webapitest.Routes{"GET /notes": nil, "GET /notes/7": {}}})
}

// TestMutations checks that every change of a resource is noticed.
func TestMutations(t *testing.T) {
	both := []string{"note:destroy", "note:write"}
	tests := []struct {
		name   string
		mutate func(*resource)
	}{
		{"scope of a neighbour", func(r *resource) { r.needs["GET"] = webapi.Require("note:write") }},
		{"scope of a neighbour, HEAD", func(r *resource) { r.needs["HEAD"] = webapi.Require("note:write") }},
		{"scope of nobody", func(r *resource) { r.needs["POST"] = webapi.Require("notes:write") }},
		{"no requirement", func(r *resource) { r.needs["POST"] = webapi.Requirement{} }},
		{"AND made OR", func(r *resource) {
			r.needs["DELETE"] = webapi.AnyOf(webapi.AllOf("note:destroy"), webapi.AllOf("note:write"), webapi.AllOf("admin"))
		}},
		{"OR made AND", func(r *resource) {
			r.needs["DELETE"] = webapi.AnyOf(webapi.AllOf("note:destroy", "note:write", "admin"))
		}},
		{"one less of an AND", func(r *resource) {
			r.needs["DELETE"] = webapi.AnyOf(webapi.AllOf("note:destroy"), webapi.AllOf("admin"))
		}},
		{"the other less of an AND", func(r *resource) { r.needs["DELETE"] = webapi.AnyOf(webapi.AllOf("note:write"), webapi.AllOf("admin")) }},
		{"one more in an AND", func(r *resource) {
			r.needs["DELETE"] = webapi.AnyOf(webapi.AllOf("note:destroy", "note:write", "note:read"), webapi.AllOf("admin"))
		}},
		{"an alternative less", func(r *resource) {
			r.needs["DELETE"] = webapi.AnyOf(webapi.AllOf(webapi.Scope(both[0]), webapi.Scope(both[1])))
		}},
		{"an alternative more", func(r *resource) {
			r.needs["GET"] = webapi.AnyOf(webapi.AllOf("note:read"), webapi.AllOf("note:write"))
		}},
		{"an alternative more, of two", func(r *resource) {
			r.needs["GET"] = webapi.AnyOf(webapi.AllOf("note:read"), webapi.AllOf("note:write", "admin"))
		}},
		{"a method more", func(r *resource) { r.needs["PATCH"] = webapi.Require("note:write") }},
		{"a method more, open to nobody", func(r *resource) { r.needs["PUT"] = webapi.Requirement{} }},
		{"OPTIONS more", func(r *resource) { r.needs["OPTIONS"] = webapi.Require("note:read") }},
		{"a method less", func(r *resource) { delete(r.needs, "DELETE") }},
		{"HEAD less", func(r *resource) { delete(r.needs, "HEAD") }},
		{"OAuth2 closed", func(r *resource) { r.rules.OAuth2 = false }},
		{"API tokens opened", func(r *resource) { r.rules.APITokens = true }},
		{"anonymous", func(r *resource) { r.rules.Anonymous = "DELETE" }},
		{"no rules", func(r *resource) { r.rules = webapi.AccessRules{} }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			res := notes()
			test.mutate(res)
			if run(t, server(res), notesTable()) == "" {
				t.Error("not noticed")
			}
		})
	}
}

// TestMutationsOfClosed has the ones that open what the table closes.
func TestMutationsOfClosed(t *testing.T) {
	closed := func() *resource {
		return &resource{
			rules: webapi.AccessRules{Name: "note", Policy: "note", Key: "id", Allow: "GET, HEAD", APITokens: true},
			needs: map[string]webapi.Requirement{"GET": {}, "HEAD": {}},
		}
	}
	table := webapitest.Table{NoOAuth2: true, APITokens: true, Routes: webapitest.Routes{"GET /notes/7": nil}}
	if report := run(t, server(closed()), table); report != "" {
		t.Fatal(report)
	}
	for name, mutate := range map[string]func(*resource){
		"oauth2 opened":             func(r *resource) { r.rules.OAuth2 = true },
		"oauth2 opened for a scope": func(r *resource) { r.rules.OAuth2, r.needs["GET"] = true, webapi.Require("note:read") },
		"API tokens closed":         func(r *resource) { r.rules.APITokens = false },
		"no key value is needed":    func(r *resource) { r.rules.Key = "other" },
	} {
		res := closed()
		mutate(res)
		if run(t, server(res), table) == "" {
			t.Errorf("%s: not noticed", name)
		}
	}
}

// around is a guard with a hole that no rule describes.
type around struct {
	*resource
	call func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error
}

func (x *around) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return x.call(w, r, method, view)
}

// TestBrokenGuards has guards that do not go by their rules, and views that fail.
func TestBrokenGuards(t *testing.T) {
	guard := notes()
	tests := map[string]func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error{
		"no guard": func(w http.ResponseWriter, r *http.Request, _ string, view webapi.View) error { return view(w, r) },
		"expired tokens": func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			if token, found := webapi.TokenFrom(r.Context()); found && !token.NoExpiry {
				return view(w, r)
			}
			return guard.CallMethodView(w, r, method, view)
		},
		"expired sessions": func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			err := guard.CallMethodView(w, r, method, view)
			if token, found := webapi.TokenFrom(r.Context()); found && token.Session && errors.Is(err, webapi.ErrNotLoggedIn) {
				return webapi.ErrLoginFailed
			}
			return err
		},
		"policy": func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			err := guard.CallMethodView(w, r, method, view)
			if token, _ := webapi.TokenFrom(r.Context()); token.Kind == webapi.APIToken && method == "GET" {
				return view(w, r)
			}
			return err
		},
		"no token": func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			if _, found := webapi.TokenFrom(r.Context()); !found {
				return view(w, r)
			}
			return guard.CallMethodView(w, r, method, view)
		},
		"as GET": func(w http.ResponseWriter, r *http.Request, _ string, view webapi.View) error {
			return guard.CallMethodView(w, r, "GET", view)
		},
		"the view panics": func(w http.ResponseWriter, r *http.Request, method string, _ webapi.View) error {
			return guard.CallMethodView(w, r, method, func(http.ResponseWriter, *http.Request) error { panic("nil store") })
		},
		"the view fails": func(w http.ResponseWriter, r *http.Request, method string, _ webapi.View) error {
			return guard.CallMethodView(w, r, method, func(w http.ResponseWriter, _ *http.Request) error {
				w.WriteHeader(http.StatusInternalServerError)
				return nil
			})
		},
	}
	for name, call := range tests {
		if run(t, server(&around{guard, call}), notesTable()) == "" {
			t.Errorf("%s: not noticed", name)
		}
	}
}

// TestViewsMayAnswer checks that the view's own answer is not taken for a
// guard's: the test has no note 7.
func TestViewsMayAnswer(t *testing.T) {
	guard := notes()
	for _, status := range []int{201, 204, 302, 400, 404, 409, 422} {
		call := func(w http.ResponseWriter, r *http.Request, method string, _ webapi.View) error {
			return guard.CallMethodView(w, r, method, func(w http.ResponseWriter, _ *http.Request) error {
				w.WriteHeader(status)
				return nil
			})
		}
		webapitest.Run(t, server(&around{guard, call}), notesTable())
	}
}

func TestReport(t *testing.T) {
	res := notes()
	res.needs["DELETE"] = webapi.AnyOf(webapi.AllOf("note:destroy"), webapi.AllOf("admin"))
	res.needs["PATCH"] = webapi.Require("admin")
	table := notesTable()
	table.Routes = webapitest.Routes{"DELETE /notes/7": table.Routes["DELETE /notes/7"], "GET /notes/7": {"note:read"}}
	got := run(t, server(res), table)
	want := `9 of 70 requests differ from the table:
  PATCH /notes/7   with no token                                  want 405            got 401, code 103
  PATCH /notes/7   with an expired token                          want 405            got 401, code 104
  PATCH /notes/7   with an expired session                        want 405            got 401, code 103
`
	if !strings.HasPrefix(got, want) {
		t.Errorf("got\n%s\nwant it to begin with\n%s", got, want)
	}
	if want := "DELETE /notes/7  with note:destroy note:write, less note:write  want 403, code 112  got 200\n"; !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwant it to have\n%s", got, want)
	}
}

func TestMalformedTables(t *testing.T) {
	tests := map[string]webapitest.Table{
		"no routes": {},
		`route "GET": want a method and a path, such as "GET /notes/7"`:       {Routes: webapitest.Routes{"GET": {"a"}}},
		`route "get /": want a method and a path, such as "GET /notes/7"`:     {Routes: webapitest.Routes{"get /": {"a"}}},
		`route "GET notes": want a method and a path, such as "GET /notes/7"`: {Routes: webapitest.Routes{"GET notes": {"a"}}},
		`route "GET /": "a  b" is no list of scopes`:                          {Routes: webapitest.Routes{"GET /": {"a", "a  b"}}},
		`route "GET /": "" is no list of scopes`:                              {Routes: webapitest.Routes{"GET /": {""}}},
		`route "GET /": want scopes, or NoOAuth2 and none`:                    {Routes: webapitest.Routes{"GET /": {}}},
		`route "POST /": want scopes, or NoOAuth2 and none`:                   {NoOAuth2: true, Routes: webapitest.Routes{"POST /": {"a"}}},
		`"get" is anonymous, but no route has that method`:                    {Anonymous: []string{"get"}, Routes: webapitest.Routes{"GET /": {"a"}}},
		`"POST" is anonymous, but no route has that method`:                   {Anonymous: []string{"POST"}, Routes: webapitest.Routes{"GET /": {"a"}}},
	}
	for want, table := range tests {
		f := new(fake)
		webapitest.Run(f, server(notes()), table)
		if f.fatal != "webapitest: "+want {
			t.Errorf("got %q, want %q", f.fatal, want)
		}
	}
}

func TestTableRequest(t *testing.T) {
	table := notesTable()
	asked := map[string]bool{}
	table.Request = func(method, path string) *http.Request {
		asked[method+" "+path] = true
		return httptest.NewRequest(method, path, strings.NewReader("{}"))
	}
	webapitest.Run(t, server(notes()), table)
	if len(asked) != 14 || !asked["HEAD /notes"] {
		t.Errorf("asked for %v", asked)
	}
}

func TestToken(t *testing.T) {
	admin := &resource{rules: webapi.AccessRules{Name: "admin", OAuth2: true}, needs: map[string]webapi.Requirement{"GET": webapi.Require("admin")}}
	child, circle, closed := notes(), notes(), notes()
	child.rules.Super, circle.rules.Super, closed.rules.OAuth2 = admin, circle, false
	for want, test := range map[string]struct {
		res    webapi.Resource
		method string
	}{
		"note:read":               {notes(), "GET"},
		"note:destroy note:write": {notes(), "DELETE"},
		"admin note:read":         {child, "GET"},
	} {
		token := webapitest.Token(t, test.res, test.method)
		if token.Scopes.String() != want {
			t.Errorf("got %q, want %q", token.Scopes, want)
		}
		r := webapitest.WithToken(httptest.NewRequest(test.method, "/notes/7", nil), token)
		if err := webapi.Decide(r.Context(), test.res, test.method, "7"); err != nil {
			t.Error(err)
		}
	}
	for name, test := range map[string]struct {
		res    webapi.Resource
		method string
	}{
		"PATCH of note": {notes(), "PATCH"}, "GET of note": {closed, "GET"}, "POST of note": {child, "POST"}, "HEAD of note": {circle, "HEAD"},
	} {
		f := new(fake)
		webapitest.Token(f, test.res, test.method)
		if want := "webapitest: no OAuth2 token may call " + name; f.fatal != want {
			t.Errorf("got %q, want %q", f.fatal, want)
		}
	}
}
