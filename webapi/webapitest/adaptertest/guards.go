package adaptertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// A Route is a route of the server that [Guards] tests.
type Route struct {
	Method string
	// Path is the path of the route. In the syntax of the framework, {id} is the
	// path value "id".
	Path string
	// List means that the guard is that of the collection.
	List bool
	// Operation means that the guard is that of the named operation, if it is not "".
	Operation webapi.Operation
	// Handler is the handler behind the guard. It gets what a handler of the
	// framework gets: the response writer, the request, and the path value "id".
	Handler func(w http.ResponseWriter, r *http.Request, id string)
}

// NewRoutes returns a server with the middleware of cfg and authenticator, and with
// the routes, each behind the guard of res.
type NewRoutes = func(cfg *webapi.Config, authenticator webapi.Authenticator, res webapi.Resource, routes []Route) http.Handler

// Guards tests the guards of a framework, which stand before handlers of its own:
//
//   - They decide as [webapi.Guard] does, and the responses to denied requests have
//     the same status and header fields. With Config.WriteError they have the same
//     body.
//   - The policy of an API token is asked about the object that the handler sees,
//     however the client writes its path.
//   - A CallMethodView that is written by hand counts.
func Guards(t *testing.T, newServer NewRoutes) {
	t.Run("decisions", func(t *testing.T) { sameDecisions(t, newServer, nil) })
	t.Run("decisions with WriteError", func(t *testing.T) { sameDecisions(t, newServer, webapi.WriteError) })
	t.Run("objects", func(t *testing.T) { sameObjects(t, newServer) })
	t.Run("own CallMethodView", func(t *testing.T) { ownCallMethodView(t, newServer) })
}

// getList is the operation of a collection.
const getList webapi.Operation = "GET/list"

// listedNotes are notes whose collection has an operation of its own, which needs a scope of
// its own.
type listedNotes struct{ notes }

func (x listedNotes) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(x, w, r, method, view)
}

func (x listedNotes) RequiredScopes(method string) (webapi.Requirement, bool) {
	if method == string(getList) {
		return webapi.Require("note:list"), true
	}
	return x.notes.RequiredScopes(method)
}

// noteRoutes returns routes whose handlers append to log, and the object to the body.
func noteRoutes(log *[]string) []Route {
	handler := func(w http.ResponseWriter, r *http.Request, id string) {
		*log = append(*log, r.Method+" "+id)
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, "note "+id) // which cannot fail
	}
	return []Route{
		{"GET", "/notes", true, "", handler},
		{"HEAD", "/notes", true, "", handler},
		{"POST", "/notes", true, "", handler},
		{"GET", "/notes/{id}", false, "", handler},
		{"HEAD", "/notes/{id}", false, "", handler},
		{"DELETE", "/notes/{id}", false, "", handler},
		{"PATCH", "/notes/{id}", false, "", handler}, // which the resource does not answer
		{"POST", "/notes/{id}/archive", false, PostArchive, handler},
		{"PUT", "/notes/{id}/archive", false, PostArchive, handler},     // another method than the operation's
		{"POST", "/notes/{id}/restore", false, "POST/restore", handler}, // which the resource does not answer
		{"GET", "/listed", false, getList, handler},
		{"HEAD", "/listed", false, getList, handler},
		{"POST", "/listed", false, getList, handler},
	}
}

// reference is an NewRoutes of net/http.
func reference(cfg *webapi.Config, authenticator webapi.Authenticator, res webapi.Resource, routes []Route) http.Handler {
	mux := http.NewServeMux()
	for _, route := range routes {
		guard := webapi.Guard(res)
		switch {
		case route.List:
			guard = webapi.GuardList(res)
		case route.Operation != "":
			guard = webapi.GuardOperation(res, route.Operation)
		}
		mux.Handle(route.Method+" "+route.Path, guard(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			route.Handler(w, r, r.PathValue("id"))
		})))
	}
	return cfg.Middleware(authenticator)(mux)
}

// credentials are those of a request, and the Authenticator of a server that finds
// them in each.
type credentials struct {
	name  string
	token webapi.Token
	err   error
}

func (c *credentials) Authenticate(*http.Request) (webapi.Token, error) {
	if c.name == "" {
		return webapi.Token{}, webapi.ErrNoCredentials
	}
	return c.token, c.err
}

func allCredentials(t *testing.T) []credentials {
	all := webapi.MakeScopes("note:read", "note:write", "note:destroy", "note:archive", "note:list")
	session := oauth2(all)
	session.Session = true
	return []credentials{
		{"none", webapi.Token{}, webapi.ErrNoCredentials},
		{"rejected", webapi.Token{}, webapi.ErrLoginFailed},
		{"rejected session", webapi.Token{}, webapi.ErrNotLoggedIn},
		{"malformed", webapi.Token{}, webapi.ErrBadRequest},
		{"unverifiable", webapi.Token{}, errors.New("the database is down")},
		{"session", session, nil},
		{"expired", expired(all, false), nil},
		{"expired session", expired(all, true), nil},
		{"another scope", oauth2(webapi.MakeScopes("other:read")), nil},
		{"note:read", oauth2(webapi.MakeScopes("note:read")), nil},
		{"note:destroy", oauth2(webapi.MakeScopes("note:destroy")), nil},
		{"note:archive", oauth2(webapi.MakeScopes("note:archive")), nil},
		{"note:list", oauth2(webapi.MakeScopes("note:list")), nil},
		{"all scopes", oauth2(all), nil},
		{"API token", policyToken(t, `{}`), nil},
		{"API token without a policy", webapi.Token{Kind: webapi.APIToken, NoExpiry: true}, nil},
		{"API token, all but note 7", notNote7(t), nil},
		{"API token, only note 7", onlyNote7(t), nil},
	}
}

func notNote7(t *testing.T) webapi.Token {
	return policyToken(t, `{"resources": {"note": {"7": {"block": ["*"]}}}}`)
}

func onlyNote7(t *testing.T) webapi.Token {
	return policyToken(t, `{"resources": {"*": {"block": ["*"]}, "note": {"7": {"allow": ["*"]}}}}`)
}

func oauth2(scopes webapi.Scopes) webapi.Token { return webapi.Token{Scopes: scopes, NoExpiry: true} }

func expired(scopes webapi.Scopes, session bool) webapi.Token {
	return webapi.Token{Scopes: scopes, Expires: time.Unix(1, 0), Session: session}
}

func policyToken(t *testing.T, policy string) webapi.Token {
	t.Helper()
	parsed, err := webapi.ParsePolicy([]byte(policy))
	if err != nil {
		t.Fatal(err)
	}
	return webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: parsed}
}

// sameDecisions compares a server with the reference: the decision, whether the
// handler has run, and the response.
func sameDecisions(t *testing.T, newServer NewRoutes, writeError func(http.ResponseWriter, *http.Request, error)) {
	requests := []string{
		"GET /notes", "HEAD /notes", "POST /notes", "GET /notes/7", "GET /notes/8", "HEAD /notes/7", "DELETE /notes/7", "PATCH /notes/7",
		"POST /notes/7/archive", "PUT /notes/7/archive", "POST /notes/7/restore", "GET /listed", "HEAD /listed", "POST /listed",
	}
	resources := []webapi.Resource{Notes(), listedNotes{notes{}}}
	for _, c := range allCredentials(t) {
		for _, request := range requests {
			for _, site := range []string{"same-origin", "cross-site"} {
				method, path, _ := strings.Cut(request, " ")
				r := httptest.NewRequest(method, path, nil)
				r.Header.Set("Sec-Fetch-Site", site)
				for _, res := range resources {
					got, want := outcomeOf(newServer, c, res, r, writeError), outcomeOf(reference, c, res, r, writeError)
					if !reflect.DeepEqual(got, want) {
						t.Errorf("%s of %T by %s, %s\ngot  %+v\nwant %+v", request, res, c.name, site, got, want)
					}
				}
			}
		}
	}
}

// outcome is what a request leads to.
type outcome struct {
	decisions []string
	ran       []string
	status    int
	header    http.Header
	body      string
}

func outcomeOf(newServer NewRoutes, c credentials, res webapi.Resource, r *http.Request, writeError func(http.ResponseWriter, *http.Request, error)) (o outcome) {
	cfg := Config()
	cfg.WriteError = writeError
	cfg.OnDecision = func(d webapi.Decision) {
		o.decisions = append(o.decisions, fmt.Sprint(d.Resource, " ", d.Method, " ", d.ObjectID, " ", d.Required, " ", d.Outcome, " ", d.Err))
	}
	w := httptest.NewRecorder()
	newServer(cfg, &c, res, noteRoutes(&o.ran)).ServeHTTP(w, r.Clone(r.Context()))
	o.status, o.header = w.Code, w.Header()
	if writeError != nil {
		o.body = w.Body.String()
	} else {
		o.header.Del("Content-Type") // of the framework's own form
	}
	o.header.Del("Content-Length")
	return o
}

// sameObjects sends paths that routers read in different ways. A handler that is
// behind a guard must see the object that the policy has allowed, and the one that
// [http.ServeMux] would have found.
func sameObjects(t *testing.T, newServer NewRoutes) {
	tokens := []credentials{
		{"a token with note:read", oauth2(webapi.MakeScopes("note:read")), nil},
		{"an API token for all but note 7", notNote7(t), nil},
		{"an API token for note 7", onlyNote7(t), nil},
	}
	paths := []string{
		"/notes/7", "/notes/8", "/notes/%37", "/notes/%2537", "/notes/%252537", "/notes/7/", "/notes/7//", "/notes//7", "/notes/7%2F",
		"/notes/%2F7", "/notes%2F7", "/notes/%37/", "/notes/7/x", "/notes/x/7", "/notes/8/../7", "/notes/%2E/7", "/notes/7%20", "/notes/7+",
		"/notes/%37+", "/notes/8%2F7", "/notes/8%2F..%2F7",
	}
	for _, path := range paths {
		for i, c := range tokens {
			asked, seen, ran := objectOf(newServer, c, path)
			_, want, exists := objectOf(reference, c, path)
			switch {
			case !ran && (path == "/notes/7" && i != 1 || path == "/notes/8" && i != 2):
				t.Errorf("%s by %s: denied", path, c.name)
			case !ran || i == 0:
				continue
			case asked != seen:
				t.Errorf("%s by %s: the handler sees %q, and the policy has allowed %q", path, c.name, seen, asked)
			case exists && seen != want || !exists && strings.ContainsAny(seen, "%/"):
				t.Errorf("%s by %s: the handler sees %q; want %q, or a denial", path, c.name, seen, want)
			}
		}
	}
}

// objectOf returns the object that the guard has asked the policy about and the
// one that the handler sees, if it runs.
func objectOf(newServer NewRoutes, c credentials, path string) (asked, seen string, ran bool) {
	cfg := Config()
	cfg.OnDecision = func(d webapi.Decision) { asked = d.ObjectID }
	handler := func(_ http.ResponseWriter, _ *http.Request, id string) { seen, ran = id, true }
	server := newServer(cfg, &c, Notes(), []Route{{"GET", "/notes/{id}", false, "", handler}})
	server.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, path, nil))
	return asked, seen, ran
}

// handWritten is a note with another CallMethodView.
type handWritten struct {
	webapi.Resource
	call func(w http.ResponseWriter, r *http.Request, view webapi.View) error
}

func (x *handWritten) CallMethodView(w http.ResponseWriter, r *http.Request, _ string, view webapi.View) error {
	return x.call(w, r, view)
}

func ownCallMethodView(t *testing.T, newServer NewRoutes) {
	type key struct{}
	for _, tt := range []struct {
		name   string
		call   func(w http.ResponseWriter, r *http.Request, view webapi.View) error
		status int // 0 for a panic
	}{
		{"calls the view", func(w http.ResponseWriter, r *http.Request, view webapi.View) error {
			return view(w, r.WithContext(context.WithValue(r.Context(), key{}, "value")))
		}, 200},
		{"denies", func(http.ResponseWriter, *http.Request, webapi.View) error { return webapi.ErrPermissionDenied }, 403},
		{"fails", func(http.ResponseWriter, *http.Request, webapi.View) error { return errors.New("secret") }, 500},
		{"answers itself", func(w http.ResponseWriter, _ *http.Request, _ webapi.View) error { w.WriteHeader(204); return nil }, 204},
		{"panics", func(http.ResponseWriter, *http.Request, webapi.View) error { panic("secret") }, 0},
	} {
		for _, list := range []bool{false, true} {
			ran := false
			server := newServer(Config(), new(credentials), &handWritten{Notes(), tt.call}, []Route{
				{"GET", "/notes/{id}", list, "", func(_ http.ResponseWriter, r *http.Request, _ string) {
					ran = true
					if r.Context().Value(key{}) == nil {
						t.Errorf("%s: the handler does not see the context of CallMethodView", tt.name)
					}
				}},
			})
			w := httptest.NewRecorder()
			panicked := func() (panicked bool) {
				defer func() { panicked = recover() != nil }()
				server.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/notes/7", nil))
				return false
			}()
			if ran != (tt.status == 200) || !panicked && tt.status > 0 && w.Code != tt.status || strings.Contains(w.Body.String(), "secret") {
				t.Errorf("%s: got %d %q, want %d; the handler has run: %v", tt.name, w.Code, w.Body, tt.status, ran)
			}
		}
	}
}
