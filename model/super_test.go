package model_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
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

// TestMaxAlternatives has requirements with as many alternatives as somebody can review, and
// with one more.
func TestMaxAlternatives(t *testing.T) {
	list := func(format string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	joint := func(own, super int) string {
		return list("//webapi:scope a%d A\n", own) + list("//webapi:scope b%d B\n", super) + "package p\n\n//webapi:resource methods=POST\n" +
			list("//webapi:require POST b%d\n", super) + "type S struct{}\n\n//webapi:resource methods=POST super=S\n" +
			list("//webapi:require POST a%d\n", own) + "type T struct{ S }\n"
	}
	implied := func(n int) string {
		return list("//webapi:scope a%d A\n", n) + list("//webapi:implies a%d t:write\n", n) + "package p\n\n//webapi:resource methods=POST\ntype T struct{}\n"
	}
	for _, tt := range []struct {
		name, src string
		want      string
	}{
		{"64 with a super", joint(8, 8), ""},
		{"65 with a super", joint(13, 5), "super= multiplies the alternatives of type T to 65"},
		{"64 by implications", implied(63), ""},
		{"65 by implications", implied(64), "what implies the scopes of POST of type T gives it 65 alternatives"},
		{"65 with a super, and an alias", "//webapi:alias old b0\n" + joint(13, 5), "super= multiplies the alternatives of type T to 65"},
	} {
		got := diagnose(t, tt.src)
		if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)) {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}

// TestAliasCircle resolves aliases of each other, which are not valid Go. They overflowed the stack.
func TestAliasCircle(t *testing.T) {
	resolve(t, "package p\n\n//webapi:resource\ntype R struct{}\n\ntype A = B\ntype B = A\ntype C struct{ A }\n")
}
