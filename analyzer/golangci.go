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

// GetLoadMode requests types.
func (p *plugin) GetLoadMode() string { return register.LoadModeTypesInfo }
