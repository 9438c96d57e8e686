package model_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"

	"github.com/webapi-gen/webapi-gen/model"
)

// TestMaxSupers compares the limit with the one of the runtime, which is another
// module.
func TestMaxSupers(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../webapi/super_test.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := ""
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok && spec.Names[0].Name == "maxSupers" {
			found = spec.Values[0].(*ast.BasicLit).Value
		}
		return true
	})
	if want := strconv.Itoa(model.MaxSupers); found != want {
		t.Errorf("the runtime follows %q supers, want %s", found, want)
	}
}

// TestAliasCircle resolves aliases of each other, which are not valid Go. They overflowed the stack.
func TestAliasCircle(t *testing.T) {
	resolve(t, "package p\n\n//webapi:resource\ntype R struct{}\n\ntype A = B\ntype B = A\ntype C struct{ A }\n")
}
