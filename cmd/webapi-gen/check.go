package main

import (
	"context"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/report"
)

func (a *app) checkCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "check [flags] [patterns]",
		Short: "Report outputs that are not up to date, and routes without a guard",
		Long: `Check reports what webapi-gen would write or remove, and changes nothing. Run it
in CI. It reports the same errors and warnings as webapi-gen, but fails on
warnings too, and if there is no resource and no scope at all: a gate that checks
nothing must not pass. As ./... leaves out other modules, it also fails if a module
below declares something and is not named itself, as in check ./... ./other/....

It also reports a file that webapi-gen export has written and that is not up to date.
Such a file is found by its first line, in the folders of a module of which all
packages are named, but for vendor, node_modules, testdata and those that begin with
. or _. With --routes=none it is compared only if it has no routes.

Its last line says whether the packages are guarded: how many routes are guarded by
resources, public, guarded by a wrapper that is webapi:guarded, unguarded and not
readable, and how many resources no route mounts. It fails on an unguarded route
whose handler belongs to a resource, and on a resource that nothing mounts while
there are routes and nothing was left unread. With --routes=all it fails on every
unguarded route, and on places that are not readable. Routes are found as
webapi-gen list finds them, which needs the go command and packages that compile;
--routes=none does without. A module without routes, such as a library, passes.

The lines of routes in webapi.lock are compared if the patterns name the whole module:
./... in the folder of go.mod, and not ., which is the default.

Exit status: 0 everything is up to date, 1 it is not, a route is unguarded, routes
cannot be looked at, there is a warning, nothing to check, a module is left out, or
the input is wrong, 2 the command line is wrong.`,
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
	mode := cmd.Flags().String("routes", routesOfResources, "report unguarded routes to handlers of `which`: resources, all, or none to look at no routes")
	a.outputFlags(cmd)
	_ = cmd.RegisterFlagCompletionFunc("routes", list([]string{routesOfResources, routesAll, routesNone}))
	cmd.RunE = func(cmd *cobra.Command, patterns []string) error {
		if !slices.Contains([]string{routesOfResources, routesAll, routesNone}, *mode) {
			return &generator.UsageError{Message: fmt.Sprintf("--routes is resources, all or none, got %q", *mode)}
		}
		a.cfg.Patterns = patterns
		return a.check(cmd, *showDiff, *mode)
	}
	return cmd
}

// check reports outputs that are not up to date and warnings, and prints the diff if showDiff
// is true. The mode says which routes it reports.
func (a *app) check(cmd *cobra.Command, showDiff bool, mode string) error {
	result, err := a.outputs(cmd.Context())
	if err != nil {
		return err
	}
	out := a.say()
	checked := a.checkRoutes(cmd.Context(), result, mode)
	exports, err := a.checkExports(cmd.Context(), result, checked)
	if err != nil {
		return err
	}
	if showDiff {
		for _, f := range slices.Concat(result.Files, exports.files) {
			fmt.Fprintf(out, "%s", unified(f))
		}
	}
	exports.note(a.stderr)
	findings := slices.Concat(result.Stale(), result.Lint, exports.findings)
	if a.cfg.Lint.Has(diag.AliasOver) {
		findings = append(findings, aliasesOver(result, time.Now().UTC().Format(time.DateOnly))...)
	}
	if checked != nil {
		findings = append(findings, checked.findings...)
	}
	if len(findings) > 0 {
		findings.Sort()
		return &staleError{findings, checked}
	}
	switch left, err := a.leftOut(cmd.Context(), result); {
	case err != nil:
		return err
	case left != nil:
		if a.format != report.Text {
			a.print(nil)
		}
		return fmt.Errorf("%s with resources not checked: ./... leaves out other modules; name them too: %s",
			count(len(left), "module"), strings.Join(left, " "))
	}
	if result.Resources+result.Scopes == 0 {
		if a.format != report.Text {
			a.print(nil)
		}
		return errNothing(a.cfg)
	}
	if checked != nil && checked.err != nil {
		if a.format != report.Text {
			a.print(nil)
		}
		checked.print(a.stderr)
		return checked.err
	}
	fmt.Fprintf(out, "webapi-gen: %s, %s; all is up to date\n", count(result.Resources, "resource"), count(result.Scopes, "scope"))
	checked.print(out)
	return nil
}

// aliasesOver returns the warnings of the aliases that are wanted until a day before today.
func aliasesOver(result *generator.Result, today string) diag.List {
	var list diag.List
	for _, folder := range result.Folders {
		for _, pkg := range folder.Packages {
			for _, alias := range pkg.Aliases {
				if alias.Until != "" && alias.Until < today {
					list.Add(alias.Pos, diag.AliasOver, "alias %s of %s was wanted until %s, and is still accepted; remove it, or write a later day", alias.Old, alias.New, alias.Until)
				}
			}
		}
	}
	return list
}

// leftOut returns a pattern for each module that declares something, or tries to, is
// below a folder of a pattern that ends in /..., and that no pattern names.
func (a *app) leftOut(ctx context.Context, result *generator.Result) ([]string, error) {
	checked := map[string]bool{} // modules
	for _, f := range result.Folders {
		checked[f.Root] = checked[f.Root] || f.EntireModule
	}
	var list []string
	for _, pattern := range a.cfg.Patterns {
		top, all := strings.CutSuffix(filepath.ToSlash(pattern), "...")
		if !all {
			continue
		}
		modules, err := generator.Modules(ctx, a.path(top))
		if err != nil {
			return nil, err
		}
		for _, module := range modules[1:] {
			dir := filepath.Join(a.path(top), filepath.FromSlash(module))
			root, err := generator.ModuleRoot(dir)
			if err != nil || checked[root] {
				continue
			}
			checked[root] = true
			packages, err := generator.ModulePackages(ctx, generator.Config{Dir: dir})
			if errors.As(err, new(diag.List)) || slices.ContainsFunc(packages, declares) {
				list = append(list, visible("./"+path.Join(filepath.ToSlash(top), module)+"/..."))
			} else if err != nil {
				return nil, err
			}
		}
	}
	return list, nil
}

// unified returns the change of a file as a unified diff, empty if there is none. It escapes
// invisible characters.
func unified(f generator.File) string {
	before, after := "a/"+diag.Visible(f.Path), "b/"+diag.Visible(f.Path)
	switch f.Status {
	case generator.Unchanged: // it has neither Old nor Content
		return ""
	case generator.Created:
		before = "/dev/null"
	case generator.Removed:
		after = "/dev/null"
	}
	lines := strings.SplitAfter(string(diff.Diff(before, f.Old, after, f.Content)), "\n")
	for i, line := range lines {
		text := strings.TrimRight(line, "\r\n")
		lines[i] = report.VisibleLines(text) + line[len(text):]
	}
	return strings.Join(lines, "")
}
