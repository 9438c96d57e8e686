// Notes is the smallest server with a guarded resource.
//
//	go run ./notes
//	curl -H 'Authorization: Bearer reader' localhost:8080/notes/1
package main

import (
	"log"
	"net/http"
	"time"
)

//go:generate go tool webapi-gen --tests

func main() {
	log.Print(`try: curl -H "Authorization: Bearer reader" localhost:8080/notes/1`)
	server := &http.Server{
		Addr: "localhost:8080", Handler: newServer(),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute,
	}
	log.Fatal(server.ListenAndServe())
}
