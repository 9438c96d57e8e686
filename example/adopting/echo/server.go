// Package echo is a server with echo and package functions.
package echo

import (
	"net/http"

	"github.com/labstack/echo/v5"

	echoapi "github.com/webapi-gen/webapi-gen/adapters/echo5"
	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
)

//go:generate go tool webapi-gen

// noteGuard guards /notes and /notes/:id.
//
//webapi:resource name=note methods=GET,POST,DELETE key=id
type noteGuard struct{}

var notes = store.New()

// New returns the server. Verifier verifies access tokens.
func New(verifier webapi.Verifier) http.Handler {
	note := new(noteGuard)
	cfg := &webapi.Config{Realm: "notes"}
	e := echo.New()
	e.Use(echoapi.Middleware(cfg, webapi.Bearer(verifier)))
	e.GET("/healthz", health)
	e.GET("/notes", listNotes, echoapi.GuardList(note))
	e.POST("/notes", addNote, echoapi.GuardList(note))
	g := e.Group("/notes/:id", echoapi.Guard(note))
	g.GET("", getNote)
	g.DELETE("", removeNote)
	return e
}

//webapi:public reason="the load balancer has no token"
func health(c *echo.Context) error { return c.String(http.StatusOK, "ok") }

func listNotes(c *echo.Context) error {
	return c.JSON(http.StatusOK, map[string]int{"notes": notes.List()})
}

func addNote(c *echo.Context) error {
	return c.JSON(http.StatusCreated, map[string]string{"id": notes.Add(c.QueryParam("text"))})
}

func getNote(c *echo.Context) error {
	note, err := notes.Get(c.Param("id"))
	if err != nil {
		return echo.NewHTTPError(http.StatusNotFound, "no such note")
	}
	return c.JSON(http.StatusOK, map[string]string{"text": note})
}

func removeNote(c *echo.Context) error {
	if err := notes.Remove(c.Param("id")); err != nil {
		return echo.NewHTTPError(http.StatusNotFound, "no such note")
	}
	return c.NoContent(http.StatusNoContent)
}
