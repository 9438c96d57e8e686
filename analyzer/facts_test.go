package analyzer_test

import (
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"

	"github.com/webapi-gen/webapi-gen/analyzer"
)

// Everything that another package has to know is a fact.
func TestFacts(t *testing.T) {
	analysistest.Run(t, workspace(t), analyzer.Declared, "./notes", "./nothing")
}
