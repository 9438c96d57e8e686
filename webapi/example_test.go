package webapi_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// PageResource is a resource as webapi-gen would generate it, written by hand.
type PageResource struct{}

func (x *PageResource) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(x, w, r, method, view)
}

func (x *PageResource) RequiredScopes(method string) (webapi.Requirement, bool) {
	switch method {
	case "GET", "HEAD":
		return webapi.Require("page:read"), true
	case "DELETE":
		return webapi.Require("page:destroy"), true
	}
	return webapi.Requirement{}, false
}

func (x *PageResource) AccessRules() webapi.AccessRules {
	return webapi.AccessRules{Name: "page", Policy: "page", Key: "id", Allow: "GET, HEAD, DELETE", OAuth2: true}
}

func (x *PageResource) get(w http.ResponseWriter, r *http.Request) error {
	_, err := fmt.Fprintf(w, "page %s", r.PathValue("id"))
	return err
}

func (x *PageResource) remove(http.ResponseWriter, *http.Request) error {
	return &webapi.Error{Code: 100, Type: "resource-does-not-exist", Message: "There is no such page", Status: 404}
}

func ExampleHandle() {
	pages := &PageResource{}
	mux := http.NewServeMux()
	mux.Handle("/pages/{id}", webapi.Handle(pages, webapi.Views{"GET": pages.get, "DELETE": pages.remove}))

	// A server gets the token from an authenticator that verifies it.
	reader := webapi.AuthenticatorFunc(func(*http.Request) (webapi.Token, error) {
		return webapi.Token{Scopes: webapi.MakeScopes("page:read"), NoExpiry: true}, nil
	})
	server := new(webapi.Config).Middleware(reader)(mux)

	for _, method := range []string{"GET", "DELETE", "POST"} {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest(method, "/pages/7", nil))
		fmt.Println(method, w.Code, w.Body)
	}
	// Output:
	// GET 200 page 7
	// DELETE 403 {"stat":"fail","err":{"code":112,"msg":"The access token lacks a scope that this request needs","type":"auth-oauth2-missing-scope"},"required_scopes":[["page:destroy"]],"missing_scopes":["page:destroy"]}
	// POST 405 {"stat":"fail","err":{"code":405,"msg":"The method is not answered here","type":"x-webapi-method-not-allowed"}}
}

func ExampleDecide() {
	ctx := webapi.WithToken(context.Background(), webapi.Token{Scopes: webapi.MakeScopes("page:read"), NoExpiry: true})

	fmt.Println(webapi.Decide(ctx, &PageResource{}, "GET", "7"))
	err := webapi.Decide(ctx, &PageResource{}, "DELETE", "7")
	if e, ok := errors.AsType[*webapi.Error](err); ok && errors.Is(err, webapi.ErrMissingScope) {
		fmt.Println("requires", e.Required)
	}
	// Output:
	// <nil>
	// requires page:destroy
}

func ExampleRequirement() {
	need := webapi.AnyOf(webapi.AllOf("page:destroy"), webapi.AllOf("admin", "page:write"))
	held := webapi.MakeScopes("admin")

	fmt.Println(need)
	fmt.Println(need.Met(held), need.Missing(held))
	// Output:
	// page:destroy or (admin and page:write)
	// false [page:destroy]
}

func ExampleParseScopes() {
	scopes, err := webapi.ParseScopes("page:write page:read")
	fmt.Println(scopes, scopes.Has("page:read"), scopes.Has("page"), err)
	_, err = webapi.ParseScopes("page:read\tpage:write")
	fmt.Println(err)
	// Output:
	// page:read page:write true false <nil>
	// webapi: scope list: "\t" at byte 9 cannot be part of a scope
}
