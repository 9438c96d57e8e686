// Package echo serves guarded resources with github.com/labstack/echo.
package echo

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v5"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
)

// New returns the server. [echo.WrapHandler] sets the path values of the route
// on the request. UnescapePathParamValues makes them what [http.ServeMux] would
// set: without it, echo finds the note "%37" in /notes/%37 and not 7, and the
// policy of an API token may not mean the same note as the view.
func New(cfg *webapi.Config, authenticators ...webapi.Authenticator) http.Handler {
	notes := new(notes.NoteResource)
	e := echo.NewWithConfig(echo.Config{
		Router: echo.NewRouter(echo.RouterConfig{UnescapePathParamValues: true}),
	})
	e.Use(segmented, echo.WrapMiddleware(cfg.Middleware(authenticators...)))
	e.Any("/notes", echo.WrapHandler(notes.List()))
	e.Any("/notes/:id", echo.WrapHandler(notes.Object()))
	return e
}

// segmented finds nothing where the last path value of a route would be several
// segments of the path: echo takes the note "7/" from /notes/7/, of which the policy
// of an API token may say nothing, and a view that trims the slash would show 7.
func segmented(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		if strings.Count(c.Request().URL.EscapedPath(), "/") > strings.Count(c.Path(), "/") {
			return echo.ErrNotFound
		}
		return next(c)
	}
}
