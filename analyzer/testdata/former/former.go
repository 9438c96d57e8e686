// Package former had resources, which webapi.lock has still.
package former

import "net/http"

// Note had an annotation.
type Note struct{} // want `type Note is a resource in webapi.lock, and has no guard any more; annotate it with //webapi:resource again, or with //webapi:public`

func (x *Note) Get(w http.ResponseWriter, r *http.Request) {}

// Task is open on purpose.
//
//webapi:public reason="everybody may see the tasks"
type Task struct{}

func (x *Task) Get(w http.ResponseWriter, r *http.Request) {}

// Alias is another type now.
type Alias = alias // want `type Alias is a resource in webapi.lock`

type alias struct{}

func (x *alias) Get(w http.ResponseWriter, r *http.Request) {}

// Spec is named by a spec that only --spec knows.
type Spec struct{}

func (x *Spec) Get(w http.ResponseWriter, r *http.Request) {}

// Other has no lines.
type Other struct{}

func (x *Other) Get(w http.ResponseWriter, r *http.Request) {}

func List(w http.ResponseWriter, r *http.Request) {}

func routes(mux *http.ServeMux, n *Note, t *Task, s *Spec) {
	mux.HandleFunc("/notes", n.Get) // want `goes to Note.Get past the guard`
	mux.HandleFunc("/tasks", t.Get)
	mux.HandleFunc("/specs", s.Get) // want `goes to Spec.Get past the guard`
}
