// Package own has a resource, so that all of its routes are to be declared.
package own

import (
	handlers "example.com/undeclared/pages"

	"github.com/go-chi/chi/v5"

	"expvar"
	"net/http"
	"net/http/pprof"

	"example.com/notes"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// PageResource serves pages.
//
//webapi:resource methods=GET
type PageResource struct{}

func (x *PageResource) get(w http.ResponseWriter, r *http.Request) error { return nil }

func routes(mux *http.ServeMux, page *PageResource, note *notes.NoteResource, param http.Handler) {
	mux.Handle("/a", webapi.Handle(page, webapi.Views{"GET": page.get}))
	mux.HandleFunc("/b", hello) // want `handler own.hello belongs to no resource and is not declared public; if it is meant to be open, say //webapi:public reason="..." on it`
	mux.HandleFunc("/c", open)
	mux.Handle("/d", opener())
	mux.Handle("/e", maker())
	mux.HandleFunc("/f", func(w http.ResponseWriter, r *http.Request) {})    // want `this handler belongs to no resource and is not declared public; if it is meant to be open, make it a function with a name and say //webapi:public reason="..." on that`
	mux.Handle("/g", http.FileServer(http.Dir(".")))                         // want `handler http.FileServer belongs to no resource and is not declared public; if it is meant to be open, say //webapi:public reason="..." on it, or on a function that returns it`
	mux.Handle("/h", http.StripPrefix("/h", http.FileServer(http.Dir(".")))) // want `handler http.FileServer`
	mux.Handle("/i", http.NotFoundHandler())
	mux.Handle("/j", http.RedirectHandler("/", http.StatusFound))
	mux.HandleFunc("/k", pprof.Index)  // want `handler pprof.Index belongs`
	mux.Handle("/l", expvar.Handler()) // want `handler expvar.Handler belongs`
	mux.HandleFunc("/m", notes.Health)
	mux.HandleFunc("/n", notes.Version) // want `handler notes.Version belongs`
	mux.Handle("/o", notes.Assets{})
	mux.Handle("/p", new(notes.Assets))
	mux.Handle("/q", note.Handler())
	mux.Handle("/r", page2{})           // want `handler own.page2 belongs`
	mux.HandleFunc("/s", page2{}.about) // want `handler own.page2.about belongs`
	mux.Handle("/t", param)
	mux.Handle("/u/", http.NewServeMux())
	mux.Handle("/v/", sub())
	mux.Handle("/w", logged(http.HandlerFunc(hello))) // want `handler own.hello belongs`
	mux.Handle("/x", logged(http.HandlerFunc(open)))
	var m *webapi.Metadata
	mux.Handle(m.Pattern(), m)
	mux.HandleFunc("/y", func(w http.ResponseWriter, r *http.Request) { param.ServeHTTP(w, r) })
	mux.HandleFunc("/z", func(w http.ResponseWriter, r *http.Request) { _ = page.CallMethodView(w, r, "GET", page.get) })
}

// pages are the routes for browsers.
//
//webapi:public reason="the pages ask for a login by themselves"
func pages(mux *http.ServeMux) {
	mux.HandleFunc("/pages/a", hello)
	mux.HandleFunc("/pages/b", func(w http.ResponseWriter, r *http.Request) {})
}

func serve() error { return http.ListenAndServe(":80", http.HandlerFunc(hello)) } // its own routes are to be declared

func hello(w http.ResponseWriter, r *http.Request) {}

// open is open.
//
//webapi:public reason="it tells nothing"
func open(w http.ResponseWriter, r *http.Request) {}

// opener returns an open handler.
//
//webapi:public reason="it tells nothing"
func opener() http.Handler { return http.FileServer(http.Dir(".")) }

func maker() http.Handler { return http.HandlerFunc(open) }

func sub() *http.ServeMux { return http.NewServeMux() }

func logged(next http.Handler) http.Handler { return next }

type page2 struct{}

func (page2) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

func (page2) about(w http.ResponseWriter, r *http.Request) {}

func mountPages(r chi.Router) {
	new(handlers.Pages).Register(r) // want `handler pages.Pages.show belongs to no resource` `handler pages.Pages.edit belongs to no resource` `handler pages.Pages.index belongs to no resource`
	handlers.Static(r)              // want `the handler of GET /favicon.ico belongs to no resource`
}
