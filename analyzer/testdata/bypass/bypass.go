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

// No guard has helper, and what calls it is known.
func unmounted(mux *http.ServeMux, x *TaskResource, next http.Handler) http.Handler {
	mux.Handle("GET /helped", webapi.Guard(x)(http.HandlerFunc(helped)))
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, r *http.Request) { _ = x.status(w, r) })
	cfg := &webapi.Config{WriteError: func(w http.ResponseWriter, r *http.Request, err error) {
		_ = x.helper(w, r) // want `TaskResource.helper is a view of TaskResource and is called past its guard`
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/help" {
			_ = x.helper(w, r) // want `TaskResource.helper is a view`
		}
		cfg.Middleware()(next).ServeHTTP(w, r)
	})
}

// The guard of the resource is asked before.
func helped(w http.ResponseWriter, r *http.Request) {
	_ = new(TaskResource).helper(w, r)
	_ = new(TaskResource).list(w, r)
	_ = new(TaskResource).remove(w, r) // want `TaskResource.remove is a view`
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

// StepResource has views that call each other.
//
//webapi:resource name=step methods=GET,POST,DELETE
type StepResource struct{}

func (x *StepResource) get(w http.ResponseWriter, r *http.Request) error {
	if r.FormValue("and") == "remove" {
		return x.remove(w, r) // want `StepResource.remove is the view of DELETE, which requires step:destroy, and is called by the view of GET, which requires step:read; share a function that takes no request, or ask webapi.Decide before`
	}
	return nil
}

func (x *StepResource) post(w http.ResponseWriter, r *http.Request) error {
	if err := webapi.Decide(r.Context(), x, "DELETE", ""); err != nil {
		return err
	}
	return x.remove(w, r)
}

func (x *StepResource) remove(w http.ResponseWriter, r *http.Request) error { return nil }

type getter interface {
	get(w http.ResponseWriter, r *http.Request) error
}

func steps(w http.ResponseWriter, r *http.Request, x *StepResource) {
	http.Handle("/steps", webapi.Handle(x, webapi.Views{"GET": x.get, "POST": x.post, "DELETE": x.remove}))
	f := x.get
	_ = f(w, r) // want `StepResource.get is a view of StepResource and is called past its guard`
	var g getter = x
	_ = g.get(w, r)   // want `StepResource.get is a view of StepResource and is called past its guard`
	go x.remove(w, r) // want `StepResource.remove is a view of StepResource`
}
