//go:build !race

// With the race detector, sync.Pool drops some of what is put into it, and the framework
// allocates more.

package echoapi_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"

	echoapi "github.com/webapi-gen/webapi-gen/adapters/echo4"
	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

func empty(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error { return next(c) }
}

// serve returns a function that serves a request which the guard allows.
func serve(use echo.MiddlewareFunc) func() {
	e := echo.New()
	e.GET("/notes/:id", func(echo.Context) error { return nil }, use)
	req := httptest.NewRequest(http.MethodGet, "/notes/7", nil)
	req = req.WithContext(webapi.WithToken(req.Context(), webapi.Token{Scopes: webapi.MakeScopes("note:read"), NoExpiry: true}))
	w := httptest.NewRecorder()
	return func() {
		fresh := *req // without path values
		e.ServeHTTP(w, &fresh)
	}
}

func TestAllocations(t *testing.T) {
	without, with := testing.AllocsPerRun(100, serve(empty)), testing.AllocsPerRun(100, serve(echoapi.Guard(adaptertest.Notes())))
	if with-without > 3 { // two of them for the map in SetPathValue
		t.Errorf("Guard: got %v allocations, and %v without", with, without)
	}
}

func BenchmarkEmpty(b *testing.B) { benchmark(b, serve(empty)) }
func BenchmarkGuard(b *testing.B) { benchmark(b, serve(echoapi.Guard(adaptertest.Notes()))) }

func benchmark(b *testing.B, request func()) {
	b.ReportAllocs()
	for b.Loop() {
		request()
	}
}
