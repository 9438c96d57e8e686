// Package imported calls a guarded handler of another package.
package imported

import (
	"net/http"

	"example.com/bypass/handlers"

	"github.com/webapi-gen/webapi-gen/webapi"
)

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /open", open)
	mux.Handle("GET /guarded", webapi.Guard(new(handlers.NoteGuard))(http.HandlerFunc(guarded)))
	handlers.Mount(mux)
	return mux
}

func open(w http.ResponseWriter, r *http.Request) {
	handlers.Exported(w, r) // want `handlers.Exported is a handler behind the guard of NoteGuard and is called past it`
}

func guarded(w http.ResponseWriter, r *http.Request) { handlers.Exported(w, r) }

func unmounted(w http.ResponseWriter, r *http.Request) { handlers.Exported(w, r) }
