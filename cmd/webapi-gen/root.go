package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/generator"
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
Files that need no change are not touched, and a file that webapi-gen did not
write is never overwritten. An output that no resource wants any more is removed
and named. The outputs of a package that has no resource at all are left and
reported as an error, for they may be those of a spec that --spec names.
While anything is wrong, nothing is written.

Exit status: 0 done, 1 the input is wrong, 2 the call is wrong.`

const examples = `  # The package in this folder, as a go:generate line:
  //go:generate go tool webapi-gen

  # All packages of the module, saying what becomes of each file:
  webapi-gen -v ./...

  # One package whose resources are written down in a YAML spec:
  webapi-gen --spec api/webapi.yaml

  # Another module:
  webapi-gen -C ../billing ./...`

func rootCommand() *cobra.Command {
	var cfg generator.Config
	var verbose bool
	cmd := &cobra.Command{
		Use:           "webapi-gen [flags] [patterns]",
		Short:         "Generate scope guards for web API resources",
		Long:          long,
		Example:       examples,
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,

		SuggestionsMinimumDistance: 2,
		RunE: func(cmd *cobra.Command, patterns []string) error {
			if err := emptyFlag(cmd, "dir", "spec"); err != nil {
				return err
			}
			cfg.Patterns = patterns
			err := generate(cmd, cfg, verbose)
			return misspelt(cmd, patterns, err)
		},
	}
	cmd.SetFlagErrorFunc(wrongCall)
	cmd.Flags().StringVarP(&cfg.Dir, "dir", "C", "", "change to this `folder` first")
	cmd.Flags().StringVar(&cfg.Spec, "spec", "", "read this YAML `file` (default: webapi.yaml in the folder)")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "say what becomes of each file, not only of those removed")
	cmd.AddCommand(versionCommand())
	return cmd
}

// emptyFlag refuses flags that are given without a value, as by a variable that
// is not set: their default would be something else than what was meant.
func emptyFlag(cmd *cobra.Command, names ...string) error {
	for _, name := range names {
		if f := cmd.Flags().Lookup(name); f.Changed && f.Value.String() == "" {
			return wrongCall(cmd, fmt.Errorf("--%s is empty", name))
		}
	}
	return nil
}

// misspelt adds to a usage error that the first pattern is nearly the name of
// a command.
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

// generate is what the tool does without a subcommand.
func generate(cmd *cobra.Command, cfg generator.Config, verbose bool) error {
	start := time.Now()
	result, err := generator.Generate(cmd.Context(), cfg)
	if err != nil {
		return err
	}
	if err := result.Write(); err != nil {
		return err
	}
	out := cmd.OutOrStdout()
	for _, f := range result.Files {
		if verbose || f.Status == generator.Removed {
			fmt.Fprintf(out, "%-9s %s\n", f.Status, visible(f.Path))
		}
	}
	if result.Resources == 0 {
		nothingFound(out, cfg)
	}
	summary(out, result, time.Since(start))
	return nil
}

// visible returns a path as it is, or quoted if it has characters that nobody
// sees or that a terminal would obey.
func visible(path string) string {
	if quoted := strconv.QuoteToGraphic(path); quoted[1:len(quoted)-1] != strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(path) {
		return quoted
	}
	return path
}

func summary(out io.Writer, r *generator.Result, took time.Duration) {
	fmt.Fprintf(out, "webapi-gen: %s, %s; %s written, %d unchanged, %d removed (%v)\n",
		count(r.Resources, "resource"), count(r.Scopes, "scope"),
		count(r.Count(generator.Created, generator.Changed), "file"), r.Count(generator.Unchanged), r.Count(generator.Removed),
		took.Round(time.Millisecond))
}

// nothingFound says where there was no resource: a run that guards nothing is
// hardly what was meant.
func nothingFound(out io.Writer, cfg generator.Config) {
	where := "."
	if len(cfg.Patterns) > 0 {
		where = visible(strings.Join(cfg.Patterns, " "))
	}
	fmt.Fprintf(out, "webapi-gen: there is no //webapi:resource and no resource of a webapi.yaml in %s\n", where)
}
