package checks_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/casbin/casbin/v3"
	casbinmodel "github.com/casbin/casbin/v3/model"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	middleware "github.com/oapi-codegen/nethttp-middleware"
	"github.com/ory/fosite"
	"goa.design/goa/v3/security"

	"github.com/webapi-gen/webapi-gen/peers/checks/oapi"
)

// tokenKey is the key of a token's scopes in a request's context.
type tokenKey struct{}

var errMissing = errors.New("a scope is missing")

// check is what the user of a peer writes: each needed scope is one of the token's.
func check(ctx context.Context, needed []string) error {
	held, _ := ctx.Value(tokenKey{}).([]string)
	for _, scope := range needed {
		if !slices.Contains(held, scope) {
			return errMissing
		}
	}
	return nil
}

// eachSize runs a benchmark with tokens of several sizes. The scope that is
// needed is the last one of each.
func eachSize(b *testing.B, needed string, bench func(b *testing.B, held []string, r *http.Request)) {
	for _, n := range []int{1, 10, 100, 1000} {
		var held []string
		for i := range n - 1 {
			held = append(held, fmt.Sprintf("scope%d%s", i, needed[len("note"):]))
		}
		held = append(held, needed)
		r := httptest.NewRequest("GET", "/notes", nil)
		r = r.WithContext(context.WithValue(r.Context(), tokenKey{}, held))
		b.Run(fmt.Sprint("scopes=", n), func(b *testing.B) {
			b.ReportAllocs()
			bench(b, held, r)
		})
	}
}

// notes counts the requests that are let through.
type notes struct{ served int }

func (n *notes) ListNotes(http.ResponseWriter, *http.Request)     { n.served++ }
func (n *notes) ServeHTTP(w http.ResponseWriter, r *http.Request) { n.ListNotes(w, r) }

// serve calls a server again and again, which must let each request through.
func serve(b *testing.B, server http.Handler, r *http.Request, n *notes) {
	calls := 0
	for b.Loop() {
		server.ServeHTTP(nil, r)
		calls++
	}
	if n.served != calls {
		b.Fatalf("%d of %d requests are let through", n.served, calls)
	}
}

// oapiServer puts a middleware that goes through the needed scopes, which
// generated code puts into the context, before n.
func oapiServer(n *notes) http.Handler {
	guard := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			needed, _ := r.Context().Value(oapi.OauthScopes).([]string)
			if len(needed) > 0 && check(r.Context(), needed) == nil {
				next.ServeHTTP(w, r)
			}
		})
	}
	siw := oapi.ServerInterfaceWrapper{Handler: n, HandlerMiddlewares: []oapi.MiddlewareFunc{guard}}
	return http.HandlerFunc(siw.ListNotes)
}

// validatingServer puts the validator for oapi-codegen's servers before n. It
// also finds the route and checks the parameters, of which there are none.
func validatingServer(t testing.TB, n *notes) http.Handler {
	spec, err := openapi3.NewLoader().LoadFromFile("oapi/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return middleware.OapiRequestValidatorWithOptions(spec, &middleware.Options{Options: openapi3filter.Options{
		AuthenticationFunc: func(ctx context.Context, input *openapi3filter.AuthenticationInput) error {
			return check(ctx, input.Scopes)
		},
	}})(n)
}

// enforcer has a policy of four rules for each of ten kinds of thing, of which notes
// are in the middle. Its subjects are scopes.
func enforcer(t testing.TB) *casbin.Enforcer {
	m, err := casbinmodel.NewModelFromString(`
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, act
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.sub == p.sub && r.obj == p.obj && r.act == p.act
`)
	if err != nil {
		t.Fatal(err)
	}
	e, err := casbin.NewEnforcer(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"a", "b", "c", "d", "e", "note", "f", "g", "h", "i"} {
		for method, access := range map[string]string{"GET": "read", "POST": "write", "PUT": "write", "DELETE": "destroy"} {
			if _, err := e.AddPolicy(kind+":"+access, "/"+kind+"s", method); err != nil {
				t.Fatal(err)
			}
		}
	}
	return e
}

// casbinServer puts a middleware before n that asks casbin about each scope of the
// token, until one may.
func casbinServer(e *casbin.Enforcer, n *notes) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		held, _ := r.Context().Value(tokenKey{}).([]string)
		for _, scope := range held {
			if ok, err := e.Enforce(scope, r.URL.Path, r.Method); err == nil && ok {
				n.ServeHTTP(w, r)
				return
			}
		}
	})
}

// TestServersRefuse checks that the benchmarks of servers measure a check.
func TestServersRefuse(t *testing.T) {
	for name, server := range map[string]func(*notes) http.Handler{
		"oapi-codegen":       oapiServer,
		"nethttp-middleware": func(n *notes) http.Handler { return validatingServer(t, n) },
		"casbin":             func(n *notes) http.Handler { return casbinServer(enforcer(t), n) },
	} {
		for held, want := range map[string]int{"note:read": 1, "note:write": 0} {
			n, r := new(notes), httptest.NewRequest("GET", "/notes", nil)
			r = r.WithContext(context.WithValue(r.Context(), tokenKey{}, []string{held}))
			if server(n).ServeHTTP(httptest.NewRecorder(), r); n.served != want {
				t.Errorf("%s: a token with %s is served %d times, want %d", name, held, n.served, want)
			}
		}
	}
}

func BenchmarkOAPICodegen(b *testing.B) {
	eachSize(b, "note:read", func(b *testing.B, _ []string, r *http.Request) {
		n := new(notes)
		serve(b, oapiServer(n), r, n)
	})
}

func BenchmarkNethttpMiddleware(b *testing.B) {
	eachSize(b, "note:read", func(b *testing.B, _ []string, r *http.Request) {
		n := new(notes)
		serve(b, validatingServer(b, n), r, n)
	})
}

func BenchmarkCasbin(b *testing.B) {
	e := enforcer(b)
	eachSize(b, "note:read", func(b *testing.B, _ []string, r *http.Request) {
		n := new(notes)
		serve(b, casbinServer(e, n), r, n)
	})
}

// BenchmarkGoa is goa's comparison of two lists alone.
func BenchmarkGoa(b *testing.B) {
	scheme := security.JWTScheme{Name: "jwt", RequiredScopes: []string{"note:read"}}
	eachSize(b, "note:read", func(b *testing.B, held []string, _ *http.Request) {
		for b.Loop() {
			if scheme.Validate(held) != nil {
				b.Fatal("denied")
			}
		}
	})
}

// BenchmarkFosite is fosite's comparison with wildcards alone.
func BenchmarkFosite(b *testing.B) {
	eachSize(b, "note.read", func(b *testing.B, held []string, _ *http.Request) {
		for b.Loop() {
			if !fosite.WildcardScopeStrategy(held, "note.read") {
				b.Fatal("denied")
			}
		}
	})
}
