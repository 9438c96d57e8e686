// Package gorilla registers routes with gorilla/mux.
package gorilla

import (
	"net/http"

	"example.com/notes"
	"github.com/gorilla/mux"
)

func routes(n *notes.NoteResource) http.Handler {
	r := mux.NewRouter()
	r.HandleFunc("/a", n.Raw).Methods("GET")       // want `goes to NoteResource.Raw past`
	r.Handle("/b", n.RawHandler())                 // want `goes to NoteResource.RawHandler past`
	r.Path("/c").Methods("GET").HandlerFunc(n.Raw) // want `goes to NoteResource.Raw past`
	r.PathPrefix("/d").Handler(n.RawHandler())     // want `goes to NoteResource.RawHandler past`
	r.PathPrefix("/e").Handler(n.Handler())
	r.Handle("/f", n.Handler()).Methods("GET")
	return r
}
