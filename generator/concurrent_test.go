package generator_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/generator"
)

// A context that ends while folders are looked for or packages are generated
// ends the run there, not when all is done.
func TestGenerateEndsWithItsContextMeanwhile(t *testing.T) {
	const folders = 300
	dir := t.TempDir()
	var each []string
	for i := range folders {
		name := fmt.Sprintf("p%03d", i)
		writeTree(t, dir, tree{name + "/a.go": noteGo})
		each = append(each, "./"+name)
	}
	for _, patterns := range [][]string{{"./..."}, each} {
		for _, calls := range []int{1, 7, folders, folders + 7, 2*folders + 7} {
			within, cancel := context.WithCancel(t.Context())
			var after atomic.Int64 // goroutines ask even when Generate has returned
			ctx := newHookContext(t, func(n int) {
				if n == calls {
					cancel()
				}
				after.Store(int64(n - calls))
			})
			ctx.Context = within
			cfg := generator.Config{Dir: dir, Patterns: patterns}
			result, err := generator.Generate(ctx, cfg)
			if result != nil || !errors.Is(err, context.Canceled) {
				t.Errorf("Generate = %v, %v", result, err)
			}
			if n := after.Load(); n < 0 || n > folders {
				t.Errorf("the context was asked %d times after it had ended, want at most %d", n, folders)
			}
			if _, err := generator.Packages(ctx, cfg); !errors.Is(err, context.Canceled) {
				t.Errorf("Packages: error %v", err)
			}
		}
	}
}

func TestGenerateEndsAtItsDeadline(t *testing.T) {
	dir := t.TempDir()
	writeInput(t, dir, 1000)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Millisecond)
	defer cancel()
	if _, err := generator.Generate(ctx, generator.Config{Dir: dir, Patterns: []string{"./..."}}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
	}
}

// Each tree is written by two goroutines at the same time, and each goroutine
// has another input than its neighbour.
func TestManyGoroutines(t *testing.T) {
	const goroutines, trees = 16, 8
	dir := t.TempDir()
	want := make([]tree, trees)
	for i := range want {
		alone, shared := filepath.Join(dir, fmt.Sprint("alone", i)), filepath.Join(dir, fmt.Sprint("shared", i))
		writeInput(t, alone, 10+i)
		generateAndWrite(t, alone, "./...")
		want[i] = readTree(t, alone)
		writeInput(t, shared, 10+i)
	}
	var all sync.WaitGroup
	for g := range goroutines {
		all.Go(func() {
			cfg := generator.Config{Dir: filepath.Join(dir, fmt.Sprint("shared", g%trees)), Patterns: []string{"./..."}}
			packages, err := generator.Packages(context.Background(), cfg)
			if err != nil || len(packages) != 1 || len(packages[0].Resources) != 10+g%trees {
				t.Errorf("%s: Packages = %v, %v", cfg.Dir, packages, err)
			}
			result, err := generator.Generate(context.Background(), cfg)
			if err == nil {
				err = result.Write()
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i := range want {
		if diff := cmp.Diff(want[i], readTree(t, filepath.Join(dir, fmt.Sprint("shared", i)))); diff != "" {
			t.Errorf("tree %d (-alone +shared):\n%s", i, diff)
		}
	}
}
