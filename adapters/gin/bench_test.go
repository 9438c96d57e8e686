//go:build !race

// With the race detector, sync.Pool drops some of what is put into it, and the framework
// allocates more.

package ginapi_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gin-gonic/gin"

	ginapi "github.com/webapi-gen/webapi-gen/adapters/gin"
	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

func empty(c *gin.Context) { c.Next() }

// serve returns a function that serves a request which the guard allows.
func serve(use gin.HandlerFunc) func() {
	r := gin.New()
	r.GET("/notes/:id", use, func(*gin.Context) {})
	req := httptest.NewRequest(http.MethodGet, "/notes/7", nil)
	req = req.WithContext(webapi.WithToken(req.Context(), webapi.Token{Scopes: webapi.MakeScopes("note:read"), NoExpiry: true}))
	w := httptest.NewRecorder()
	return func() {
		fresh := *req // without path values
		r.ServeHTTP(w, &fresh)
	}
}

func TestAllocations(t *testing.T) {
	without, with := testing.AllocsPerRun(100, serve(empty)), testing.AllocsPerRun(100, serve(ginapi.Guard(adaptertest.Notes())))
	if with-without > 4 { // two of them for the map in SetPathValue
		t.Errorf("Guard: got %v allocations, and %v without", with, without)
	}
}

func BenchmarkEmpty(b *testing.B) { benchmark(b, serve(empty)) }
func BenchmarkGuard(b *testing.B) { benchmark(b, serve(ginapi.Guard(adaptertest.Notes()))) }

func benchmark(b *testing.B, request func()) {
	b.ReportAllocs()
	for b.Loop() {
		request()
	}
}
