// Package nothing serves HTTP without resources.
package nothing

import (
	"net/http"
	"strings"
)

func routes(mux *http.ServeMux) {
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if token := r.Header.Get("Authorization"); strings.Contains(token, "scope") {
			w.WriteHeader(http.StatusNoContent)
		}
	})
}
