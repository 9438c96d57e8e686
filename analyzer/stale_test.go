package analyzer_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
	"golang.org/x/tools/txtar"

	"github.com/webapi-gen/webapi-gen/analyzer"
	"github.com/webapi-gen/webapi-gen/generator"
)

// staleModule returns a module with the packages of testdata/stale.txtar.
func staleModule(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/stale.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	extract := func(folder string) {
		for _, file := range archive.Files {
			if name, ok := strings.CutPrefix(file.Name, folder); ok {
				write(t, filepath.Join(dir, name), string(file.Data))
			}
		}
	}
	mod, err := goMod()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "go.mod"), mod)
	extract("before/")
	if err := generate(dir); err != nil {
		t.Fatal(err)
	}
	extract("after/")
	return dir
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(path, text); err != nil {
		t.Fatal(err)
	}
}

func TestStale(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	analysistest.Run(t, staleModule(t), analyzer.Stale, "./...")
}

// TestStaleFix checks that the fix writes the text of the generator.
func TestStaleFix(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	dir := staleModule(t)
	result, err := generator.Generate(context.Background(), generator.Config{Dir: dir, Patterns: []string{"changed"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range result.Files {
		if f.Status != generator.Changed || bytes.Equal(f.Content, f.Old) {
			t.Errorf("%s is %s", f.Path, f.Status)
		}
		write(t, filepath.Join(dir, f.Path+".golden"), string(f.Content))
	}
	fixes := 0
	for _, r := range analysistest.RunWithSuggestedFixes(t, dir, analyzer.Stale, "./changed") {
		for _, d := range r.Diagnostics {
			fixes += len(d.SuggestedFixes)
		}
	}
	if fixes != 2 {
		t.Errorf("%d fixes", fixes)
	}
}
