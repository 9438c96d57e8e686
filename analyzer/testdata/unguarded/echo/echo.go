// Package echo registers routes with echo, of two versions.
package echo

import (
	"net/http"

	"example.com/notes"
	v4 "github.com/labstack/echo/v4"
	"github.com/labstack/echo/v5"
)

func routes(n *notes.NoteResource) *echo.Echo {
	e := echo.New()
	e.GET("/a", echo.WrapHandler(http.HandlerFunc(n.Raw)))              // want `goes to NoteResource.Raw past`
	e.Add("GET", "/b", echo.WrapHandler(n.RawHandler()))                // want `goes to NoteResource.RawHandler past`
	e.GET("/c", func(c *echo.Context) error { return n.Get(nil, nil) }) // want `goes to NoteResource.Get past`
	e.Group("/v1").POST("/d", echo.WrapHandler(n.RawHandler()))         // want `goes to NoteResource.RawHandler past`
	e.GET("/e", echo.WrapHandler(n.Handler()))
	return e
}

func old(n *notes.NoteResource) *v4.Echo {
	e := v4.New()
	e.GET("/a", v4.WrapHandler(http.HandlerFunc(n.Raw)))                     // want `goes to NoteResource.Raw past`
	e.GET("/b", func(c v4.Context) error { return n.Get(nil, c.Request()) }) // want `goes to NoteResource.Get past`
	e.GET("/c", v4.WrapHandler(n.Handler()))
	return e
}
