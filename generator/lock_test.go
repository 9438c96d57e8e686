package generator

import (
	"os"
	"path/filepath"
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
