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
