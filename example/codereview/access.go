package main

import (
	"bytes"
	_ "embed"
	"net/http"
	"time"
)

//go:generate go tool webapi-gen --tests ./...
//go:generate go tool webapi-gen export -o access.html ./...

//go:embed access.html
var accessPage []byte

// access answers with the page of who may call what.
//
//webapi:public reason="whoever writes a client reads it before there is a token; it has no secret"
func access(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "frame-ancestors 'none'") // the page itself has the rest
	h.Set("Referrer-Policy", "same-origin")
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "access.html", time.Time{}, bytes.NewReader(accessPage))
}
