//go:build linux && !race

package generator_test

import (
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

var update = flag.Bool("update", false, "rewrite "+costFile)

const costFile = "testdata/cost.txt"

// tolerance is how far allocations may be from those in the file. From run to run
// they differ by less than one in a thousand; the rest is for other versions of Go.
// It goes both ways: what a run has gained could be lost again unnoticed as long as
// the file does not say it. Files are counted exactly.
const tolerance = 0.10

// A cost is what a run costs. All of it is counted, for seconds depend on the
// machine and on what else it does.
type cost struct {
	run                string // over what and when, in one word
	allocations, bytes int    // per resource
	written            int    // files
}

// TestCost compares what runs cost with the file, so that none gets slower
// unnoticed. With the race detector, and on other systems, programs allocate
// otherwise.
func TestCost(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1)) // a collection empties pools, at any time
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))  // each processor has pools of its own
	var got []cost
	got = append(got, costs(t, "package-of-10", 10, writeInput)...)
	got = append(got, costs(t, "packages-of-1000", 1000, writeInput)...)
	got = append(got, costs(t, "spec-of-1000", 1000, writeSpec)...)
	want := readCosts(t)
	switch {
	case slices.EqualFunc(got, want, cost.near):
	case *update: // and not before, so that noise makes no change
		writeCosts(t, got)
	default:
		t.Errorf("runs differ from %s by more than %v %%; if that is meant, go test ./generator -run TestCost -update\n%s",
			costFile, 100*tolerance, cmp.Diff(want, got, cmp.Comparer(cost.near)))
	}
}

// near reports whether two costs are the same but for the tolerance.
func (c cost) near(other cost) bool {
	is := func(a, b int) bool { return math.Abs(float64(a-b)) <= tolerance*float64(max(a, b)) }
	return c.run == other.run && c.written == other.written &&
		is(c.allocations, other.allocations) && is(c.bytes, other.bytes)
}

// costs returns what runs over n resources cost: the first one, one that finds
// all as it should be, and one after a resource was edited.
func costs(t *testing.T, input string, n int, write func(testing.TB, string, int)) []cost {
	t.Helper()
	var list []cost
	dir := memoryFolder(t)
	write(t, dir, n)
	measure := func(run string) {
		list = append(list, costOf(t, input+"/"+run, dir, n))
	}
	costOf(t, "", dir, n) // what is made once in a process
	for _, f := range generate(t, generator.Config{Dir: dir, Patterns: []string{"./..."}}).Files {
		if err := os.Remove(filepath.Join(dir, f.Path)); err != nil {
			t.Fatal(err)
		}
	}
	measure("cold")
	measure("unchanged")
	editOne(t, dir)
	measure("one-edit")
	return list
}

// costOf brings the disk up to date, and returns what that cost.
func costOf(t *testing.T, run, dir string, n int) cost {
	t.Helper()
	runtime.GC()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	result, err := generator.Generate(t.Context(), generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if err == nil {
		err = result.Write()
	}
	runtime.ReadMemStats(&after)
	if err != nil {
		t.Fatal(err)
	}
	return cost{
		run:         run,
		allocations: int(after.Mallocs-before.Mallocs) / n,
		bytes:       int(after.TotalAlloc-before.TotalAlloc) / n,
		written:     result.Count(generator.Created, generator.Changed),
	}
}

// editOne opens the first resource of an input to anybody.
func editOne(t *testing.T, dir string) {
	t.Helper()
	for name, text := range readTree(t, dir) {
		edited := strings.Replace(text, "\n//webapi:resource\n", "\n//webapi:resource anonymous=GET\n", 1)
		edited = strings.Replace(edited, "declare: true", "declare: true\n    anonymous: [GET]", 1)
		if edited != text && strings.Contains(text, "Review0000Resource") {
			writeTree(t, dir, tree{name: edited})
			return
		}
	}
	t.Fatal("there is nothing to edit")
}

// writeSpec writes what writeInput does as one spec, without the prose.
func writeSpec(t testing.TB, dir string, n int) {
	t.Helper()
	var text strings.Builder
	text.WriteString("version: 1\npackage: api\ndefaults: {map: {PATCH: write}, key: id}\nscopes: {admin: Full control over everything}\nresources:\n")
	for i := range n {
		fmt.Fprintf(&text, "  - type: Review%04dResource\n    declare: true\n", i)
		switch i % 4 {
		case 1:
			text.WriteString("    methods: [GET, POST, DELETE]\n    apitokens: allow\n    anonymous: [GET]\n")
			fmt.Fprintf(&text, "    require:\n      DELETE: [[\"review%04d:destroy\", \"review%04d:write\"], [admin]]\n", i, i)
		case 2:
			fmt.Fprintf(&text, "    name: review%04d\n    description: What is said about a change\n    methods: [GET, PUT]\n", i)
			text.WriteString("    describe: {read: See your reviews, write: Write reviews in your name}\n")
		case 3:
			fmt.Fprintf(&text, "    scope: reviews%04d\n    map: {POST: publish}\n    describe: {publish: Publish reviews}\n", i)
		}
	}
	writeTree(t, dir, tree{"webapi.yaml": text.String()})
}

const costHead = "run\tallocations per resource\tbytes per resource\tfiles written\n"

func writeCosts(t *testing.T, list []cost) {
	t.Helper()
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 8, 2, ' ', 0)
	fmt.Fprint(table, costHead)
	for _, c := range list {
		fmt.Fprintf(table, "%s\t%d\t%d\t%d\n", c.run, c.allocations, c.bytes, c.written)
	}
	if err := table.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(costFile, []byte(text.String()), 0o666); err != nil {
		t.Fatal(err)
	}
}

func readCosts(t *testing.T) []cost {
	t.Helper()
	text, err := os.ReadFile(costFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	_, rows, _ := strings.Cut(string(text), "\n")
	var list []cost
	for line := range strings.Lines(rows) {
		var c cost
		if _, err := fmt.Sscan(line, &c.run, &c.allocations, &c.bytes, &c.written); err != nil {
			t.Fatalf("%s: %q: %v", costFile, line, err)
		}
		list = append(list, c)
	}
	return list
}
