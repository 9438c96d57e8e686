package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

const long = `Webapi-gen reads //webapi: annotations of Go types, or a YAML spec, and writes
Go code that guards web API resources by the scopes of OAuth2 tokens.

Patterns are paths: a folder (.), a folder and all below it (./...), or Go
files. As with the go command, ./... leaves out vendor, testdata, other modules
and folders that begin with . or _, but it does not know the ignore directives
of go.mod. Where Go files are named, they must be all the annotated files of
their package, and none of its outputs is removed. Without a pattern it is the
package in the current folder, which under go generate is that of $GOFILE.

Each resource gets a file <type>_webapi.go, each package a webapi_catalog.go.
With --tests each guard gets a contract test too: <type>_webapi_contract_test.go
has everything that the guard must answer as a literal table, and fails when the
guard, edited by hand, or the runtime answers a method or a caller differently.
It cannot notice an edit that depends on a header, the query or the subject of a
token; webapi-gen check can. A package that has one keeps them without the flag.
Generic types get none.

Files that need no change are not touched, and a file that webapi-gen did not
write is never overwritten. Outputs begin with the text of webapi.header, a file of
comments such as a licence beside go.mod, if there is one; without it, comments that
another tool has put above the line "Code generated" stay. The output of a resource that no longer exists is
removed, and the run reports it. A run under go generate empties it instead, as
go generate fails at a file that a run has removed: a package clause is left that
no build includes. The file may stay; check accepts it, and webapi-gen removes it
when it is run by itself. The outputs of a package that has no resource at
all are left and reported as an error, since they may belong to a spec that --spec
names. Nothing is written while there is an error. A warning is about what is
allowed but probably not intended: the files are written, but webapi-gen check
fails. --lint switches warnings off. A line says so while the hand-written files of
the module set up routes and none of them mounts a guard, as far as their text shows.

Exit status: 0 success, 1 the input is wrong, 2 the command line is wrong, 130
interrupted before anything was written.`

const examples = `  # The package in this folder, as a go:generate line:
  //go:generate go tool webapi-gen

  # All packages of the module, with a line for each file:
  webapi-gen -v ./...

  # One package whose resources are in a YAML spec:
  webapi-gen --spec api/webapi.yaml

  # Another module:
  webapi-gen -C ../billing ./...

  # A build that must not write to its source folder:
  webapi-gen --out bazel-out/api api/notes.go`

// rootCommand returns the root command, which generates, with its subcommands.
func (a *app) rootCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "webapi-gen [flags] [patterns]",
		Short:         "Generate scope guards for web API resources",
		Long:          long,
		Example:       examples,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),

		SuggestionsMinimumDistance: 2,
		ValidArgsFunction:          commandsOrFiles,
	}
	cmd.SetFlagErrorFunc(wrongCall)
	cmd.PersistentPreRunE = notEmpty
	cmd.SetVersionTemplate("webapi-gen {{.Version}}\n")
	verbose := cmd.Flags().BoolP("verbose", "v", false, "print what is done with each file, not only the removed ones")
	cmd.Flags().StringVar(&a.cfg.Out, "out", "", "write the outputs of one package to this `folder` only")
	a.outputFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, patterns []string) error {
		a.cfg.Patterns = patterns
		return misspelt(cmd, patterns, a.generate(cmd, *verbose))
	}
	cmd.AddCommand(
		a.checkCommand(),
		a.diffCommand(),
		a.explainCommand(),
		a.exportCommand(),
		a.fixCommand(),
		a.importCommand(),
		a.initCommand(),
		a.listCommand(),
		a.lockCommand(),
		a.needsCommand(),
		a.schemaCommand(),
		versionCommand(),
	)
	completeFlags(cmd)
	strictHelpers(cmd)
	return cmd
}

// notEmpty returns an error if a flag or an argument is empty, such as a variable that is
// not set: what is done without it is not what is intended then.
func notEmpty(cmd *cobra.Command, args []string) error {
	var err error
	cmd.Flags().Visit(func(f *pflag.Flag) {
		values := []string{f.Value.String()}
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values = list.GetSlice()
		}
		if f.NoOptDefVal == "" && (len(values) == 0 || slices.ContainsFunc(values, isBlank)) {
			err = cmp.Or(err, wrongCall(cmd, fmt.Errorf("--%s is empty", f.Name)))
		}
	})
	if i := slices.IndexFunc(args, isBlank); i >= 0 && cmd.Name() != cobra.ShellCompRequestCmd {
		err = cmp.Or(err, wrongCall(cmd, fmt.Errorf("argument %d is empty", i+1)))
	}
	return err
}

func isBlank(text string) bool { return strings.TrimSpace(text) == "" }

// misspelt adds to a usage error the command whose name is nearly the first pattern.
func misspelt(cmd *cobra.Command, patterns []string, err error) error {
	var usage *generator.UsageError
	if len(patterns) == 0 || patterns[0] == "" || !errors.As(err, &usage) {
		return err
	}
	if near := cmd.SuggestionsFor(patterns[0]); len(near) > 0 {
		return &generator.UsageError{Message: fmt.Sprintf("%v; did you mean the command %s?", err, near[0])}
	}
	return err
}

func (a *app) generate(cmd *cobra.Command, verbose bool) error {
	a.writes = true
	a.cfg.GoGenerate = os.Getenv("GOFILE") != "" && os.Getenv("GOLINE") != "" && os.Getenv("GOPACKAGE") != ""
	result, err := a.outputs(cmd.Context())
	if err != nil {
		return err
	}
	if err := result.Write(); err != nil {
		return err
	}
	warnings := ""
	if len(result.Lint) > 0 {
		a.print(result.Lint)
		a.warned = true
		warnings = "; " + count(len(result.Lint), "warning")
	}
	out := a.say()
	for _, f := range result.Files {
		if verbose || f.Status == generator.Removed || f.Status == generator.Emptied {
			fmt.Fprintf(out, "%-9s %s\n", f.Status, visible(f.Path))
		}
	}
	prefix := "webapi-gen: " + a.packageName()
	if result.Resources == 0 {
		fmt.Fprintf(out, "%s%v\n", prefix, errNothing(a.cfg))
	}
	fmt.Fprintf(out, "%s%s, %s; %s written, %d unchanged, %d removed%s\n",
		prefix, count(result.Resources, "resource"), count(result.Scopes, "scope"),
		count(result.Count(generator.Created, generator.Changed), "file"),
		result.Count(generator.Unchanged), result.Count(generator.Removed, generator.Emptied), warnings)
	if result.Unmounted {
		fmt.Fprintf(a.stderr, "webapi-gen: nothing in %s mounts a guard: unless a package of another module does, none protects a route; see webapi-gen list\n", a.where())
	}
	return nil
}

// outputs returns the result of a run with the lock files. Its error has the diagnostics
// about annotations, specs, outputs and lock files together.
func (a *app) outputs(ctx context.Context) (*generator.Result, error) {
	result, err := generator.Generate(ctx, a.cfg)
	if result == nil || a.cfg.Out != "" {
		return result, err
	}
	var diags, found diag.List
	errors.As(err, &diags)
	if err := lockfile.Update(a.cfg.Dir, result); err != nil && !errors.As(err, &found) {
		return nil, err
	}
	diags = append(diags, found...)
	diags.Sort()
	return result, diags.Err()
}

// packageName returns the name of the package for which go generate runs the command,
// with a colon, since go generate does not print it. It is "" if there are patterns or
// the caller is not go generate.
func (a *app) packageName() string {
	name := os.Getenv("GOPACKAGE")
	if name == "" || len(a.cfg.Patterns) > 0 {
		return ""
	}
	return name + ": "
}

// sumUp prints how many findings a check has, and the next step.
func (a *app) sumUp(findings diag.List) {
	warnings := slices.DeleteFunc(slices.Clone(findings), func(d diag.Diagnostic) bool { return !d.Code.Warning() })
	codes := map[diag.Code]int{}
	for _, d := range findings {
		codes[d.Code]++
	}
	if n := codes[diag.UnguardedRoute]; n > 0 {
		fmt.Fprintf(a.stderr, "webapi-gen: %s to be guarded, or to be marked as webapi:public\n", count(n, "route"))
	}
	if n := codes[diag.StaleRoute]; n > 0 {
		fmt.Fprintf(a.stderr, "webapi-gen: %s of %s to be written; run webapi-gen lock\n", count(n, "line"), lockfile.Name)
	}
	if n := codes[diag.StaleExport]; n > 0 {
		fmt.Fprintf(a.stderr, "webapi-gen: %s to be exported again\n", count(n, "file"))
	}
	if stale := len(findings) - len(warnings) - codes[diag.UnguardedRoute] - codes[diag.StaleRoute] - codes[diag.StaleExport]; stale > 0 {
		fmt.Fprintf(a.stderr, "webapi-gen: %s to be written or removed; run webapi-gen with the same arguments, or go generate ./...\n",
			count(stale, "file"))
	}
	if len(warnings) > 0 {
		fmt.Fprintf(a.stderr, "webapi-gen: %s, which --lint=%s would leave out\n", count(len(warnings), "warning"), without(warnings))
	}
}

// without returns the value of --lint that switches off the codes of warnings.
func without(warnings diag.List) string {
	var codes []string
	for _, d := range warnings {
		codes = append(codes, "-"+string(d.Code))
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), ",")
}

// lintWords returns the words of a value of --lint.
func lintWords() []cobra.Completion {
	words := []cobra.Completion{"all", "none"}
	for _, m := range diag.Codes() {
		if m.Code.Warning() {
			words = append(words, cobra.CompletionWithDesc("-"+string(m.Code), "all but: "+m.Title), cobra.CompletionWithDesc(string(m.Code), m.Title))
		}
	}
	return words
}

func version() string {
	return fmt.Sprintf("%s (%s %s/%s)", moduleVersion(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// moduleVersion returns the version of the module in the build information, "(devel)" if
// it has none.
func moduleVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of webapi-gen, as --version does",
		Args:  noArguments,
		Run: func(cmd *cobra.Command, _ []string) {
			fmt.Fprintf(cmd.OutOrStdout(), "webapi-gen %s\n", version())
		},
	}
}
