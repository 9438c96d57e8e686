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
	"github.com/webapi-gen/webapi-gen/generator/lockfile"
	"github.com/webapi-gen/webapi-gen/generator/revision"
)

// before returns what is compared with: a revision's merge base with HEAD, or old.
func (a *app) before(ctx context.Context, against, old string) (*lockfile.File, error) {
	if against == "" {
		return a.locked(ctx, old)
	}
	repo, err := revision.Open(ctx, a.path("."))
	if err != nil {
		return nil, &generator.UsageError{Message: err.Error()}
	}
	if _, err := repo.Commit(ctx, against); err != nil {
		return nil, &generator.UsageError{Message: err.Error()}
	}
	base, err := repo.MergeBase(ctx, against, "HEAD")
	if err != nil {
		return nil, err
	}
	return a.lockedAt(ctx, repo, base, against)
}

// path returns the path to open what the call names.
func (a *app) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(a.cfg.Dir, name)
}

// locked returns what a lock file, a folder or a git revision says.
func (a *app) locked(ctx context.Context, name string) (*lockfile.File, error) {
	info, err := os.Stat(a.path(name))
	repo, noRepo := revision.Open(ctx, a.path("."))
	commit := ""
	if noRepo == nil {
		commit, _ = repo.Commit(ctx, name)
	}
	plain := !strings.ContainsAny(name, `/\`) && name != "." && name != ".."
	switch {
	case err == nil && commit != "" && plain:
		return nil, &generator.UsageError{Message: fmt.Sprintf("%s is both a path and a git revision; write ./%[1]s or %[1]s^0", name)}
	case err == nil && info.IsDir():
		return generator.Locked(ctx, generator.Config{Dir: a.path(name), OnProgress: a.cfg.OnProgress})
	case err == nil:
		return readLock(name, a.path(name))
	case commit != "":
		return a.lockedAt(ctx, repo, commit, name)
	}
	return nil, &generator.UsageError{Message: fmt.Sprintf("%s is no file, no folder and no git revision", name)}
}

func readLock(name, path string) (*lockfile.File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	file, diags := lockfile.Parse(name, text)
	return file, diags.Err()
}

// lockedAt returns what the declarations of a commit say, or its lock file if
// they are wrong.
func (a *app) lockedAt(ctx context.Context, repo *revision.Repository, commit, name string) (file *lockfile.File, err error) {
	root, err := generator.ModuleRoot(a.path("."))
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "webapi-gen-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(temp)) }()
	if err := repo.Extract(ctx, commit, root, temp); err != nil {
		return nil, err
	}
	file, err = generator.Locked(ctx, generator.Config{Dir: temp, OnProgress: a.cfg.OnProgress})
	var diags diag.List
	if !errors.As(err, &diags) {
		return file, err
	}
	if lock, noLock := readLock(name+":"+lockfile.Name, filepath.Join(temp, lockfile.Name)); noLock == nil {
		fmt.Fprintf(a.stderr, "webapi-gen: the declarations of %s have %s; its %s is compared instead\n", name, count(len(diags), "error"), lockfile.Name)
		return lock, nil
	}
	for i := range diags {
		diags[i].Pos.Filename = name + ":" + filepath.ToSlash(diags[i].Pos.Filename)
	}
	return nil, diags
}
