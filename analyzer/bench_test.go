package analyzer_test

import (
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/webapi-gen/webapi-gen/analyzer"
)

// BenchmarkNothing measures the time for a package without resources: drivers run
// the checks over each dependency of a package.
func BenchmarkNothing(b *testing.B) {
	const mode = packages.NeedName | packages.NeedFiles | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedImports
	for _, path := range []string{"net/http", "runtime", "strings"} {
		loaded, err := packages.Load(&packages.Config{Mode: mode}, path)
		if err != nil || len(loaded) != 1 {
			b.Fatal(len(loaded), err)
		}
		pass := &analysis.Pass{
			Fset: loaded[0].Fset, Files: loaded[0].Syntax, Pkg: loaded[0].Types, TypesInfo: loaded[0].TypesInfo,
			AllObjectFacts:  func() []analysis.ObjectFact { return nil },
			AllPackageFacts: func() []analysis.PackageFact { return nil },
		}
		b.Run(path, func(b *testing.B) {
			for b.Loop() {
				if _, err := analyzer.Declared.Run(pass); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
