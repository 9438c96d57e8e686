//go:build darwin || dragonfly || freebsd || illumos || linux || netbsd || openbsd

package generator

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestALockKeepsOthersOut(t *testing.T) {
	dir := t.TempDir()
	first := lockFolders([]string{dir})
	if !first.hold(dir) {
		t.Skip("the file system of the tests has no locks")
	}
	if _, err := lockFolder(dir, time.Now()); !errors.Is(err, errLocked) {
		t.Errorf("a second lock: error %v, want %v", err, errLocked)
	}
	time.AfterFunc(20*time.Millisecond, first.release)
	second := lockFolders([]string{dir})
	defer second.release()
	if !second.hold(dir) {
		t.Error("the lock is not had after it was released")
	}
}

// A file that another run is about to give its name is not removed, and is no
// leftover when that run is done.
func TestWriteWaitsForOthers(t *testing.T) {
	dir := t.TempDir()
	temp, output := filepath.Join(dir, ".webapi-gen-1.tmp"), filepath.Join(dir, "note_webapi.go")
	if err := os.WriteFile(temp, []byte("new"), 0o666); err != nil {
		t.Fatal(err)
	}
	other := lockFolders([]string{dir})
	if !other.hold(dir) {
		t.Skip("the file system of the tests has no locks")
	}
	done := make(chan error)
	go func() { done <- (&Result{dir: dir, leftovers: []string{".webapi-gen-1.tmp"}}).Write() }()
	select {
	case <-done:
		t.Fatal("Write does not wait")
	case <-time.After(50 * time.Millisecond):
	}
	if err := os.Rename(temp, output); err != nil {
		t.Error(err)
	}
	other.release()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if data, err := os.ReadFile(output); string(data) != "new" {
		t.Errorf("the output is %q (error %v)", data, err)
	}
}

func TestAFolderThatCannotBeLocked(t *testing.T) {
	l := lockFolders([]string{filepath.Join(t.TempDir(), "missing")})
	defer l.release()
	if len(l.files) > 0 {
		t.Error("a missing folder is locked")
	}
}
