// Package plain declares nothing, though it serves a resource of another package.
package plain

import (
	"net/http"

	"example.com/notes"
)

func routes(mux *http.ServeMux, n *notes.NoteResource) {
	mux.Handle("/a", n.Handler())
	mux.HandleFunc("/b", hello)
	mux.HandleFunc("/c", func(w http.ResponseWriter, r *http.Request) {})
}

func hello(w http.ResponseWriter, r *http.Request) {}
