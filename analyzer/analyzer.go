package analyzer

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Analyzers returns all checks, in the order in which they are explained.
func Analyzers() []*analysis.Analyzer {
	return []*analysis.Analyzer{Unguarded, Undeclared, Bypass, Literal, Stale, Handroll}
}

// home is where the checks are explained.
const home = "https://pkg.go.dev/github.com/webapi-gen/webapi-gen/analyzer"

// declarationsOf returns what the pass knows of resources.
func declarationsOf(pass *analysis.Pass) *declarations {
	return pass.ResultOf[declared].(*declarations)
}

// sources returns the files of the package that people write, less its tests.
func sources(pass *analysis.Pass) []*ast.File {
	var files []*ast.File
	for _, file := range pass.Files {
		if !isTest(pass, file) && !isOutput(pass, file) {
			files = append(files, file)
		}
	}
	return files
}

func isTest(pass *analysis.Pass, file *ast.File) bool {
	return strings.HasSuffix(fileName(pass, file.FileStart), "_test.go")
}

// fileName returns the name of the file that the driver reads at pos.
func fileName(pass *analysis.Pass, pos token.Pos) string {
	return pass.Fset.PositionFor(pos, false).Filename
}
