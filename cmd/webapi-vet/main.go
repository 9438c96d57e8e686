// Webapi-vet reports routes that bypass generated guards, and code that does by
// hand what guards do. It takes packages and can fix what it finds:
//
//	webapi-vet ./...
//	webapi-vet -fix ./...
//
// A pattern that ends in "..." includes the modules below. The go command can run it as
// well, on the packages of one module:
//
//	go vet -vettool=$(go tool -n webapi-vet) ./...
//
// It then keeps the answer for a package until a Go file or an import changes, so that
// stale does not notice an edit of webapi.yaml or webapi.lock alone.
//
// The flag -NAME=false disables a check, and -NAME disables all checks but those that
// are set. "webapi-vet help" lists the checks, and package
// [github.com/webapi-gen/webapi-gen/analyzer] explains them.
package main

import (
	"os"

	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/webapi-gen/webapi-gen/analyzer"
)

func main() {
	if code, ok := runModules(os.Args[1:]); ok {
		os.Exit(code)
	}
	multichecker.Main(analyzer.Analyzers()...)
}
