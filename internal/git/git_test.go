package git_test

import (
	"context"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/internal/git"
)

// repository returns the folder of a new repository.
func repository(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip(err)
	}
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		t.Setenv(name, value)
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	run(t, dir, "init", "-q", "-b", "main")
	return dir
}

func run(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// A tree is files by their names, with slashes.
type tree map[string]string

func write(t *testing.T, dir string, files tree) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func commit(t *testing.T, dir string) {
	t.Helper()
	run(t, dir, "add", ".")
	run(t, dir, "commit", "-q", "-m", "x")
}

// extract returns the files of HEAD that Extract writes for a folder.
func extract(t *testing.T, below string, more ...string) (tree, error) {
	t.Helper()
	ctx := context.Background()
	repo, err := git.Open(ctx, below)
	if err != nil {
		t.Fatal(err)
	}
	head, err := repo.Commit(ctx, "HEAD")
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	if err := repo.Extract(ctx, head, below, to, more...); err != nil {
		return nil, err
	}
	got := tree{}
	err = filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(to, path)
		got[filepath.ToSlash(name)] = string(text)
		return err
	})
	return got, err
}

func TestExtract(t *testing.T) {
	dir := repository(t)
	write(t, dir, tree{
		"go.mod": "module m\n", "svc/go.mod": "module m/svc\n", "svc/api/a.go": "package api\n", "svc/api/webapi.yaml": "version: 1\n",
		"svc/webapi.lock": "# lock\n", "svc/README.md": "no\n", "svcs/b.go": "package svcs\n",
	})
	commit(t, dir)
	write(t, dir, tree{"svc/api/a.go": "package changed\n"})
	got, err := extract(t, filepath.Join(dir, "svc"))
	if err != nil {
		t.Fatal(err)
	}
	want := tree{"go.mod": "module m/svc\n", "api/a.go": "package api\n", "api/webapi.yaml": "version: 1\n", "webapi.lock": "# lock\n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("extracted (-want +got):\n%s", diff)
	}
}

// A hook of a linked work tree runs with GIT_DIR; other hooks may set more variables.
func TestExtractInAHook(t *testing.T) {
	dir := repository(t)
	write(t, dir, tree{"a.go": "package top\n", "svc/a.go": "package svc\n"})
	commit(t, dir)
	linked := filepath.Join(t.TempDir(), "linked")
	run(t, dir, "worktree", "add", "-q", linked)
	other := t.TempDir()
	run(t, other, "init", "-q")
	for name, value := range map[string]string{
		"GIT_DIR":              run(t, linked, "rev-parse", "--absolute-git-dir"),
		"GIT_WORK_TREE":        filepath.Join(linked, "svc"),
		"GIT_COMMON_DIR":       filepath.Join(other, ".git"),
		"GIT_OBJECT_DIRECTORY": filepath.Join(other, ".git", "objects"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv(name, value)
			got, err := extract(t, filepath.Join(linked, "svc"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tree{"a.go": "package svc\n"}, got); diff != "" {
				t.Errorf("extracted (-want +got):\n%s", diff)
			}
		})
	}
}

// git replace changes how a history is shown, not its content.
func TestExtractWhatWasCommitted(t *testing.T) {
	dir := repository(t)
	write(t, dir, tree{"a.go": "package one\n"})
	commit(t, dir)
	first := run(t, dir, "rev-parse", "HEAD")
	write(t, dir, tree{"a.go": "package two\n"})
	commit(t, dir)
	run(t, dir, "replace", "HEAD", first)
	got, err := extract(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tree{"a.go": "package two\n"}, got); diff != "" {
		t.Errorf("extracted (-want +got):\n%s", diff)
	}
}

// A link stands for the file that it leads to in the commit, not on disk.
func TestExtractLinks(t *testing.T) {
	dir := repository(t)
	write(t, dir, tree{"shared/notes.go": "package shared\n", "api/doc.go": "package api\n", "spec.yaml": "version: 1\n"})
	for link, target := range map[string]string{
		"api/notes.go": "../shared/notes.go", "api/deep.go": "../alias/notes.go", "alias": "shared", "api/webapi.yaml": "../spec.yaml",
		"api/folder.go": "../shared", "testdata/gone.go": "nowhere.go", "api/.#doc.go": "a@host.1",
	} {
		path := filepath.Join(dir, filepath.FromSlash(link))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.FromSlash(target), path); err != nil {
			t.Skip(err)
		}
	}
	commit(t, dir)
	write(t, dir, tree{"shared/notes.go": "package changed\n"})
	got, err := extract(t, filepath.Join(dir, "api"))
	if err != nil {
		t.Fatal(err)
	}
	want := tree{"doc.go": "package api\n", "notes.go": "package shared\n", "deep.go": "package shared\n", "webapi.yaml": "version: 1\n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("extracted (-want +got):\n%s", diff)
	}
}

func TestExtractLinksThatLeadElsewhere(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "notes.go")
	write(t, filepath.Dir(outside), tree{"notes.go": "package outside\n"})
	for target, why := range map[string]string{
		"nowhere.go": "leads nowhere", "notes.go": "leads nowhere", "../../notes.go": "leads out of the commit", outside: "leads out of the commit",
	} {
		dir := repository(t)
		write(t, dir, tree{"api/doc.go": "package api\n"})
		if err := os.Symlink(target, filepath.Join(dir, "api", "notes.go")); err != nil {
			t.Skip(err)
		}
		commit(t, dir)
		_, err := extract(t, dir)
		if want := `the symbolic link "api/notes.go" ` + why + ": what it stands for cannot be compared"; err == nil || err.Error() != want {
			t.Errorf("link to %s: error %v, want %s", target, err, want)
		}
	}
}

// A spec may have any name.
func TestExtractMore(t *testing.T) {
	dir := repository(t)
	write(t, dir, tree{"svc/api/notes.yaml": "version: 1\n", "svc/other.yaml": "no\n"})
	commit(t, dir)
	got, err := extract(t, filepath.Join(dir, "svc"), "api/notes.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tree{"api/notes.yaml": "version: 1\n"}, got); diff != "" {
		t.Errorf("extracted (-want +got):\n%s", diff)
	}
}
