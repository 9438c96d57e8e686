// Package helper mounts what it is given.
package helper

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/notes"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Mount registers a handler by itself.
func Mount(mux *http.ServeMux, pattern string, h http.HandlerFunc) { mux.HandleFunc(pattern, h) }

// Guarded registers a handler behind the guard of a resource.
func Guarded(mux *http.ServeMux, pattern string, res webapi.Resource, h http.Handler) {
	mux.Handle(pattern, webapi.Guard(res)(h))
}

// Behind is a guard of one's own.
func Behind(res webapi.Resource) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := res.CallMethodView(w, r, r.Method, webapi.ViewOf(next)); err != nil {
				webapi.WriteError(w, r, err)
			}
		})
	}
}

// Routes registers routes on a router, before which the caller puts a guard, or not.
func Routes(r chi.Router, n *notes.NoteResource) { r.Get("/given", n.Raw) }

// Views mounts views.
func Views(mux *http.ServeMux, pattern string, views webapi.Views, res webapi.Resource) {
	mux.Handle(pattern, webapi.Handle(res, views))
}
