// Package given has a resource, and registers its routes with routers that it is given.
package given

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// PageResource serves pages.
//
//webapi:resource methods=GET
type PageResource struct{}

func (x *PageResource) get(w http.ResponseWriter, r *http.Request) error { return nil }

// Register registers routes, of which some are forgotten.
func Register(r chi.Router) {
	r.Handle("/page", webapi.Handle(new(PageResource), webapi.Views{"GET": new(PageResource).get}))
	r.Get("/literal", func(w http.ResponseWriter, r *http.Request) {})
	r.Get("/files", http.FileServer(http.Dir(".")).ServeHTTP)
}

// Public registers routes that are open.
//
//webapi:public reason="the pages ask for a login by themselves"
func Public(r chi.Router) {
	r.Get("/about", func(w http.ResponseWriter, r *http.Request) {})
	r.Get("/assets", http.FileServer(http.Dir(".")).ServeHTTP)
	r.Get("/help", help)
}

// Serve registers routes with a router that has no guards outside.
func Serve(mux *http.ServeMux) {
	mux.HandleFunc("/literal", func(w http.ResponseWriter, r *http.Request) {}) // want `this handler belongs`
	mux.HandleFunc("/help", help)                                               // want `handler given.help belongs`
}

// Mount registers a handler that it is given.
func Mount(r chi.Router, h http.HandlerFunc) { r.Get("/mounted", h) }

func help(w http.ResponseWriter, r *http.Request) {}
