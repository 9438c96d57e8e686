// Package wrongguard mounts routes behind guards that are not theirs.
package wrongguard

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"

	"example.com/notes"
	"example.com/wrongguard/helper"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// NoteAPI serves notes.
//
//webapi:resource name=page methods=GET,POST,DELETE key=id
type NoteAPI struct{}

func (*NoteAPI) get(w http.ResponseWriter, r *http.Request) error    { return nil }
func (*NoteAPI) put(w http.ResponseWriter, r *http.Request) error    { return nil }
func (*NoteAPI) remove(w http.ResponseWriter, r *http.Request) error { return nil }
func (*NoteAPI) Serve(w http.ResponseWriter, r *http.Request)        {}

// Draft has a guard of its own.
//
//webapi:resource name=draft methods=GET,DELETE key=id
type Draft struct{ *NoteAPI }

// Sub asks the guard of NoteAPI as well.
//
//webapi:resource name=sub methods=GET super=NoteAPI
type Sub struct{ *NoteAPI }

func mount(mux *http.ServeMux, n *NoteAPI, d *Draft, s *Sub) {
	mux.Handle("/pages/{id}", webapi.Handle(n, webapi.Views{"GET": n.get, "DELETE": n.remove}))
	mux.Handle("/drafts/{id}", webapi.Handle(d, webapi.Views{"DELETE": n.remove})) // want `NoteAPI.remove is a view of NoteAPI and stands behind the guard of Draft, whose scopes open it; mount it behind that of NoteAPI`
	mux.Handle("/promoted", webapi.Handle(d, webapi.Views{"GET": d.get}))          // want `NoteAPI.get is a view of NoteAPI and stands behind the guard of Draft`
	mux.Handle("/super", webapi.Handle(s, webapi.Views{"GET": n.get}))
	mux.Handle("/swapped", webapi.Handle(n, webapi.Views{"POST": n.remove})) // want `NoteAPI.remove is the view of DELETE, which requires page:destroy, and of POST, which requires page:write: who may do the one may do the other; give each a view of its own`
	views := webapi.Views{}
	views["GET"] = n.get // want `NoteAPI.get is a view of NoteAPI and stands behind the guard of Draft`
	mux.Handle("/map", webapi.Handle(d, views))
	table := []struct {
		path string
		res  webapi.Resource
		view webapi.View
	}{{"/t/a", n, n.put}, {"/t/b", d, n.put}} // want `NoteAPI.put is a view of NoteAPI and stands behind the guard of Draft`
	for _, row := range table {
		mux.Handle(row.path, webapi.Handle(row.res, webapi.Views{"GET": row.view}))
	}
}

// One of the guards is not known, and may be the right one.
func unknown(mux *http.ServeMux, n *NoteAPI, d *Draft, other webapi.Resource) {
	mux.Handle("/unknown/{id}", webapi.Guard(d)(webapi.Handle(other, webapi.Views{"DELETE": n.remove})))
}

func lists(mux *http.ServeMux, n *NoteAPI) {
	mux.Handle("/l/{id}", webapi.HandleList(n, webapi.Views{"GET": n.get})) // want `the route /l/{id} is that of an object and is mounted as a collection, so that the policy of an API token for the object does not count; use webapi.Handle`
	mux.Handle("/l/{user}/pages", webapi.HandleList(n, webapi.Views{"GET": n.get}))
	mux.Handle("/users/{id}/pages", webapi.HandleList(n, webapi.Views{"GET": n.get}))
	mux.Handle("/pages/{id}/history", webapi.HandleList(n, webapi.Views{"GET": n.get})) // want `the route /pages/{id}/history is that of an object`
}

func middleware(r chi.Router, mux *http.ServeMux, e *gin.Engine, n *NoteAPI, d *Draft, t *notes.NoteResource) {
	r.With(webapi.Guard(n)).Get("/m/a", n.Serve)
	r.With(webapi.Guard(d)).Get("/m/b", n.Serve)                 // want `NoteAPI.Serve is a view of NoteAPI and stands behind the guard of Draft`
	mux.Handle("/m/c", webapi.Guard(n)(http.HandlerFunc(serve))) // want `this handler runs for any method, with the scopes of the one that the client chooses; name a method in the route, or mount views with webapi.Handle`
	mux.Handle("DELETE /m/d", webapi.Guard(n)(http.HandlerFunc(serve)))
	helper.Guarded(mux, "DELETE /m/e", d, http.HandlerFunc(n.Serve))    // want `NoteAPI.Serve is a view of NoteAPI and stands behind the guard of Draft`
	mux.Handle("GET /m/f", helper.Behind(d)(http.HandlerFunc(n.Serve))) // want `NoteAPI.Serve is a view of NoteAPI and stands behind the guard of Draft`
	mux.Handle("GET /m/g", helper.Behind(t)(http.HandlerFunc(t.Raw)))
	helper.Mount(mux, "DELETE /m/h", t.Raw)
	helper.Views(mux, "/m/i", webapi.Views{"GET": n.get}, n)
	helper.Views(mux, "/m/j", webapi.Views{"GET": n.get}, d) // want `NoteAPI.get is a view of NoteAPI and stands behind the guard of Draft`
	r.Group(func(r chi.Router) {
		r.Use(webapi.Guard(t))
		helper.Routes(r, t)
	})
	r.Group(func(r chi.Router) {
		r.Use(webapi.Guard(n))
		helper.Routes(r, t) // want `NoteResource.Raw is a view of NoteResource and stands behind the guard of NoteAPI`
	})
}

func serve(http.ResponseWriter, *http.Request) {}

func asked(mux *http.ServeMux, n *NoteAPI) {
	mux.HandleFunc("DELETE /asked/{id}", func(w http.ResponseWriter, r *http.Request) {
		_ = n.CallMethodView(w, r, "GET", n.del) // want `the guard of NoteAPI is asked for GET, and the route is one of DELETE, so that the scopes of GET open it; pass the method of the request`
	})
	mux.HandleFunc("DELETE /decided/{id}", func(w http.ResponseWriter, r *http.Request) { // want `the guard of NoteAPI is asked for GET, and the route is one of DELETE`
		if err := webapi.Decide(r.Context(), n, "GET", r.PathValue("id")); err != nil {
			webapi.WriteError(w, r, err)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	})
}

func (*NoteAPI) del(w http.ResponseWriter, r *http.Request) error { return nil }
