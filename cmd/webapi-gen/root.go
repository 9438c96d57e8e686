package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/generator"
)

const long = `Webapi-gen reads //webapi: annotations of Go types, or a YAML spec, and writes
Go code that guards web API resources by the scopes of OAuth2 tokens.

Patterns are paths as the go command has them: a folder (.), a folder and all
below it (./...), or Go files. Files must be all the annotated files of their
package; then no outdated output is removed. Without a pattern it is the
package in the current folder, which under go generate is that of $GOFILE.

Each resource gets a file <type>_webapi.go, each package a webapi_catalog.go.
Files that need no change are not touched, outputs that no resource wants any
more are removed, and a file that webapi-gen did not write is never overwritten.
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
			cfg.Patterns = patterns
			err := generate(cmd, cfg, verbose)
			return misspelt(cmd, patterns, err)
		},
	}
	cmd.SetFlagErrorFunc(wrongCall)
	cmd.Flags().StringVarP(&cfg.Dir, "dir", "C", "", "change to this `folder` first")
	cmd.Flags().StringVar(&cfg.Spec, "spec", "", "read this YAML `file` (default: webapi.yaml in the folder)")
	cmd.Flags().BoolVarP(&verbose, "verbose", "v", false, "say what becomes of each file")
	cmd.AddCommand(versionCommand())
	return cmd
}

// misspelt adds to a usage error that the first pattern is nearly the name of
// a command.
func misspelt(cmd *cobra.Command, patterns []string, err error) error {
	var usage *generator.UsageError
	if len(patterns) == 0 || !errors.As(err, &usage) {
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
	if verbose {
		for _, f := range result.Files {
			fmt.Fprintf(out, "%-9s %s\n", f.Status, f.Path)
		}
	}
	if result.Resources == 0 {
		nothingFound(out, cfg)
	}
	summary(out, result, time.Since(start))
	return nil
}

func summary(out io.Writer, r *generator.Result, took time.Duration) {
	fmt.Fprintf(out, "webapi-gen: %s, %s; %s written, %d unchanged, %d removed (%v)\n",
		count(r.Resources, "resource"), count(r.Scopes, "scope"),
		count(r.Count(generator.Written), "file"), r.Count(generator.Unchanged), r.Count(generator.Removed),
		took.Round(time.Millisecond))
}

// nothingFound says where there was no resource: a run that guards nothing is
// hardly what was meant.
func nothingFound(out io.Writer, cfg generator.Config) {
	where := "."
	if len(cfg.Patterns) > 0 {
		where = strings.Join(cfg.Patterns, " ")
	}
	fmt.Fprintf(out, "webapi-gen: there is no //webapi:resource and no resource of a webapi.yaml in %s\n", where)
}
