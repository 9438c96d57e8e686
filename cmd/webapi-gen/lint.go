package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// lintFlag adds the flag that says which warnings are wanted.
func (a *app) lintFlag(cmd *cobra.Command) {
	cmd.Flags().Var(&a.cfg.Lint, "lint", "report these `warnings`: all, none, codes, or all but some, as in -WA081,-WA082")
}

// warn prints the warnings of a run that goes on.
func (a *app) warn(list diag.List) {
	if len(list) > 0 {
		a.print(list)
		a.warned = true
	}
}

// sumUp says what a check has found and how to go on.
func (a *app) sumUp(findings diag.List) {
	warnings := slices.DeleteFunc(slices.Clone(findings), func(d diag.Diagnostic) bool { return !d.Code.Warning() })
	if stale := len(findings) - len(warnings); stale > 0 {
		fmt.Fprintf(a.stderr, "webapi-gen: %s to be written or removed; run webapi-gen with the same arguments, or go generate ./...\n",
			count(stale, "file"))
	}
	if len(warnings) > 0 {
		fmt.Fprintf(a.stderr, "webapi-gen: %s, which --lint=%s would leave out\n", count(len(warnings), "warning"), without(warnings))
	}
}

// without returns the value of --lint that leaves out the codes of warnings.
func without(warnings diag.List) string {
	var codes []string
	for _, d := range warnings {
		codes = append(codes, "-"+string(d.Code))
	}
	slices.Sort(codes)
	return strings.Join(slices.Compact(codes), ",")
}

// lintWords returns what a value of --lint can be made of.
func lintWords() []cobra.Completion {
	words := []cobra.Completion{"all", "none"}
	for _, m := range diag.Codes() {
		if m.Code.Warning() {
			words = append(words, cobra.CompletionWithDesc("-"+string(m.Code), "all but: "+m.Title), cobra.CompletionWithDesc(string(m.Code), m.Title))
		}
	}
	return words
}
