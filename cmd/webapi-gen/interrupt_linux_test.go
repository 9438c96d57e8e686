package main

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestInterrupt interrupts runs at moments from their beginning to their end. A run
// must leave all files as they were or all of them new, and no temporary files.
func TestInterrupt(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	dir := t.TempDir()
	var text strings.Builder
	text.WriteString("package api\n")
	for i := range 100 {
		fmt.Fprintf(&text, "\n// R%d is a resource.\n//\n//webapi:resource methods=GET\ntype R%d struct{}\n", i, i)
	}
	input := filepath.Join(dir, "api.go")
	states := []string{text.String(), strings.ReplaceAll(text.String(), "GET", "POST")}
	manyPackages(t, dir)
	var wanted [2]map[string]string
	var took time.Duration
	for state, text := range states {
		writeFile(t, input, text)
		start := time.Now()
		if code, stderr := interrupted(t, dir, time.Minute); code != exitDone {
			t.Fatalf("exit status %d\n%s", code, stderr)
		}
		wanted[state], took = files(t, dir), time.Since(start)
	}
	const steps = 12
	codes, now := map[int]int{}, 1
	for i := 0; i < steps || codes[exitInterrupted] == 0 && i < 10*steps; i++ {
		writeFile(t, input, states[1-now])
		code, stderr := interrupted(t, dir, took*time.Duration(i%steps)/steps)
		got := files(t, dir)
		got["api.go"] = states[now]
		if code == exitDone || code == killed && sameBut("api.go", got, wanted[1-now]) {
			now, got["api.go"] = 1-now, states[1-now]
		}
		if !maps.Equal(got, wanted[now]) {
			t.Errorf("exit status %d, but the files are not all what that says", code)
		}
		if want := "webapi-gen: interrupted; nothing was written\n"; code == exitInterrupted && stderr != want {
			t.Errorf("stderr %q, want %q", stderr, want)
		}
		codes[code]++
	}
	t.Logf("exit statuses: %v", codes)
	if codes[exitInterrupted] == 0 {
		t.Errorf("no exit status is %d: %v", exitInterrupted, codes)
	}
}

// manyPackages writes packages that take long to read, so that a run can be
// interrupted before it writes.
func manyPackages(t *testing.T, dir string) {
	t.Helper()
	constants := strings.Repeat("const _ = 1 + 2 + 3 // which is six\n", 2000)
	for i := range 100 {
		name := fmt.Sprintf("other%d", i)
		writeFile(t, filepath.Join(dir, name, "other.go"), fmt.Sprintf("package %s\n\n//webapi:resource\ntype %s struct{}\n\n%s", name, name, constants))
	}
}

// killed is the exit status of a tool that did not handle the signal: it had just
// started, or was done.
const killed = -1

// sameBut reports whether two trees are the same but for one file.
func sameBut(name string, a, b map[string]string) bool {
	a, b = maps.Clone(a), maps.Clone(b)
	delete(a, name)
	delete(b, name)
	return maps.Equal(a, b)
}

// interrupted runs the tool and interrupts it after a while. It returns the exit
// status, killed if the tool did not handle the signal.
func interrupted(t *testing.T, dir string, after time.Duration) (code int, stderr string) {
	t.Helper()
	var errs bytes.Buffer
	cmd := exec.Command("webapi-gen", "./...")
	cmd.Dir, cmd.Stderr = dir, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { cmd.Process.Signal(os.Interrupt) })
	defer timer.Stop()
	err := cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), errs.String()
}
