// Package chi has the declarations of github.com/go-chi/chi/v5 that routes are registered by.
package chi

import (
	"context"
	"net/http"
)

type Router interface {
	http.Handler
	Use(middlewares ...func(http.Handler) http.Handler)
	With(middlewares ...func(http.Handler) http.Handler) Router
	Group(fn func(r Router)) Router
	Route(pattern string, fn func(r Router)) Router
	Mount(pattern string, h http.Handler)
	Handle(pattern string, h http.Handler)
	HandleFunc(pattern string, h http.HandlerFunc)
	Method(method, pattern string, h http.Handler)
	MethodFunc(method, pattern string, h http.HandlerFunc)
	Get(pattern string, h http.HandlerFunc)
	Post(pattern string, h http.HandlerFunc)
	Delete(pattern string, h http.HandlerFunc)
	Put(pattern string, h http.HandlerFunc)
	NotFound(h http.HandlerFunc)
	MethodNotAllowed(h http.HandlerFunc)
}

type Mux struct{ Router }

func NewRouter() *Mux { return &Mux{} }

func (mx *Mux) Get(pattern string, h http.HandlerFunc)     {}
func (mx *Mux) Handle(pattern string, h http.Handler)      {}
func (mx *Mux) Mount(pattern string, handler http.Handler) {}

type Middlewares []func(http.Handler) http.Handler

func Chain(middlewares ...func(http.Handler) http.Handler) Middlewares { return middlewares }

func (mws Middlewares) Handler(h http.Handler) http.Handler         { return h }
func (mws Middlewares) HandlerFunc(h http.HandlerFunc) http.Handler { return h }

func URLParam(r *http.Request, key string) string { return "" }

type Routes interface{ http.Handler }

type WalkFunc func(method, route string, handler http.Handler, middlewares ...func(http.Handler) http.Handler) error

func Walk(r Routes, walk WalkFunc) error { return nil }

func RouteContext(ctx context.Context) *Context { return nil }

type Context struct{}

func (x *Context) RoutePattern() string { return "" }

func (mx *Mux) Match(rctx *Context, method, path string) bool { return false }
