// Webapi-gen generates guards for web API resources: Go code that lets a
// request through only if its OAuth2 token has the scopes that the resource
// asks for.
//
// Usage:
//
//	webapi-gen [flags] [patterns]
//
// It reads the //webapi: annotations of the Go packages that the patterns name
// (by default the package in the current folder), and the file webapi.yaml
// beside them if there is one, and writes one file for each resource and one
// with the package's catalogue. Run webapi-gen --help for the flags and
// examples, and see package annotations for the language.
//
// The exit status is 0 if all is done, 1 if the input is wrong, 2 if the
// call is, and 130 if it was interrupted. While anything is wrong, nothing is
// written.
package main

import (
	"os"
	"runtime/debug"
)

func main() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(400) // a run is short and retains little of what it allocates
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
