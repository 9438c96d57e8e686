// Webapi-gen generates guards for web API resources: Go code that allows a request
// only if its OAuth2 token has the scopes that the resource requires.
//
// Usage:
//
//	webapi-gen [flags] [patterns]
//
// Run webapi-gen --help for the patterns, the flags, examples and the exit status,
// and see package annotations for the language.
package main

import (
	"os"
	"runtime/debug"
)

func main() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(200) // a fifth less time for an eighth more memory
	}
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}
