package model_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// mistakes are entries of a resource, most of which say something wrong about that
// resource alone.
var mistakes = []string{
	"methods: [GET]",
	"methods: [GET, DELETE], apitokens: allow, anonymous: [GET]",
	"name: 9nine#",
	"methods: [GETT]",
	"methods: [GET], require: {DELETE: [[admin]]}",
	"methods: [GET], require: {GET: [[nobody:read]]}",
	"methods: [GET], require: {GET: [[admin, admin]]}",
	"methods: [GET], describe: {wirte: Change it}",
	"methods: [GET], oauth2: deny, scope: x#",
	"methods: [HEAD]",
	"scope: x#:read",
	`description: "a\tb"`,
}

// TestLargePackage compares what is found in a package that is resolved in parts
// with what is found in each resource as if it were the only one.
func TestLargePackage(t *testing.T) {
	const head = "version: 1\npackage: p\nscopes: {admin: Do all}\nresources:\n"
	const n = 1000
	line := func(i int) string {
		return strings.ReplaceAll("  - {type: T#, declare: true, "+mistakes[i%len(mistakes)]+"}\n", "#", strconv.Itoa(i))
	}
	var all strings.Builder
	var want diag.List
	for i := range n {
		all.WriteString(line(i))
		_, found := resolveSpec(t, head+strings.Repeat("\n", i)+line(i))
		want = append(want, found...)
	}
	want.Sort()
	pkg, got := resolveSpec(t, head+all.String())
	if len(want) < n/2 {
		t.Fatalf("%d mistakes are too few to compare", len(want))
	}
	if diff := cmp.Diff(places(want), places(got)); diff != "" {
		t.Errorf("in parts (-each by itself +together):\n%s", diff)
	}
	if len(pkg.Resources) != n {
		t.Errorf("%d resources, want %d", len(pkg.Resources), n)
	}
}

// places says where which mistakes are.
func places(list diag.List) []string {
	var all []string
	for _, d := range list {
		all = append(all, fmt.Sprint(d.Pos, d.Code))
	}
	return all
}

func resolveSpec(t *testing.T, text string) (*model.Package, diag.List) {
	t.Helper()
	spec, diags := annotations.ReadSpec(annotations.Source{Path: "webapi.yaml", Data: []byte(text)})
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	return model.Resolve(nil, &spec.Package)
}
