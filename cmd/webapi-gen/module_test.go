package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOtherModule uses the tool as the README tells users to: from a module of
// their own, by a tool line and a go:generate line. What go get would write into
// go.mod and go.sum is written by hand, since the module is the one in this tree
// and not a published one.
func TestOtherModule(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, "go.mod", "module example.com/notes\n\ngo 1.26\n")
	writeFile(t, "go.sum", string(sums))
	writeFile(t, "notes.go", strings.Replace(notes, "package notes\n", "package notes\n\n//go:generate go tool webapi-gen\n", 1))
	writeFile(t, "notes_test.go", `package notes

import "github.com/webapi-gen/webapi-gen/webapi"

var _ webapi.Resource = (*NoteResource)(nil)
`)
	const module = "github.com/webapi-gen/webapi-gen"
	goCommand(t, "mod", "edit", "-replace="+module+"="+root, "-require="+module+"@v0.0.0", "-tool="+module+"/cmd/webapi-gen")
	goCommand(t, "mod", "tidy")
	out := goCommand(t, "generate", "./...")
	if !strings.HasPrefix(out, "webapi-gen: 1 resource, 3 scopes; 2 files written, 0 unchanged, 0 removed\n") {
		t.Errorf("go generate printed %q", out)
	}
	goCommand(t, "vet", "./...")
	if out := goCommand(t, "tool", "webapi-gen", "--version"); !strings.HasPrefix(out, "webapi-gen ") {
		t.Errorf("go tool webapi-gen version printed %q", out)
	}
}

// goCommand runs the go command outside of the workspace of this tree.
func goCommand(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
