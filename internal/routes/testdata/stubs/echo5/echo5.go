// Package echo has the declarations of github.com/labstack/echo/v5 that routes are registered by.
package echo

import (
	"io/fs"
	"net/http"
)

type Context struct{}

func (c *Context) Request() *http.Request        { return nil }
func (c *Context) Response() http.ResponseWriter { return nil }
func (c *Context) Param(name string) string      { return "" }

type HandlerFunc func(c *Context) error

type MiddlewareFunc func(next HandlerFunc) HandlerFunc

type Route struct {
	Method, Path string
	Handler      HandlerFunc
	Middlewares  []MiddlewareFunc
}

type RouteInfo struct{ Path string }

type Echo struct{}

func New() *Echo { return &Echo{} }

func (e *Echo) AddRoute(route Route) (RouteInfo, error)                          { return RouteInfo{}, nil }
func (e *Echo) Start(address string) error                                       { return nil }
func (e *Echo) Use(m ...MiddlewareFunc)                                          {}
func (e *Echo) GET(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo    { return RouteInfo{} }
func (e *Echo) POST(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo   { return RouteInfo{} }
func (e *Echo) DELETE(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo { return RouteInfo{} }
func (e *Echo) Any(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo    { return RouteInfo{} }
func (e *Echo) Add(method, path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo {
	return RouteInfo{}
}
func (e *Echo) Pre(m ...MiddlewareFunc) {}
func (e *Echo) Match(methods []string, path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo {
	return RouteInfo{}
}
func (e *Echo) RouteNotFound(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo {
	return RouteInfo{}
}
func (e *Echo) Static(prefix, root string, m ...MiddlewareFunc) RouteInfo { return RouteInfo{} }
func (e *Echo) StaticFS(prefix string, files fs.FS, m ...MiddlewareFunc) RouteInfo {
	return RouteInfo{}
}
func (e *Echo) File(path, file string, m ...MiddlewareFunc) RouteInfo { return RouteInfo{} }
func (e *Echo) FileFS(path, file string, files fs.FS, m ...MiddlewareFunc) RouteInfo {
	return RouteInfo{}
}
func (e *Echo) Router() Router                                   { return nil }
func (e *Echo) Group(prefix string, m ...MiddlewareFunc) *Group  { return nil }
func (e *Echo) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

type Router interface {
	Add(route Route) (RouteInfo, error)
}

type Group struct{}

func (g *Group) Use(m ...MiddlewareFunc)                                          {}
func (g *Group) GET(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo    { return RouteInfo{} }
func (g *Group) POST(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo   { return RouteInfo{} }
func (g *Group) DELETE(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo { return RouteInfo{} }
func (g *Group) Any(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo    { return RouteInfo{} }
func (g *Group) Group(prefix string, m ...MiddlewareFunc) *Group                  { return nil }

func WrapHandler(h http.Handler) HandlerFunc { return func(c *Context) error { return nil } }

func WrapMiddleware(m func(http.Handler) http.Handler) MiddlewareFunc { return nil }
