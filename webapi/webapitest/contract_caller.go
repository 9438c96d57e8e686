package webapitest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// object is the ID of the object that is asked for.
const object = "7"

// caller is who asks.
type caller struct {
	name    string
	scopes  webapi.Scopes // of its token
	request func() *http.Request

	byScopes bool // it has an OAuth2 token that has not expired
	byPolicy bool // it has an API token
}

// readCaller reads how a caller is written in the table of an Expect.
func readCaller(name string) (caller, error) {
	c := caller{name: name, request: newRequest}
	switch name {
	case "no credentials":
		return c, nil
	case "WithUnscopedAccess, no token":
		c.request = func() *http.Request {
			r := newRequest()
			return r.WithContext(webapi.WithUnscopedAccess(r.Context()))
		}
		return c, nil
	case "rejected token":
		c.request = func() *http.Request { return rejected(webapi.ErrLoginFailed) }
		return c, nil
	case "rejected session":
		c.request = func() *http.Request { return rejected(webapi.ErrNotLoggedIn) }
		return c, nil
	}
	token, err := readToken(name)
	c.scopes = token.Scopes
	c.byScopes = token.Kind == webapi.OAuth2 && token.NoExpiry
	c.byPolicy = token.Kind == webapi.APIToken
	c.request = func() *http.Request { return WithToken(newRequest(), token) }
	return c, err
}

// readToken reads how a token is written.
func readToken(name string) (webapi.Token, error) {
	if policy, ok := strings.CutPrefix(name, "API token, "); ok {
		return readAPIToken(policy)
	}
	kind, list, with := strings.Cut(name, " with ")
	if !with {
		kind, with = strings.CutSuffix(name, " without scopes")
	}
	scopes, err := webapi.ParseScopes(list)
	switch {
	case err != nil:
		return webapi.Token{}, fmt.Errorf("scopes %q: %w", list, err)
	case with && kind == "token":
		return webapi.Token{Scopes: scopes, NoExpiry: true, Subject: "webapitest"}, nil
	case with && kind == "expired token":
		return *expired(scopes, false), nil
	case with && kind == "expired session":
		return *expired(scopes, true), nil
	}
	return webapi.Token{}, fmt.Errorf("%q is no caller", name)
}

// entry is an entry of a policy, as [webapi.ParsePolicy] reads it.
type entry map[string][]string

// readAPIToken reads what the policy of an API token is.
func readAPIToken(text string) (webapi.Token, error) {
	block, allow := entry{"block": {"*"}}, entry{"allow": {"*"}}
	resources := map[string]any{}
	only, isOnly := strings.CutPrefix(text, "only ")
	but, isBut := strings.CutPrefix(text, "all but ")
	one, isOne := strings.CutPrefix(but, "one of ")
	switch {
	case text == "all allowed":
		return *apiToken(allowAll()), nil
	case text == "none allowed":
		return *apiToken(webapi.Policy{}), nil
	case isOnly:
		resources["*"] = block
		for id := range strings.FieldsSeq(only) {
			resources[id] = map[string]entry{"*": allow}
		}
	case isOne:
		resources[one] = map[string]entry{object: block}
	case isBut:
		resources[but] = map[string]entry{"*": block}
	default:
		return webapi.Token{}, fmt.Errorf("%q is no policy", text)
	}
	data, err := json.Marshal(map[string]any{"resources": resources})
	if err != nil {
		return webapi.Token{}, err
	}
	policy, err := webapi.ParsePolicy(data)
	return *apiToken(policy), err
}

// newRequest returns a request without credentials. Its own method is none that
// a resource answers: a guard goes by the one that it is given.
func newRequest() *http.Request { return httptest.NewRequest("PROPFIND", "/", nil) }

// rejected returns a request whose credentials a middleware has rejected.
func rejected(why error) (passed *http.Request) {
	reject := webapi.AuthenticatorFunc(func(*http.Request) (webapi.Token, error) { return webapi.Token{}, why })
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { passed = r })
	new(webapi.Config).Middleware(reject)(next).ServeHTTP(httptest.NewRecorder(), newRequest())
	return passed
}
