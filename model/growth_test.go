package model_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// growing are sources with n of something, each a head and the text that is repeated, with
// %d for its number and %e for the number before.
var growing = []struct{ name, head, text, tail string }{
	{"a shared scope", "package p\n", "//webapi:resource name=same\ntype A%d struct{}\n\n", ""},
	{"scopes of others", "package p\n\n//webapi:resource name=a scope=s\ntype A struct{}\n", "//webapi:resource name=n%d scope=s\n//webapi:require DELETE s:write\ntype A%d struct{}\n\n", ""},
	{"undeclared scopes", "package p\n", "//webapi:resource\n//webapi:require GET q%dx:read\ntype A%d struct{}\n\n", ""},
	{"undeclared scopes of a resource", "package p\n//webapi:resource\n", "//webapi:require GET a:q%d\n", "type A struct{}\n"},
	{"types of types", "package p\n\ntype A0 int\n", "//webapi:resource\ntype A%d A%e\n\n", ""},
	{"embedded types", "package p\n\n//webapi:resource\ntype A0 struct{}\n", "type A%d struct{ A%e }\n", ""},
	{"embedded types without a resource", "package p\n\ntype A0 struct{}\n", "type A%d struct{ A%e }\n", ""},
	{"embedded types in a circle", "package p\n\n//webapi:resource\ntype R int\ntype A0 struct { *A7; R }\n", "type A%d struct{ *A%e }\n", ""},
	{"aliases", "package p\n\n//webapi:resource\ntype A0 struct{}\n", "type A%d = A%e\ntype B%d struct{ A%d }\n", ""},
	{"public methods", "package p\n\ntype A struct{}\n", "//webapi:public reason=x\nfunc (A) F%d() {}\n\n", ""},
	{"alternatives", "package p\n//webapi:resource name=s map=GET:r methods=GET\n", "//webapi:require GET s:r s%d:read\n", "type A struct{}\n"},
	{"repeated alternatives", "package p\n//webapi:resource name=s methods=GET\n", "//webapi:require GET s:read\n", "type A struct{}\n"},
	{"unknown methods", "package p\n//webapi:resource methods=GET", ",X%d", "\ntype A struct{}\n"},
	{"unknown methods of a map", "package p\n//webapi:resource map=GET:read", ",X%d:read", "\ntype A struct{}\n"},
	{"a map in reverse", "package p\n//webapi:resource map=GET:read", ",a%d:POST", "\ntype A struct{}\n"},
	{"directives at the end of lines", "package p\n", "type A%d int //webapi:resource\n", ""},
	{"directives in a function", "package p\nfunc f() {\n", "\t//webapi:resource\n\tf()\n", "}\n"},
	{"directives at fields", "package p\ntype A struct {\n", "\t//webapi:resource\n\tF%d int\n", "}\n"},
	{"directives without a declaration", "package p\n", "//webapi:resource\n\n", ""},
	{"directives above groups", "package p\n", "//webapi:resource\ntype (\n\tA%d int\n)\n", ""},
	{"a spec", specHead, "  - {type: A%d, declare: true}\n", ""},
	{"a spec in one line", specHead + "  [", "{type: A%d, declare: true}, ", "]\n"},
	{"a spec with an alias", specHead + "  - {type: A, declare: true, methods: &m [GET, POST]}\n", "  - {type: A%d, declare: true, methods: *m}\n", ""},
	{"a spec with an alias in one line", specHead + "  [{type: A, declare: true, methods: &m [GET, POST]}", ", {type: A%d, declare: true, methods: *m}", "]\n"},
	{"a spec with a merge", specHead + "  - &a {type: A, declare: true, map: {GET: view}}\n", "  - {<<: *a, type: A%d}\n", ""},
	{"unknown methods of a spec", specHead + "  - type: A\n    declare: true\n    methods:\n", "      - X%d\n", ""},
	{"unknown methods of a map of a spec", specHead + "  - type: A\n    declare: true\n    map:\n", "      X%d: read\n", ""},
	{"unknown methods of requirements of a spec", specHead + "  - type: A\n    declare: true\n    require:\n", "      X%d: [[a:read]]\n", ""},
	{"unknown keys of a spec", specHead + "  - type: A\n", "    x%d: 1\n", ""},
	{"alternatives of a spec", specHead + "  - type: A\n    declare: true\n    require:\n      GET:\n", "        - [s%d:read]\n", ""},
}

const specHead = "version: 1\npackage: p\nresources:\n"

func growingSource(head, text, tail string, n int) []byte {
	var b strings.Builder
	if strings.HasPrefix(head, specHead) && strings.Contains(text, "s%d:read") {
		b.WriteString("scopes:\n")
		for i := range n {
			fmt.Fprintf(&b, "  s%d:read: x\n", i+1)
		}
	} else if strings.Contains(text, " s%d:read") {
		for i := range n {
			fmt.Fprintf(&b, "//webapi:scope s%d:read x\n", i+1)
		}
	}
	b.WriteString(head)
	for i := range n {
		b.WriteString(strings.NewReplacer("%d", fmt.Sprint(i+1), "%e", fmt.Sprint(i)).Replace(text))
	}
	b.WriteString(tail)
	return []byte(b.String())
}

// resolveAll resolves a source that may have mistakes, and makes the contracts of its resources.
func resolveAll(t testing.TB, src []byte) {
	var pkg *model.Package
	var diags diag.List
	if strings.Contains(string(src), specHead) {
		spec, _ := annotations.ReadSpec(annotations.Source{Path: "p/webapi.yaml", Data: src})
		pkg, diags = model.Resolve(nil, &spec.Package)
	} else {
		packages, _ := annotations.ReadGo([]annotations.Source{{Path: "p/x.go", Data: src}})
		if len(packages) != 1 {
			t.Fatalf("%d packages", len(packages))
		}
		pkg, diags = model.Resolve(packages[0], nil)
	}
	if len(diags) > 0 {
		return
	}
	for _, r := range pkg.Contracted() {
		r.Contract()
	}
}

func BenchmarkResolve(b *testing.B) {
	for _, g := range growing {
		for _, n := range []int{1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", g.name, n), func(b *testing.B) {
				src := growingSource(g.head, g.text, g.tail, n)
				for b.Loop() {
					resolveAll(b, src)
				}
			})
		}
	}
}
