// Package chi is a server with the router chi and package functions.
package chi

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
)

//go:generate go tool webapi-gen

// noteGuard guards /notes and /notes/{id}.
//
//webapi:resource name=note methods=GET,POST,DELETE key=id
type noteGuard struct{}

var notes = store.New()

// New returns the server. Verifier verifies access tokens.
func New(verifier webapi.Verifier) http.Handler {
	note := new(noteGuard)
	cfg := &webapi.Config{Realm: "notes"}
	r := chi.NewRouter()
	r.Use(cfg.Middleware(webapi.Bearer(verifier)))
	r.Get("/healthz", health)
	r.With(webapi.GuardList(note)).Get("/notes", listNotes)
	r.With(webapi.GuardList(note)).Post("/notes", addNote)
	r.Route("/notes/{id}", func(r chi.Router) {
		r.Use(webapi.Guard(note))
		r.Get("/", getNote)
		r.Delete("/", removeNote)
	})
	return r
}

//webapi:public reason="the load balancer has no token"
func health(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

func listNotes(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, notes.List(), "notes") }

func addNote(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintln(w, notes.Add(r.FormValue("text")))
}

func getNote(w http.ResponseWriter, r *http.Request) {
	note, err := notes.Get(chi.URLParam(r, "id"))
	if err != nil {
		fail(w, http.StatusNotFound, "no such note")
		return
	}
	fmt.Fprintln(w, note)
}

func removeNote(w http.ResponseWriter, r *http.Request) {
	if err := notes.Remove(chi.URLParam(r, "id")); err != nil {
		fail(w, http.StatusNotFound, "no such note")
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": message})
}
