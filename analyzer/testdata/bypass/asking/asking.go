// Package asking has handlers that ask a guard by themselves.
package asking

import (
	"encoding/json"
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// NoteResource serves notes.
//
//webapi:resource methods=GET,DELETE
type NoteResource struct{ store store }

type store interface {
	Get(id string) (string, error)
	Delete(id string) error
}

func (x *NoteResource) deny(r *http.Request) error {
	return webapi.Decide(r.Context(), x, r.Method, r.PathValue("id"))
}

func (x *NoteResource) get(w http.ResponseWriter, r *http.Request) {
	note, err := x.store.Get(r.PathValue("id"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	if r.URL.Query().Has("raw") {
		json.NewEncoder(w).Encode(note) // want `the handler of /notes/{id} calls json.NewEncoder although no guard has let the request through`
		return
	}
	if err := x.deny(r); err != nil {
		webapi.WriteError(w, r, err)
		return
	}
	json.NewEncoder(w).Encode(note)
}

func routes(mux *http.ServeMux, x *NoteResource) {
	mux.HandleFunc("GET /notes/{id}", x.get)
	mux.HandleFunc("DELETE /notes/{id}", func(w http.ResponseWriter, r *http.Request) {
		err := x.store.Delete(r.PathValue("id")) // want `the handler of /notes/{id} calls x.store.Delete although no guard has let the request through`
		if err != nil || x.deny(r) != nil {
			http.NotFound(w, r)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
	mux.HandleFunc("PUT /notes/{id}", func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength == 0 {
			http.Error(w, "there is no note", http.StatusBadRequest)
			return
		}
		if err := x.deny(r); err != nil {
			webapi.WriteError(w, r, err)
			return
		}
		json.NewEncoder(w).Encode("done")
	})
}
