package main

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// nobody is a user that owns no input.
const nobody = 65534

var cannotWrite = regexp.MustCompile(`^webapi-gen: cannot write api/[a-z]+(_[a-z]+)?_webapi\.go: permission denied\n$`)

// TestSandbox runs the tool as remote execution of a build system does: with an empty
// environment, without a network, and in a root folder with only the tool, which is
// linked statically, the read-only inputs, and the folder of the outputs. There is
// no go command, no home and no folder for temporary files.
func TestSandbox(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the tool")
	}
	inputs := map[string]string{"api/notes.go": notes, "api/scopes.yaml": "version: 1\npackage: notes\nresources: [{type: User, declare: true}]\n"}
	tool := buildStatic(t)
	for _, args := range [][]string{{"api/notes.go"}, {"--spec", "api/scopes.yaml"}, {"--spec", "api/scopes.yaml", "api/notes.go"}} {
		root, normal := t.TempDir(), t.TempDir()
		if err := os.Link(tool, filepath.Join(root, "webapi-gen")); err != nil {
			t.Fatal(err)
		}
		for name, text := range inputs {
			writeFile(t, filepath.Join(root, "src", name), text)
			writeFile(t, filepath.Join(normal, name), text)
		}
		readOnly(t, root)
		out := filepath.Join(root, "out")
		makeOut(t, root, out)
		before := files(t, root)

		if _, stderr, err := runInSandbox(t, root, args...); err == nil || !cannotWrite.Match(stderr) {
			t.Fatalf("the inputs can be written to: error %v\n%s", err, stderr)
		}
		stdout, stderr, err := runInSandbox(t, root, append([]string{"--out", "/out"}, args...)...)
		if err != nil || len(stderr) > 0 {
			t.Fatalf("webapi-gen %q: %v\n%s", args, err, stderr)
		}
		got := files(t, out)
		cmd := exec.Command("webapi-gen", args...)
		cmd.Dir = normal
		if output, err := cmd.CombinedOutput(); err != nil || !bytes.Equal(output, stdout) {
			t.Errorf("webapi-gen %q printed %q, but %q in the sandbox (error %v)", args, output, stdout, err)
		}
		want := files(t, filepath.Join(normal, "api"))
		for name := range inputs {
			delete(want, filepath.Base(name))
		}
		if diff := cmp.Diff(want, got); diff != "" || len(got) == 0 {
			t.Errorf("outputs of %q (-normal +sandbox):\n%s", args, diff)
		}
		for name, text := range got {
			before[filepath.Join("out", name)] = text
		}
		if diff := cmp.Diff(before, files(t, root)); diff != "" {
			t.Errorf("files of the sandbox after %q (-want +got):\n%s", args, diff)
		}
	}
}

// buildStatic builds the tool without libraries of the system.
func buildStatic(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "webapi-gen")
	cmd := exec.Command("go", "build", "-buildvcs=false", "-o", path, ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=") // -race would need C
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return path
}

// readOnly makes everything in a folder read-only.
func readOnly(t *testing.T, root string) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() && d.Name() != "webapi-gen" {
			return errors.Join(err, os.Chmod(path, 0o444))
		}
		return os.Chmod(path, 0o555)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// makeOut creates the one folder that the tool can write to.
func makeOut(t *testing.T, root, out string) {
	t.Helper()
	err := errors.Join(os.Chmod(root, 0o755), os.Mkdir(out, 0o755), os.Chmod(root, 0o555))
	if os.Getuid() == 0 {
		err = errors.Join(err, os.Chown(out, nobody, nobody))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // so that it can be removed
		os.Chmod(root, 0o755)
		os.Chmod(filepath.Join(root, "src"), 0o755)
		os.Chmod(filepath.Join(root, "src", "api"), 0o755)
	})
}

// runInSandbox runs the tool with the folder root as its root. The user root becomes
// nobody. Other users run it in a user namespace, where they own the inputs, and
// have only the permissions of an owner.
func runInSandbox(t *testing.T, root string, args ...string) (stdout, stderr []byte, err error) {
	t.Helper()
	attr := &syscall.SysProcAttr{Chroot: root, Cloneflags: syscall.CLONE_NEWNET}
	if os.Getuid() == 0 {
		attr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	} else {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getuid(), Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: nobody, HostID: os.Getgid(), Size: 1}}
	}
	var out, errs bytes.Buffer
	cmd := &exec.Cmd{
		Path: "/webapi-gen", Args: append([]string{"webapi-gen"}, args...), Env: []string{}, Dir: "/src",
		Stdout: &out, Stderr: &errs, SysProcAttr: attr,
	}
	err = cmd.Start()
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOSPC) {
		t.Skipf("the kernel refuses a new root or network: %v", err)
	}
	if err == nil {
		err = cmd.Wait()
	}
	return out.Bytes(), errs.Bytes(), err
}

// files returns the texts of all files below a folder.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		texts[name] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
