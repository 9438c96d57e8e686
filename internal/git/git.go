// Package git reads the declarations of a git revision without touching the
// work tree, the index or any other state of the repository.
package git

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
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
	if err != nil && strings.Contains(err.Error(), "not a git repository (or any") {
		return nil, fmt.Errorf("%s is in no git repository", dir)
	} else if err != nil {
		return nil, err
	}
	r.top = filepath.FromSlash(strings.TrimSuffix(string(top), "\n"))
	return r, nil
}

// ErrAmbiguous is the error of a revision that can be taken for another one.
var ErrAmbiguous = errors.New("ambiguous git revision")

// Commit returns the commit that a revision names. The error is an [ErrAmbiguous] if the
// name in it is that of several refs, or looks like a branch of a remote and is none: a
// tag named origin/main would stand for the branch main of origin.
func (r *Repository) Commit(ctx context.Context, revision string) (string, error) {
	var stderr bytes.Buffer
	cmd := r.command(ctx, "-c", "core.warnAmbiguousRefs=true", "rev-parse", "--verify", "--end-of-options", revision+"^{commit}")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	commit := strings.TrimSpace(string(out))
	if err != nil || strings.HasPrefix(commit, "^") { // ^REVISION excludes a commit from a range
		_, reason := r.git(ctx, "rev-list", "-1", "--end-of-options", revision, "--") // it says more than rev-parse does
		return "", fmt.Errorf("no such git revision: %s: %w%s", revision, cmp.Or(reason, err, errors.New("it excludes commits")), r.shallowHint(ctx))
	}
	if err := r.checkName(ctx, revision, strings.Contains(stderr.String(), "' is ambiguous")); err != nil {
		return "", err
	}
	return commit, nil
}

// checkName returns an ErrAmbiguous if the name of a ref at the start of a revision can
// stand for several, by the rules of gitrevisions(7), or for an object besides, or looks
// like a branch of a remote and is none.
func (r *Repository) checkName(ctx context.Context, revision string, ambiguous bool) error {
	name, _, _ := strings.Cut(revision, "@{")
	if end := strings.IndexAny(name, "~^:"); end >= 0 {
		name = name[:end]
	}
	if name == "" {
		return nil
	}
	candidates := []string{name, "refs/" + name, "refs/tags/" + name, "refs/heads/" + name, "refs/remotes/" + name, "refs/remotes/" + name + "/HEAD"}
	refs, err := r.words(ctx, append([]string{"for-each-ref", "--format=%(refname)"}, candidates...)...)
	if err != nil {
		return err
	}
	refs = slices.DeleteFunc(refs, func(ref string) bool { return !slices.Contains(candidates, ref) })
	remotes, err := r.words(ctx, "remote")
	if err != nil {
		return err
	}
	ofRemote := slices.ContainsFunc(append(remotes, "origin"), func(remote string) bool {
		return name == remote || strings.HasPrefix(name, remote+"/")
	})
	list := strings.Join(refs, ", ")
	switch {
	case slices.Contains(refs, name): // in full, which comes before all others
		return nil
	case strings.HasPrefix(name, "refs/") && len(refs) > 0:
		return fmt.Errorf("%w: there is no %s, and git would take %s", ErrAmbiguous, name, list)
	case ambiguous || len(refs) > 1:
		return fmt.Errorf("%w: %s may be %s; write the name in full, as in refs/remotes/origin/main", ErrAmbiguous, name,
			cmp.Or(strings.Join(refs, " or "), "an object or a ref"))
	case ofRemote && !strings.HasPrefix(list, "refs/remotes/"):
		return fmt.Errorf("%w: %s looks like a branch of a remote, and is %s; write that if you mean it, or fetch the branch", ErrAmbiguous, name,
			cmp.Or(list, "no ref"))
	}
	return nil
}

// shallowHint returns what to do if a commit may be missing because the clone is
// shallow.
func (r *Repository) shallowHint(ctx context.Context) string {
	if out, err := r.git(ctx, "rev-parse", "--is-shallow-repository"); err != nil || strings.TrimSpace(string(out)) != "true" {
		return ""
	}
	return "; the clone is shallow: git fetch --unshallow fetches the rest, and fetch-depth: 0 of actions/checkout"
}

// Names returns the branches and tags of the repository, as far as they can be read.
func (r *Repository) Names(ctx context.Context) []string {
	names, _ := r.words(ctx, "for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/remotes", "refs/tags")
	return names
}

// MergeBase returns the commit at which two revisions diverged.
func (r *Repository) MergeBase(ctx context.Context, a, b string) (string, error) {
	out, err := r.git(ctx, "merge-base", "--end-of-options", a, b)
	if err != nil {
		return "", fmt.Errorf("%s and %s have no common commit: %w%s", a, b, err, r.shallowHint(ctx))
	}
	return strings.TrimSpace(string(out)), nil
}

// Above returns the nearest folder above one, within the work tree, in which a commit
// has a file of that name, and "" if there is none.
func (r *Repository) Above(ctx context.Context, commit, below, name string) (string, error) {
	prefix, err := r.prefix(below)
	if err != nil {
		return "", err
	}
	for prefix != "." {
		prefix = path.Dir(prefix)
		out, err := r.git(ctx, "ls-tree", "-z", "--full-tree", "--name-only", commit, "--", path.Join(prefix, name))
		if err != nil || len(out) > 0 {
			return filepath.Join(r.top, filepath.FromSlash(prefix)), err
		}
	}
	return "", nil
}

// An entry is a file, a symbolic link or a submodule of a commit.
type entry struct {
	mode, object string
	name         string // with slashes, relative to the top of the work tree
	below        string // relative to the folder that is extracted
}

// Extract writes the files of a commit that the tool reads in a folder of the work
// tree into the folder to: Go files, specs, go.mod, go.work and webapi.lock, and those
// in more, which are relative to the folder. For a symbolic link it writes the file
// that the link leads to in the same commit; a link that leads elsewhere is an
// error, and so is a name that is no path below a folder. Of a submodule it writes the
// files of its commit. It returns the commits of the submodules that are not checked
// out, by their paths below the folder.
func (r *Repository) Extract(ctx context.Context, commit, below, to string, more ...string) (unread map[string]string, err error) {
	prefix, err := r.prefix(below)
	if err != nil {
		return nil, err
	}
	list, err := r.git(ctx, "ls-tree", "-r", "-z", "--full-tree", commit, "--", prefix)
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(to)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, root.Close()) }()
	unread = map[string]string{}
	var objects, files []string
	var links []entry
	for e := range entries(list, prefix) {
		isMore := slices.Contains(more, e.below)
		if e.mode != submodule && !isRead(e.name) && !isMore {
			continue
		}
		if err := checkPath(e.name); err != nil {
			return nil, err
		}
		switch {
		case e.mode == submodule:
			if err := r.extractSubmodule(ctx, e, root, unread); err != nil {
				return nil, err
			}
		case strings.HasPrefix(e.mode, "100"):
			objects, files = append(objects, e.object), append(files, e.below)
		case e.mode == "120000" && (isMore || !isIgnored(e.below)):
			links = append(links, e)
		}
	}
	targets, err := r.follow(ctx, commit, links)
	if err != nil {
		return nil, err
	}
	for i, object := range targets {
		if object != "" {
			objects, files = append(objects, object), append(files, links[i].below)
		}
	}
	return unread, r.write(ctx, objects, files, root)
}

// submodule is the mode of an entry that is a submodule.
const submodule = "160000"

// entries returns the entries in the output of git ls-tree -z or git ls-files -s -z.
func entries(list []byte, prefix string) iter.Seq[entry] {
	return func(yield func(entry) bool) {
		for line := range strings.SplitSeq(string(list), "\x00") {
			about, name, _ := strings.Cut(line, "\t")
			fields := strings.Fields(about) // MODE TYPE OBJECT, or MODE OBJECT STAGE
			if len(fields) != 3 {
				continue
			}
			e := entry{mode: fields[0], object: fields[2], name: name, below: strings.TrimPrefix(name, prefix+"/")}
			if len(fields[2]) == 1 {
				e.object = fields[1]
			}
			if !yield(e) {
				return
			}
		}
	}
}

// checkPath returns an error for a name that git cannot have checked out, or that is
// no path below a folder on this system.
func checkPath(name string) error {
	elements := strings.Split(name, "/")
	bad := slices.ContainsFunc(elements, func(e string) bool {
		return e == "" || e == "." || e == ".." || strings.EqualFold(e, ".git")
	})
	local := filepath.FromSlash(name)
	if bad || !filepath.IsLocal(local) || filepath.Clean(local) != local || len(strings.Split(filepath.ToSlash(local), "/")) != len(elements) {
		return fmt.Errorf("the commit has a file of the name %q, which is no path below a folder", name)
	}
	return nil
}

// prefix returns the path of a folder of the work tree, relative to its top.
func (r *Repository) prefix(below string) (string, error) {
	prefix, err := filepath.Rel(r.top, below)
	if err == nil && !filepath.IsLocal(prefix) {
		err = fmt.Errorf("%s is not in the work tree %s", below, r.top)
	}
	return filepath.ToSlash(prefix), err
}

// extractSubmodule writes the files of a submodule, or adds it to unread if it is not
// checked out.
func (r *Repository) extractSubmodule(ctx context.Context, e entry, root *os.Root, unread map[string]string) error {
	sub := r.submodule(ctx, e)
	if sub == nil {
		unread[e.below] = e.object
		return nil
	}
	if err := root.MkdirAll(filepath.FromSlash(e.below), 0o700); err != nil {
		return err
	}
	nested, err := sub.Extract(ctx, e.object, sub.top, filepath.Join(root.Name(), filepath.FromSlash(e.below)))
	if err != nil {
		return fmt.Errorf("submodule %s: %w", e.name, err)
	}
	for name, commit := range nested {
		unread[e.below+"/"+name] = commit
	}
	return nil
}

// submodule returns the repository of a submodule, nil if it is not checked out.
func (r *Repository) submodule(ctx context.Context, e entry) *Repository {
	path := filepath.Join(r.top, filepath.FromSlash(e.name))
	sub, err := Open(ctx, path)
	if err != nil || sub.top != path {
		return nil
	}
	return sub
}

// Unread returns the commits that the index has of the submodules in a folder that are
// not checked out, as Extract does those of a commit.
func (r *Repository) Unread(ctx context.Context, below string) (map[string]string, error) {
	prefix, err := r.prefix(below)
	if err != nil {
		return nil, err
	}
	cmd := r.command(ctx, "ls-files", "-s", "-z", "--full-name", "--", ".")
	cmd.Dir = below
	list, err := output(cmd)
	if err != nil {
		return nil, err
	}
	unread := map[string]string{}
	for e := range entries(list, prefix) {
		if e.mode != submodule {
			continue
		}
		sub := r.submodule(ctx, e)
		if sub == nil {
			unread[e.below] = e.object
			continue
		}
		nested, err := sub.Unread(ctx, sub.top)
		if err != nil {
			return nil, err
		}
		for name, commit := range nested {
			unread[e.below+"/"+name] = commit
		}
	}
	return unread, nil
}

// isRead reports whether the tool reads a file of that name, or tests for it.
func isRead(name string) bool {
	return strings.HasSuffix(name, ".go") || slices.Contains([]string{"go.mod", "go.work", "webapi.yaml", lockfile.Name}, path.Base(name))
}

// isIgnored reports whether a path leads through a folder that ./... leaves out, or
// to a file that the go command ignores. A broken link there is no error.
func isIgnored(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), func(elem string) bool {
		return elem[0] == '.' || elem[0] == '_' || elem == "testdata" || elem == "vendor"
	})
}

// write writes objects to files.
func (r *Repository) write(ctx context.Context, objects, files []string, to *os.Root) error {
	var stderr bytes.Buffer
	cmd := r.command(ctx, "cat-file", "--batch")
	cmd.Stdin = strings.NewReader(strings.Join(objects, "\n") + "\n")
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	err = each(bufio.NewReader(out), files, func(name string, content io.Reader) error {
		return create(to, filepath.FromSlash(name), content)
	})
	if err != nil {
		_ = cmd.Cancel()
	}
	if ended := reason(cmd, cmd.Wait(), stderr); err == nil || stderr.Len() > 0 {
		err = errors.Join(err, ended)
	}
	return err
}

// The most that is read of a commit, in bytes. A few small trees that contain each
// other many times are a commit of any number of files.
const (
	maxFile  = 128 << 20 // of a file, as of generator.ReadFile
	maxFiles = 1 << 30   // of all files
	maxList  = 128 << 20 // of their list, about a million names
)

// each calls do with the content of each file, from the output of git cat-file
// --batch.
func each(in *bufio.Reader, files []string, do func(name string, content io.Reader) error) error {
	total := int64(0)
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
		total += size
		switch {
		case size > maxFile:
			return fmt.Errorf("%s has more than %d MiB", name, maxFile>>20)
		case total > maxFiles:
			return fmt.Errorf("the files that would be read have more than %d MiB", maxFiles>>20)
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

func create(root *os.Root, path string, content io.Reader) error {
	if err := root.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := root.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, content)
	return errors.Join(err, file.Close())
}

// command returns a git command that takes no lock, prompts for nothing, and
// fetches nothing. Its folder alone decides which repository it works on, and that is
// none whose files are committed in another one: its configuration may name programs.
func (r *Repository) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.dir
	cmd.Env = append(environment(), "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_REPLACE_OBJECTS=1", "GIT_NO_LAZY_FETCH=1", "LC_ALL=C",
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=safe.bareRepository", "GIT_CONFIG_VALUE_0=explicit",
		"GIT_CONFIG_KEY_1=core.fsmonitor", "GIT_CONFIG_VALUE_1=false")
	return cmd
}

// words returns the words in the standard output of a git command.
func (r *Repository) words(ctx context.Context, args ...string) ([]string, error) {
	out, err := r.git(ctx, args...)
	return strings.Fields(string(out)), err
}

// git runs a git command and returns its standard output. The error has what git says.
func (r *Repository) git(ctx context.Context, args ...string) ([]byte, error) {
	return output(r.command(ctx, args...))
}

func output(cmd *exec.Cmd) ([]byte, error) {
	var stdout limitedBuffer
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if stdout.exceeded {
		return nil, fmt.Errorf("git %s writes more than %d MiB", cmd.Args[1], maxList>>20)
	}
	return stdout.buf.Bytes(), reason(cmd, err, stderr)
}

// A limitedBuffer holds at most maxList bytes. A command that writes more gets an
// error, and ends.
type limitedBuffer struct {
	buf      bytes.Buffer
	exceeded bool
}

func (l *limitedBuffer) Write(p []byte) (int, error) {
	if l.buf.Len()+len(p) > maxList {
		l.exceeded = true
		return 0, io.ErrShortWrite
	}
	return l.buf.Write(p)
}

// reason returns the error of a git command with what git says.
func reason(cmd *exec.Cmd, err error, stderr bytes.Buffer) error {
	if err == nil {
		return nil
	}
	said := strings.TrimSpace(stderr.String())
	if said == "" {
		return fmt.Errorf("git %s: %w", cmd.Args[1], err)
	}
	return fmt.Errorf("git %s: %w: %s", cmd.Args[1], err, said)
}

// follow returns the objects that symbolic links of a commit lead to within it, ""
// for links to folders.
func (r *Repository) follow(ctx context.Context, commit string, links []entry) ([]string, error) {
	if len(links) == 0 {
		return nil, nil
	}
	var input bytes.Buffer
	for _, link := range links {
		if strings.Contains(link.name, "\n") {
			return nil, fmt.Errorf("the symbolic link %q has a line break in its name", link.name)
		}
		fmt.Fprintf(&input, "%s:%s\n", commit, link.name)
	}
	cmd := r.command(ctx, "cat-file", "--batch-check", "--follow-symlinks")
	cmd.Stdin = &input
	out, err := output(cmd)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(bytes.NewReader(out))
	objects := make([]string, len(links))
	for i, link := range links {
		if objects[i], err = target(in, link.name); err != nil {
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
