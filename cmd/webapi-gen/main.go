// Webapi-gen generates guards for web API resources: Go code that allows a request
// only if its OAuth2 token has the scopes that the resource requires.
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
// The exit status is 0 for success, 1 if the input is wrong, 2 if the command line is
// wrong, and 130 if it was interrupted. If anything is wrong, nothing is written.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
