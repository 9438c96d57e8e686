package adaptertest_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest/adaptertest"
)

// TestRouter has the guards of the standard library's router.
func TestRouter(t *testing.T) {
	adaptertest.Router(t, func(cfg *webapi.Config, authenticators ...webapi.Authenticator) http.Handler {
		notes := adaptertest.Notes()
		text := func(w http.ResponseWriter, r *http.Request) {
			if id := r.PathValue("id"); id != "" {
				fmt.Fprint(w, "note ", id)
			} else {
				fmt.Fprint(w, "notes")
			}
		}
		mux := http.NewServeMux()
		for _, route := range []string{"GET /notes", "POST /notes"} {
			mux.Handle(route, webapi.GuardList(notes)(http.HandlerFunc(text)))
		}
		for _, route := range []string{"GET /notes/{id}", "DELETE /notes/{id}"} {
			mux.Handle(route, webapi.Guard(notes)(http.HandlerFunc(text)))
		}
		return cfg.Middleware(authenticators...)(mux)
	})
}

func TestStreams(t *testing.T) {
	mounts := map[string]func(webapi.Resource, http.Handler) http.Handler{
		"Guard": func(res webapi.Resource, handler http.Handler) http.Handler { return webapi.Guard(res)(handler) },
		"Handle": func(res webapi.Resource, handler http.Handler) http.Handler {
			return webapi.Handle(res, webapi.Views{"GET": webapi.ViewOf(handler), "POST": webapi.ViewOf(handler)})
		},
	}
	for name, guard := range mounts {
		t.Run(name, func(t *testing.T) {
			adaptertest.Streams(t, func(res webapi.Resource, handler http.Handler) http.Handler {
				mux := http.NewServeMux()
				mux.Handle("/notes/{id}", guard(res, handler))
				return mux
			})
		})
	}
}
