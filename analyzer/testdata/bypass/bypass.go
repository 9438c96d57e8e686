// Package bypass calls views.
package bypass

import (
	"net/http"

	"example.com/notes"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// TaskResource serves tasks.
//
//webapi:resource methods=GET,POST,PUT,DELETE
type TaskResource struct{}

func (x *TaskResource) list(w http.ResponseWriter, r *http.Request) error { return nil }

func (x *TaskResource) get(w http.ResponseWriter, r *http.Request) error { return x.list(w, r) }

func (x *TaskResource) put(w http.ResponseWriter, r *http.Request) error { return nil }

func (x *TaskResource) remove(w http.ResponseWriter, r *http.Request) error { return nil }

func (x *TaskResource) helper(w http.ResponseWriter, r *http.Request) error { return nil }

// status is open.
//
//webapi:public reason="it tells nothing"
func (x *TaskResource) status(w http.ResponseWriter, r *http.Request) error { return nil }

func routes(mux *http.ServeMux, x *TaskResource) {
	views := webapi.Views{
		"GET":  x.list,
		"POST": func(w http.ResponseWriter, r *http.Request) error { return x.get(w, r) },
		"HEAD": x.status,
	}
	views["PUT"] = logged(x.put)
	mux.Handle("/tasks", webapi.HandleList(x, views))
	mux.HandleFunc("/raw", func(w http.ResponseWriter, r *http.Request) {
		_ = x.list(w, r) // unguarded reports it
	})
}

func call(w http.ResponseWriter, r *http.Request, x *TaskResource, n *notes.NoteResource) {
	_ = x.list(w, r)                 // want `TaskResource.list is a view of TaskResource and is called past its guard; call CallMethodView, or webapi.Decide before`
	_ = x.put(w, r)                  // want `TaskResource.put is a view`
	_ = (*TaskResource).put(x, w, r) // want `TaskResource.put is a view`
	_ = n.Get(w, r)                  // want `NoteResource.Get is a view`
	_ = n.Create(w, r)               // want `NoteResource.Create is a view`
	_ = x.remove(w, r)               // want `TaskResource.remove is a view`
	_ = x.helper(w, r)
	_ = x.status(w, r)
	n.Raw(w, r)
	_ = x.CallMethodView(w, r, "DELETE", x.remove)
	_ = x.CallMethodView(w, r, "GET", func(w http.ResponseWriter, r *http.Request) error { return x.list(w, r) })
}

func decided(w http.ResponseWriter, r *http.Request, x *TaskResource) error {
	if err := webapi.Decide(r.Context(), x, "GET", "7"); err != nil {
		return err
	}
	return x.list(w, r)
}

// feed is for readers.
//
//webapi:public reason="the list is public"
func feed(w http.ResponseWriter, r *http.Request, x *TaskResource) { _ = x.list(w, r) }

var later = func(w http.ResponseWriter, r *http.Request) error {
	return new(TaskResource).list(w, r) // want `TaskResource.list is a view`
}

func logged(view webapi.View) webapi.View { return view }

// SubtaskResource asks the guard of TaskResource as well.
//
//webapi:resource methods=GET super=TaskResource
type SubtaskResource struct{ *TaskResource }

func (x *SubtaskResource) list(w http.ResponseWriter, r *http.Request) error {
	return x.TaskResource.list(w, r)
}

// A page is no resource, so that nobody has asked for it.
type page struct{ tasks *TaskResource }

func (p *page) list(w http.ResponseWriter, r *http.Request) error {
	return p.tasks.list(w, r) // want `TaskResource.list is a view`
}

// TreeResource is generic.
//
//webapi:resource methods=GET
type TreeResource[T any] struct{ Root T }

func (x *TreeResource[T]) get(w http.ResponseWriter, r *http.Request) error { return nil }

func trees(w http.ResponseWriter, r *http.Request, x *TreeResource[int]) {
	http.Handle("/trees", webapi.Handle(x, webapi.Views{"GET": x.get}))
	_ = x.get(w, r) // want `TreeResource.get is a view`
}
