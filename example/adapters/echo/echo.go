// Package echo serves guarded notes with github.com/labstack/echo.
package echo

import (
	"net/http"

	"github.com/labstack/echo/v5"

	echoapi "github.com/webapi-gen/webapi-gen/adapters/echo5"
	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
)

// New returns the server. Its handlers are echo's own, and a guard is a word in the
// line of a route. With UnescapePathParamValues, c.Param returns what [http.ServeMux]
// would find: the note 7 in /notes/%37.
func New(cfg *webapi.Config, authenticators ...webapi.Authenticator) http.Handler {
	notes := new(notes.NoteResource)
	e := echo.NewWithConfig(echo.Config{
		Router: echo.NewRouter(echo.RouterConfig{UnescapePathParamValues: true}),
	})
	e.Use(echoapi.Middleware(cfg, authenticators...))
	e.GET("/notes", list, echoapi.GuardList(notes))
	e.POST("/notes", create, echoapi.GuardList(notes))

	note := e.Group("/notes/:id", echoapi.Guard(notes))
	note.GET("", get)
	note.DELETE("", remove)
	return e
}

func list(c *echo.Context) error   { return c.String(http.StatusOK, "notes") }
func create(c *echo.Context) error { return c.NoContent(http.StatusCreated) }
func get(c *echo.Context) error    { return c.String(http.StatusOK, "note "+c.Param("id")) }
func remove(c *echo.Context) error { return c.NoContent(http.StatusNoContent) }
