package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/git"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/internal/report"
	"github.com/webapi-gen/webapi-gen/model"
)

const diffLong = `Diff explains what a change of declarations means: which methods allow requests
that they denied before, which deny requests that they allowed, and what is new,
removed or renamed. It compares the requirements by logic, not by spelling, and
shows with each change a request whose answer it changes.

OLD and NEW are each a lock file, a folder of a module, or a git revision, which
is read without touching the work tree. NEW defaults to the module in the current
folder. A name that is both a path and a revision is an error: write ./NAME for
the path. Of a revision, the module of the folder that it is compared with is
read. For an OLD revision that this version of webapi-gen cannot read, its
webapi.lock is used, if it has one. A spec that is not named webapi.yaml must be
named with --spec.

Labels: unguarded (a resource is removed and its type is still there, so that what
served it may be open to everybody; widened as well), widened (a request is allowed
that was denied: a question of security), anonymous (now also without credentials),
narrowed (a request is denied that was allowed: breaks clients), closed (no OAuth2
token is accepted any longer), removed, added, renamed, text (no access changes).
Whether the type of a removed resource is still there cannot be told if NEW is a
lock file; diff prints that.

Exit status: 0 success, 1 a change has a label of --fail-on or the input is wrong,
2 the command line is wrong.`

const diffExamples = `  # What the work tree changes:
  webapi-gen diff HEAD

  # What a branch changes since it left main, for a pull request:
  webapi-gen diff --against origin/main --format markdown

  # Two releases:
  webapi-gen diff v1.4.0 v1.5.0

  # In CI, where a change that allows more, or may, must be approved:
  webapi-gen diff --against origin/main --fail-on widened,anonymous,added,removed --format github`

// diffOptions are the flags of diff.
type diffOptions struct {
	against string
	format  string
	failOn  []string
}

var diffFormats = []string{"text", "markdown", "json", "github"}

func (a *app) diffCommand() *cobra.Command {
	var opts diffOptions
	cmd := &cobra.Command{
		Use:     "diff [flags] OLD [NEW]",
		Short:   "Explain what a change of declarations means for who may do what",
		Long:    diffLong,
		Example: diffExamples,
		Args:    cobra.ArbitraryArgs,

		ValidArgsFunction: revisions,
	}
	cmd.Flags().StringVarP(&a.cfg.Dir, "dir", "C", "", "change to this `folder` first")
	cmd.Flags().StringVar(&a.cfg.Spec, "spec", "", "read this YAML `file` too, in folders and revisions")
	cmd.Flags().StringVar(&opts.against, "against", "", "compare with the merge base of HEAD and this `revision`, instead of OLD")
	cmd.Flags().StringVar(&opts.format, "format", "text", "print as this `format`: text, markdown, json or github")
	cmd.Flags().StringSliceVar(&opts.failOn, "fail-on", nil, "exit with 1 if a change has one of these `labels`")
	_ = cmd.RegisterFlagCompletionFunc("format", words(diffFormats))
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := opts.check(args); err != nil {
			return err
		}
		return a.diff(cmd.Context(), opts, args)
	}
	return cmd
}

// check returns an error if the command line is wrong.
func (opts diffOptions) check(args []string) error {
	wrong := func(format string, args ...any) error {
		return &generator.UsageError{Message: fmt.Sprintf(format, args...)}
	}
	names := 2 // of what is compared
	if opts.against != "" {
		names = 1
	}
	switch {
	case len(args) < names-1:
		return wrong("diff needs OLD: a lock file, a folder or a git revision; or --against REVISION")
	case len(args) > names:
		return wrong("diff takes OLD and NEW, or --against REVISION and NEW, got %d arguments", len(args))
	case !slices.Contains(diffFormats, opts.format):
		return wrong("unknown format %q%s; allowed: %s", opts.format, annotations.Suggest(opts.format, diffFormats), strings.Join(diffFormats, ", "))
	}
	for _, name := range opts.failOn {
		if labels := change.Labels(); !slices.Contains(labels, name) {
			return wrong("unknown label %q of --fail-on%s; allowed: %s", name, annotations.Suggest(name, labels), strings.Join(labels, ", "))
		}
	}
	return nil
}

func (a *app) diff(ctx context.Context, opts diffOptions, args []string) (err error) {
	old, now := "", "."
	if opts.against == "" {
		old, args = args[0], args[1:]
	}
	if len(args) > 0 {
		now = args[0]
	}
	c, err := a.comparison(opts.against, old, now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.removeTemps()) }()
	var before, after change.Side
	c.source = &before.Source
	if before.Packages, err = a.before(ctx, c); err != nil {
		return err
	}
	c.source = &after.Source
	if after.Packages, err = a.locked(ctx, c, now); err != nil {
		return err
	}
	changes, err := change.Compare(ctx, before, after)
	if err != nil {
		return err
	}
	var out string
	switch opts.format {
	case "markdown":
		out = changes.Markdown()
	case "github":
		out = changes.GitHub(opts.failOn, a.locationInLock())
	case "json":
		out, err = changes.JSON()
	default:
		out = changes.Text()
	}
	if err != nil {
		return err
	}
	fmt.Fprint(a.stdout, out)
	if changes.Has(opts.failOn) {
		return fmt.Errorf("a change has a label of --fail-on %s", strings.Join(opts.failOn, ","))
	}
	return nil
}

// locationInLock returns a function that returns the line of a change in the lock
// file on disk, if it has one there.
func (a *app) locationInLock() func(change.Change) (string, int) {
	path, err := a.lockPath()
	if err != nil {
		return func(change.Change) (string, int) { return "", 0 }
	}
	text, _ := generator.ReadFile(path)
	name := report.Options{Root: os.Getenv("GITHUB_WORKSPACE")}.Path(path)
	return func(c change.Change) (string, int) {
		at := bytes.Index(text, []byte("\n"+c.Subject+" "))
		if at < 0 {
			return "", 0
		}
		return name, 2 + bytes.Count(text[:at], []byte("\n"))
	}
}

// lockPath returns the path of the module's lock file as check prints it: relative
// if the folder of the command line is.
func (a *app) lockPath() (string, error) {
	dir := a.path(".")
	root, err := generator.ModuleRoot(dir)
	if err != nil {
		return "", err
	}
	canonical, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", err
	}
	if canonical, err = filepath.Abs(canonical); err != nil {
		return "", err
	}
	up, err := filepath.Rel(canonical, root)
	return filepath.Join(dir, up, lockfile.Name), err
}

// A comparison has the name of the old side, and the module.
type comparison struct {
	old     string
	against string // a revision, whose merge base with HEAD stands for old
	dir     string // a folder of the module
	root    string // of the module
	source  *fs.FS // of the side that is read; stays nil for a lock file
}

// comparison returns what to compare. If OLD or NEW is a folder, or the lock file of
// a module, revisions are read of that module.
func (a *app) comparison(against, old, now string) (comparison, error) {
	c := comparison{old: old, against: against, dir: a.path(".")}
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

// before returns the packages of old, or of a revision's merge base with HEAD.
func (a *app) before(ctx context.Context, c comparison) ([]*model.Package, error) {
	if c.against == "" {
		packages, err := a.locked(ctx, c, c.old)
		return a.orLock(c.old, packages, err)
	}
	repo, err := git.Open(ctx, c.dir)
	if err != nil {
		return nil, &generator.UsageError{Message: err.Error()}
	}
	against, err := repo.Commit(ctx, c.against)
	if err != nil {
		return nil, &generator.UsageError{Message: err.Error()}
	}
	base, err := repo.MergeBase(ctx, against, "HEAD")
	if err != nil {
		return nil, fmt.Errorf("%s: %w", visible(c.against), err)
	}
	packages, err := a.lockedAt(ctx, c, repo, base, c.against)
	return a.orLock(c.against, packages, err)
}

// An unreadableError reports errors in the declarations of a revision.
type unreadableError struct {
	diag.List
	lock []*model.Package // of its lock file; nil if it has none that can be read
}

func (e *unreadableError) Unwrap() error { return e.List }

// orLock returns the packages of the lock file of a revision that cannot be read. It
// serves for the old side of a comparison only: the new side must be right.
func (a *app) orLock(name string, packages []*model.Package, err error) ([]*model.Package, error) {
	var unreadable *unreadableError
	if !errors.As(err, &unreadable) || unreadable.lock == nil {
		return packages, err
	}
	fmt.Fprintf(a.stderr, "webapi-gen: the declarations of %s have %s; its %s is compared instead\n",
		visible(name), count(len(unreadable.List), "error"), lockfile.Name)
	return unreadable.lock, nil
}

// removeTemps removes the temporary folders with the files of revisions.
func (a *app) removeTemps() error {
	var errs []error
	for _, temp := range a.temps {
		errs = append(errs, os.RemoveAll(temp))
	}
	return errors.Join(errs...)
}

func (a *app) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(a.cfg.Dir, name)
}

// locked returns the packages of a lock file, a folder or a git revision, as a lock
// file has them.
func (a *app) locked(ctx context.Context, c comparison, name string) ([]*model.Package, error) {
	info, err := os.Stat(a.path(name))
	commit := ""
	repo, noCommit := git.Open(ctx, c.dir)
	if noCommit == nil {
		commit, noCommit = repo.Commit(ctx, name)
	}
	switch {
	case err == nil && (commit != "" || errors.Is(noCommit, git.ErrAmbiguous)) && !isPath(name):
		return nil, &generator.UsageError{Message: fmt.Sprintf("%s is both a path and a git revision; write ./%[1]s or %[1]s^0", visible(name))}
	case err != nil && errors.Is(noCommit, git.ErrAmbiguous):
		return nil, &generator.UsageError{Message: noCommit.Error()}
	case err == nil && info.IsDir():
		cfg := generator.Config{Dir: a.path(name)}
		if a.cfg.Spec != "" {
			cfg.Spec, err = filepath.Abs(a.path(a.cfg.Spec))
		}
		if err != nil {
			return nil, err
		}
		root, err := generator.ModuleRoot(cfg.Dir)
		if err != nil {
			return nil, err
		}
		*c.source = os.DirFS(root)
		text, err := lockfile.Declared(ctx, cfg)
		return parseLock(name, text, err)
	case err == nil:
		return readLock(name, a.path(name))
	case commit != "":
		return a.lockedAt(ctx, c, repo, commit, name)
	}
	return nil, &generator.UsageError{Message: fmt.Sprintf("%s is no file, no folder and no git revision: %v", visible(name), noCommit)}
}

// isPath reports whether a name can only be a path.
func isPath(name string) bool {
	slashed := filepath.ToSlash(name)
	return filepath.IsAbs(name) || name == "." || name == ".." || strings.HasPrefix(slashed, "./") || strings.HasPrefix(slashed, "../")
}

func readLock(name, path string) ([]*model.Package, error) {
	text, err := generator.ReadFile(path)
	return parseLock(name, text, err)
}

func parseLock(name string, text []byte, err error) ([]*model.Package, error) {
	if err != nil {
		return nil, err
	}
	packages, diags := lockfile.Parse(name, text)
	return packages, diags.Err()
}

// lockedAt returns the packages of a commit, as a lock file has them.
func (a *app) lockedAt(ctx context.Context, c comparison, repo *git.Repository, commit, name string) (packages []*model.Package, err error) {
	spec, err := a.specIn(c.root)
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp("", "webapi-gen-")
	if err != nil {
		return nil, err
	}
	a.temps, *c.source = append(a.temps, temp), os.DirFS(temp)
	if _, err := repo.Extract(ctx, commit, c.root, temp, filepath.ToSlash(spec)); err != nil {
		return nil, fmt.Errorf("%s: %w", visible(name), err)
	}
	if exists(filepath.Join(c.root, "go.mod")) && !exists(filepath.Join(temp, "go.mod")) {
		return nil, fmt.Errorf("%s has no go.mod in %s: the module is new or was moved, so there is nothing to compare it with",
			visible(name), visible(c.root))
	}
	cfg := generator.Config{Dir: temp}
	if spec != "" && exists(filepath.Join(temp, spec)) {
		cfg.Spec = spec
	}
	text, err := lockfile.Declared(ctx, cfg)
	var diags diag.List
	if !errors.As(err, &diags) {
		return parseLock(name, text, err)
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

// specIn returns the path of --spec relative to the root of a module, or "".
func (a *app) specIn(root string) (string, error) {
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
	relative, err := filepath.Rel(root, path)
	if err != nil || !filepath.IsLocal(relative) {
		return "", &generator.UsageError{Message: fmt.Sprintf("--spec %s is not in the module that is compared", visible(a.cfg.Spec))}
	}
	return relative, nil
}
