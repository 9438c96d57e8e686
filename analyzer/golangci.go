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

// pluginSettings are the settings of the linter in .golangci.yml.
type pluginSettings struct {
	Disable []string `json:"disable"` // names of checks
}

// newPlugin returns the plugin. Unknown settings and unknown names of checks are
// errors.
func newPlugin(settings any) (register.LinterPlugin, error) {
	s, err := register.DecodeSettings[pluginSettings](settings)
	if err != nil {
		return nil, fmt.Errorf("linter %s: %w", pluginName, err)
	}
	var names []string
	var p plugin
	for _, a := range checks { // golangci-lint knows what is new by itself
		names = append(names, a.Name)
		if !slices.Contains(s.Disable, a.Name) {
			p = append(p, fixingOwnFile(a))
		}
	}
	for _, name := range s.Disable {
		if !slices.Contains(names, name) {
			return nil, fmt.Errorf("linter %s: unknown check %q in disable%s; allowed: %s",
				pluginName, name, annotations.Suggest(name, names), strings.Join(names, ", "))
		}
	}
	return p, nil
}

// A plugin has the checks that are not disabled.
type plugin []*analysis.Analyzer

// BuildAnalyzers returns the checks.
func (p plugin) BuildAnalyzers() ([]*analysis.Analyzer, error) { return p, nil }

// GetLoadMode requests types.
func (p plugin) GetLoadMode() string { return register.LoadModeTypesInfo }

// fixingOwnFile returns a copy of an analyzer that drops fixes of other files than
// that of the diagnostic, because golangci-lint applies all edits to the latter.
func fixingOwnFile(a *analysis.Analyzer) *analysis.Analyzer {
	limited := *a
	limited.Run = func(pass *analysis.Pass) (any, error) {
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
	return &limited
}
