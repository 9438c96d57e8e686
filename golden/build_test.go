package golden

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestOutputsBuild compiles and vets the inputs and outputs of all cases that
// are no errors, tests included, in one go command, and runs the contract tests
// in another.
func TestOutputsBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	dir := t.TempDir()
	for _, file := range caseFiles(t) {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if failing(archive) {
			continue
		}
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		for _, prefix := range inputsOf(archive) {
			to := filepath.Join(dir, name, strings.TrimSuffix(prefix, "/"))
			unpack(t, archive, prefix, to)
			drop(t, archive, to)
			unpack(t, archive, want, to)
		}
	}
	module := "module golden\n\ngo 1.26\n"
	work := fmt.Sprintf("go 1.26\n\nuse (\n\t.\n\t%q\n)\n", runtimeDir(t))
	for name, text := range map[string]string{"go.mod": module, "go.work": work} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	goCommand(t, dir, "vet", "./...")
	goCommand(t, dir, append([]string{"test", "-vet=off", "-run=^TestWebAPIContract_"}, contracts(t, dir)...)...)
}

func goCommand(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS=-mod=readonly")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("go %s: %v\n%s", args[0], err, out)
	}
}

// contracts returns the folders below dir that have contract tests.
func contracts(t *testing.T, dir string) []string {
	t.Helper()
	folders := map[string]bool{}
	for name := range readTree(t, dir) {
		if strings.Contains(name, "_contract") && strings.HasSuffix(name, "_test.go") {
			folders["./"+path.Dir(name)] = true
		}
	}
	if len(folders) == 0 {
		t.Fatal("no case has a contract test")
	}
	return slices.Sorted(maps.Keys(folders))
}

// drop removes the files that a run removes.
func drop(t *testing.T, archive *txtar.Archive, dir string) {
	t.Helper()
	for _, f := range archive.Files {
		if f.Name != removed {
			continue
		}
		for _, name := range strings.Fields(string(f.Data)) {
			if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func failing(archive *txtar.Archive) bool {
	for _, f := range archive.Files {
		if f.Name == reported {
			return true
		}
	}
	return false
}

// runtimeDir returns the folder of the module that generated code imports.
func runtimeDir(t *testing.T) string {
	t.Helper()
	return filepath.Join(root(t), "webapi")
}

// root returns the folder of the tool's module.
func root(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}
