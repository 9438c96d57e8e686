package webapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// generated is a resource as webapi-gen writes it.
type generated struct{}

func (x *generated) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(x, w, r, method, view)
}

func (*generated) RequiredScopes(method string) (webapi.Requirement, bool) {
	switch method {
	case "GET", "HEAD":
		return webapi.Require("note:read"), true
	case "POST", "PUT":
		return webapi.Require("note:write"), true
	case "DELETE":
		return generatedRequiresDelete, true
	}
	return webapi.Requirement{}, false
}

// generatedRequiresDelete is met by its last alternative, after one scope of
// each of the others.
var generatedRequiresDelete = webapi.AnyOf(
	webapi.AllOf("a1", "b1"),
	webapi.AllOf("a2", "b2"),
	webapi.AllOf("a3", "b3"),
	webapi.AllOf("a4", "b4"),
)

const heldOfDelete = "a1 a2 a3 a4 b4"

func (*generated) AccessRules() webapi.AccessRules {
	return webapi.AccessRules{
		Name:      "note",
		Policy:    "note",
		Key:       "id",
		Allow:     "GET, HEAD, POST, PUT, DELETE",
		OAuth2:    true,
		APITokens: false,
	}
}

// oneOfMany is a resource of an API that has many.
type oneOfMany struct {
	rules webapi.AccessRules
	read  webapi.Scope
}

func (x *oneOfMany) CallMethodView(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
	return webapi.CallMethodView(x, w, r, method, view)
}

func (x *oneOfMany) RequiredScopes(method string) (webapi.Requirement, bool) {
	if method == "GET" {
		return webapi.Require(x.read), true
	}
	return webapi.Requirement{}, false
}

func (x *oneOfMany) AccessRules() webapi.AccessRules { return x.rules }

// manyResources returns n resources, which read ten scopes between them.
func manyResources(n int) []webapi.Resource {
	all := make([]webapi.Resource, n)
	for i := range all {
		name, read := fmt.Sprint("scope", i), webapi.Scope(fmt.Sprintf("scope%d:read", i%10))
		all[i] = &oneOfMany{webapi.AccessRules{Name: name, Policy: name, Key: "id", Allow: "GET", OAuth2: true}, read}
	}
	return all
}

// requestWith returns a request whose token holds the scopes in list.
func requestWith(list string) *http.Request {
	scopes, err := webapi.ParseScopes(list)
	if err != nil {
		panic(err)
	}
	token := webapi.Token{Scopes: scopes, Expires: time.Now().Add(time.Hour)}
	r := httptest.NewRequest("GET", "/", nil)
	return r.WithContext(webapi.WithToken(r.Context(), token))
}

// requestOfSize returns a request whose token holds n scopes, one of which reads notes.
func requestOfSize(n int) *http.Request {
	return requestWith(strings.TrimSpace("note:read " + manyScopes(n-1)))
}

func nothing(http.ResponseWriter, *http.Request) error { return nil }

func TestGuardDoesNotAllocate(t *testing.T) {
	for _, n := range []int{1, 10, 100, 1000} {
		res, r := webapi.Resource(&generated{}), requestOfSize(n)
		if allocs := testing.AllocsPerRun(100, func() {
			if err := res.CallMethodView(nil, r, "GET", nothing); err != nil {
				t.Fatal(err)
			}
			if err := webapi.Decide(r.Context(), res, "GET", "7"); err != nil {
				t.Fatal(err)
			}
		}); allocs != 0 {
			t.Errorf("%d scopes: %v allocations", n, allocs)
		}
	}
}

// TestGuardAsMiddlewareDoesNotAllocate has a handler that does not, either.
func TestGuardAsMiddlewareDoesNotAllocate(t *testing.T) {
	handler := webapi.Guard(&generated{})(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	r := requestOfSize(10)
	if allocs := testing.AllocsPerRun(100, func() { handler.ServeHTTP(nil, r) }); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// TestGuardWithSuperDoesNotAllocate has a chain, a configuration with a hook and
// an API token.
func TestGuardWithSuperDoesNotAllocate(t *testing.T) {
	outer, inner := notes(), notes()
	outer.rules.Super, outer.rules.APITokens, inner.rules.APITokens = inner, true, true
	api := webapi.Token{Kind: webapi.APIToken, Expires: future, Policy: policy(t, `{"resources": {"note": {"7": {"allow": ["GET"]}}}}`)}
	for _, token := range []webapi.Token{holding("note:read"), api} {
		decided := 0
		cfg := quiet()
		cfg.OnDecision = func(d webapi.Decision) { decided++ }
		r := httptest.NewRequest("GET", "/", nil).WithContext(contextOf(t, cfg, grants(token)))
		r.SetPathValue("id", "7")
		res := webapi.Resource(outer)
		if allocs := testing.AllocsPerRun(100, func() {
			if err := res.CallMethodView(nil, r, "GET", nothing); err != nil {
				t.Fatal(err)
			}
		}); allocs != 0 || decided == 0 {
			t.Errorf("kind %d: %v allocations, %d decisions", token.Kind, allocs, decided)
		}
	}
}

// TestGuardWithStepUpDoesNotAllocate has an operation that needs a login of a kind and an age.
func TestGuardWithStepUpDoesNotAllocate(t *testing.T) {
	res := notes()
	res.rules.StepUp = func(string) webapi.StepUp { return webapi.StepUp{ACR: "gold silver", MaxAge: time.Hour} }
	token := holding("note:read")
	token.ACR, token.AuthTime = "silver", now
	r := httptest.NewRequest("GET", "/", nil).WithContext(contextOf(t, quiet(), grants(token)))
	if allocs := testing.AllocsPerRun(100, func() {
		if err := webapi.Resource(res).CallMethodView(nil, r, "GET", nothing); err != nil {
			t.Fatal(err)
		}
	}); allocs != 0 {
		t.Errorf("%v allocations", allocs)
	}
}

// callAll calls the guard of each of the resources in turn.
func callAll(b *testing.B, r *http.Request, method string, all ...webapi.Resource) {
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if all[i].CallMethodView(nil, r, method, nothing) != nil {
			b.Fatal("denied")
		}
		if i++; i == len(all) {
			i = 0
		}
	}
}

// BenchmarkGuard is the whole guard: from the request to the view, which does
// nothing. See [BenchmarkLookupAndClock].
func BenchmarkGuard(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprint("scopes=", n), func(b *testing.B) { callAll(b, requestOfSize(n), "GET", &generated{}) })
	}
	for _, n := range []int{10, 10_000} {
		b.Run(fmt.Sprint("resources=", n), func(b *testing.B) { callAll(b, requestWith(manyScopes(10)), "GET", manyResources(n)...) })
	}
	b.Run("alternatives=4", func(b *testing.B) { callAll(b, requestWith(heldOfDelete), "DELETE", &generated{}) })
}

// BenchmarkHandle and BenchmarkGuardMiddleware are the guard as servers mount it,
// before a view or a handler that does nothing. See [BenchmarkRequireScope].
func BenchmarkHandle(b *testing.B) {
	serveSizes(b, webapi.Handle(&generated{}, webapi.Views{"GET": nothing}), requestOfSize)
}

func BenchmarkGuardMiddleware(b *testing.B) {
	serveSizes(b, webapi.Guard(&generated{})(http.HandlerFunc(noHandler)), requestOfSize)
}

// BenchmarkRequireScope is the middleware that a server would have otherwise. The
// scope is the last of the token's.
func BenchmarkRequireScope(b *testing.B) {
	serveSizes(b, requireScope("note:read")(http.HandlerFunc(noHandler)), func(n int) *http.Request {
		scopes := append(strings.Fields(manyScopes(n-1)), "note:read")
		r := httptest.NewRequest("GET", "/", nil)
		return r.WithContext(context.WithValue(r.Context(), handKey{}, scopes))
	})
}

// serveSizes sends handler requests with tokens of several sizes, each of which it must
// let through.
func serveSizes(b *testing.B, handler http.Handler, request func(scopes int) *http.Request) {
	for _, n := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprint("scopes=", n), func(b *testing.B) {
			r, w := request(n), httptest.NewRecorder()
			b.ReportAllocs()
			for b.Loop() {
				handler.ServeHTTP(w, r)
			}
			if w.Code != http.StatusOK {
				b.Fatal("denied")
			}
		})
	}
}

func noHandler(http.ResponseWriter, *http.Request) {}

func requireScope(scope string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			scopes, _ := r.Context().Value(handKey{}).([]string)
			if !slices.Contains(scopes, scope) {
				http.Error(w, "insufficient scope", http.StatusForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func BenchmarkDecide(b *testing.B) {
	ctx, res := requestOfSize(10).Context(), webapi.Resource(&generated{})
	b.ReportAllocs()
	for b.Loop() {
		if webapi.Decide(ctx, res, "GET", "7") != nil {
			b.Fatal("denied")
		}
	}
}

// BenchmarkGuardParallel, with -cpu 1,2, shows whether guards get in each
// other's way.
func BenchmarkGuardParallel(b *testing.B) {
	res, r := webapi.Resource(&generated{}), requestOfSize(10)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if res.CallMethodView(nil, r, "GET", nothing) != nil {
				b.Error("denied")
			}
		}
	})
}

type handKey struct{}

// byHand is the context value of a handwritten check, for comparison.
type byHand struct {
	scopes  map[string]bool
	expires time.Time
}

func requestByHand() *http.Request {
	token := &byHand{map[string]bool{"note:read": true}, time.Now().Add(time.Hour)}
	r := httptest.NewRequest("GET", "/", nil)
	return r.WithContext(context.WithValue(r.Context(), handKey{}, token))
}

// BenchmarkLookupAndClock is what any design pays to find a token and to look at
// its expiry.
func BenchmarkLookupAndClock(b *testing.B) {
	r := requestByHand()
	b.ReportAllocs()
	for b.Loop() {
		t, ok := r.Context().Value(handKey{}).(*byHand)
		if !ok || !time.Now().Before(t.expires) {
			b.Fatal("denied")
		}
	}
}

// BenchmarkByHand is [BenchmarkLookupAndClock] and a scope in a map.
func BenchmarkByHand(b *testing.B) {
	r := requestByHand()
	b.ReportAllocs()
	for b.Loop() {
		t, ok := r.Context().Value(handKey{}).(*byHand)
		if !ok || !time.Now().Before(t.expires) || !t.scopes["note:read"] {
			b.Fatal("denied")
		}
	}
}

// BenchmarkMet meets one scope, and the last of four alternatives of two scopes
// each of which the token holds at least the first.
func BenchmarkMet(b *testing.B) {
	for _, c := range []struct {
		name string
		need webapi.Requirement
		held string
	}{
		{"single", webapi.Require("note:read"), "note:read note:write a b c"},
		{"alternatives=4", generatedRequiresDelete, heldOfDelete},
	} {
		b.Run(c.name, func(b *testing.B) {
			held, _ := webapi.ParseScopes(c.held)
			b.ReportAllocs()
			for b.Loop() {
				if !c.need.Met(held) {
					b.Fatal("not met")
				}
			}
		})
	}
}

var sizes = []int{1, 10, 100, 1000, 10_000}

func BenchmarkParseScopes(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint("scopes=", n), func(b *testing.B) {
			list := manyScopes(n)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := webapi.ParseScopes(list); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSplit does no more than to tell the scopes of a list apart.
func BenchmarkSplit(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint("scopes=", n), func(b *testing.B) {
			list := manyScopes(n)
			b.ReportAllocs()
			for b.Loop() {
				if len(strings.Split(list, " ")) != n {
					b.Fatal("not split")
				}
			}
		})
	}
}
