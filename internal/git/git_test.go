package git_test

import (
	"context"
	"encoding/hex"
	"errors"
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
	if _, err := repo.Extract(ctx, head, below, to, more...); err != nil {
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
	if testing.Short() {
		t.Skip("takes seconds")
	}
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

// Each tree is one that git mktree makes, and that a plain clone keeps.
func TestExtractOutside(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	dir := repository(t)
	write(t, dir, tree{"x.go": "package victim\n"})
	blob := run(t, dir, "hash-object", "-w", "x.go")
	file := func(name string) string { return "100644 blob " + blob + "\t" + name }
	mktree := func(entries ...string) string {
		cmd := exec.Command("git", "mktree", "-z")
		cmd.Dir = dir
		cmd.Stdin = strings.NewReader(strings.Join(entries, "\x00") + "\x00")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(out))
	}
	folder := func(name, tree string) string { return "040000 tree " + tree + "\t" + name }
	leaf := mktree(file("x.go"))
	for what, c := range map[string]struct{ tree, want string }{
		"..":         {mktree(folder("..", leaf)), `the commit has a file of the name "../x.go", which is no path below a folder`},
		"../..":      {mktree(folder("api", mktree(folder("..", mktree(folder("..", leaf)))))), `"api/../../x.go"`},
		"inside":     {mktree(folder("api", mktree(folder("..", leaf)))), `"api/../x.go"`},
		".":          {mktree(folder(".", leaf)), `"./x.go"`},
		".git":       {mktree(folder(".git", leaf)), `".git/x.go"`},
		".GIT":       {mktree(folder("api", mktree(folder(".GIT", leaf)))), `"api/.GIT/x.go"`},
		"twice":      {mktree(file("x.go"), file("x.go")), "x.go: file exists"},
		"both":       {mktree(file("x.go"), folder("x.go", leaf)), "x.go"},
		"link":       {mktree("120000 blob "+blob+"\tapi", folder("api", leaf)), ""},
		"more":       {mktree(file("api"), folder("api", leaf)), ""},
		"absolute":   {literally(t, dir, "/tmp/x.go", blob), `"/tmp/x.go"`},
		"slash":      {literally(t, dir, "api/../../x.go", blob), `"api/../../x.go"`},
		"line break": {mktree(file("a\nb.go")), ""},
	} {
		run(t, dir, "update-ref", "HEAD", run(t, dir, "commit-tree", "-m", "x", c.tree))
		above := t.TempDir()
		to := filepath.Join(above, "to")
		if err := os.Mkdir(to, 0o700); err != nil {
			t.Fatal(err)
		}
		repo, err := git.Open(t.Context(), dir)
		if err != nil {
			t.Fatal(err)
		}
		_, err = repo.Extract(t.Context(), run(t, dir, "rev-parse", "HEAD"), dir, to)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: error %v, want %q", what, err, c.want)
		}
		if entries, err := os.ReadDir(above); err != nil || len(entries) != 1 {
			t.Errorf("%s: %v beside the folder, error %v", what, entries, err)
		}
	}
}

// A commit may have a folder that is a bare repository, whose configuration names programs.
func TestNoRepositoryWithinAnother(t *testing.T) {
	dir := repository(t)
	run(t, dir, "init", "-q", "--bare", "lib")
	run(t, dir, "-C", "lib", "config", "core.worktree", filepath.Join(dir, "lib"))
	run(t, dir, "-C", "lib", "config", "core.bare", "false")
	if _, err := git.Open(t.Context(), filepath.Join(dir, "lib")); err == nil || !strings.Contains(err.Error(), "cannot use bare repository") {
		t.Errorf("error %v", err)
	}
	write(t, dir, tree{"x.go": "package x\n"})
	run(t, dir, "add", "x.go")
	run(t, dir, "commit", "-q", "-m", "x")
	run(t, dir, "clone", "-q", "--bare", dir, "bare")
	run(t, dir, "-C", "bare", "worktree", "add", "-q", "../linked", "-b", "b")
	if _, err := git.Open(t.Context(), filepath.Join(dir, "linked")); err != nil {
		t.Error(err)
	}
}

func TestExtractEndless(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	dir := repository(t)
	path := filepath.Join(dir, "x.go")
	write(t, dir, tree{"x.go": ""})
	if err := os.Truncate(path, 128<<20+1); err != nil {
		t.Fatal(err)
	}
	commit(t, dir)
	if _, err := extract(t, dir); err == nil || err.Error() != "x.go has more than 128 MiB" {
		t.Errorf("error %v", err)
	}
}

// A few trees that contain each other are a commit of files without end.
func TestExtractManyFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	dir := repository(t)
	write(t, dir, tree{"x.go": "package x\n"})
	entry := "100644 blob " + run(t, dir, "hash-object", "-w", "x.go")
	for range 10 {
		var list strings.Builder
		for i := range 11 {
			list.WriteString(entry + "\t" + string(rune('a'+i)) + ".go\n")
		}
		cmd := exec.Command("git", "mktree")
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(list.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		entry = "040000 tree " + strings.TrimSpace(string(out))
	}
	run(t, dir, "update-ref", "HEAD", run(t, dir, "commit-tree", "-m", "x", strings.Fields(entry)[2]))
	if _, err := extract(t, dir); err == nil || err.Error() != "git ls-tree writes more than 128 MiB" {
		t.Errorf("error %v", err)
	}
}

// literally writes a tree with a name that git mktree refuses.
func literally(t *testing.T, dir, name, blob string) string {
	t.Helper()
	object, err := hex.DecodeString(blob)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("git", "hash-object", "-t", "tree", "-w", "--stdin", "--literally")
	cmd.Dir = dir
	cmd.Stdin = strings.NewReader("100644 " + name + "\x00" + string(object))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

// A submodule is read if it is checked out, and named otherwise.
func TestExtractSubmodule(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	lib := repository(t)
	write(t, lib, tree{"go.mod": "module lib\n", "lib.go": "package lib\n"})
	commit(t, lib)
	dir := repository(t)
	run(t, dir, "-c", "protocol.file.allow=always", "submodule", "add", "-q", lib, "deep/lib")
	commit(t, dir)
	write(t, dir, tree{"deep/lib/lib.go": "package changed\n"})
	got, err := extract(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(tree{"deep/lib/go.mod": "module lib\n", "deep/lib/lib.go": "package lib\n"}, got); diff != "" {
		t.Errorf("extracted (-want +got):\n%s", diff)
	}
	run(t, dir, "submodule", "deinit", "-q", "-f", "deep/lib")
	repo, err := git.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, below := range []string{dir, filepath.Join(dir, "deep")} {
		name, _ := filepath.Rel(below, filepath.Join(dir, "deep", "lib"))
		want := map[string]string{filepath.ToSlash(name): run(t, lib, "rev-parse", "HEAD")}
		unread, err := repo.Extract(t.Context(), run(t, dir, "rev-parse", "HEAD"), below, t.TempDir())
		if diff := cmp.Diff(want, unread); diff != "" || err != nil {
			t.Errorf("Extract: error %v, unread (-want +got):\n%s", err, diff)
		}
		unread, err = repo.Unread(t.Context(), below)
		if diff := cmp.Diff(want, unread); diff != "" || err != nil {
			t.Errorf("Unread: error %v, (-want +got):\n%s", err, diff)
		}
	}
}

func TestCommit(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	dir := repository(t)
	write(t, dir, tree{"a.go": "package a\n"})
	commit(t, dir)
	first := run(t, dir, "rev-parse", "HEAD")
	write(t, dir, tree{"a.go": "package b\n"})
	commit(t, dir)
	head := run(t, dir, "rev-parse", "HEAD")
	for _, ref := range []string{
		"refs/remotes/origin/main", "refs/remotes/origin/branch", "refs/tags/origin/branch", "refs/remotes/origin/local", "refs/heads/origin/local",
		"refs/tags/origin/tag", "refs/tags/v1", "refs/heads/both", "refs/tags/both", "refs/tags/refs/remotes/origin/gone", "refs/tags/" + head[:7],
		"refs/remotes/other/HEAD", "refs/heads/other", "refs/heads/feature/x", "refs/remotes/up/HEAD", "refs/tags/up/x", "refs/tags/refs/remotes/origin/main",
		"refs/bare", "refs/tags/bare",
	} {
		run(t, dir, "update-ref", ref, first)
	}
	run(t, dir, "remote", "add", "up", "nowhere")
	repo, err := git.Open(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for revision, want := range map[string]string{
		"HEAD": head, "HEAD~1": first, "main": head, "v1": first, head: head, head[:9]: head, "main@{0}": head, "feature/x": first,
		"origin/main": first, "origin/main^{commit}": first, "refs/remotes/origin/main": first, "refs/remotes/origin/branch": first, "up": first,
		"refs/heads/both~0": first, "origin/branch": "", "origin/branch~0": "", "origin/branch^{commit}": "", "origin/branch@{0}": "", "origin/local": "",
		"origin/tag": "", "origin/tag^0": "", "both": "", "refs/remotes/origin/gone": "", head[:7]: "", "other": "", "up/x": "", "bare": "",
	} {
		got, err := repo.Commit(t.Context(), revision)
		if want == "" && !errors.Is(err, git.ErrAmbiguous) || want != "" && err != nil || got != want {
			t.Errorf("Commit(%q) = %q, %v, want %q", revision, got, err, want)
		}
	}
	for revision, want := range map[string]string{
		"nowhere": "fatal: bad revision 'nowhere'", "^HEAD": "it excludes commits", "HEAD..main": "", "": "", "--all": "", "HEAD^{tree}": "", "HEAD:a.go": "",
		strings.Repeat("1", len(head)): "fatal: bad object 1111", "origin/": "", "HEAD~9": "fatal: bad revision 'HEAD~9'", "a b\n": "",
	} {
		got, err := repo.Commit(t.Context(), revision)
		if got != "" || err == nil || errors.Is(err, git.ErrAmbiguous) || !strings.Contains(err.Error(), want) {
			t.Errorf("Commit(%q) = %q, %v, want %q", revision, got, err, want)
		}
	}
}

// What git says is what the reader can act on.
func TestReasons(t *testing.T) {
	dir := repository(t)
	write(t, dir, tree{"a.go": "package a\n"})
	commit(t, dir)
	write(t, dir, tree{"a.go": "package b\n"})
	commit(t, dir)
	shallow := filepath.Join(t.TempDir(), "shallow")
	run(t, dir, "clone", "-q", "--depth", "1", "file://"+filepath.ToSlash(dir), shallow)
	repo, err := git.Open(t.Context(), shallow)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := repo.Commit(t.Context(), "HEAD~1"); err == nil || !strings.Contains(err.Error(), "the clone is shallow") {
		t.Errorf("shallow: error %v", err)
	}
	blob := run(t, dir, "rev-parse", "HEAD:a.go")
	object := filepath.Join(dir, ".git", "objects", blob[:2], blob[2:])
	if err := os.Remove(object); err != nil {
		t.Fatal(err)
	}
	if _, err := extract(t, dir); err == nil || !strings.Contains(err.Error(), blob+" missing") {
		t.Errorf("missing: error %v", err)
	}
	head := run(t, dir, "rev-parse", "HEAD")
	object = filepath.Join(dir, ".git", "objects", head[:2], head[2:])
	if err := errors.Join(os.Chmod(object, 0o600), os.WriteFile(object, []byte("corrupt"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if repo, err = git.Open(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if _, err := repo.Commit(t.Context(), "main"); err == nil || !strings.Contains(err.Error(), "corrupt") {
		t.Errorf("corrupt: error %v", err)
	}
	t.Setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
	if _, err := git.Open(t.Context(), dir); err == nil || !strings.Contains(err.Error(), "dubious ownership") {
		t.Errorf("owner: error %v", err)
	}
}
