package webapitest_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"
)

// resource is what the generator would make of rules and a requirement by method.
type resource struct {
	rules webapi.AccessRules
	needs map[string]webapi.Requirement
}

func (x *resource) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(x, w, r, method, view)
}

func (x *resource) RequiredScopes(method string) (webapi.Requirement, bool) {
	need, ok := x.needs[method]
	return need, ok
}

func (x *resource) AccessRules() webapi.AccessRules { return x.rules }

func notes() *resource {
	read := webapi.Require("note:read")
	return &resource{
		rules: webapi.AccessRules{Name: "note", Policy: "note", Key: "id", Allow: "GET, HEAD, POST, DELETE", OAuth2: true},
		needs: map[string]webapi.Requirement{
			"GET": read, "HEAD": read, "POST": webapi.Require("note:write"),
			"DELETE": webapi.AnyOf(webapi.AllOf("note:destroy", "note:write"), webapi.AllOf("admin")),
		},
	}
}

// notesTable is what notes should do, written down once more.
func notesTable() webapitest.Table {
	return webapitest.Table{Routes: webapitest.Routes{
		"GET /notes":      {"note:read"},
		"POST /notes":     {"note:write"},
		"GET /notes/7":    {"note:read"},
		"DELETE /notes/7": {"note:destroy note:write", "admin"},
	}}
}

func ok(w http.ResponseWriter, _ *http.Request) error {
	_, err := fmt.Fprint(w, "ok")
	return err
}

// server has a view for every method, so that the guard alone denies.
func server(res webapi.Resource) http.Handler {
	item := webapi.Views{"GET": ok, "PUT": ok, "PATCH": ok, "DELETE": ok, "OPTIONS": ok}
	list := maps.Clone(item)
	list["POST"] = ok
	delete(list, "DELETE")
	mux := http.NewServeMux()
	mux.Handle("/notes", webapi.HandleList(res, list))
	mux.Handle("/notes/{id}", webapi.Handle(res, item))
	return mux
}

// fake is a testing.TB that keeps what fails.
type fake struct {
	testing.TB
	errors []string
	fatal  string
}

func (f *fake) Helper()                      {}
func (f *fake) Errorf(s string, args ...any) { f.errors = append(f.errors, fmt.Sprintf(s, args...)) }
func (f *fake) Fatalf(s string, args ...any) { f.fatal = fmt.Sprintf(s, args...) }

// run returns what Run reports, "" if nothing.
func run(t *testing.T, handler http.Handler, table webapitest.Table) string {
	t.Helper()
	f := new(fake)
	webapitest.Run(f, handler, table)
	if f.fatal != "" || len(f.errors) > 1 {
		t.Fatalf("got %q and %q", f.fatal, f.errors)
	}
	return strings.Join(f.errors, "")
}
