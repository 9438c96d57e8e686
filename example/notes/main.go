// Notes is the smallest server with a guarded resource.
//
//	go run ./notes
//	curl -H 'Authorization: Bearer reader' localhost:8080/notes/1
package main

import (
	"log"
	"net/http"
)

//go:generate go tool webapi-gen --tests

func main() {
	log.Print(`try: curl -H "Authorization: Bearer reader" localhost:8080/notes/1`)
	log.Fatal(http.ListenAndServe("localhost:8080", newServer()))
}
