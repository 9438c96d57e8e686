// Package foreign declares no resource, and serves handlers of packages that do.
package foreign

import (
	"net/http"

	"example.com/former"
	"example.com/notes"
	"example.com/undeclared/session"
)

func routes(mux *http.ServeMux, n *notes.NoteResource, o *former.Other, a *former.Alias) {
	mux.Handle("/notes", n.Handler())
	mux.HandleFunc("/health", notes.Health)
	mux.HandleFunc("/others", o.Get)     // want `handler former.Other.Get belongs to no resource and is not declared public`
	mux.HandleFunc("/alias", a.Get)      // want `handler former.alias.Get belongs to no resource`
	mux.HandleFunc("/list", former.List) // want `handler former.List belongs to no resource`
	mux.HandleFunc("/own", own)
	mux.HandleFunc("/literal", func(http.ResponseWriter, *http.Request) {})
}

func sessions(mux *http.ServeMux, n *notes.NoteResource) {
	list := http.HandlerFunc(former.List)
	mux.Handle("GET /login", session.Login(list))
	mux.Handle("GET /either", session.Either(n)(list))
	mux.Handle("GET /neither", session.Neither(n)(http.HandlerFunc(former.List))) // want `handler former.List belongs to no resource`
}

func own(w http.ResponseWriter, r *http.Request) {}
