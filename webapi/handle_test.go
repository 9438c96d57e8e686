package webapi_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func TestHandle(t *testing.T) {
	says := func(text string) webapi.View {
		return func(w http.ResponseWriter, _ *http.Request) error { fmt.Fprint(w, text); return nil }
	}
	all := webapi.Views{"GET": says("get"), "DELETE": says("delete"), "PATCH": says("patch")}
	tests := []struct {
		views  webapi.Views
		method string
		status int
		body   string
		allow  string
	}{
		{all, "GET", 200, "get", ""},
		{all, "HEAD", 200, "get", ""},
		{webapi.Views{"GET": says("get"), "HEAD": says("head")}, "HEAD", 200, "head", ""},
		{webapi.Views{"HEAD": says("head")}, "GET", 405, "", "HEAD"},
		{webapi.Views{"POST": says("post")}, "HEAD", 405, "", "POST"},
		{all, "DELETE", 200, "delete", ""},
		{all, "POST", 405, "", "GET, HEAD, DELETE"},
		{all, "PATCH", 405, "", "GET, HEAD, DELETE"},
		{all, "get", 405, "", "GET, HEAD, DELETE"},
		{webapi.Views{"GET": nil}, "GET", 405, "", ""},
		{nil, "GET", 405, "", ""},
	}
	for _, test := range tests {
		var decisions []webapi.Decision
		cfg := quiet()
		cfg.OnDecision = func(d webapi.Decision) { decisions = append(decisions, d) }
		handler := cfg.Middleware(grants(holding("note:read", "note:destroy")))(webapi.Handle(notes(), test.views))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(test.method, "/", nil))
		if w.Code != test.status || w.Header().Get("Allow") != test.allow {
			t.Errorf("%s: got %d, Allow %q, want %d, %q", test.method, w.Code, w.Header().Get("Allow"), test.status, test.allow)
		}
		if test.status == 200 && w.Body.String() != test.body {
			t.Errorf("%s: got %q, want %q", test.method, w.Body, test.body)
		}
		if len(decisions) != 1 || (decisions[0].Err == nil) != (test.status == 200) {
			t.Errorf("%s: got the decisions %+v, want one", test.method, decisions)
		}
	}
}

func TestViewOf(t *testing.T) {
	teapot := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	handler := quiet().Middleware(grants(holding("note:read")))(
		webapi.Handle(notes(), webapi.Views{"GET": webapi.ViewOf(teapot), "HEAD": webapi.ViewFunc(teapot), "POST": webapi.ViewOf(nil), "DELETE": webapi.ViewFunc(nil)}))
	for method, want := range map[string]int{"GET": http.StatusTeapot, "HEAD": http.StatusTeapot, "POST": http.StatusMethodNotAllowed, "DELETE": http.StatusMethodNotAllowed} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		if w.Code != want {
			t.Errorf("%s: got %d, want %d", method, w.Code, want)
		}
	}
}

func TestHandleCopiesViews(t *testing.T) {
	views := webapi.Views{"GET": ok}
	handler := quiet().Middleware(grants(holding("note:read", "note:write")))(webapi.Handle(notes(), views))
	views["POST"] = ok
	delete(views, "GET")
	for method, want := range map[string]int{"GET": 200, "POST": 405} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		if w.Code != want {
			t.Errorf("%s: got %d, want %d", method, w.Code, want)
		}
	}
}

func TestHandleWritesTheViewsError(t *testing.T) {
	missing := &webapi.Error{Code: 100, Type: "resource-does-not-exist", Message: "There is no such note", Status: 404}
	views := webapi.Views{"GET": func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("store: %w", missing) }}
	for _, handle := range []func(webapi.Resource, webapi.Views) http.Handler{webapi.Handle, webapi.HandleList} {
		w := httptest.NewRecorder()
		quiet().Middleware(grants(holding("note:read")))(handle(notes(), views)).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		want := `{"stat":"fail","err":{"code":100,"msg":"There is no such note","type":"resource-does-not-exist"}}` + "\n"
		if w.Code != 404 || w.Body.String() != want {
			t.Errorf("got %d %s", w.Code, w.Body)
		}
	}
}

// TestHandleReportsWhatWasAsked checks that a method without a view is reported as
// wholly as one with a view.
func TestHandleReportsWhatWasAsked(t *testing.T) {
	for _, test := range []struct {
		handle   func(webapi.Resource, webapi.Views) http.Handler
		objectID string
	}{{webapi.Handle, "7"}, {webapi.HandleList, ""}} {
		var got webapi.Decision
		cfg := quiet()
		cfg.OnDecision = func(d webapi.Decision) { got = d }
		r := httptest.NewRequest("DELETE", "/notes/7", nil)
		r.SetPathValue("id", "7")
		cfg.Middleware(grants(holding("note:read")))(test.handle(notes(), webapi.Views{"GET": ok})).ServeHTTP(httptest.NewRecorder(), r)
		required, _ := notes().RequiredScopes("DELETE")
		if got.Resource != "note" || got.ObjectID != test.objectID || got.Required.String() != required.String() ||
			got.Subject != "ann" || got.Outcome != webapi.OutcomeMethodNotAllowed {
			t.Errorf("got %+v, want the object %q and the requirement %s", got, test.objectID, required)
		}
	}
}

// TestHandleListSpeaksForItsResourceAlone checks that the view of a collection can
// call the guard of another resource, such as the parent, for the object in the
// path.
func TestHandleListSpeaksForItsResourceAlone(t *testing.T) {
	comments := notes()
	comments.rules.APITokens = true
	token := webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(t, `{"resources": {
		"user": {"7": {"block": ["*"]}}, "note": {"7": {"block": ["*"]}}}}`)}
	for _, rules := range []webapi.AccessRules{
		{Name: "user", Policy: "user", Key: "user_id"},
		{Name: "draft", Policy: "note", Key: "id"}, // differs in the name
		{Name: "note", Policy: "user", Key: "id"},
		{Name: "note", Policy: "note", Key: "user_id"},
	} {
		other := notes()
		other.rules = rules
		other.rules.Allow, other.rules.APITokens = "GET, HEAD", true
		asks := map[string]func(w http.ResponseWriter, r *http.Request) error{
			"CallMethodView": func(w http.ResponseWriter, r *http.Request) error {
				return webapi.CallMethodView(other, w, r, "GET", ok)
			},
			"Decide": func(_ http.ResponseWriter, r *http.Request) error {
				return webapi.Decide(r.Context(), other, "GET", "7")
			},
			"Decide, nobody knows": func(_ http.ResponseWriter, r *http.Request) error {
				return webapi.Decide(r.Context(), other, "GET", "")
			},
		}
		for name, ask := range asks {
			r := httptest.NewRequest("GET", "/users/7/notes", nil).WithContext(webapi.WithToken(t.Context(), token))
			r.SetPathValue(rules.Key, "7")
			var got error
			view := func(w http.ResponseWriter, r *http.Request) error { got = ask(w, r); return nil }
			webapi.HandleList(comments, webapi.Views{"GET": view}).ServeHTTP(httptest.NewRecorder(), r)
			if code(got) != 101 {
				t.Errorf("%s of %+v: got %v, want 101", name, rules, got)
			}
		}
	}
}
