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

	exitInterrupted = 128 + 2 // that of a process that SIGINT ended, in shells
)

// An app is one call of the command.
type app struct {
	cfg      generator.Config
	format   report.Format
	stdout   io.Writer
	stderr   io.Writer
	warned   bool      // the warnings of a run that succeeds are printed
	terminal *terminal // of stderr, nil if that is no terminal
	columns  int       // of the terminal of stdout, 0 if that is none or they are not known
	writes   bool      // the command writes files if nothing is wrong

	temps []string // folders that diff removes
}

// run executes the command line and returns the exit code. A first interrupt ends it
// before files are written, or has no effect; a second one ends it at once. It does not
// stop listening when it returns, since the process ends then.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	a := &app{stdout: stdout, stderr: stderr, format: report.Text}
	a.attach()
	return a.execute(ctx, args, stdin)
}

func (a *app) execute(ctx context.Context, args []string, stdin io.Reader) int {
	root := a.rootCommand()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	cmd, err := root.ExecuteContextC(ctx)
	return a.finish(cmd, err)
}

func (a *app) formatFlag(cmd *cobra.Command) {
	cmd.Flags().Var(&a.format, "format", "print findings as text, json, github or sarif")
}

// say returns the writer of messages: standard output, or standard error if standard
// output has findings for a program.
func (a *app) say() io.Writer {
	if a.format == report.Text {
		return a.stdout
	}
	return a.stderr
}

// A staleError means that the outputs are not up to date, that routes are unguarded, or that
// there are warnings.
type staleError struct {
	findings diag.List
	routes   *routeCheck // nil if there are no resources
}

func (e *staleError) Error() string { return e.findings.Error() }

// errReported means that the run has failed, and that the reason is printed.
var errReported = errors.New("reported already")

// errWrongCall means that the command line is wrong, and that the reason is printed.
var errWrongCall = errors.New("reported already")

// finish prints the error of a command and returns the exit code.
func (a *app) finish(cmd *cobra.Command, err error) int {
	var findings diag.List
	var stale *staleError
	var usage *generator.UsageError
	switch {
	case errors.As(err, &usage):
		if cmd.Name() == "help" { // its own help does not list the commands
			cmd = cmd.Root()
		}
		fmt.Fprintf(a.stderr, "webapi-gen: %s\nRun %s --help for usage.\n", visibleError(err), cmd.CommandPath())
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
		stale.routes.print(a.stderr)
		if stale.routes != nil && stale.routes.err != nil {
			fmt.Fprintf(a.stderr, "webapi-gen: %s\n", visibleError(stale.routes.err))
		}
	case errors.Is(err, errReported):
	case errors.Is(err, errWrongCall):
		return exitWrongCall
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(a.stderr, "webapi-gen: interrupted; nothing was written")
		return exitInterrupted
	case err != nil:
		fmt.Fprintf(a.stderr, "webapi-gen: %s\n", visibleError(err))
	default:
		if a.format != report.Text && !a.warned {
			a.print(nil)
		}
		return exitDone
	}
	return exitWrongInput
}

// isBadLock reports whether a finding is about the lock file of a module on disk, and not
// about one that diff compares.
func isBadLock(d diag.Diagnostic) bool {
	return d.Code == diag.BadLock && filepath.Base(d.Pos.Filename) == lockfile.Name
}

// print prints findings: as text to standard error, in other formats to standard output.
func (a *app) print(findings diag.List) {
	out := a.stderr
	if a.format != report.Text {
		out = a.stdout
	}
	if err := report.Print(out, findings, a.format, a.options()); err != nil {
		fmt.Fprintf(a.stderr, "webapi-gen: %v\n", err)
	}
}

func (a *app) options() report.Options {
	opts := report.Options{Dir: a.cfg.Dir, Version: moduleVersion()}
	if a.format != report.Text {
		opts.Root = os.Getenv("GITHUB_WORKSPACE") // annotations have paths of the repository
	} else if a.terminal != nil {
		opts.Snippets, opts.Colour, opts.Width = true, a.terminal.colours, a.terminal.width
	}
	return opts
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return wrongCall(cmd, fmt.Errorf("%s takes no arguments, got %q", strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" "), args[0]))
	}
	return nil
}

// wrongCall turns an error of cobra's checks into a usage error.
func wrongCall(_ *cobra.Command, err error) error {
	return &generator.UsageError{Message: err.Error()}
}

func (a *app) inputFlags(cmd *cobra.Command) {
	cmd.Flags().StringVarP(&a.cfg.Dir, "dir", "C", "", "change to this `folder` first")
	cmd.Flags().StringVar(&a.cfg.Spec, "spec", "", "read this YAML `file` (default: webapi.yaml in the folder)")
}

// outputFlags adds the flags of commands that compute outputs.
func (a *app) outputFlags(cmd *cobra.Command) {
	a.inputFlags(cmd)
	cmd.Flags().BoolFunc("tests", "write contract tests (default: of packages that have one; --tests=false removes them)", a.setTests)
	a.formatFlag(cmd)
	cmd.Flags().Var(&a.cfg.Lint, "lint", "report these `warnings`: all, none, codes, or all but some, as in -WA081,-WA082")
}

func (a *app) setTests(value string) error {
	wanted, err := strconv.ParseBool(value)
	if err != nil {
		return errors.New("want true or false")
	}
	if a.cfg.Tests = generator.TestsNone; wanted {
		a.cfg.Tests = generator.TestsAll
	}
	return nil
}

// readModule sets the patterns. Without patterns and --spec it sets ./....
func (a *app) readModule(patterns []string) {
	a.cfg.Patterns = patterns
	if len(patterns) == 0 && a.cfg.Spec == "" {
		a.cfg.Patterns = []string{"./..."}
	}
}

// visible returns a path, quoted if it has invisible or control characters.
func visible(path string) string {
	if quoted := strconv.QuoteToGraphic(path); quoted[1:len(quoted)-1] != strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(path) {
		return quoted
	}
	return path
}

// visibleError returns the text of an error with its invisible characters escaped. It keeps the
// line breaks of errors that are joined, but none in which a service for CI would read a
// command, see report.WorkflowCommand.
func visibleError(err error) string {
	lines := strings.Split(report.VisibleLines(err.Error()), "\n")
	for i, line := range lines {
		if text := strings.TrimSpace(line); i > 0 && (strings.HasPrefix(text, "::") || strings.HasPrefix(text, "##[")) {
			lines[i] = strconv.Quote(line)
		}
	}
	return strings.Join(lines, "\n")
}

// errNothing returns the error that there is no resource. A run that guards nothing is
// probably a mistake.
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
