// Package operations mounts routes of named operations.
package operations

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Letter has operations of which some are not mounted.
//
//webapi:resource methods=GET,GET/list,POST,POST/archive,POST/forgotten,POST/asked map=GET/list:list,POST/archive:archive key=id
type Letter struct{} // want `nothing here mounts POST/forgotten of Letter: no route has a guard that is asked for it; mount it with webapi.HandleOperation`

func (*Letter) get(w http.ResponseWriter, r *http.Request) error     { return nil }
func (*Letter) list(w http.ResponseWriter, r *http.Request) error    { return nil }
func (*Letter) archive(w http.ResponseWriter, r *http.Request) error { return nil }
func (*Letter) create(w http.ResponseWriter, r *http.Request) error  { return nil }

// Parcel has a list that is mounted as an object.
//
//webapi:resource methods=GET,GET/list,POST/send public=POST/send
type Parcel struct{} // want `nothing here mounts GET/list of Parcel: no route has a guard that is asked for it; mount it with webapi.HandleList`

func (*Parcel) list(w http.ResponseWriter, r *http.Request) error { return nil }

// Unmounted is in another package's routes.
//
//webapi:resource methods=GET,POST/send
type Unmounted struct{}

const archive = "POST/archive"

func mount(mux *http.ServeMux, r chi.Router, l *Letter, p *Parcel) {
	mux.Handle("/letters", webapi.HandleList(l, webapi.Views{"GET": l.list, "POST": l.create}))
	mux.Handle("/letters/{id}", webapi.Handle(l, webapi.Views{"GET": l.get}))
	mux.Handle("POST /letters/{id}/archive", webapi.HandleOperation(l, archive, l.archive))
	mux.Handle("/letters/{id}/archive", webapi.HandleOperation(l, archive, l.archive))
	mux.Handle("PUT /letters/{id}/archive", webapi.HandleOperation(l, archive, l.archive)) // want `no request gets through the guard of Letter: it is asked for POST/archive, which is one of POST, and the route is one of PUT`
	r.With(webapi.GuardOperation(l, archive)).Post("/c/{id}/archive", serve)
	r.With(webapi.GuardOperation(l, archive)).Get("/c/{id}/archived", serve) // want `no request gets through the guard of Letter: it is asked for POST/archive, which is one of POST, and the route is one of GET`
	r.With(webapi.Guard(l)).Post("/c/{id}/plain", serve)
	mux.Handle("/any/{id}", webapi.GuardOperation(l, archive)(http.HandlerFunc(serve)))
	mux.Handle("POST /swapped", webapi.Handle(l, webapi.Views{"POST": l.archive}))    // want `Letter.archive is the view of POST/archive, which requires letter:archive, and of POST, which requires letter:write: who may do the one may do the other; give each a view of its own`
	mux.Handle("GET /object/{id}", webapi.Handle(l, webapi.Views{"GET": l.list}))     // want `Letter.list is the view of GET/list, which requires letter:list, and of GET, which requires letter:read`
	mux.Handle("POST /stolen/{id}", webapi.HandleOperation(p, "POST/send", l.create)) // want `Letter.create is a view of Letter and stands behind the guard of Parcel`
	mux.Handle("GET /parcels", webapi.Handle(p, webapi.Views{"GET": p.list}))
}

func serve(http.ResponseWriter, *http.Request) {}

func asked(mux *http.ServeMux, l *Letter) {
	mux.HandleFunc("PUT /asked/{id}", func(w http.ResponseWriter, r *http.Request) { // want `the guard of Letter is asked for POST/asked, and the route is one of PUT, so that the scopes of POST/asked open it; pass the method of the request`
		if err := webapi.Decide(r.Context(), l, "POST/asked", r.PathValue("id")); err != nil {
			webapi.WriteError(w, r, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}
