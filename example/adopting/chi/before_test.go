package chi

import (
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adopting/internal/requests"
	"github.com/webapi-gen/webapi-gen/example/adopting/internal/store"
)

// before is New without guards.
func before() http.Handler {
	notes = store.New()
	r := chi.NewRouter()
	r.Get("/healthz", health)
	r.Get("/notes", listNotes)
	r.Post("/notes", addNote)
	r.Route("/notes/{id}", func(r chi.Router) {
		r.Get("/", getNote)
		r.Delete("/", removeNote)
	})
	return r
}

func TestRequests(t *testing.T) {
	requests.Send(t, before, func(verifier webapi.Verifier) http.Handler {
		notes = store.New()
		return New(verifier)
	})
}
