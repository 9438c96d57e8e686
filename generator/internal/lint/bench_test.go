package lint_test

import (
	"fmt"
	"go/token"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/generator/internal/lint"
	"github.com/webapi-gen/webapi-gen/model"
)

// benchmarked is how many packages of ten resources are linted at once.
const benchmarked = 1000

// benchmarkPackage returns a package with names as people give them.
func benchmarkPackage(n int) *model.Package {
	things := []string{"note", "review", "comment", "organization", "file_attachment", "user", "hosting_service", "draft", "screenshot", "change"}
	pkg := new(model.Package)
	for _, thing := range things {
		name := area(n) + "_" + thing
		res := &model.Resource{
			Pos:       token.Position{Filename: fmt.Sprintf("api/%s/%s.go", area(n), thing), Line: 14, Column: 6, Offset: 300},
			Type:      fmt.Sprintf("Area%d%sResource", n, thing),
			Name:      name,
			ScopeName: name,
			Policy:    name,
			OAuth2:    true,
			APITokens: true,
			Key:       "id",
		}
		for action, method := range map[string]string{"read": "GET", "write": "POST", "destroy": "DELETE"} {
			s := model.Scope{ScopeRef: model.ScopeRef{Value: name + ":" + action, Const: res.Type + "Scope" + action}, Action: action, Methods: []string{method}}
			res.Scopes = append(res.Scopes, s)
			res.Methods = append(res.Methods, model.Method{Name: method, Action: action, Requires: model.Requirement{{s.ScopeRef}}})
		}
		pkg.Resources = append(pkg.Resources, res)
	}
	return pkg
}

// area returns a name for a package.
func area(n int) string {
	first := strings.Fields("account audit backup billing calendar campaign catalogue cluster contact contract customer delivery device discussion " +
		"employee feature gateway hardware incident inventory invoice issue library license machine marketing message network order payment pipeline project")
	second := strings.Fields("access archive branch budget category condition document element export filter folder group history integration item label " +
		"log member metric notification owner permission policy profile queue release report request rule schedule session setting")
	return first[n/len(second)%len(first)] + "_" + second[n%len(second)]
}

// BenchmarkRun lints packages that have nothing to warn of.
func BenchmarkRun(b *testing.B) {
	var packages []lint.Package
	for i := range benchmarked {
		packages = append(packages, lint.Package{Package: benchmarkPackage(i), Folder: "api", EntireModule: true})
	}
	b.ReportAllocs()
	for b.Loop() {
		found, err := lint.Run(packages, nil, lint.Checks{}, lint.Source{})
		if err != nil || len(found) > 0 {
			b.Fatal(found, err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*10*len(packages)), "ns/resource")
}
