// Package git reads the declarations of a git revision without touching the
// work tree, the index or any other state of the repository.
package git

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// A Repository is a git repository.
type Repository struct {
	dir string // in which commands run
	top string // of the work tree
}

// Open returns the repository that contains a folder.
func Open(ctx context.Context, dir string) (*Repository, error) {
	canonical, err := filepath.Abs(dir)
	if err == nil {
		canonical, err = filepath.EvalSymlinks(canonical)
	}
	if err != nil {
		return nil, err
	}
	r := &Repository{dir: canonical}
	top, err := r.git(ctx, "rev-parse", "--show-toplevel")
	if err != nil && strings.Contains(err.Error(), "not a git repository") {
		return nil, fmt.Errorf("%s is in no git repository", dir)
	} else if err != nil {
		return nil, err
	}
	r.top = filepath.FromSlash(strings.TrimSuffix(string(top), "\n"))
	return r, nil
}

// Commit returns the commit that a revision names.
func (r *Repository) Commit(ctx context.Context, revision string) (string, error) {
	out, err := r.git(ctx, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("no such git revision: %s; one that has not been fetched is none", revision)
	}
	return strings.TrimSpace(string(out)), nil
}

// Names returns the branches and tags of the repository, as far as they can be read.
func (r *Repository) Names(ctx context.Context) []string {
	out, _ := r.git(ctx, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags")
	return strings.Fields(string(out))
}

// MergeBase returns the commit at which two revisions diverged.
func (r *Repository) MergeBase(ctx context.Context, a, b string) (string, error) {
	out, err := r.git(ctx, "merge-base", "--end-of-options", a, b)
	if err != nil {
		return "", fmt.Errorf("%s and %s have no common commit: %w", a, b, err)
	}
	return strings.TrimSpace(string(out)), nil
}

// Extract writes the files of a commit that the tool reads in a folder of the work
// tree into the folder to: Go files, specs, go.mod and webapi.lock, and those in
// more, which are relative to the folder. For a symbolic link it writes the file
// that the link leads to in the same commit; a link that leads elsewhere is an
// error.
func (r *Repository) Extract(ctx context.Context, commit, below, to string, more ...string) error {
	prefix, err := filepath.Rel(r.top, below)
	if err != nil {
		return err
	}
	prefix = filepath.ToSlash(prefix)
	list, err := r.git(ctx, "ls-tree", "-r", "-z", "--full-tree", commit, "--", prefix)
	if err != nil {
		return err
	}
	var objects, files, links []string
	for entry := range strings.SplitSeq(string(list), "\x00") {
		about, name, _ := strings.Cut(entry, "\t")
		fields := strings.Fields(about) // mode, type, object
		below := strings.TrimPrefix(name, prefix+"/")
		switch {
		case len(fields) != 3 || !isRead(name) && !slices.Contains(more, below):
		case strings.HasPrefix(fields[0], "100"):
			objects = append(objects, fields[2])
			files = append(files, below)
		case fields[0] == "120000" && (slices.Contains(more, below) || !isIgnored(below)):
			links = append(links, name)
		}
	}
	targets, err := r.follow(ctx, commit, links)
	if err != nil {
		return err
	}
	for i, object := range targets {
		if object != "" {
			objects = append(objects, object)
			files = append(files, strings.TrimPrefix(links[i], prefix+"/"))
		}
	}
	return r.write(ctx, objects, files, to)
}

// isRead reports whether the tool reads a file of that name, or tests for it.
func isRead(name string) bool {
	return strings.HasSuffix(name, ".go") || slices.Contains([]string{"go.mod", "webapi.yaml", lockfile.Name}, path.Base(name))
}

// isIgnored reports whether a path leads through a folder that ./... leaves out, or
// to a file that the go command ignores. A broken link there is no error.
func isIgnored(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(elem string) bool {
		return elem[0] == '.' || elem[0] == '_' || elem == "testdata" || elem == "vendor"
	})
}

func (r *Repository) write(ctx context.Context, objects, files []string, to string) error {
	cmd := r.command(ctx, "cat-file", "--batch")
	cmd.Stdin = strings.NewReader(strings.Join(objects, "\n") + "\n")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	err = each(bufio.NewReader(out), files, func(name string, content io.Reader) error {
		return create(filepath.Join(to, filepath.FromSlash(name)), content)
	})
	if err != nil {
		return errors.Join(err, cmd.Cancel(), cmd.Wait())
	}
	return cmd.Wait()
}

// each calls do with the content of each file, from the output of git cat-file
// --batch.
func each(in *bufio.Reader, files []string, do func(name string, content io.Reader) error) error {
	for _, name := range files {
		header, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		var object, kind string
		var size int64
		if _, err := fmt.Sscanf(header, "%s %s %d", &object, &kind, &size); err != nil {
			return fmt.Errorf("git cat-file says %q of %s", header, name)
		}
		if err := do(name, io.LimitReader(in, size)); err != nil {
			return err
		}
		if _, err := in.Discard(len("\n")); err != nil {
			return err
		}
	}
	return nil
}

func create(path string, content io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}

// command returns a git command that takes no lock, prompts for nothing, and
// fetches nothing. Its folder alone decides which repository it works on.
func (r *Repository) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.dir
	cmd.Env = append(environment(), "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_REPLACE_OBJECTS=1", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C")
	return cmd
}

// git runs a git command and returns its standard output.
func (r *Repository) git(ctx context.Context, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	cmd := r.command(ctx, args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git %s: %w: %s", args[0], err, strings.TrimSpace(stderr.String()))
	}
	return out, nil
}

// follow returns the objects that symbolic links of a commit lead to within it, ""
// for links to folders.
func (r *Repository) follow(ctx context.Context, commit string, links []string) ([]string, error) {
	if len(links) == 0 {
		return nil, nil
	}
	var input bytes.Buffer
	for _, name := range links {
		if strings.Contains(name, "\n") {
			return nil, fmt.Errorf("the symbolic link %q has a line break in its name", name)
		}
		fmt.Fprintf(&input, "%s:%s\n", commit, name)
	}
	cmd := r.command(ctx, "cat-file", "--batch-check", "--follow-symlinks")
	cmd.Stdin = &input
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("git cat-file: %w", err)
	}
	in := bufio.NewReader(bytes.NewReader(out))
	objects := make([]string, len(links))
	for i, name := range links {
		if objects[i], err = target(in, name); err != nil {
			return nil, err
		}
	}
	return objects, nil
}

// target reads the output of git cat-file --follow-symlinks for one link: OBJECT
// KIND SIZE, or REASON SIZE and a text of that size.
func target(in *bufio.Reader, link string) (string, error) {
	line, err := in.ReadString('\n')
	if err != nil {
		return "", err
	}
	words := strings.Fields(line)
	switch {
	case len(words) == 3 && words[1] == "blob":
		return words[0], nil
	case len(words) == 3 && words[1] == "tree":
		return "", nil
	case len(words) != 2:
		return "", fmt.Errorf("git cat-file says %q of the symbolic link %q", line, link)
	}
	var size int64
	if _, err := fmt.Sscan(words[1], &size); err == nil {
		_, _ = io.CopyN(io.Discard, in, size+1)
	}
	why := "leads nowhere"
	if words[0] == "symlink" {
		why = "leads out of the commit"
	}
	return "", fmt.Errorf("the symbolic link %q %s: what it stands for cannot be compared", link, why)
}

// localVariables bind git to one repository: those of git rev-parse
// --local-env-vars, and the namespace. Hooks set some of them. In a linked work tree
// that is GIT_DIR, with which git takes the folder it runs in for the top of the
// work tree, and would read other files.
var localVariables = []string{
	"GIT_ALTERNATE_OBJECT_DIRECTORIES",
	"GIT_COMMON_DIR",
	"GIT_CONFIG",
	"GIT_CONFIG_COUNT",
	"GIT_CONFIG_PARAMETERS",
	"GIT_DIR",
	"GIT_GRAFT_FILE",
	"GIT_IMPLICIT_WORK_TREE",
	"GIT_INDEX_FILE",
	"GIT_INTERNAL_SUPER_PREFIX",
	"GIT_NAMESPACE",
	"GIT_NO_REPLACE_OBJECTS",
	"GIT_OBJECT_DIRECTORY",
	"GIT_PREFIX",
	"GIT_QUARANTINE_PATH",
	"GIT_REPLACE_REF_BASE",
	"GIT_SHALLOW_FILE",
	"GIT_WORK_TREE",
}

// environment returns the environment without localVariables. Git finds their
// values from the folder.
func environment() []string {
	return slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return slices.Contains(localVariables, strings.ToUpper(name))
	})
}
