// Webapi-vet reports routes that bypass generated guards, and code that does by
// hand what guards do. The go command runs it on the packages that it builds:
//
//	go vet -vettool=$(go tool -n webapi-vet) ./...
//
// Run by itself, it takes packages and can fix what it finds:
//
//	webapi-vet ./...
//	webapi-vet -fix ./...
//
// The flag -NAME=false disables a check, and -NAME disables all checks but those that
// are set. "webapi-vet help" lists the checks, and package
// [github.com/webapi-gen/webapi-gen/analyzer] explains them.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/webapi-gen/webapi-gen/analyzer"
)

func main() { multichecker.Main(analyzer.Analyzers()...) }
