package webapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// tokenOfSize returns a context with a token of n scopes, one of which reads notes.
func tokenOfSize(n int) context.Context {
	list := "note:read"
	if n > 1 {
		list += " " + manyScopes(n-1)
	}
	scopes, err := webapi.ParseScopes(list)
	if err != nil {
		panic(err)
	}
	return webapi.WithToken(context.Background(), webapi.Token{Scopes: scopes, Expires: time.Now().Add(time.Hour)})
}

func nothing(http.ResponseWriter, *http.Request) error { return nil }

func TestGuardDoesNotAllocate(t *testing.T) {
	for _, n := range []int{1, 10, 1000} {
		res, r := webapi.Resource(notes()), httptest.NewRequest("GET", "/", nil).WithContext(tokenOfSize(n))
		if allocs := testing.AllocsPerRun(100, func() {
			if err := res.CallMethodView(nil, r, "GET", nothing); err != nil {
				t.Fatal(err)
			}
		}); allocs != 0 {
			t.Errorf("%d scopes: %v allocations", n, allocs)
		}
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

func BenchmarkDecide(b *testing.B) {
	for _, n := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprint("scopes=", n), func(b *testing.B) {
			ctx, res := tokenOfSize(n), notes()
			b.ReportAllocs()
			for b.Loop() {
				if webapi.Decide(ctx, res, "GET", "7") != nil {
					b.Fatal("denied")
				}
			}
		})
	}
}

func BenchmarkCallMethodView(b *testing.B) {
	res, r := notes(), httptest.NewRequest("GET", "/", nil).WithContext(tokenOfSize(10))
	b.ReportAllocs()
	for b.Loop() {
		if res.CallMethodView(nil, r, "GET", nothing) != nil {
			b.Fatal("denied")
		}
	}
}

// BenchmarkMet meets the last of four alternatives of two scopes each.
func BenchmarkMet(b *testing.B) {
	need, held := fourAlternatives(), webapi.MakeScopes("a", "c", "e", "g", "h")
	b.ReportAllocs()
	for b.Loop() {
		if !need.Met(held) {
			b.Fatal("not met")
		}
	}
}

func BenchmarkParseScopes(b *testing.B) {
	for _, n := range []int{1, 10, 1000, 10_000} {
		b.Run(fmt.Sprint("scopes=", n), func(b *testing.B) {
			list := manyScopes(n)
			b.ReportAllocs()
			for b.Loop() {
				webapi.ParseScopes(list)
			}
		})
	}
}

func BenchmarkPolicy(b *testing.B) {
	text := `{"resources": {"*": {"allow": ["GET"], "block": ["*"]}`
	for i := range 50 {
		text += fmt.Sprintf(`, "r%d": {"*": {"allow": ["GET", "POST"]}, "1": {"block": ["POST"]}, "2": {"allow": ["*"]}}`, i)
	}
	p := policy(b, text+"}}")
	for _, call := range []struct{ name, id, object string }{{"object", "r7", "1"}, {"resource", "r7", "9"}, {"global", "other", "1"}} {
		b.Run(call.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if !p.Allows(call.id, "GET", call.object) {
					b.Fatal("denied")
				}
			}
		})
	}
}

func BenchmarkParsePolicy(b *testing.B) {
	text := []byte(`{"resources": {"*": {"allow": ["GET"], "block": ["*"]}, "repository": {"*": {"allow": ["GET", "POST"]}, "1": {"block": ["*"]}}}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := webapi.ParsePolicy(text); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecideAPIToken is [BenchmarkDecide] with an API token.
func BenchmarkDecideAPIToken(b *testing.B) {
	res := notes()
	res.rules.APITokens = true
	token := webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy(b, `{"resources": {"note": {"7": {"allow": ["GET"]}}}}`)}
	ctx := webapi.WithToken(context.Background(), token)
	b.ReportAllocs()
	for b.Loop() {
		if webapi.Decide(ctx, res, "GET", "7") != nil {
			b.Fatal("denied")
		}
	}
}

// BenchmarkRegistry reads the catalogue in parallel, while nobody and while
// somebody changes it.
func BenchmarkRegistry(b *testing.B) {
	for _, changing := range []bool{false, true} {
		b.Run(fmt.Sprint("changing=", changing), func(b *testing.B) {
			var r webapi.Registry
			for i := range 60 {
				if err := r.Add(fmt.Sprint(i), extension(fmt.Sprint("r", i))); err != nil {
					b.Fatal(err)
				}
			}
			stop, stopped := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(stopped)
				for changing {
					select {
					case <-stop:
						return
					default:
						_ = r.Add("ext", extension("ext"))
						_ = r.Remove("ext")
					}
				}
			}()
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if r.Catalog() == nil {
						b.Error("no catalogue")
					}
				}
			})
			close(stop)
			<-stopped
		})
	}
}

func BenchmarkMetadata(b *testing.B) {
	var r webapi.Registry
	for i := range 60 {
		if err := r.Add(fmt.Sprint(i), extension(fmt.Sprint("r", i))); err != nil {
			b.Fatal(err)
		}
	}
	m, err := webapi.NewMetadata(webapi.ProtectedResource{Resource: "https://api.example", Scopes: &r})
	if err != nil {
		b.Fatal(err)
	}
	request := httptest.NewRequest("GET", m.URL(), nil)
	b.ReportAllocs()
	for b.Loop() {
		m.ServeHTTP(httptest.NewRecorder(), request)
	}
}

// BenchmarkBearer is the whole way of a request: middleware, bearer token, guard.
func BenchmarkBearer(b *testing.B) {
	views := webapi.Views{"GET": nothing}
	server := quiet().Middleware(webapi.Bearer(issued{"good": holding("note:read")}))(webapi.Handle(notes(), views))
	r, w := httptest.NewRequest("GET", "/", nil), httptest.NewRecorder()
	r.Header.Set("Authorization", "Bearer good")
	b.ReportAllocs()
	for b.Loop() {
		server.ServeHTTP(w, r)
	}
}

// BenchmarkContextValue is what any design pays to find the token.
func BenchmarkContextValue(b *testing.B) {
	ctx := tokenOfSize(10)
	b.ReportAllocs()
	for b.Loop() {
		if ctx.Value(handKey{}) != nil {
			b.Fatal("found")
		}
	}
}

type handKey struct{}

// BenchmarkByHand is a check that somebody might write: one look-up, the
// expiry, one scope in a map.
func BenchmarkByHand(b *testing.B) {
	type token struct {
		scopes  map[string]bool
		expires time.Time
	}
	ctx := context.WithValue(context.Background(), handKey{}, &token{map[string]bool{"note:read": true}, time.Now().Add(time.Hour)})
	b.ReportAllocs()
	for b.Loop() {
		t, ok := ctx.Value(handKey{}).(*token)
		if !ok || !time.Now().Before(t.expires) || !t.scopes["note:read"] {
			b.Fatal("denied")
		}
	}
}
