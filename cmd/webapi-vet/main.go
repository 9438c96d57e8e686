// Webapi-vet reports routes that go past generated guards, and code that does by
// hand what guards do. The go command runs it on what it builds:
//
//	go vet -vettool=$(go tool -n webapi-vet) ./...
//
// By itself it takes packages and can mend what it finds:
//
//	webapi-vet ./...
//	webapi-vet -fix ./...
//
// Each check has a switch, -stale=false for example; a switch that is set to true
// leaves the others out. "webapi-vet help" lists the checks, and package
// [github.com/webapi-gen/webapi-gen/analyzer] explains them.
package main

import (
	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/webapi-gen/webapi-gen/analyzer"
)

func main() { multichecker.Main(analyzer.Analyzers()...) }
