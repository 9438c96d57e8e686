package generator_test

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

func TestNumberOfProcessorsDoesNotMatter(t *testing.T) {
	dir := t.TempDir()
	writeInput(t, dir, 150)
	run := func(processors int) []generator.File {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		return generate(t, generator.Config{Dir: dir, Patterns: []string{"./..."}}).Files
	}
	if diff := cmp.Diff(run(1), run(8), cmp.Comparer(bytes.Equal)); diff != "" {
		t.Errorf("files (-one +eight):\n%s", diff)
	}
}

func TestNumberOfProcessorsDoesNotMatterToDiagnostics(t *testing.T) {
	dir := t.TempDir()
	const wrong = "package p\n\n//webapi:resource nmae=x\ntype A struct{}\n\n// webapi:resource\ntype B struct{}\n"
	for _, name := range []string{"a", "b", "c", "d", "e"} {
		writeTree(t, dir, tree{name + "/1.go": wrong, name + "/2.go": noteGo, name + "/3.go": wrong})
	}
	run := func(processors int, patterns ...string) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
		return diagnostics(t, generator.Config{Dir: dir, Patterns: patterns}).Error()
	}
	want := run(1, "./...")
	if diff := cmp.Diff(want, run(8, "./...")); diff != "" {
		t.Errorf("diagnostics (-one +eight):\n%s", diff)
	}
	if diff := cmp.Diff(want, run(8, "e", "c", "./...", "a")); diff != "" {
		t.Errorf("diagnostics (-in order +out of order):\n%s", diff)
	}
}

func TestCounts(t *testing.T) {
	dir := t.TempDir()
	writeInput(t, dir, 100)
	result := generate(t, generator.Config{Dir: dir, Patterns: []string{"./..."}})
	type counts struct{ Packages, Resources, Written int }
	want := counts{1, 100, 101}
	if diff := cmp.Diff(want, counts{result.Packages, result.Resources, result.Count(generator.Created, generator.Changed)}); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}

func TestGenerateEndsWithItsContext(t *testing.T) {
	dir := t.TempDir()
	writeTree(t, dir, tree{"a/a.go": noteGo})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	result, err := generator.Generate(ctx, generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if result != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("Generate = %v, %v", result, err)
	}
}
