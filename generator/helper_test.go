package generator_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
)

// noteGo is a package with one resource.
const noteGo = `package p

//webapi:resource methods=GET,DELETE
//webapi:require DELETE note:destroy note:read
type Note struct{}
`

// A tree is the text of files by path, with slashes.
type tree map[string]string

// writeTree writes files below a folder.
func writeTree(t testing.TB, dir string, files tree) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// readTree reads all files below a folder, hidden ones as well.
func readTree(t testing.TB, dir string) tree {
	t.Helper()
	files := tree{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A hookContext calls a function whenever a run asks whether it has ended: for each
// pattern, for each folder that is listed, for each folder that is read, for each
// package, and when all are done.
type hookContext struct {
	context.Context
	mu   sync.Mutex
	n    int
	hook func(n int)
}

// newHookContext returns a context for a hook, which gets the number of the call
// beginning with 1. No two calls overlap.
func newHookContext(t testing.TB, hook func(n int)) *hookContext {
	return &hookContext{Context: t.Context(), hook: hook}
}

func (c *hookContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	c.hook(c.n)
	return c.Context.Err()
}

// generate runs the generator on correct input.
func generate(t testing.TB, cfg generator.Config) *generator.Result {
	t.Helper()
	result, err := generator.Generate(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// generateAndWrite brings the disk up to date.
func generateAndWrite(t testing.TB, dir string, patterns ...string) *generator.Result {
	t.Helper()
	result := generate(t, generator.Config{Dir: dir, Patterns: patterns})
	if err := result.Write(); err != nil {
		t.Fatal(err)
	}
	return result
}

// statuses returns what becomes of each file.
func statuses(result *generator.Result) map[string]string {
	m := map[string]string{}
	for _, f := range result.Files {
		m[filepath.ToSlash(f.Path)] = f.Status.String()
	}
	return m
}

// diagnostics returns what a run reports.
func diagnostics(t testing.TB, cfg generator.Config) diag.List {
	t.Helper()
	_, err := generator.Generate(context.Background(), cfg)
	var list diag.List
	if !errors.As(err, &list) {
		t.Fatalf("error %v, want diagnostics", err)
	}
	return list
}
