package main

import (
	"fmt"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/report"
)

func (a *app) checkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [flags] [patterns]",
		Short: "Report outputs that are missing, not up to date, or orphaned",
		Long: `Check reports what webapi-gen would write or remove, and changes nothing. Run it
in CI. It reports the same errors and warnings as webapi-gen, but fails on
warnings too, and if there is no resource and no scope at all: a gate that checks
nothing must not pass.

Exit status: 0 everything is up to date, 1 it is not, there is a warning, nothing
to check, or the input is wrong, 2 the command line is wrong.`,
		ValidArgsFunction: extensions("go"),
		Example: `  # In CI:
  go tool webapi-gen check ./...

  # The lines that would change:
  webapi-gen check --diff ./...

  # Without two of the warnings:
  webapi-gen check --lint=-WA080,-WA083 ./...

  # As annotations of a GitHub workflow, or for code scanning:
  webapi-gen check --format github ./...
  webapi-gen check --format sarif ./... > webapi.sarif`,
	}
	showDiff := cmd.Flags().Bool("diff", false, "print what would change as a unified diff")
	a.outputFlags(cmd)
	cmd.RunE = func(cmd *cobra.Command, patterns []string) error {
		a.cfg.Patterns = patterns
		return a.check(cmd, *showDiff)
	}
	return cmd
}

// check reports outputs that are not up to date and warnings, and prints the diff if showDiff
// is true.
func (a *app) check(cmd *cobra.Command, showDiff bool) error {
	result, err := a.outputs(cmd.Context())
	if err != nil {
		return err
	}
	out := a.say()
	if showDiff {
		for _, f := range result.Files {
			fmt.Fprintf(out, "%s", unified(f))
		}
	}
	if findings := append(result.Stale(), result.Lint...); len(findings) > 0 {
		findings.Sort()
		return &staleError{findings}
	}
	if result.Resources+result.Scopes == 0 {
		if a.format != report.Text {
			a.print(nil)
		}
		return errNothing(a.cfg)
	}
	fmt.Fprintf(out, "webapi-gen: %s, %s; all is up to date\n", count(result.Resources, "resource"), count(result.Scopes, "scope"))
	return nil
}

// unified returns the change of a file as a unified diff, empty if there is none.
func unified(f generator.File) []byte {
	before, after := "a/"+f.Path, "b/"+f.Path
	switch f.Status {
	case generator.Unchanged: // it has neither Old nor Content
		return nil
	case generator.Created:
		before = "/dev/null"
	case generator.Removed:
		after = "/dev/null"
	}
	return diff.Diff(before, f.Old, after, f.Content)
}
