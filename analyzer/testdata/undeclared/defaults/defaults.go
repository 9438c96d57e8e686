// Package defaults has no resource, but says what it would take for one.
//
//webapi:defaults apitokens=deny
package defaults

import "net/http"

func routes(mux *http.ServeMux) {
	mux.HandleFunc("/a", hello) // want `handler defaults.hello belongs`
}

func hello(w http.ResponseWriter, r *http.Request) {}
