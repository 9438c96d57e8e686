// Package echo has the declarations of github.com/labstack/echo/v4 that routes are registered by.
package echo

import "net/http"

type Context interface {
	JSON(code int, i any) error
	NoContent(code int) error
	QueryParam(name string) string
	Request() *http.Request
}

type HandlerFunc func(c Context) error

type MiddlewareFunc func(next HandlerFunc) HandlerFunc

type Route struct{ Path string }

type Echo struct{}

var NotFoundHandler = func(c Context) error { return nil }

func (e *Echo) Use(m ...MiddlewareFunc) {}

func (e *Echo) Host(name string, m ...MiddlewareFunc) *Group { return nil }

func New() *Echo { return &Echo{} }

func (e *Echo) GET(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }

func (e *Echo) Add(method, path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }

func (e *Echo) Group(prefix string, m ...MiddlewareFunc) *Group { return nil }

type Group struct{}

func (g *Group) GET(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }

func (g *Group) PUT(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }

func (g *Group) DELETE(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }

func (g *Group) POST(path string, h HandlerFunc, m ...MiddlewareFunc) *Route { return nil }

func WrapHandler(h http.Handler) HandlerFunc { return func(c Context) error { return nil } }
