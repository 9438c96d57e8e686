package routes_test

import (
	"cmp"
	"fmt"
	"go/types"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// TestTables compares what is known of the routes of a module together with its annotations. Its
// cases are like those of TestFind.
func TestTables(t *testing.T) { testCases(t, "testdata/tables/*.txtar", findTable) }

// findTable returns the routes of a module, with what they need and where they are registered, its
// resources, with the operations that no route asks for, and the routes that answer the requests
// of a file, each of which is to the routes of one folder.
func findTable(t *testing.T, dir string) string {
	t.Helper()
	table := read(t, dir)
	var b strings.Builder
	for _, r := range table.Routes {
		fmt.Fprintf(&b, "%s: %s: %s", table.Position(r.Pos), r.Pattern, table.State(r))
		if why := table.Why(r.Handler); why != "" {
			fmt.Fprintf(&b, " (%s)", why)
		}
		if list := table.Permissions(r); list != nil {
			fmt.Fprintf(&b, " needs %s", strings.Join(list, " "))
		}
		pkg, fn := table.In(r.Pos)
		fmt.Fprintf(&b, ", in %s", pkg.Path())
		if fn != nil {
			fmt.Fprintf(&b, ".%s", fn.Name())
		}
		b.WriteString("\n")
	}
	mounted, certain := table.Mounted()
	objs := slices.SortedFunc(maps.Keys(table.Resources), func(a, b *types.TypeName) int { return cmp.Compare(a.Name(), b.Name()) })
	for _, obj := range objs {
		r := table.Resources[obj]
		words := map[bool]string{true: "mounted", false: "not mounted"}[mounted[r]]
		if !mounted[r] && !certain {
			words = "perhaps mounted"
		}
		fmt.Fprintf(&b, "%s: %s", obj.Name(), words)
		for _, m := range table.UnmountedOperations(r) {
			fmt.Fprintf(&b, ", no route asks for %s", m.Name)
		}
		b.WriteString("\n")
	}
	requests, err := os.ReadFile(filepath.Join(dir, "requests"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(requests)) {
		var folder, method, target string
		if _, err := fmt.Sscan(line, &folder, &method, &target); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s %s:", folder, method, target)
		elsewhere := func(r *routes.Route) bool { return !strings.HasPrefix(table.Position(r.Pos).Filename, folder+"/") }
		for _, r := range routes.Match(slices.DeleteFunc(slices.Clone(table.Routes), elsewhere), method, target) {
			fmt.Fprintf(&b, " %s%s", strings.Join(r.Only, ","), r.Pattern)
		}
		b.WriteString("\n")
	}
	return b.String()
}
