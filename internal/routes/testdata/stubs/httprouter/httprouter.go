// Package httprouter has the declarations of github.com/julienschmidt/httprouter that routes are registered by.
package httprouter

import "net/http"

type Params []string

type Handle func(http.ResponseWriter, *http.Request, Params)

type Router struct {
	NotFound, MethodNotAllowed, GlobalOPTIONS http.Handler
	PanicHandler                              func(http.ResponseWriter, *http.Request, any)
}

func New() *Router { return &Router{} }

func (r *Router) GET(path string, handle Handle)                            {}
func (r *Router) DELETE(path string, handle Handle)                         {}
func (r *Router) Handle(method, path string, handle Handle)                 {}
func (r *Router) Handler(method, path string, handler http.Handler)         {}
func (r *Router) HandlerFunc(method, path string, handler http.HandlerFunc) {}
func (r *Router) ServeHTTP(w http.ResponseWriter, req *http.Request)        {}
func (r *Router) ServeFiles(path string, root http.FileSystem)              {}

func (r *Router) Lookup(method, path string) (Handle, Params, bool) { return nil, nil, false }
