package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/git"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// A comparison is what a call of diff compares, and where.
type comparison struct {
	old, now string
	against  string // a revision, whose merge base with HEAD stands for old
	dir      string // a folder of the module, to open it
	root     string // the module
}

// comparison returns what is compared. Where OLD or NEW is a folder, or the lock
// file of a module, revisions are read of that module.
func (a *app) comparison(against, old, now string) (comparison, error) {
	c := comparison{old: old, now: now, against: against, dir: a.path(".")}
	for _, name := range []string{now, old} {
		info, err := os.Stat(a.path(name))
		if name == "" || err != nil {
			continue
		}
		if info.IsDir() {
			c.dir = a.path(name)
			break
		}
		if folder := filepath.Dir(a.path(name)); filepath.Base(name) == lockfile.Name && exists(filepath.Join(folder, "go.mod")) {
			c.dir = folder
			break
		}
	}
	var err error
	c.root, err = generator.ModuleRoot(c.dir)
	return c, err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// before returns what is compared with: a revision's merge base with HEAD, or old.
func (a *app) before(ctx context.Context, c comparison) (*lockfile.File, error) {
	if c.against == "" {
		file, err := a.locked(ctx, c, c.old)
		return a.orLock(c.old, file, err)
	}
	repo, err := git.Open(ctx, c.dir)
	if err != nil {
		return nil, &generator.UsageError{Message: err.Error()}
	}
	if _, err := repo.Commit(ctx, c.against); err != nil {
		return nil, &generator.UsageError{Message: err.Error()}
	}
	base, err := repo.MergeBase(ctx, c.against, "HEAD")
	if err != nil {
		return nil, err
	}
	file, err := a.lockedAt(ctx, c, repo, base, c.against)
	return a.orLock(c.against, file, err)
}

// An unreadableError says that the declarations of a revision are wrong.
type unreadableError struct {
	diag.List
	lock *lockfile.File // what its lock file says; nil if it has none that can be read
}

func (e *unreadableError) Unwrap() error { return e.List }

// orLock returns the lock file of a revision that cannot be read. It stands for
// what is compared with alone: what is new must be right.
func (a *app) orLock(name string, file *lockfile.File, err error) (*lockfile.File, error) {
	var unreadable *unreadableError
	if !errors.As(err, &unreadable) || unreadable.lock == nil {
		return file, err
	}
	fmt.Fprintf(a.stderr, "webapi-gen: the declarations of %s have %s; its %s is compared instead\n",
		visible(name), count(len(unreadable.List), "error"), lockfile.Name)
	return unreadable.lock, nil
}

// path returns the path to open what the call names.
func (a *app) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(a.cfg.Dir, name)
}

// locked returns what a lock file, a folder or a git revision says.
func (a *app) locked(ctx context.Context, c comparison, name string) (*lockfile.File, error) {
	info, err := os.Stat(a.path(name))
	repo, noRepo := git.Open(ctx, c.dir)
	commit := ""
	if noRepo == nil {
		commit, _ = repo.Commit(ctx, name)
	}
	switch {
	case err == nil && commit != "" && !isPath(name):
		return nil, &generator.UsageError{Message: fmt.Sprintf("%s is both a path and a git revision; write ./%[1]s or %[1]s^0", visible(name))}
	case err == nil && info.IsDir():
		cfg := generator.Config{Dir: a.path(name), OnProgress: a.cfg.OnProgress}
		if a.cfg.Spec != "" {
			cfg.Spec, err = filepath.Abs(a.path(a.cfg.Spec))
		}
		if err != nil {
			return nil, err
		}
		return generator.Locked(ctx, cfg)
	case err == nil:
		return readLock(name, a.path(name))
	case commit != "":
		return a.lockedAt(ctx, c, repo, commit, name)
	}
	return nil, &generator.UsageError{Message: fmt.Sprintf("%s is no file, no folder and no git revision", visible(name))}
}

// isPath reports whether a name is written in a way that only a path is.
func isPath(name string) bool {
	slashed := filepath.ToSlash(name)
	return filepath.IsAbs(name) || name == "." || name == ".." || strings.HasPrefix(slashed, "./") || strings.HasPrefix(slashed, "../")
}

func readLock(name, path string) (*lockfile.File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, diags := lockfile.Parse(name, text)
	return file, diags.Err()
}

// lockedAt returns what the declarations of a commit say.
func (a *app) lockedAt(ctx context.Context, c comparison, repo *git.Repository, commit, name string) (file *lockfile.File, err error) {
	spec, err := a.specBelow(c.root)
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "webapi-gen-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	if err := repo.Extract(ctx, commit, c.root, temp, filepath.ToSlash(spec)); err != nil {
		return nil, fmt.Errorf("%s: %w", visible(name), err)
	}
	if exists(filepath.Join(c.root, "go.mod")) && !exists(filepath.Join(temp, "go.mod")) {
		return nil, fmt.Errorf("%s has no go.mod in %s: the module is new or was moved, so there is nothing to compare it with",
			visible(name), visible(c.root))
	}
	cfg := generator.Config{Dir: temp, OnProgress: a.cfg.OnProgress}
	if spec != "" && exists(filepath.Join(temp, spec)) {
		cfg.Spec = spec
	}
	file, err = generator.Locked(ctx, cfg)
	var diags diag.List
	if !errors.As(err, &diags) {
		return file, err
	}
	for i := range diags {
		diags[i].Pos.Filename = name + ":" + filepath.ToSlash(diags[i].Pos.Filename)
	}
	unreadable := &unreadableError{List: diags}
	if lock, noLock := readLock(name+":"+lockfile.Name, filepath.Join(temp, lockfile.Name)); noLock == nil {
		unreadable.lock = lock
	}
	return nil, unreadable
}

// specBelow returns the path of --spec below the root of a module, "" without one.
func (a *app) specBelow(root string) (string, error) {
	if a.cfg.Spec == "" {
		return "", nil
	}
	path, err := filepath.Abs(a.path(a.cfg.Spec))
	if err != nil {
		return "", err
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(folder, filepath.Base(path))
	}
	below, err := filepath.Rel(root, path)
	if err != nil || !filepath.IsLocal(below) {
		return "", &generator.UsageError{Message: fmt.Sprintf("--spec %s is not in the module that is compared", visible(a.cfg.Spec))}
	}
	return below, nil
}
