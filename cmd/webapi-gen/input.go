package main

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/generator"
)

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
	a.timingsFlag(cmd)
}

// setTests sets what the flag --tests says.
func (a *app) setTests(value string) error {
	wanted, err := yes(value)
	if a.cfg.Tests = generator.TestsDropped; wanted {
		a.cfg.Tests = generator.TestsWanted
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
