package nethttp

import (
	"net/http"
	"testing"

	"github.com/webapi-gen/webapi-gen/example/adopting/internal/requests"
	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
)

// before is New without guards.
func before() http.Handler {
	s := &server{store.New()}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", health)
	mux.HandleFunc("GET /notes", s.listNotes)
	mux.HandleFunc("POST /notes", s.addNote)
	mux.HandleFunc("GET /notes/{id}", s.getNote)
	mux.HandleFunc("DELETE /notes/{id}", s.removeNote)
	return mux
}

func TestRequests(t *testing.T) { requests.Send(t, before, New) }
