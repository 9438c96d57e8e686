package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/internal/report"
)

// The exit codes.
const (
	exitDone       = 0
	exitWrongInput = 1
	exitWrongCall  = 2

	exitInterrupted = 128 + 2 // as shells say it of SIGINT
)

// An app is one call of the tool.
type app struct {
	cfg      generator.Config
	format   report.Format
	stdout   io.Writer
	stderr   io.Writer
	warned   bool      // findings of a run that succeeds are printed
	terminal *terminal // what stderr is, nil if it is something else
	columns  int       // of the terminal that stdout is, 0 if it is something else or they are not known
	writes   bool      // the command writes files if nothing is wrong
}

// run executes the command line and returns the exit code. A first interrupt
// ends it before files are written, or lets all of them be written; a second
// one ends it at once. It still listens for them when it returns: the process ends
// then, and to stop before would take 3 % of a small run.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	a := &app{stdout: stdout, stderr: stderr, format: report.Text}
	a.attach()
	return a.execute(ctx, args, stdin)
}

// execute does what run does, once the terminal is known.
func (a *app) execute(ctx context.Context, args []string, stdin io.Reader) int {
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	cmd, err := root.ExecuteContextC(ctx)
	return a.finish(cmd, err)
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

// errSaid says that the run has failed, and that why has been said.
var errSaid = errors.New("said already")

// finish says what went wrong in a command and returns the exit code for it.
func (a *app) finish(cmd *cobra.Command, err error) int {
	var findings diag.List
	var stale *staleError
	var usage *generator.UsageError
	switch {
	case errors.As(err, &usage):
		fmt.Fprintf(a.stderr, "webapi-gen: %v\nRun %s --help for usage.\n", err, helpful(cmd).CommandPath())
		return exitWrongCall
	case errors.As(err, &findings):
		a.print(findings)
		rest := ""
		if a.writes {
			rest = "; nothing was written"
		}
		if slices.ContainsFunc(findings, isBadLock) {
			rest += "; run webapi-gen lock to write " + lockfile.Name + " again"
		}
		fmt.Fprintf(a.stderr, "webapi-gen: %s%s\n", count(len(findings), "error"), rest)
	case errors.As(err, &stale):
		a.print(stale.findings)
		a.sumUp(stale.findings)
	case errors.Is(err, errSaid):
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(a.stderr, "webapi-gen: interrupted; nothing was written")
		return exitInterrupted
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

// isBadLock reports whether a finding is about the lock file of a module on disk,
// rather than about one that diff compares.
func isBadLock(d diag.Diagnostic) bool {
	return d.Code == diag.BadLock && filepath.Base(d.Pos.Filename) == lockfile.Name
}

// helpful returns the command whose help says how cmd is called: that of help
// itself says nothing of the commands that there are.
func helpful(cmd *cobra.Command) *cobra.Command {
	if cmd.Name() == "help" {
		return cmd.Root()
	}
	return cmd
}

// print prints findings: for people to standard error, for programs to
// standard output.
func (a *app) print(findings diag.List) {
	out := a.stderr
	if a.format != report.Text {
		out = a.stdout
	}
	if err := report.Print(out, findings, a.format, a.options()); err != nil {
		fmt.Fprintf(a.stderr, "webapi-gen: %v\n", err)
	}
}

// options returns how findings are printed.
func (a *app) options() report.Options {
	opts := report.Options{Dir: a.cfg.Dir, Version: moduleVersion()}
	if a.format != report.Text {
		opts.Root = os.Getenv("GITHUB_WORKSPACE") // annotations have paths of the repository
	} else if a.terminal != nil {
		opts.Snippets, opts.Colour, opts.Width = true, a.terminal.colours, a.terminal.width
	}
	return opts
}

// noArguments refuses arguments.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return wrongCall(cmd, fmt.Errorf("%s takes no arguments, got %q", strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" "), args[0]))
	}
	return nil
}

// wrongCall makes the errors of cobra's own checks usage errors.
func wrongCall(_ *cobra.Command, err error) error {
	return &generator.UsageError{Message: err.Error()}
}

// inputFlags adds the flags that say what is read.
func (a *app) inputFlags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&a.cfg.Dir, "dir", "C", "", "change to this `folder` first")
	cmd.Flags().StringVar(&a.cfg.Spec, "spec", "", "read this YAML `file` (default: webapi.yaml in the folder)")
}

// outputFlags adds the flags of what works out the outputs: what is read, which
// outputs are wanted, and how findings about them are printed.
func (a *app) outputFlags(cmd *cobra.Command) {
	a.inputFlags(cmd)
	cmd.Flags().BoolFunc("tests", "write contract tests (default: of packages that have one; --tests=false removes them)", a.setTests)
	a.formatFlag(cmd)
	a.lintFlag(cmd)
}

// setTests sets what the flag --tests says.
func (a *app) setTests(value string) error {
	wanted, err := yes(value)
	if a.cfg.Tests = generator.TestsNone; wanted {
		a.cfg.Tests = generator.TestsAll
	}
	return err
}

// yes reports whether the value of a flag that has one or none is true.
func yes(value string) (bool, error) {
	wanted, err := strconv.ParseBool(value)
	if err != nil {
		return false, errors.New("want true or false")
	}
	return wanted, nil
}

// readModule sets what is read to the patterns, or to the folder and all below
// it where there are none and no spec is named.
func (a *app) readModule(patterns []string) {
	a.cfg.Patterns = patterns
	if len(patterns) == 0 && a.cfg.Spec == "" {
		a.cfg.Patterns = []string{"./..."}
	}
}

// visible returns a path as it is, or quoted if it has characters that nobody
// sees or that a terminal would obey.
func visible(path string) string {
	if quoted := strconv.QuoteToGraphic(path); quoted[1:len(quoted)-1] != strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(path) {
		return quoted
	}
	return path
}

// errNothing returns the error that there is no resource, and says where: a run
// that guards nothing is hardly what was meant.
func errNothing(cfg generator.Config) error {
	where, hint := ".", "; did you mean ./...?"
	if len(cfg.Patterns) > 0 {
		where = visible(strings.Join(cfg.Patterns, " "))
	}
	if cfg.Spec != "" || slices.ContainsFunc(cfg.Patterns, func(p string) bool { return strings.HasSuffix(p, "...") }) {
		hint = ""
	}
	return fmt.Errorf("there is no //webapi:resource and no resource of a webapi.yaml in %s%s", where, hint)
}

// count returns "1 error", "2 errors".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
