package analyzer_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/webapi-gen/webapi-gen/analyzer"
)

// TestFacts checks the facts that other packages need.
func TestFacts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	analysistest.Run(t, workspace(t), analyzer.Declared, "./notes", "./nothing")
}
