// Package mounts has no resource, and calls what registers routes for it.
package mounts

import (
	"net/http"

	"github.com/go-chi/chi/v5"

	"example.com/undeclared/given"
)

func serve() error {
	r := chi.NewRouter()
	given.Register(r) // want `the handler of GET /literal belongs to no resource` `handler http.FileServer belongs to no resource`
	given.Public(r)
	given.Serve(http.DefaultServeMux)
	given.Mount(r, func(w http.ResponseWriter, r *http.Request) {})
	r.Get("/own", func(w http.ResponseWriter, r *http.Request) {})
	return http.ListenAndServe(":80", r)
}
