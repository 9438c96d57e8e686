// Webapi-vet reports routes that bypass generated guards, and code that does by
// hand what guards do. It takes packages, can fix a part of what it finds, and can write
// a baseline:
//
//	webapi-vet ./...
//	webapi-vet -fix ./...
//	webapi-vet -baseline ./...
//
// With -fix it reports what is left, and its exit status is that of a run without.
//
// With -baseline it writes what it finds to webapi.baseline beside go.mod, and reports it
// no more. Once there is such a file, -baseline only removes lines that apply no more: a
// new finding is to be dealt with. To begin again, remove the file.
//
// A pattern that ends in "..." includes the modules below. The go command can run it as
// well, on the packages of one module:
//
//	go vet -vettool=$(go tool -n webapi-vet) ./...
//
// It keeps the answer for a package until a Go file, webapi.yaml, webapi.lock or
// webapi.baseline changes.
//
// The flag -NAME=false disables a check, and -NAME disables all checks but those that
// are set. "webapi-vet help" lists the checks, and package
// [github.com/webapi-gen/webapi-gen/analyzer] explains them.
package main

import (
	"fmt"
	"os"
	"slices"

	"golang.org/x/tools/go/analysis/multichecker"

	"github.com/webapi-gen/webapi-gen/analyzer"
)

func main() {
	args := os.Args[1:]
	var status int
	var err error
	switch {
	case os.Getenv(again) != "":
		check(args)
	case len(args) == 1 && args[0] == "-V=full":
		err = printVersion()
	case has(args, "fix"):
		status, err = fix(args)
	case has(args, "baseline"):
		status, err = writeBaselines(args)
	default:
		check(args)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "webapi-vet: %v\n", err)
		status = 1
	}
	os.Exit(status)
}

// check runs the checks, and does not return.
func check(args []string) {
	if code, ok := runModules(args); ok {
		os.Exit(code)
	}
	if code, ok := analyze(args); ok {
		os.Exit(code)
	}
	multichecker.Main(analyzer.Analyzers()...)
}

// has reports whether a flag is set, in one of the forms of package flag.
func has(args []string, name string) bool {
	return slices.ContainsFunc(args, func(arg string) bool { return is(arg, name) })
}

func is(arg, name string) bool {
	return slices.Contains([]string{"-" + name, "--" + name, "-" + name + "=true", "--" + name + "=true"}, arg)
}

func without(args []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return is(arg, name) })
}
