// Webapi-import writes a spec of webapi-gen, a webapi.yaml, from a description of an API in
// OpenAPI or of Google's discovery service. It is the command webapi-gen import, in a module
// of its own, so that the tool does not require a reader of OpenAPI.
//
// Usage:
//
//	webapi-gen import [flags] FILE
//
// Run webapi-gen import --help for what it reads, the questions that it asks, the flags
// and the exit status.
package main

import "os"

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}
