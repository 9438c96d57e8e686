package webapi_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

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
