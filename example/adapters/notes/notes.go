// Package notes has the guarded resource that every adapter serves.
package notes

import (
	"fmt"
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

//go:generate go tool webapi-gen

// NoteResource serves /notes and /notes/{id}.
//
//webapi:resource methods=GET,POST,DELETE key=id apitokens=allow
//webapi:require DELETE note:destroy note:write
type NoteResource struct{}

// List returns the handler of /notes.
func (x *NoteResource) List() http.Handler {
	return webapi.HandleList(x, webapi.Views{"GET": list, "POST": create})
}

// Object returns the handler of /notes/{id}. The router has to set the path
// value "id" on the request: it names the note to the view and to the guard.
func (x *NoteResource) Object() http.Handler {
	return webapi.Handle(x, webapi.Views{"GET": get, "DELETE": remove})
}

// New returns a server with the router of the standard library, which the
// others are compared with.
func New(cfg *webapi.Config, authenticators ...webapi.Authenticator) http.Handler {
	notes := new(NoteResource)
	mux := http.NewServeMux()
	mux.Handle("/notes", notes.List())
	mux.Handle("/notes/{id}", notes.Object())
	return cfg.Middleware(authenticators...)(mux)
}

func list(w http.ResponseWriter, _ *http.Request) error {
	_, err := fmt.Fprint(w, "notes")
	return err
}

func create(w http.ResponseWriter, _ *http.Request) error {
	w.WriteHeader(http.StatusCreated)
	return nil
}

func get(w http.ResponseWriter, r *http.Request) error {
	_, err := fmt.Fprint(w, "note ", r.PathValue("id"))
	return err
}

func remove(w http.ResponseWriter, _ *http.Request) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}
