// Package mux has the declarations of github.com/gorilla/mux that routes are registered by.
package mux

import "net/http"

type MiddlewareFunc func(http.Handler) http.Handler

type Router struct{ NotFoundHandler, MethodNotAllowedHandler http.Handler }

func NewRouter() *Router { return &Router{} }

func CORSMethodMiddleware(r *Router) MiddlewareFunc { return nil }

func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {}
func (r *Router) Use(m ...MiddlewareFunc)                            {}
func (r *Router) Handle(path string, handler http.Handler) *Route    { return nil }
func (r *Router) HandleFunc(path string, f func(http.ResponseWriter, *http.Request)) *Route {
	return nil
}
func (r *Router) Methods(methods ...string) *Route { return nil }
func (r *Router) Path(tpl string) *Route           { return nil }
func (r *Router) PathPrefix(tpl string) *Route     { return nil }
func (r *Router) NewRoute() *Route                 { return nil }
func (r *Router) Host(tpl string) *Route           { return nil }
func (r *Router) Headers(pairs ...string) *Route   { return nil }

type Route struct{}

func (r *Route) Methods(methods ...string) *Route                              { return r }
func (r *Route) Name(name string) *Route                                       { return r }
func (r *Route) Path(tpl string) *Route                                        { return r }
func (r *Route) PathPrefix(tpl string) *Route                                  { return r }
func (r *Route) Host(tpl string) *Route                                        { return r }
func (r *Route) GetError() error                                               { return nil }
func (r *Route) Subrouter() *Router                                            { return nil }
func (r *Route) Handler(handler http.Handler) *Route                           { return r }
func (r *Route) HandlerFunc(f func(http.ResponseWriter, *http.Request)) *Route { return r }

type WalkFunc func(route *Route, router *Router, ancestors []*Route) error

func (r *Router) Walk(walk WalkFunc) error { return nil }
func (r *Router) Get(name string) *Route   { return nil }
func (r *Route) GetHandler() http.Handler  { return nil }

func (r *Router) Queries(pairs ...string) *Route { return nil }
func (r *Route) Queries(pairs ...string) *Route  { return r }
func (r *Route) GetName() string                 { return "" }
