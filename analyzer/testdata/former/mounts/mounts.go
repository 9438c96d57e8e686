// Package mounts serves what was a resource.
package mounts

import (
	"net/http"

	"example.com/former"
)

func routes(mux *http.ServeMux, n *former.Note, t *former.Task, s *former.Spec) {
	mux.HandleFunc("/notes", n.Get) // want `goes to Note.Get past the guard`
	mux.HandleFunc("/tasks", t.Get)
	mux.HandleFunc("/specs", s.Get) // want `goes to Spec.Get past the guard`
}
