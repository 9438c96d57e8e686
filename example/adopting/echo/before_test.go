package echo

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v5"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adopting/internal/requests"
	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
)

// before is New without guards.
func before() http.Handler {
	notes = store.New()
	e := echo.New()
	e.GET("/healthz", health)
	e.GET("/notes", listNotes)
	e.POST("/notes", addNote)
	g := e.Group("/notes/:id")
	g.GET("", getNote)
	g.DELETE("", removeNote)
	return e
}

func TestRequests(t *testing.T) {
	requests.Send(t, before, func(verifier webapi.Verifier) http.Handler {
		notes = store.New()
		return New(verifier)
	})
}
