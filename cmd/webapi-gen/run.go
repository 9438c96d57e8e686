package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/generator/report"
)

// The exit codes.
const (
	exitDone       = 0
	exitWrongInput = 1
	exitWrongCall  = 2
)

// An app is one call of the tool.
type app struct {
	cfg      generator.Config
	format   report.Format
	stdout   io.Writer
	stderr   io.Writer
	warned   bool      // findings of a run that succeeds are printed
	terminal *terminal // what stderr is, nil if it is something else
	writes   bool      // the command writes files if nothing is wrong
}

// run executes the command line and returns the exit code.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdout: stdout, stderr: stderr, format: report.Text}
	defer a.attach(time.Now)()
	return a.execute(args, stdin)
}

// execute does what run does, once the terminal is known.
func (a *app) execute(args []string, stdin io.Reader) int {
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	return a.finish(root.Execute())
}

// formatFlag adds the flag that says how findings are printed.
func (a *app) formatFlag(cmd *cobra.Command) {
	cmd.Flags().Var(&a.format, "format", "print findings as text, json, github or sarif")
}

// say returns where lines for people go: to standard output, unless that holds
// what a program reads.
func (a *app) say() io.Writer {
	if a.format == report.Text {
		return a.stdout
	}
	return a.stderr
}

// A staleError says that the outputs are not up to date, or that there are
// warnings.
type staleError struct{ findings diag.List }

func (e *staleError) Error() string { return e.findings.Error() }

// finish says what went wrong and returns the exit code for it.
func (a *app) finish(err error) int {
	var findings diag.List
	var stale *staleError
	var usage *generator.UsageError
	switch {
	case errors.As(err, &usage):
		fmt.Fprintf(a.stderr, "webapi-gen: %v\nRun webapi-gen --help for usage.\n", err)
		return exitWrongCall
	case errors.As(err, &findings):
		a.print(findings)
		rest := ""
		if a.writes {
			rest = "; nothing was written"
		}
		fmt.Fprintf(a.stderr, "webapi-gen: %s%s\n", count(len(findings), "error"), rest)
	case errors.As(err, &stale):
		a.print(stale.findings)
		a.sumUp(stale.findings)
	case err != nil:
		fmt.Fprintf(a.stderr, "webapi-gen: %v\n", err)
	default:
		if a.format != report.Text && !a.warned {
			a.print(nil)
		}
		return exitDone
	}
	return exitWrongInput
}

// print prints findings: for people to standard error, for programs to
// standard output.
func (a *app) print(findings diag.List) {
	out, opts := a.stderr, report.Options{Dir: a.cfg.Dir, Version: moduleVersion()}
	if a.format != report.Text {
		out = a.stdout
		opts.Root = os.Getenv("GITHUB_WORKSPACE") // annotations have paths of the repository
	} else if a.terminal != nil {
		opts.Snippets, opts.Colour, opts.Width = true, a.terminal.colours, a.terminal.width
	}
	if err := report.Print(out, findings, a.format, opts); err != nil {
		fmt.Fprintf(a.stderr, "webapi-gen: %v\n", err)
	}
}

// noArguments refuses arguments.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return wrongCall(cmd, fmt.Errorf("%s takes no arguments, got %q", cmd.Name(), args[0]))
	}
	return nil
}

// wrongCall makes the errors of cobra's own checks usage errors.
func wrongCall(_ *cobra.Command, err error) error {
	return &generator.UsageError{Message: err.Error()}
}
