// Package recipes has what a server needs beside its guards: a verifier of its
// access tokens, errors in a form of its own, and its own login.
package recipes

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
)

// WriteError is for Config.WriteError. It writes errors as the clients of this
// server know them.
func WriteError(w http.ResponseWriter, _ *http.Request, err error) {
	var denied *webapi.Error
	switch {
	case errors.As(err, &denied):
		fail(w, denied.Status, denied.Message)
	case errors.Is(err, store.ErrNotFound):
		fail(w, http.StatusNotFound, "no such note")
	default: // webapi logs it
		fail(w, http.StatusInternalServerError, "the server failed")
	}
}

func fail(w http.ResponseWriter, status int, message string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": message})
}
