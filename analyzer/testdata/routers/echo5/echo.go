// Package echo has the declarations of github.com/labstack/echo/v5 that routes are registered by.
package echo

import "net/http"

type Context struct{}

type HandlerFunc func(c *Context) error

type MiddlewareFunc func(next HandlerFunc) HandlerFunc

type RouteInfo struct{ Path string }

type Echo struct{}

func New() *Echo { return &Echo{} }

func (e *Echo) GET(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo { return RouteInfo{} }

func (e *Echo) Add(method, path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo {
	return RouteInfo{}
}

func (e *Echo) Group(prefix string, m ...MiddlewareFunc) *Group { return nil }

type Group struct{}

func (g *Group) POST(path string, h HandlerFunc, m ...MiddlewareFunc) RouteInfo { return RouteInfo{} }

func WrapHandler(h http.Handler) HandlerFunc { return func(c *Context) error { return nil } }
