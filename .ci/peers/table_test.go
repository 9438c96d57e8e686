package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/peers/measure"
)

func TestTable(t *testing.T) {
	got := table([][]string{{"a", "b"}, {"1", "x | y"}, {"2", ""}})
	want := "| a | b |\n|---|---|\n| 1 | x \\| y |\n| 2 |  |\n"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := table([][]string{{"a"}}); got != "" {
		t.Errorf("a head alone is %q", got)
	}
}

func TestEveryTargetIsMeasured(t *testing.T) {
	var targets []int
	for _, r := range rows() {
		targets = append(targets, r.target)
	}
	if want := []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}; !slices.Equal(targets, want) {
		t.Errorf("targets %v, want %v", targets, want)
	}
}

func TestMissedTargetSaysWhy(t *testing.T) {
	cells, err := atMost(0.25, 0.255, "asked", "1 s to 4 s", "parsing").cells(1)
	if want := []string{"1", "asked", "1 s to 4 s: 0.26", "no", "parsing"}; err != nil || !slices.Equal(cells, want) {
		t.Errorf("got %q, %v, want %q", cells, err, want)
	}
	cells, err = atMost(0.25, 0.25, "asked", "1 s to 4 s", "parsing").cells(1)
	if want := []string{"1", "asked", "1 s to 4 s: 0.25", "yes", ""}; err != nil || !slices.Equal(cells, want) {
		t.Errorf("got %q, %v, want %q", cells, err, want)
	}
	cells, err = finding{asked: "asked", measured: "1 s", why: "-n", skipped: true}.cells(1)
	if want := []string{"1", "asked", "1 s", "not measured", "-n"}; err != nil || !slices.Equal(cells, want) {
		t.Errorf("got %q, %v, want %q", cells, err, want)
	}
	if _, err := atMost(0.25, 0.26, "asked", "", "").cells(1); err == nil {
		t.Error("a target is missed, and nobody says why")
	}
}

func TestUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                        "0 s",
		42 * time.Microsecond:    "42.0 us",
		4200 * time.Microsecond:  "4.20 ms",
		123 * time.Millisecond:   "0.12 s",
		12345 * time.Millisecond: "12.3 s",
		2 * time.Minute:          "120 s",
	} {
		if got := duration(d); got != want {
			t.Errorf("%d ns: %q, want %q", d, got, want)
		}
	}
	for want, r := range map[string]measure.Result{
		"-":          {},
		"over 120 s": {Runs: 1, Wall: timeLimit, Over: true},
		"2.00 s":     {Runs: 1, Wall: 2 * time.Second},
	} {
		if got := wall(r); got != want {
			t.Errorf("%+v: %q, want %q", r, got, want)
		}
	}
}

func TestReplace(t *testing.T) {
	name := filepath.Join(t.TempDir(), "page.md")
	write := func(text string) {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("before\n" + begin + "old" + end + "after\n")
	for range 2 { // the second time finds what the first has left
		if err := replace(name, "new"); err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(name)
		if want := "before\n" + begin + "new" + end + "after\n"; err != nil || string(data) != want {
			t.Errorf("got %q, %v, want %q", data, err, want)
		}
	}
	write("before\n" + begin + "no end")
	if err := replace(name, "new"); err == nil || !strings.Contains(err.Error(), "speed:end") {
		t.Errorf("no end: %v", err)
	}
}

// TestPageHasThePlace fails if somebody takes the marks out of docs/performance.md.
func TestPageHasThePlace(t *testing.T) {
	data, err := os.ReadFile("../../docs/performance.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, found := strings.Cut(string(data), begin)
	if _, _, closed := strings.Cut(rest, end); !found || !closed {
		t.Errorf("docs/performance.md has no lines %q and %q", begin, end)
	}
}

func TestArguments(t *testing.T) {
	o, err := parse([]string{"-only", "cold,tools", "-n", "1000,100", "-runs", "3"})
	if err != nil || !slices.Equal(o.only, []string{"cold", "tools"}) || !slices.Equal(o.sizes, []int{100, 1000}) || o.runs != 3 {
		t.Errorf("%+v, %v", o, err)
	}
	for _, wrong := range [][]string{{"-only", "colt"}, {"-n", "0"}, {"-n", "1,x"}, {"-runs", "0"}, {"cold"}} {
		if _, err := parse(wrong); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

func TestSizes(t *testing.T) {
	l := &lab{options: options{sizes: []int{100, 5000, 100_000}}}
	for wanted, want := range map[int]int{100: 100, 1000: 100, 10_000: 5000, 100_000: 100_000, 10: 100} {
		if got := l.size(wanted); got != want {
			t.Errorf("for %d: %d, want %d", wanted, got, want)
		}
	}
	if got := l.sizesFrom(1000, 10_000); !slices.Equal(got, []int{5000}) {
		t.Errorf("from 1000 to 10000: %v", got)
	}
}

func TestFunctionSizes(t *testing.T) {
	got := functionSizes(`
  6d6f40        407 T example.com/reviews/reviews.(*Review00207Resource).RequiredScopes
  6d6f41        393 T example.com/reviews/reviews.(*Review00208Resource).RequiredScopes
  652e60         30 T example.com/reviews/reviews.init
  652e61         40 T net/http.init
 10157aa          3 r example.com/reviews/reviews.(*Review00207Resource).AccessRules.arginfo1
                  0 U go:info.*example.com/reviews/reviews.Review00667Resource
`)
	if len(got) != 2 || got["RequiredScopes"] != 800 || got["init"] != 30 {
		t.Errorf("got %v", got)
	}
}
