// Package chi registers routes with chi.
package chi

import (
	"net/http"

	"example.com/notes"
	"github.com/go-chi/chi/v5"
)

func routes(n *notes.NoteResource) http.Handler {
	r := chi.NewRouter()
	r.Get("/a", n.Raw)             // want `goes to NoteResource.Raw past`
	r.Handle("/b", n.RawHandler()) // want `goes to NoteResource.RawHandler past`
	r.Mount("/c", n.Handler())
	r.NotFound(n.Raw) // want `goes to NoteResource.Raw past`
	r.Route("/d", func(r chi.Router) {
		r.Post("/", n.Raw)                   // want `goes to NoteResource.Raw past`
		r.Method("PUT", "/", n.RawHandler()) // want `goes to NoteResource.RawHandler past`
		r.MethodFunc("PUT", "/e", n.Raw)     // want `goes to NoteResource.Raw past`
		r.With().HandleFunc("/f", n.Raw)     // want `goes to NoteResource.Raw past`
		r.Handle("/g", n.Handler())
	})
	return r
}
