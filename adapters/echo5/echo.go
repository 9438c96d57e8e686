// Package echoapi guards the routes of a github.com/labstack/echo/v5 server with
// resources of webapi-gen. Handlers stay as they are:
//
//	e := echo.New()
//	e.Use(echoapi.Middleware(cfg, bearer))
//	e.GET("/notes", listNotes, echoapi.GuardList(notes))
//	e.DELETE("/notes/:id", removeNote, echoapi.Guard(notes))
//	e.POST("/notes/:id/archive", archiveNote, echoapi.GuardOperation(notes, NotePostArchive))
//	g := e.Group("/notes/:id/files", echoapi.Guard(notes))
//
// A denied request gets the response that echo's HTTPErrorHandler writes to an
// [*echo.HTTPError], unless Config.WriteError is set, which then writes it. So does
// a [*webapi.Error] that a handler returns, such as that of [webapi.Decide]. Any
// other error of a handler goes to echo as it is.
//
// The policy of an API token is asked about the path value that c.Param returns. If
// the value contains "%" or "/", a handler might take it for another one, so the
// object is unknown and API tokens are denied: echo does not unescape path values
// without [echo.RouterConfig].UnescapePathParamValues, and takes the rest of the
// path as the last one.
package echoapi

import (
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v5"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Middleware is [webapi.Config.Middleware] for echo.
func Middleware(cfg *webapi.Config, authenticators ...webapi.Authenticator) echo.MiddlewareFunc {
	authenticate := cfg.AuthenticateRequest(authenticators...)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			r, err := authenticate(c.Request())
			c.SetRequest(r)
			if err != nil {
				return deny(c, err)
			}
			return next(c)
		}
	}
}

// Guard is [webapi.Guard] for echo: middleware for a route, a group or a server. The
// next handler gets the request that res.CallMethodView passes to its view. It
// writes to c.Response.
func Guard(res webapi.Resource) echo.MiddlewareFunc { return guard(res, webapi.CallObjectMethodView) }

// GuardList is [webapi.GuardList] for echo: [Guard] for the route of a collection.
func GuardList(res webapi.Resource) echo.MiddlewareFunc {
	return guard(res, webapi.CallListMethodView)
}

// GuardOperation is [webapi.GuardOperation] for echo: [Guard] for the route of a named
// operation, which must have the method of the operation. Any other method is denied.
func GuardOperation(res webapi.Resource, operation webapi.Operation) echo.MiddlewareFunc {
	return guard(res, func(res webapi.Resource, w http.ResponseWriter, r *http.Request, _ string, view webapi.View) error {
		return webapi.CallOperationView(res, w, r, operation, view)
	})
}

type callFunc = func(webapi.Resource, http.ResponseWriter, *http.Request, string, webapi.View) error

func guard(res webapi.Resource, call callFunc) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			setPathValues(c)
			r := c.Request()
			err := call(res, c.Response(), r, r.Method, func(_ http.ResponseWriter, r *http.Request) error {
				c.SetRequest(r)
				return next(c)
			})
			if err != nil {
				return deny(c, err)
			}
			return nil
		}
	}
}

// deny returns err for echo. If it is an error of webapi, Config.WriteError responds,
// or echo gets an error of its own that wraps it.
func deny(c *echo.Context, err error) error {
	var denied *webapi.Error
	var known echo.HTTPStatusCoder
	if !errors.As(err, &denied) || errors.As(err, &known) {
		return err
	}
	if res, _ := echo.UnwrapResponse(c.Response()); res != nil && res.Committed {
		return err
	}
	if webapi.HasWriteError(c.Request().Context()) {
		webapi.WriteError(c.Response(), c.Request(), err)
		return nil
	}
	e := webapi.PrepareError(c.Response(), c.Request(), err)
	return echo.NewHTTPError(e.Status, e.Message).Wrap(err)
}

// setPathValues sets the path values of the request. See the package's documentation.
func setPathValues(c *echo.Context) {
	for _, p := range c.PathValues() {
		value := c.Param(p.Name) // if a name repeats, the first counts
		if strings.ContainsAny(value, "%/") {
			value = ""
		}
		webapi.SetPathValue(c.Request(), p.Name, value)
	}
}
