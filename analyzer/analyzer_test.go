package analyzer_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/webapi-gen/webapi-gen/analyzer"
)

func TestChecks(t *testing.T) {
	for _, test := range []struct {
		analyzer *analysis.Analyzer
		patterns []string
	}{
		{analyzer.Unguarded, []string{"./unguarded/...", "./former/..."}},
		{analyzer.Undeclared, []string{"./undeclared/..."}},
		{analyzer.Bypass, []string{"./bypass"}},
		{analyzer.ManualScopeCheck, []string{"./handroll/..."}},
	} {
		t.Run(test.analyzer.Name, func(t *testing.T) {
			analysistest.Run(t, workspace(t), test.analyzer, append(test.patterns, "./nothing")...)
		})
	}
}

func TestLiteral(t *testing.T) {
	analysistest.RunWithSuggestedFixes(t, workspace(t), analyzer.Literal, "./literal/...")
}
