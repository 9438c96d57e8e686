package generator

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Without a lock, age alone tells whose a temporary file is.
func TestRemoveLeftoversWithoutALock(t *testing.T) {
	dir := t.TempDir()
	for name, age := range map[string]time.Duration{".webapi-gen-old.tmp": 2 * time.Hour, ".webapi-gen-young.tmp": time.Minute} {
		path := filepath.Join(dir, name)
		then := time.Now().Add(-age)
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, then, then); err != nil {
			t.Fatal(err)
		}
	}
	r := &Result{dir: dir, leftovers: []string{".webapi-gen-gone.tmp", ".webapi-gen-old.tmp", ".webapi-gen-young.tmp"}}
	r.removeLeftovers(&locks{})
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != ".webapi-gen-young.tmp" {
		t.Errorf("left are %v (error %v)", entries, err)
	}
}

func TestModuleRoot(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"m/go.mod", "m/a/b/x", "m/nested/go.mod", "m/nested/a/x", "none/x"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for folder, want := range map[string]string{"m": "m", "m/a": "m", "m/a/b": "m", "m/nested/a": "m/nested", "none": "none"} {
		if got, err := ModuleRoot(filepath.Join(dir, folder)); err != nil || got != filepath.Join(dir, want) {
			t.Errorf("ModuleRoot(%s) = %s, %v, want %s", folder, got, err, want)
		}
	}
}

// A file that Add adds is left alone where an output cannot be replaced, though
// nothing was wrong until then.
func TestAddedFileIsReplacedLast(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("webapi.lock", "old")
	write("z/a.go", "package p\n\n//webapi:resource methods=GET,DELETE\ntype Note struct{}\n")
	result, err := Generate(t.Context(), Config{Dir: dir, Patterns: []string{"./..."}})
	if err == nil {
		err = result.Add("webapi.lock", []byte("old"), func([]byte) ([]byte, error) { return []byte("new"), nil })
	}
	if err != nil {
		t.Fatal(err)
	}
	pending, err := result.prepareAll()
	if err != nil {
		t.Fatal(err)
	}
	write("z/note_webapi.go/keep", "")
	if err := result.replace(pending); err == nil {
		t.Error("replace returns no error")
	}
	if after, err := os.ReadFile(filepath.Join(dir, "webapi.lock")); string(after) != "old" {
		t.Errorf("the added file is %q (error %v)", after, err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "z"))
	if i := slices.IndexFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }); err != nil || i >= 0 {
		t.Errorf("%v is left (error %v)", entries, err)
	}
}
