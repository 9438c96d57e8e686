// Package chi serves guarded resources with github.com/go-chi/chi.
//
// Chi sets the path values of the request by itself, but as the client escaped
// them: in /notes/%37 it finds the note "%37" and not 7. [Object] puts that
// right, so that the policy of an API token and the view mean the same note
// however it is spelled.
package chi

import (
	"net/http"
	"net/url"

	"github.com/go-chi/chi/v5"

	"github.com/webapi-gen/webapi-gen/webapi"

	"github.com/webapi-gen/webapi-gen/example/adapters/notes"
)

// New returns the server.
func New(cfg *webapi.Config, authenticators ...webapi.Authenticator) http.Handler {
	notes := new(notes.NoteResource)
	router := chi.NewRouter()
	router.Use(cfg.Middleware(authenticators...))
	router.Handle("/notes", notes.List())
	router.Handle("/notes/{id}", Object(notes.Object()))
	return router
}

// Object returns the handler of a route with path values: next, with each of
// them as [http.ServeMux] would set it.
func Object(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		params := chi.RouteContext(r.Context()).URLParams
		for i, name := range params.Keys {
			value := params.Values[i]
			if r.URL.RawPath != "" { // otherwise chi has matched URL.Path, which is not escaped
				unescaped, err := url.PathUnescape(value)
				if err != nil {
					http.Error(w, "malformed path", http.StatusBadRequest)
					return
				}
				value = unescaped
			}
			webapi.SetPathValue(r, name, value)
		}
		next.ServeHTTP(w, r)
	})
}
