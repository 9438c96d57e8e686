package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
)

// The exit codes.
const (
	exitDone       = 0
	exitWrongInput = 1
	exitWrongCall  = 2
)

// run executes the command line and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	return report(stderr, root.Execute())
}

// report says what went wrong and returns the exit code for it.
func report(stderr io.Writer, err error) int {
	var diags diag.List
	var usage *generator.UsageError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &diags):
		fmt.Fprintf(stderr, "%v\nwebapi-gen: %s; nothing was written\n", diags, count(len(diags), "error"))
		return exitWrongInput
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "webapi-gen: %v\nRun webapi-gen --help for usage.\n", err)
		return exitWrongCall
	default:
		fmt.Fprintf(stderr, "webapi-gen: %v\n", err)
		return exitWrongInput
	}
}

// count returns "1 error", "2 errors".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// wrongCall makes the errors of cobra's own checks usage errors.
func wrongCall(_ *cobra.Command, err error) error {
	return &generator.UsageError{Message: err.Error()}
}
