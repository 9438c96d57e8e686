package analyzer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/golangci/plugin-module-register/register"
	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// pluginName is the linter's name in golangci-lint.
const pluginName = "webapi"

func init() { register.Plugin(pluginName, newPlugin) }

// pluginSettings are those of the linter in .golangci.yml.
type pluginSettings struct {
	// Disable names checks that are not run.
	Disable []string `json:"disable"`
}

// newPlugin returns the plugin. Unknown settings and names of checks are errors.
func newPlugin(settings any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[pluginSettings](settings)
	if err != nil {
		return nil, fmt.Errorf("linter %s: %w", pluginName, err)
	}
	var names []string
	for _, a := range Analyzers() {
		names = append(names, a.Name)
	}
	for _, name := range s.Disable {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("linter %s: unknown check %q in disable%s; allowed: %s",
				pluginName, name, annotations.Suggest(name, names), strings.Join(names, ", "))
		}
	}
	return &plugin{s}, nil
}

type plugin struct{ settings pluginSettings }

// BuildAnalyzers returns the checks that are not disabled.
func (p *plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) {
	var list []*analysis.Analyzer
	for _, a := range Analyzers() {
		if !slices.Contains(p.settings.Disable, a.Name) {
			list = append(list, fixingOwnFile(a))
		}
	}
	return list, nil
}

// fixingOwnFile returns an analyzer that offers no fix of another file than that
// of its report. golangci-lint would apply the edits to the latter.
func fixingOwnFile(a *analysis.Analyzer) *analysis.Analyzer {
	kept := *a
	kept.Run = func(pass *analysis.Pass) (any, error) {
		own := *pass
		own.Report = func(d analysis.Diagnostic) {
			file := pass.Fset.File(d.Pos)
			d.SuggestedFixes = slices.DeleteFunc(d.SuggestedFixes, func(fix analysis.SuggestedFix) bool {
				return slices.ContainsFunc(fix.TextEdits, func(e analysis.TextEdit) bool { return pass.Fset.File(e.Pos) != file })
			})
			pass.Report(d)
		}
		return a.Run(&own)
	}
	return &kept
}

// GetLoadMode says that the checks need types.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
