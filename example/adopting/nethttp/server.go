// Package nethttp is a server with the router of the standard library and one
// struct for everything.
package nethttp

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
)

//go:generate go tool webapi-gen

// noteGuard guards /notes and /notes/{id}.
//
//webapi:resource name=note methods=GET,POST,DELETE key=id
type noteGuard struct{}

type server struct{ notes *store.Notes }

// New returns the server. Verifier verifies access tokens.
func New(verifier webapi.Verifier) http.Handler {
	s := &server{store.New()}
	note := new(noteGuard)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health)
	mux.Handle("GET /notes", webapi.GuardList(note)(http.HandlerFunc(s.listNotes)))
	mux.Handle("POST /notes", webapi.GuardList(note)(http.HandlerFunc(s.addNote)))
	mux.Handle("GET /notes/{id}", webapi.Guard(note)(http.HandlerFunc(s.getNote)))
	mux.Handle("DELETE /notes/{id}", webapi.Guard(note)(http.HandlerFunc(s.removeNote)))
	cfg := &webapi.Config{Realm: "notes"}
	return cfg.Middleware(webapi.Bearer(verifier))(mux)
}

//webapi:public reason="the load balancer has no token"
func health(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

func (s *server) listNotes(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, s.notes.List(), "notes")
}

func (s *server) addNote(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusCreated)
	fmt.Fprintln(w, s.notes.Add(r.FormValue("text")))
}

func (s *server) getNote(w http.ResponseWriter, r *http.Request) {
	note, err := s.notes.Get(r.PathValue("id"))
	if err != nil {
		fail(w, http.StatusNotFound, "no such note")
		return
	}
	fmt.Fprintln(w, note)
}

func (s *server) removeNote(w http.ResponseWriter, r *http.Request) {
	if err := s.notes.Remove(r.PathValue("id")); err != nil {
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
