// Package mux has the declarations of github.com/gorilla/mux that routes are registered by.
package mux

import "net/http"

type Router struct{}

func NewRouter() *Router { return &Router{} }

func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request) {}
func (r *Router) Handle(path string, handler http.Handler) *Route    { return nil }
func (r *Router) HandleFunc(path string, f func(http.ResponseWriter, *http.Request)) *Route {
	return nil
}
func (r *Router) Path(tpl string) *Route       { return nil }
func (r *Router) PathPrefix(tpl string) *Route { return nil }

type Route struct{}

func (r *Route) Methods(methods ...string) *Route                              { return r }
func (r *Route) Handler(handler http.Handler) *Route                           { return r }
func (r *Route) HandlerFunc(f func(http.ResponseWriter, *http.Request)) *Route { return r }
