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
func TestSweepWithoutALock(t *testing.T) {
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
	r := &Result{dir: dir, strays: []string{".webapi-gen-gone.tmp", ".webapi-gen-old.tmp", ".webapi-gen-young.tmp"}}
	r.sweep(&locks{})
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 || entries[0].Name() != ".webapi-gen-young.tmp" {
		t.Errorf("left are %v (error %v)", entries, err)
	}
}

func TestLockRoot(t *testing.T) {
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
		if got := lockRoot(filepath.Join(dir, folder)); got != filepath.Join(dir, want) {
			t.Errorf("lockRoot(%s) = %s, want %s", folder, got, want)
		}
	}
}

// A lock file describes the guards: it is left alone where one of them cannot be
// replaced, though nothing was wrong until then.
func TestLockFileIsReplacedLast(t *testing.T) {
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
	generate := func() *Result {
		result, err := Generate(t.Context(), Config{Dir: dir, Patterns: []string{"./..."}})
		if err != nil {
			t.Fatal(err)
		}
		return result
	}
	const source = "package p\n\n//webapi:resource methods=GET,DELETE\ntype Note struct{}\n"
	write("go.mod", "module m\n")
	write("z/a.go", source)
	write("webapi.lock", "")
	if err := generate().Write(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(filepath.Join(dir, "webapi.lock"))
	if err != nil || !strings.Contains(string(before), "z.Note GET") {
		t.Fatalf("lock file: %q (error %v)", before, err)
	}
	write("z/a.go", strings.Replace(source, "GET,", "GET,POST,", 1))
	result := generate()
	pending, err := result.prepareAll()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "z/note_webapi.go")); err != nil {
		t.Fatal(err)
	}
	write("z/note_webapi.go/keep", "")
	if err := result.replace(pending); err == nil {
		t.Error("replace returns no error")
	}
	if after, err := os.ReadFile(filepath.Join(dir, "webapi.lock")); string(after) != string(before) {
		t.Errorf("the lock file has become %q (error %v)", after, err)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "z"))
	if i := slices.IndexFunc(entries, func(e os.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }); err != nil || i >= 0 {
		t.Errorf("%v is left (error %v)", entries, err)
	}
}
