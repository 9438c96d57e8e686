package input_test

import (
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/generator"

	"github.com/webapi-gen/webapi-gen/peers/input"
)

const resources = 20

// TestWebAPIGenTakesIt generates from both forms without an error or a warning.
func TestWebAPIGenTakesIt(t *testing.T) {
	for form, packages := range map[string]int{input.WebAPI: 2, input.Spec: 1} {
		t.Run(form, func(t *testing.T) {
			dir := written(t, form)
			result, err := generator.Generate(t.Context(), generator.Config{Dir: dir, Patterns: []string{"./..."}})
			if err != nil {
				t.Fatal(err)
			}
			if len(result.Lint) > 0 {
				t.Error(result.Lint)
			}
			if want := resources + packages; len(result.Files) != want {
				t.Errorf("%d files, want %d", len(result.Files), want)
			}
		})
	}
}

// TestSourceIsFormatted checks the Go source of all forms, which includes that it
// parses.
func TestSourceIsFormatted(t *testing.T) {
	forms, err := os.ReadDir("forms")
	if err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, form := range forms {
		if !form.IsDir() {
			continue
		}
		dir := written(t, form.Name())
		for name, data := range files(t, dir) {
			if filepath.Ext(name) != ".go" {
				continue
			}
			checked++
			want, err := format.Source(data)
			if err != nil {
				t.Fatalf("%s: %s: %v", form.Name(), name, err)
			}
			if string(want) != string(data) {
				t.Fatalf("%s: %s is not formatted:\n%s", form.Name(), name, data)
			}
		}
	}
	if checked < 100 {
		t.Errorf("%d files, want at least 100", checked)
	}
}

// TestEditChangesOneFile edits each form and takes the edit back.
func TestEditChangesOneFile(t *testing.T) {
	for _, form := range []string{input.WebAPI, input.Spec, input.ControllerGen, input.OpenAPI, input.Goverter,
		input.Mockery, input.Moq, input.Stringer, input.Swag} {
		dir := written(t, form)
		before := files(t, dir)
		for _, want := range []int{1, 0} {
			if err := input.Edit(form, dir, resources, want == 1); err != nil {
				t.Fatal(err)
			}
			changed := 0
			for name, data := range files(t, dir) {
				if string(before[name]) != string(data) {
					changed++
				}
			}
			if changed != want {
				t.Errorf("%s: %d files are changed, want %d", form, changed, want)
			}
		}
	}
}

// TestResourceIsOfRealSize keeps the figures comparable.
func TestResourceIsOfRealSize(t *testing.T) {
	for name, data := range files(t, written(t, input.WebAPI)) {
		if lines := strings.Count(string(data), "\n"); filepath.Ext(name) == ".go" && (lines < 45 || lines > 60) {
			t.Errorf("%s has %d lines", name, lines)
		}
	}
}

func written(t *testing.T, form string) string {
	t.Helper()
	dir := t.TempDir()
	if err := input.Write(form, dir, resources); err != nil {
		t.Fatal(err)
	}
	return dir
}

func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	found := map[string][]byte{}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		found[name], err = os.ReadFile(name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
