package webapi_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// compareWithDecide checks that the handler of a route with the given path values
// and Decide, or DecideList, return the code want.
func compareWithDecide(t *testing.T, ctx context.Context, res *resource, method string, values map[string]string, list bool, want int) {
	t.Helper()
	for _, m := range mounts {
		if got := code(overHTTP(ctx, res, method, values, list, m)); got != want {
			t.Errorf("HTTP, %s: got %d, want %d", m.name, got, want)
		}
	}
	if got := code(overRPC(ctx, res, method, values, list)); got != want {
		t.Errorf("Decide: got %d, want %d", got, want)
	}
}

// A mount is a way to mount a resource.
type mount struct {
	name string
	of   func(res webapi.Resource, method string, list bool) http.Handler
}

var mounts = []mount{
	{"Handle", func(res webapi.Resource, method string, list bool) http.Handler {
		if list {
			return webapi.HandleList(res, webapi.Views{method: nothing})
		}
		return webapi.Handle(res, webapi.Views{method: nothing})
	}},
	{"Guard", func(res webapi.Resource, _ string, list bool) http.Handler {
		guard := webapi.Guard
		if list {
			guard = webapi.GuardList
		}
		return guard(res)(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	}},
	{"CallMethodView", func(res webapi.Resource, method string, list bool) http.Handler {
		call := res.CallMethodView
		if list {
			call = func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
				return webapi.CallListMethodView(res, w, r, method, view)
			}
		}
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := call(w, r, method, nothing); err != nil {
				webapi.WriteError(w, r, err)
			}
		})
	}},
}

// overHTTP returns the error of the guard behind a handler.
func overHTTP(ctx context.Context, res *resource, method string, values map[string]string, list bool, m mount) (err error) {
	guard := &spy{resource: res, err: &err}
	handler := m.of(guard, method, list)
	r := httptest.NewRequest(method, "/", nil).WithContext(ctx)
	for key, value := range values {
		r.SetPathValue(key, value)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	if w.Code == http.StatusMethodNotAllowed {
		return webapi.ErrMethodNotAllowed // Handle may return it without the guard
	}
	return err
}

// overRPC returns what an interceptor gets, which knows the same values.
func overRPC(ctx context.Context, res *resource, method string, values map[string]string, list bool) error {
	for key, value := range values {
		ctx = webapi.WithObjectID(ctx, key, value)
	}
	if list {
		return webapi.DecideList(ctx, res, method)
	}
	return webapi.Decide(ctx, res, method, values[res.rules.Key])
}

// spy keeps what the guard returns.
type spy struct {
	*resource
	err *error
}

func (x *spy) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	*x.err = x.resource.CallMethodView(w, r, method, view)
	return *x.err
}

// TestParity compares a server of HTTP with one that has no net/http, over
// random resources, chains of Supers, policies, tokens and headers: the same
// answer, the same challenge, the same report.
func TestParity(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	seen := map[string]int{}
	for i := range 20_000 {
		res, method, values, list := randomCall(rnd)
		verifier := issued{"good": randomToken(t, rnd), "fails": errors.New("down")}
		authorization := pick(rnd, nil, []string{"Bearer good"}, []string{"Bearer good"}, []string{"Bearer good"}, []string{"Bearer bad"},
			[]string{"Bearer fails"}, []string{"Bearer"}, []string{"Basic x"}, []string{"Bearer good", "Bearer good"})
		var reports [2][]webapi.Decision
		m := mounts[i%len(mounts)]
		cfgs := [2]*webapi.Config{quiet(), quiet()}
		for i, cfg := range cfgs {
			cfg.OnDecision = func(d webapi.Decision) { reports[i] = append(reports[i], d) }
			cfg.DangerouslyShadowScopesOf = pick(rnd, nil, nil, nil, []string{"r0"}, []string{"r1"})
		}
		cfgs[1].DangerouslyShadowScopesOf = cfgs[0].DangerouslyShadowScopesOf
		unscoped := rnd.IntN(8) == 0

		// HTTP
		var httpErr error
		httpChallenge := ""
		r, w := httptest.NewRequest(method, "/", nil), httptest.NewRecorder()
		if authorization != nil {
			r.Header["Authorization"] = authorization
		}
		served := false
		cfgs[0].Middleware(webapi.Bearer(verifier))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			served = true
			ctx := r.Context()
			if unscoped {
				ctx = webapi.WithUnscopedAccess(ctx)
			}
			if httpErr = overHTTP(ctx, res, method, values, list, m); httpErr != nil {
				webapi.WriteError(w, r, httpErr)
			}
		})).ServeHTTP(w, r)
		httpChallenge = w.Header().Get("WWW-Authenticate")

		// RPC
		ctx, rpcErr := cfgs[1].Authenticate(webapi.Bearer(verifier))(t.Context(), authorization)
		if (rpcErr == nil) != served {
			t.Fatalf("%d: HTTP served %v, Authenticate says %v", i, served, rpcErr)
		}
		if rpcErr == nil {
			if unscoped {
				ctx = webapi.WithUnscopedAccess(ctx)
			}
			rpcErr = overRPC(ctx, res, method, values, list)
			if code(rpcErr) != code(httpErr) {
				t.Fatalf("%d: HTTP, %s, %v, Decide %v", i, m.name, httpErr, rpcErr)
			}
			compareReports(t, reports[0], reports[1])
		} else if code(rpcErr) != w.Code {
			t.Fatalf("%d: HTTP %d, Authenticate %v", i, w.Code, rpcErr)
		} else if err := overRPC(ctx, res, method, values, list); err == nil {
			t.Fatalf("%d: Authenticate refused, Decide let through", i)
		}
		if got := webapi.Challenge(ctx, rpcErr); got != httpChallenge {
			t.Fatalf("%d: HTTP %q, Challenge %q", i, httpChallenge, got)
		}
		seen[fmt.Sprint(code(rpcErr))]++
	}
	for _, outcome := range []string{"0", "101", "103", "104", "112", "113", "400", "405", "503"} {
		if seen[outcome] == 0 {
			t.Errorf("no world has the outcome %s", outcome)
		}
	}
	t.Log(seen)
}

func compareReports(t *testing.T, a, b []webapi.Decision) {
	t.Helper()
	if len(a) != 1 || len(b) != 1 {
		t.Fatalf("reports: %d and %d", len(a), len(b))
	}
	x, y := a[0], b[0]
	if x.Outcome == webapi.OutcomeMethodNotAllowed {
		return // Handle reports it without the object and the requirement
	}
	if x.Resource != y.Resource || x.Method != y.Method || x.ObjectID != y.ObjectID || x.Outcome != y.Outcome ||
		x.Subject != y.Subject || x.ClientID != y.ClientID || x.Required.String() != y.Required.String() || code(x.Err) != code(y.Err) {
		t.Fatalf("HTTP reports %+v, Decide %+v", x, y)
	}
}

func pick[T any](rnd *rand.Rand, of ...T) T { return of[rnd.IntN(len(of))] }

// randomCall returns a chain of one to three resources and a request to it.
func randomCall(rnd *rand.Rand) (res *resource, method string, values map[string]string, list bool) {
	for i := rnd.IntN(3); i >= 0; i-- {
		next := &resource{rules: webapi.AccessRules{
			Name: fmt.Sprint("r", i), Policy: pick(rnd, "a", "b", "c", ""), Key: pick(rnd, "", "k", "l"),
			Allow: "GET, POST", Anonymous: pick(rnd, "", "", "GET", "GET, POST"),
			OAuth2: rnd.IntN(5) > 0, APITokens: rnd.IntN(5) > 0,
		}, needs: map[string]webapi.Requirement{
			"GET": pick(rnd, webapi.Require("s"), webapi.AnyOf(webapi.AllOf("s", "t"), webapi.AllOf("u")), webapi.Requirement{}),
		}}
		if rnd.IntN(4) > 0 {
			next.needs["POST"] = webapi.Require("t")
		}
		if res != nil {
			next.rules.Super = res
		}
		res = next
	}
	values = map[string]string{}
	for _, key := range []string{"k", "l"} {
		if id := pick(rnd, "", "1", "2", "*"); id != "" {
			values[key] = id
		}
	}
	return res, pick(rnd, "GET", "GET", "POST"), values, rnd.IntN(3) == 0
}

func randomToken(t *testing.T, rnd *rand.Rand) webapi.Token {
	token := webapi.Token{Expires: pick(rnd, future, future, future, past), Subject: "ann", ClientID: "cli"}
	if rnd.IntN(2) == 0 {
		token.Kind, token.Policy = webapi.APIToken, policy(t, randomPolicy(rnd))
		return token
	}
	var scopes []webapi.Scope
	for _, s := range []webapi.Scope{"s", "t", "u"} {
		if rnd.IntN(2) == 0 {
			scopes = append(scopes, s)
		}
	}
	token.Scopes = webapi.MakeScopes(scopes...)
	return token
}

// randomPolicy returns the JSON of a policy for the resources of randomCall.
func randomPolicy(rnd *rand.Rand) string {
	entry := func() string {
		return pick(rnd, `{"allow": ["*"]}`, `{"block": ["*"]}`, `{"allow": ["GET"]}`, `{"block": ["GET"]}`, `{"allow": ["POST"], "block": ["*"]}`, `{"allow": ["*"], "block": ["POST"]}`)
	}
	section := func() string {
		return pick(rnd, `{}`, `{"*": `+entry()+`}`, `{"1": `+entry()+`}`, `{"1": `+entry()+`, "*": `+entry()+`}`)
	}
	return pick(rnd, `{}`, `{}`, `{"resources": {"*": `+entry()+`}}`, `{"resources": {"a": `+section()+`, "b": `+section()+`}}`,
		`{"resources": {"*": `+entry()+`, "a": `+section()+`}}`)
}

// listing runs view behind the guard of a collection.
type listing struct {
	*resource
	view func(*http.Request)
	err  error
}

func (x *listing) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	x.err = x.resource.CallMethodView(w, r, method, func(w http.ResponseWriter, r *http.Request) error {
		x.view(r)
		return view(w, r)
	})
	return x.err
}

func overHTTPList(ctx context.Context, x *listing) error {
	r := httptest.NewRequest("GET", "/", nil).WithContext(ctx)
	webapi.HandleList(x, webapi.Views{"GET": nothing}).ServeHTTP(httptest.NewRecorder(), r)
	return x.err
}
