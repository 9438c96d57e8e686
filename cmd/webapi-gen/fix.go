package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/report"
)

func (a *app) fixCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fix [flags] [patterns]",
		Short: "Fix what is mechanical in annotations and specs",
		Long: `Fix fixes those errors in annotations and specs whose intention is certain: near
misses such as // webapi:resource, misspelt directives and keys, spaces around =
and after commas, methods in lower case, directives that a blank line or the end
of a line detaches from their type, a spec without a version. It prints what it
fixes, and then the errors that are left to be fixed by hand: it never guesses a
method, a scope, an action or a name.

In Go files it changes only comments, and a file formatted by gofmt stays
formatted. Fixes are written even if errors are left. Outputs are not written:
review the change, then run webapi-gen.

Exit status: 0 no error is left, 1 errors are left, or with --diff there is
something to fix, 2 the command line is wrong.`,
		Example: `  # The package in this folder:
  webapi-gen fix

  # What would be fixed in the whole module:
  webapi-gen fix --diff ./...`,
	}
	showDiff := cmd.Flags().Bool("diff", false, "print what would be fixed as a unified diff, and write nothing")
	a.inputFlags(cmd)
	a.formatFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, patterns []string) error {
		a.cfg.Patterns = patterns
		m, err := generator.Fix(cmd.Context(), a.cfg)
		if err != nil {
			return err
		}
		if *showDiff {
			return a.showFixes(m)
		}
		return a.fix(m)
	}
	return cmd
}

func (a *app) fix(m *generator.FixResult) error {
	if err := m.Write(); err != nil {
		return err
	}
	if len(m.Fixed) > 0 {
		opts := a.options()
		opts.Snippets = false // they are for errors that are left
		if err := report.Print(a.say(), m.Done(), report.Text, opts); err != nil {
			return err
		}
	}
	switch {
	case len(m.Left) > 0:
		a.print(m.Left)
		fmt.Fprintf(a.stderr, "webapi-gen: %s\n", fixSummary("fixed", "", m))
		return errReported
	case len(m.Fixed) > 0:
		fmt.Fprintf(a.say(), "webapi-gen: %s; look at the change, then run webapi-gen with the same arguments, or go generate ./...\n", fixSummary("fixed", "", m))
	default:
		fmt.Fprintln(a.say(), "webapi-gen: there is nothing to fix")
	}
	return nil
}

// fixSummary returns how much is fixed, the next step, and how much is left.
func fixSummary(what, next string, m *generator.FixResult) string {
	text := fmt.Sprintf("%d %s in %s%s", len(m.Fixed), what, count(len(m.Files), "file"), next)
	if len(m.Fixed) == 0 {
		text = "nothing " + what
	}
	if len(m.Left) > 0 {
		text += fmt.Sprintf("; %s left to be fixed by hand", count(len(m.Left), "error"))
	}
	return text
}

func (a *app) showFixes(m *generator.FixResult) error {
	for _, f := range m.Files {
		if _, err := io.WriteString(a.say(), unified(f)); err != nil {
			return err
		}
	}
	if len(m.Was) > 0 {
		a.print(m.Was)
	}
	if len(m.Fixed)+len(m.Was) == 0 {
		fmt.Fprintln(a.say(), "webapi-gen: there is nothing to fix")
		return nil
	}
	if a.format != report.Text && len(m.Was) == 0 {
		a.print(nil)
	}
	fmt.Fprintf(a.stderr, "webapi-gen: %s\n", fixSummary("to be fixed", " (run it without --diff to write that)", m))
	return errReported
}
