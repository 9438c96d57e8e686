package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/webapi-gen/webapi-gen/analyzer"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// analyze runs the checks on packages, as multichecker does, which reads all that they
// import from source as well, the standard library included. Here that is done for the
// packages alone of which the checks need facts, which is several times as fast. It
// returns the exit status, and false if the arguments have a flag for multichecker.
func analyze(args []string) (code int, ok bool) {
	checks, asJSON, patterns, ok := parse(args)
	if !ok {
		return 0, false
	}
	loaded, named, err := load(patterns)
	if err != nil {
		return failed(err), true
	}
	code = min(1, packages.PrintErrors(named))
	checked := slices.DeleteFunc(slices.Clone(named), func(pkg *packages.Package) bool { return pkg.IllTyped })
	if len(checked) < len(named) {
		fmt.Fprintln(os.Stderr, "webapi-vet: packages that do not compile, or import one, are not checked")
	}
	graph, err := checker.Analyze(checks, loaded, nil)
	if err != nil {
		return failed(err), true
	}
	graph.Roots = slices.DeleteFunc(graph.Roots, func(act *checker.Action) bool { return !slices.Contains(checked, act.Package) })
	if asJSON {
		if err := graph.PrintJSON(os.Stdout); err != nil {
			return failed(err), true
		}
		return code, true
	}
	if err := graph.PrintText(os.Stderr, -1); err != nil {
		return failed(err), true
	}
	for act := range graph.All() {
		if act.Err != nil {
			code = max(code, 1)
		} else if slices.Contains(graph.Roots, act) && len(act.Diagnostics) > 0 {
			code = max(code, exitFindings)
		}
	}
	return code, true
}

// parse returns the checks that the flags leave, and the patterns. ok is false if there
// are other flags or no patterns, or if help or the go command asks.
func parse(args []string) (checks []*analysis.Analyzer, asJSON bool, patterns []string, ok bool) {
	on, off := map[string]bool{}, map[string]bool{}
	for i, arg := range args {
		if !strings.HasPrefix(arg, "-") {
			patterns = args[i:]
			break
		}
		name, text, hasValue := strings.Cut(strings.TrimPrefix(arg[1:], "-"), "=")
		value, err := strconv.ParseBool(text)
		if value = value || !hasValue; err != nil && hasValue {
			return nil, false, nil, false
		}
		switch {
		case name == "json":
			asJSON = value
		case slices.ContainsFunc(analyzer.Analyzers(), func(a *analysis.Analyzer) bool { return a.Name == name }):
			on[name], off[name] = value, !value
		default:
			return nil, false, nil, false
		}
	}
	some := false
	for _, is := range on {
		some = some || is
	}
	checks = slices.DeleteFunc(analyzer.Analyzers(), func(a *analysis.Analyzer) bool { return off[a.Name] || some && !on[a.Name] })
	return checks, asJSON, patterns, len(patterns) > 0 && patterns[0] != "help" && !strings.HasSuffix(patterns[0], ".cfg")
}

// load returns the packages that patterns name, and these together with those that they
// import and that may have facts, all from source.
func load(patterns []string) (loaded, named []*packages.Package, err error) {
	cfg := &packages.Config{Mode: packages.LoadSyntax | packages.NeedModule, Tests: true}
	named, err = packages.Load(cfg, patterns...)
	if err != nil {
		return nil, nil, err
	}
	if len(named) == 0 {
		return nil, nil, fmt.Errorf("%s matched no packages", strings.Join(patterns, " "))
	}
	isNamed, wanted := map[string]bool{}, map[string]bool{} // by ID
	for _, pkg := range named {
		isNamed[pkg.ID], wanted[pkg.ID] = true, true
	}
	all := slices.Clone(patterns)
	packages.Visit(named, nil, func(pkg *packages.Package) {
		if !isNamed[pkg.ID] && pkg.ID == pkg.PkgPath && mayHaveFacts(pkg) { // not the variant for a test
			wanted[pkg.ID] = true
			all = append(all, pkg.PkgPath)
		}
	})
	loaded = named
	if len(all) > len(patterns) {
		if loaded, err = packages.Load(cfg, all...); err != nil {
			return nil, nil, err
		}
		loaded = slices.DeleteFunc(loaded, func(pkg *packages.Package) bool { return !wanted[pkg.ID] })
	}
	named = nil
	for _, pkg := range loaded {
		pkg.Errors = routes.CompileErrors(pkg)
		if isNamed[pkg.ID] {
			named = append(named, pkg)
		}
		maps.DeleteFunc(pkg.Imports, func(_ string, imported *packages.Package) bool { return !slices.Contains(loaded, imported) })
	}
	return loaded, named, nil
}

// mayHaveFacts reports whether a package may declare resources, be public or handle
// routes for the packages that import it.
func mayHaveFacts(pkg *packages.Package) bool {
	return pkg.Module != nil && (pkg.Module.Main || pkg.Imports[runtimePath] != nil)
}

const runtimePath = "github.com/webapi-gen/webapi-gen/webapi"
