package generator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

// counts returns what the phases have counted, as long as it is anything.
func counts(t *generator.Timings) map[string]string {
	m := map[string]string{}
	for _, p := range t.Phases() {
		switch {
		case p.Bytes > 0:
			m[p.Name] = fmt.Sprintf("%d %s %d bytes", p.Count, p.What, p.Bytes)
		case p.Count > 0:
			m[p.Name] = fmt.Sprintf("%d %s", p.Count, p.What)
		}
	}
	return m
}

// size returns how many files there are and their bytes, as [counts] says it.
func size(files tree) string {
	n := 0
	for _, text := range files {
		n += len(text)
	}
	return fmt.Sprintf("%d file %d bytes", len(files), n)
}

// run brings the disk up to date, and returns what was counted.
func run(t *testing.T, dir string) map[string]string {
	t.Helper()
	cfg := generator.Config{Dir: dir, Patterns: []string{"./..."}, Timings: new(generator.Timings)}
	if err := generate(t, cfg).Write(); err != nil {
		t.Fatal(err)
	}
	return counts(cfg.Timings)
}

// TestTimingsCount compares what was counted with what is on disk.
func TestTimingsCount(t *testing.T) {
	dir := t.TempDir()
	spec := tree{"b/webapi.yaml": "version: 1\npackage: b\nresources: [{type: Todo, declare: true}]\n"}
	sources := tree{"a/a.go": noteGo, "a/other.go": "package p\n"}
	writeTree(t, dir, spec)
	writeTree(t, dir, sources)
	lock := tree{"webapi.lock": ""}
	writeTree(t, dir, tree{"go.mod": "module m\n"})
	result, err := generator.Lock(t.Context(), generator.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := result.Write(); err != nil {
		t.Fatal(err)
	}
	lock["webapi.lock"] = readTree(t, dir)["webapi.lock"]

	before := readTree(t, dir)
	cold := run(t, dir)
	outputs := readTree(t, dir)
	for name := range before {
		delete(outputs, name)
	}
	want := map[string]string{
		"find folders": "3 folder", "read specs": size(spec), "packages": "2 package",
		"read files": size(sources), "parse Go": "2 file", "resolve": "2 resource", "emit": "4 file", "compare": "4 file",
		"keep for lint": "2 package", "lock files": size(lock), "write": size(outputs),
	}
	if diff := cmp.Diff(want, cold); diff != "" {
		t.Errorf("first run (-want +got):\n%s", diff)
	}

	unchanged := run(t, dir)
	delete(want, "write")
	for name, text := range outputs {
		sources[name] = text
	}
	want["read files"] = size(sources)
	if diff := cmp.Diff(want, unchanged); diff != "" {
		t.Errorf("second run (-want +got):\n%s", diff)
	}
}

// TestTimings checks that the phases which follow each other take no longer than
// the run, and that several runs add up.
func TestTimings(t *testing.T) {
	dir := t.TempDir()
	writeInput(t, dir, 100)
	cfg := generator.Config{Dir: dir, Patterns: []string{"./..."}, Timings: new(generator.Timings)}
	if times := outer(cfg.Timings); times != 0 {
		t.Errorf("before the first run: %v", times)
	}
	began := time.Now()
	if err := generate(t, cfg).Write(); err != nil {
		t.Fatal(err)
	}
	took, first := time.Since(began), outer(cfg.Timings)
	if first <= 0 || first > took {
		t.Errorf("the phases took %v, the run %v", first, took)
	}
	if generate(t, cfg); outer(cfg.Timings) <= first {
		t.Errorf("two runs took %v, the first %v", outer(cfg.Timings), first)
	}
	once, all := "100 resource", counts(cfg.Timings)["resolve"]
	if want := "200 resource"; all != want {
		t.Errorf("two runs over %s count %s, want %s", once, all, want)
	}
}

// outer returns what was spent in phases that are within no other.
func outer(t *generator.Timings) time.Duration {
	var sum time.Duration
	for _, p := range t.Phases() {
		if !p.Within {
			sum += p.Time
		}
	}
	return sum
}
