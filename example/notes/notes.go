// Notes is the smallest server with a guarded resource.
package main

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

//go:generate go tool webapi-gen --tests

// NoteResource serves /notes and /notes/{id}.
//
//webapi:resource methods=GET,POST,DELETE key=id
//webapi:describe read See your notes
//webapi:require DELETE note:destroy note:write
type NoteResource struct{}

func (*NoteResource) list(w http.ResponseWriter, _ *http.Request) error {
	_, err := fmt.Fprintln(w, "buy milk")
	return err
}

func (*NoteResource) get(w http.ResponseWriter, r *http.Request) error {
	_, err := fmt.Fprintln(w, "note", r.PathValue("id"))
	return err
}

func (*NoteResource) create(w http.ResponseWriter, _ *http.Request) error {
	w.WriteHeader(http.StatusCreated)
	return nil
}

func (*NoteResource) remove(w http.ResponseWriter, _ *http.Request) error {
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func main() {
	server := &http.Server{Addr: "localhost:8080", Handler: newServer(), ReadHeaderTimeout: 5 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func newServer() http.Handler {
	notes := &NoteResource{}
	mux := http.NewServeMux()
	mux.Handle("/notes", webapi.HandleList(notes, webapi.Views{"GET": notes.list, "POST": notes.create}))
	mux.Handle("/notes/{id}", webapi.Handle(notes, webapi.Views{"GET": notes.get, "DELETE": notes.remove}))
	cfg := &webapi.Config{Realm: "notes"}
	return cfg.Middleware(webapi.Bearer(webapi.VerifierFunc(verify)))(mux)
}

// verify stands for a look-up in the store of your access tokens, which keeps
// their hashes and when they expire.
func verify(_ context.Context, token string) (webapi.Token, error) {
	scopes, known := tokens[token]
	if !known {
		return webapi.Token{}, webapi.ErrLoginFailed
	}
	return webapi.Token{Scopes: scopes, NoExpiry: true}, nil
}

// tokens are what an authorization server would have issued.
var tokens = map[string]webapi.Scopes{
	"reader": webapi.MakeScopes(NoteScopeRead),
	"writer": webapi.MakeScopes(NoteScopeRead, NoteScopeWrite),
	"owner":  webapi.MakeScopes(NoteScopeRead, NoteScopeWrite, NoteScopeDestroy),
}
