package api

import "net/http"

// info says what this server is.
//
//webapi:public reason="a client asks this before it has a token, to find out where to get one"
func info(metadata string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_ = respond(w, http.StatusOK, "info", map[string]string{
			"product":           "codereview",
			"resource_metadata": metadata,
		})
	}
}
