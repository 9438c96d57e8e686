// Package notes has the resource that others serve. // want package:"scopes admin note:read note:write note:destroy"
//
//webapi:scope admin Full control
package notes

import (
	"net/http"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// NoteResource serves notes.
//
//webapi:resource methods=GET,POST,DELETE
type NoteResource struct{ Title string } // want NoteResource:"resource"

func (x *NoteResource) Handler() http.Handler {
	return webapi.Handle(x, webapi.Views{"GET": x.Get, "POST": logged(x.Create)})
}

func (x *NoteResource) Get(w http.ResponseWriter, r *http.Request) error { return nil } // want Get:"view"

func (x *NoteResource) Create(w http.ResponseWriter, r *http.Request) error { // want Create:"view"
	return x.Get(w, r)
}

func (x *NoteResource) Raw(w http.ResponseWriter, r *http.Request) {}

func (x *NoteResource) Count() int { return 0 }

// Served goes through the guard by itself.
func (x *NoteResource) Served(w http.ResponseWriter, r *http.Request) {
	_ = x.CallMethodView(w, r, r.Method, x.Get)
}

// RawHandler goes past the guard.
func (x *NoteResource) RawHandler() http.Handler { return http.HandlerFunc(x.Raw) }

// Either goes past the guard on one of its ways.
func (x *NoteResource) Either(raw bool) http.Handler {
	if raw {
		return http.HandlerFunc(x.Raw)
	}
	return x.Handler()
}

// Ping says that the server is there.
//
//webapi:public reason="it tells nothing"
func (x *NoteResource) Ping(w http.ResponseWriter, r *http.Request) {} // want Ping:"public"

func logged(view webapi.View) webapi.View { return view }

// Health is for the load balancer.
//
//webapi:public reason="it tells nothing"
func Health(w http.ResponseWriter, r *http.Request) {} // want Health:"public"

// Assets serve files.
//
//webapi:public reason="style sheets"
type Assets struct{} // want Assets:"public"

func (Assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {}

func Version(w http.ResponseWriter, r *http.Request) {}
