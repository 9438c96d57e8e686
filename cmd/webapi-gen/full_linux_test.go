package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestDiskFull runs each command that writes on a disk with no space, then with one page
// of it, and so on until the command succeeds. Until then it must say what it cannot write,
// and leave each file as it was.
func TestDiskFull(t *testing.T) {
	module := map[string]string{"go.mod": "module example.com/notes\n\ngo 1.25\n", "api/notes.go": notes}
	mistyped := map[string]string{"go.mod": module["go.mod"], "api/notes.go": strings.ReplaceAll(notes, ":resource", ":resource nmae=memo")}
	for name, test := range map[string]struct {
		files  map[string]string
		before []string          // commands that have been run
		edit   map[string]string // what was written since
		args   string
	}{
		"first run":          {files: module, args: "./..."},
		"with tests":         {files: module, args: "--tests ./..."},
		"after an edit":      {files: module, before: []string{"--tests ./..."}, edit: map[string]string{"api/notes.go": notes + "\n//webapi:resource\ntype UserResource struct{}\n"}, args: "./..."},
		"lock":               {files: module, before: []string{"./..."}, args: "lock --routes=none"},
		"generate and lock":  {files: module, before: []string{"./...", "lock --routes=none"}, edit: map[string]string{"api/notes.go": strings.ReplaceAll(notes, ":resource", ":resource name=memo")}, args: "./..."},
		"fix":                {files: mistyped, args: "fix ./..."},
		"init":               {files: map[string]string{"go.mod": module["go.mod"], "api/notes.go": "package notes\n"}, args: "init ./api"},
		"export of Markdown": {files: module, before: []string{"./..."}, args: "export --routes=none -o docs/access.md ./..."},
		"export of HTML":     {files: module, before: []string{"./..."}, args: "export --routes=none -o docs/access.html ./..."},
		"export again": {files: module, before: []string{"./...", "export --routes=none -o docs/access.md ./..."},
			edit: map[string]string{"api/notes.go": strings.ReplaceAll(notes, ":resource", ":resource name=memo")}, args: "export --routes=none -o docs/access.md ./..."},
	} {
		t.Run(name, func(t *testing.T) {
			dir := smallDisk(t)
			for name, text := range test.files {
				writeFile(t, filepath.Join(dir, name), text)
			}
			for _, args := range test.before {
				if got := runCall("-C " + dir + " " + args); got.code != exitDone {
					t.Fatalf("webapi-gen %s: exit status %d\n%s", args, got.code, got.stderr)
				}
			}
			for name, text := range test.edit {
				writeFile(t, filepath.Join(dir, name), text)
			}
			before := files(t, dir)
			for pages := 0; ; pages++ {
				filler := fill(t, dir, pages)
				got := runCall("-C " + dir + " " + test.args)
				if err := os.Remove(filler); err != nil {
					t.Fatal(err)
				}
				diff := cmp.Diff(before, files(t, dir))
				if got.code == exitDone {
					if pages == 0 || diff == "" {
						t.Errorf("it has written nothing on a disk with %d pages", pages)
					}
					return
				}
				if got.code != 1 || !strings.Contains(got.stderr, "no space left on device") || !strings.Contains(got.stderr, "cannot write ") {
					t.Errorf("with %d pages: exit status %d\n%s", pages, got.code, got.stderr)
				}
				if diff != "" {
					t.Fatalf("with %d pages the files have changed:\n%s", pages, diff)
				}
			}
		})
	}
}

// smallDisk returns the folder of a disk of 256 KiB, in memory.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=256k")
	if errors.Is(err, syscall.EPERM) {
		t.Skip("only root may mount a disk")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// fill fills a disk up to some pages with a file, and returns its name.
func fill(t *testing.T, dir string, pages int) (name string) {
	t.Helper()
	name = filepath.Join(dir, "filler")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	page := make([]byte, os.Getpagesize())
	size := 0
	for err == nil {
		var n int
		n, err = f.Write(page)
		size += n
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(int64(size-pages*len(page))), f.Close()); err != nil {
		t.Fatal(err)
	}
	return name
}
