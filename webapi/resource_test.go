package webapi_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
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

// notes returns a resource with the default rules of a generated one.
func notes() *resource {
	read, write := webapi.Require("note:read"), webapi.Require("note:write")
	return &resource{
		rules: webapi.AccessRules{Name: "note", Policy: "note", Key: "id", Allow: "GET, HEAD, POST, DELETE", OAuth2: true},
		needs: map[string]webapi.Requirement{
			"GET": read, "HEAD": read, "POST": write,
			"DELETE": webapi.AnyOf(webapi.AllOf("note:destroy"), webapi.AllOf("admin", "note:write")),
		},
	}
}

var (
	now    = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	future = now.Add(time.Hour)
	past   = now.Add(-time.Hour)
)

// quiet is a configuration with a fixed clock that logs nowhere.
func quiet() *webapi.Config {
	return &webapi.Config{
		Now:    func() time.Time { return now },
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
}

// rejects is an authenticator that rejects every request with err.
func rejects(err error) webapi.Authenticator {
	return webapi.AuthenticatorFunc(func(*http.Request) (webapi.Token, error) { return webapi.Token{}, err })
}

// grants is an authenticator that finds token in every request.
func grants(token webapi.Token) webapi.Authenticator {
	return webapi.AuthenticatorFunc(func(*http.Request) (webapi.Token, error) { return token, nil })
}

// contextOf returns the context that the middleware passes on.
func contextOf(t testing.TB, cfg *webapi.Config, a ...webapi.Authenticator) context.Context {
	t.Helper()
	var ctx context.Context
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { ctx = r.Context() })
	cfg.Middleware(a...)(next).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
	if ctx == nil {
		t.Fatal("the middleware did not pass the request on")
	}
	return ctx
}

// holding returns an OAuth2 token that is good for an hour.
func holding(scopes ...webapi.Scope) webapi.Token {
	return webapi.Token{Scopes: webapi.MakeScopes(scopes...), Expires: future, Subject: "ann", ClientID: "cli"}
}

func held(scopes ...webapi.Scope) *webapi.Token {
	token := holding(scopes...)
	return &token
}

// code returns the code of err: 0 for nil, -1 if it is no *webapi.Error.
func code(err error) int {
	if err == nil {
		return 0
	}
	if e := asError(err); e != nil {
		return e.Code
	}
	return -1
}

// asError returns the *webapi.Error in the tree of err, or nil.
func asError(err error) *webapi.Error {
	var e *webapi.Error
	errors.As(err, &e)
	return e
}

// TestAccessRulesAreCopiedEvenly checks what makes their last field necessary.
func TestAccessRulesAreCopiedEvenly(t *testing.T) {
	if strconv.IntSize != 64 {
		t.Skip("the field is for 64-bit processors")
	}
	if size := reflect.TypeFor[webapi.AccessRules]().Size(); size%16 != 0 {
		t.Errorf("rules take %d bytes, which is no multiple of 16", size)
	}
}
