package webapi_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

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
		fmt.Println(method, w.Code, strings.TrimSpace(w.Body.String()))
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
	var e *webapi.Error
	if errors.As(err, &e) && errors.Is(err, webapi.ErrMissingScope) {
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

// A verifier looks up the token in a store, sends it to the authorization server
// (RFC 7662), or checks the signature of a JWT (RFC 9068).
func ExampleBearer() {
	type issued struct{ issuer, audience, scope string }
	store := map[string]issued{
		"aaa": {"https://login.example", "https://api.example", "page:read"},
		"bbb": {"https://login.example", "https://mail.example", "page:read"},
	}
	verifier := webapi.VerifierFunc(func(_ context.Context, token string) (webapi.Token, error) {
		known, ok := store[token]
		if !ok || known.issuer != "https://login.example" || known.audience != "https://api.example" {
			return webapi.Token{}, webapi.ErrLoginFailed
		}
		scopes, err := webapi.ParseScopes(known.scope)
		return webapi.Token{Scopes: scopes, NoExpiry: true}, err
	})

	pages := &PageResource{}
	mux := http.NewServeMux()
	mux.Handle("/pages/{id}", webapi.Handle(pages, webapi.Views{"GET": pages.get}))
	server := new(webapi.Config).Middleware(webapi.Bearer(verifier))(mux)

	for _, authorization := range []string{"Bearer aaa", "Bearer bbb", "Bearer ccc", "Bearer", "Basic eDp5"} {
		r, w := httptest.NewRequest("GET", "/pages/7", nil), httptest.NewRecorder()
		r.Header.Set("Authorization", authorization)
		server.ServeHTTP(w, r)
		fmt.Printf("%s: %d %q\n", authorization, w.Code, w.Header().Get("WWW-Authenticate"))
	}
	// Output:
	// Bearer aaa: 200 ""
	// Bearer bbb: 401 "Bearer realm=\"api\", error=\"invalid_token\", scope=\"page:read\""
	// Bearer ccc: 401 "Bearer realm=\"api\", error=\"invalid_token\", scope=\"page:read\""
	// Bearer: 400 "Bearer realm=\"api\", error=\"invalid_request\""
	// Basic eDp5: 401 "Bearer realm=\"api\", scope=\"page:read\""
}

func ExampleConfig_Authenticate() {
	verifier := webapi.VerifierFunc(func(context.Context, string) (webapi.Token, error) {
		return webapi.Token{Scopes: webapi.MakeScopes("page:read"), NoExpiry: true}, nil
	})
	cfg, bearer := new(webapi.Config), webapi.Bearer(verifier)

	// The interceptor of an RPC server has the metadata of the call.
	call := func(ctx context.Context, authorization []string, method, id string) error {
		ctx, err := cfg.Authenticate(bearer)(ctx, authorization)
		if err != nil {
			return err
		}
		return webapi.Decide(ctx, &PageResource{}, method, id)
	}
	fmt.Println(call(context.Background(), []string{"Bearer aaa"}, "GET", "7"))
	fmt.Println(call(context.Background(), []string{"Bearer aaa"}, "DELETE", "7"))
	fmt.Println(call(context.Background(), nil, "GET", "7"))
	fmt.Println(call(context.Background(), []string{"Bearer"}, "GET", "7"))
	// Output:
	// <nil>
	// webapi: error 112: The access token lacks a scope that this request needs (missing: page:destroy)
	// webapi: error 103: This needs a login
	// webapi: error 400: The credentials are malformed
}

func ExampleScopesFromClaims() {
	fmt.Println(webapi.ScopesFromClaims(map[string]any{"scope": "page:write page:read"}))
	fmt.Println(webapi.ScopesFromClaims(map[string]any{"scp": []any{"page:read", "page:write"}}))
	fmt.Println(webapi.ScopesFromClaims(map[string]any{"scope": "page:read", "scp": []any{"page:write"}}))
	// Output:
	// page:read page:write <nil>
	// page:read page:write <nil>
	//  webapi: the claims scope and scp differ
}

func ExamplePolicy() {
	policy, err := webapi.ParsePolicy([]byte(`{
		"resources": {
			"*":    {"allow": ["GET"], "block": ["*"]},
			"page": {"*": {"allow": ["GET", "DELETE"]}, "7": {"block": ["DELETE"]}}
		}
	}`))
	fmt.Println(err)
	fmt.Println(policy.Allows("page", "DELETE", "8"), policy.Allows("page", "DELETE", "7"))
	fmt.Println(policy.Allows("user", "GET", "ann"), policy.Allows("user", "PUT", "ann"))

	_, err = webapi.ParsePolicy([]byte(`{"resources": {"page": {"7": {"deny": ["DELETE"]}}}}`))
	fmt.Println(err)
	// Output:
	// <nil>
	// true false
	// true false
	// webapi: policy: resources.page.7.deny: unknown key; want "allow" or "block"
}

// pageResources is what webapi-gen would generate as WebAPIResources.
func pageResources() []webapi.ResourceInfo {
	return []webapi.ResourceInfo{{
		Package: "pages", Type: "PageResource", Name: "page", ScopeName: "page", Policy: "page", Key: "id", OAuth2: true,
		Methods: []webapi.MethodInfo{
			{Method: "GET", Action: "read", Requires: webapi.Alternatives{{"page:read"}}},
			{Method: "HEAD", Action: "read", Requires: webapi.Alternatives{{"page:read"}}},
			{Method: "DELETE", Action: "destroy", Requires: webapi.Alternatives{{"page:destroy"}}},
		},
		Scopes: []webapi.ScopeInfo{{Scope: "page:read"}, {Scope: "page:destroy", Description: "Delete your pages"}},
	}}
}

func ExampleNewCatalog() {
	catalog, err := webapi.NewCatalog(pageResources())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, entry := range catalog.All() {
		fmt.Printf("%s: %s\n", entry.Scope, entry.Description)
	}
	// Output:
	// page:destroy: Delete your pages
	// page:read: Ability to perform HTTP GET, HEAD on the page resource
}

// An authorization server fills its own metadata (RFC 8414) for each response.
func ExampleScopesSupported() {
	var registry webapi.Registry
	if err := registry.Add("pages", pageResources()); err != nil {
		fmt.Println(err)
		return
	}
	metadata := map[string]any{"issuer": "https://login.example"}
	metadata["scopes_supported"] = webapi.ScopesSupported(&registry, "openid")
	fmt.Println(metadata["scopes_supported"])
	// Output: [openid page:destroy page:read]
}

func ExampleNewMetadata() {
	var registry webapi.Registry
	if err := registry.Add("pages", pageResources()); err != nil {
		fmt.Println(err)
		return
	}
	metadata, err := webapi.NewMetadata(webapi.ProtectedResource{
		Resource:             "https://api.example/v1",
		AuthorizationServers: []string{"https://login.example"},
		Scopes:               &registry,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	mux := http.NewServeMux()
	mux.Handle(metadata.Pattern(), metadata)
	cfg := &webapi.Config{ResourceMetadata: metadata.URL()}
	server := cfg.Middleware()(mux)

	w := httptest.NewRecorder()
	server.ServeHTTP(w, httptest.NewRequest("GET", metadata.URL(), nil))
	fmt.Println(metadata.URL())
	fmt.Println(w.Body)
	// Output:
	// https://api.example/.well-known/oauth-protected-resource/v1
	// {"resource":"https://api.example/v1","authorization_servers":["https://login.example"],"scopes_supported":["page:destroy","page:read"],"bearer_methods_supported":["header"]}
}

// An audit log has a line for each decision.
func ExampleDecision() {
	log := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{} // so that the example prints the same each time
			}
			return a
		},
	}))
	cfg := &webapi.Config{OnDecision: func(d webapi.Decision) {
		level := slog.LevelInfo
		if d.Outcome != webapi.OutcomeAllowed {
			level = slog.LevelWarn
		}
		log.Log(d.Context, level, "decision", "outcome", d.Outcome, "resource", d.Resource, "method", d.Method,
			"object", d.ObjectID, "requires", d.Required, "subject", d.Subject, "client", d.ClientID)
	}}
	reader := webapi.AuthenticatorFunc(func(*http.Request) (webapi.Token, error) {
		return webapi.Token{Scopes: webapi.MakeScopes("page:read"), NoExpiry: true, Subject: "ann", ClientID: "cli"}, nil
	})
	ctx, _ := cfg.Authenticate(reader)(context.Background(), nil)
	_ = webapi.Decide(ctx, &PageResource{}, "GET", "7")
	_ = webapi.Decide(ctx, &PageResource{}, "DELETE", "7")
	// Output:
	// level=INFO msg=decision outcome=allowed resource=page method=GET object=7 requires=page:read subject=ann client=cli
	// level=WARN msg=decision outcome=missing_scope resource=page method=DELETE object=7 requires=page:destroy subject=ann client=cli
}
