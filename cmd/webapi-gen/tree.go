package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/git"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

// A tree is one side of a comparison: the modules of a folder or a revision, or the
// module of a lock file.
type tree struct {
	change.Side                             // the folders of packages are relative to the top of the tree
	origin      string                      // a commit, the path of a folder or that of a lock file
	modules     []string                    // by their folders, sorted
	guarded     map[string]bool             // the modules that declare anything
	name        string                      // of the tree in messages
	root        string                      // the folder on disk, or that of a module's lock file; "" if it is temporary, or none
	isLock      bool                        // it is a lock file
	locked      map[string]bool             // the modules that have a lock file
	routes      map[string]*lockfile.Routes // those of the lock files, by module; none for a module whose routes are not known
	builds      map[string]string           // in which builds the resources are, by their types; "" for all
	unread      map[string]string           // commits of the submodules that are not checked out, by their folders
	hasSpec     bool                        // the file of --spec is in it
}

func (t *tree) isEmpty() bool { return len(t.guarded)+len(t.routes) == 0 }

// declares reports whether a package declares anything.
func declares(pkg *model.Package) bool { return len(pkg.Resources)+len(pkg.Public)+len(pkg.Scopes) > 0 }

// add adds the packages of a module.
func (t *tree) add(module string, packages []*model.Package) error {
	packages, err := lockfile.Below(module, packages)
	if slices.ContainsFunc(packages, declares) {
		t.guarded[module] = true
	}
	t.Packages = append(t.Packages, packages...)
	return err
}

// inTree returns the name of a type or function of a module as changes have it.
func inTree(module, name string) string {
	switch {
	case module == ".":
		return name
	case strings.HasPrefix(name, "."):
		return module + name
	}
	return module + "/" + name
}

// rootPath returns the path of the module of a folder as messages have it: relative if
// the folder of the command line is.
func (a *app) rootPath(name string) (string, error) {
	dir := a.path(name)
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
	return filepath.Join(dir, up), err
}

// A comparison has the name of the old side, and the folder of which revisions are read.
type comparison struct {
	old     string
	against string // a revision, whose merge base with HEAD stands for old
	dir     string // a folder of the module
	root    string // of the module
	spec    string // the file of --spec, relative to root; "" if there is none
	isOld   bool   // the old side is read: its lock files may stand for declarations with errors
	single  bool   // a lock file is compared, and of the other side the root's module only
}

// comparison returns what to compare. If OLD or NEW is a folder, or the lock file of
// a module, revisions are read of that module.
func (a *app) comparison(against, old, now string) (comparison, error) {
	c := comparison{old: old, against: against}
	for _, name := range []string{now, old} {
		info, err := os.Stat(a.path(name))
		switch folder := filepath.Dir(a.path(name)); {
		case name == "" || err != nil:
		case !info.IsDir():
			c.single = true
			if filepath.Base(name) == lockfile.Name && exists(filepath.Join(folder, "go.mod")) {
				c.dir = cmp.Or(c.dir, folder)
			}
		default:
			c.dir = cmp.Or(c.dir, a.path(name))
		}
	}
	c.dir = cmp.Or(c.dir, a.path("."))
	var err error
	if c.root, err = generator.ModuleRoot(c.dir); err != nil {
		return c, err
	}
	c.spec, err = a.specIn(c.root)
	return c, err
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// before returns the tree of old, or of a revision's merge base with HEAD.
func (a *app) before(ctx context.Context, c comparison) (*tree, error) {
	c.isOld = true
	if c.against == "" {
		return a.read(ctx, c, c.old)
	}
	repo, err := git.Open(ctx, c.dir)
	if err != nil {
		return nil, &generator.UsageError{Message: err.Error()}
	}
	against, err := repo.Commit(ctx, c.against)
	if err != nil {
		return nil, &generator.UsageError{Message: err.Error()}
	}
	head, err := repo.Commit(ctx, "HEAD")
	if err != nil {
		return nil, err
	}
	base, err := repo.MergeBase(ctx, against, head)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", visible(c.against), err)
	}
	if base == head {
		fmt.Fprintf(a.stderr, "webapi-gen: %s has all commits of HEAD; what is not committed yet is all that is compared with it\n", visible(c.against))
	}
	return a.readCommit(ctx, c, repo, base, c.against)
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

// read returns the tree of a lock file, a folder or a git revision.
func (a *app) read(ctx context.Context, c comparison, name string) (*tree, error) {
	info, err := os.Stat(a.path(name))
	commit := ""
	repo, noCommit := git.Open(ctx, c.dir)
	if noCommit == nil {
		commit, noCommit = repo.Commit(ctx, name)
	}
	switch {
	case err == nil && (commit != "" || errors.Is(noCommit, git.ErrAmbiguous)) && !isPath(name):
		return nil, &generator.UsageError{Message: fmt.Sprintf("%s is both a path and a git revision; write ./%[1]s or %[1]s^0", visible(name))}
	case err == nil && info.IsDir():
		return a.readFolder(ctx, c, name)
	case err == nil:
		return readLock(name, a.path(name))
	case commit != "":
		return a.readCommit(ctx, c, repo, commit, name)
	case errors.Is(noCommit, git.ErrAmbiguous):
		return nil, &generator.UsageError{Message: noCommit.Error()}
	}
	return nil, &generator.UsageError{Message: fmt.Sprintf("%s is no file, no folder and no git revision: %v", visible(name), noCommit)}
}

// isPath reports whether a name can only be a path.
func isPath(name string) bool {
	slashed := filepath.ToSlash(name)
	return filepath.IsAbs(name) || name == "." || name == ".." || strings.HasPrefix(slashed, "./") || strings.HasPrefix(slashed, "../")
}

// readLock returns the tree of a lock file: one module.
func readLock(name, path string) (*tree, error) {
	packages, routes, err := parseLock(name, path)
	if err != nil {
		return nil, err
	}
	t := &tree{name: name, isLock: true, modules: []string{"."}, guarded: map[string]bool{}, routes: map[string]*lockfile.Routes{}}
	if routes != nil {
		t.routes["."] = routes
	}
	if folder := filepath.Dir(path); filepath.Base(path) == lockfile.Name && exists(filepath.Join(folder, "go.mod")) {
		t.root = folder
	}
	if t.origin, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	return t, t.add(".", packages)
}

func parseLock(name, path string) ([]*model.Package, *lockfile.Routes, error) {
	text, err := generator.ReadFile(path)
	if err != nil {
		return nil, nil, err
	}
	packages, routes, diags := lockfile.ParseAll(name, text)
	return packages, routes, diags.Err()
}

// readFolder returns the tree of a folder, as it is on disk.
func (a *app) readFolder(ctx context.Context, c comparison, name string) (*tree, error) {
	root, err := generator.ModuleRoot(a.path(name))
	if err != nil {
		return nil, err
	}
	shown, err := a.rootPath(name)
	if err != nil {
		return nil, err
	}
	if relative, err := filepath.Rel(a.cfg.Dir, shown); err == nil {
		shown = relative // diagnostics have paths from the folder of the command line
	}
	t, err := readTree(ctx, c, root, func(file string) string { return filepath.Join(shown, filepath.FromSlash(file)) }, nil)
	if err != nil {
		return nil, err
	}
	t.origin, t.name, t.root = root, name, root
	if repo, err := git.Open(ctx, root); err == nil {
		t.unread, err = repo.Unread(ctx, root)
		return t, err
	}
	return t, nil
}

// readTree returns the tree of a folder on disk. show returns the path that messages
// have for a file. Where something is wrong it calls instead, if that is not nil: with the
// errors of a module, for the packages to take, and with an error of the go.work, to
// go on with the other modules.
func readTree(ctx context.Context, c comparison, root string, show func(file string) string, instead func(module string, err error) []*model.Package) (*tree, error) {
	t := &tree{modules: []string{"."}, guarded: map[string]bool{}, locked: map[string]bool{}, builds: map[string]string{}, routes: map[string]*lockfile.Routes{}}
	t.Source = os.DirFS(root)
	if !c.single {
		var err error
		if t.modules, err = generator.WorkModules(ctx, root); err != nil && t.modules != nil && instead != nil {
			instead("", err)
		} else if err != nil {
			return nil, err
		}
	}
	t.hasSpec = c.spec != "" && exists(filepath.Join(root, c.spec))
	var all diag.List
	for _, module := range t.modules {
		dir := filepath.Join(root, filepath.FromSlash(module))
		cfg := generator.Config{Dir: dir}
		if t.hasSpec && t.moduleOf(filepath.ToSlash(c.spec)) == module {
			cfg.Spec = filepath.Join(root, c.spec)
		}
		packages, builds, err := declared(ctx, cfg)
		for name, constraint := range builds {
			t.builds[inTree(module, name)] = constraint
		}
		var diags diag.List
		if errors.As(err, &diags) && instead != nil {
			if packages = instead(module, diags); packages != nil {
				err = nil
			}
		}
		if errors.As(err, &diags) {
			for _, d := range diags {
				d.Pos.Filename = show(path.Join(module, filepath.ToSlash(d.Pos.Filename)))
				all = append(all, d)
			}
			continue
		}
		if err == nil {
			err = t.add(module, packages)
		}
		if err != nil {
			return nil, err
		}
		if info, err := os.Lstat(filepath.Join(dir, lockfile.Name)); err == nil && info.Mode().IsRegular() {
			t.locked[module] = true
			if _, routes, err := parseLock(lockfile.Name, filepath.Join(dir, lockfile.Name)); err == nil && routes != nil {
				t.routes[module] = routes
			}
		}
	}
	return t, all.Err()
}

// moduleOf returns the module that a file is in.
func (t *tree) moduleOf(file string) string {
	for folder := path.Dir(file); ; folder = path.Dir(folder) {
		if folder == "." || slices.Contains(t.modules, folder) {
			return folder
		}
	}
}

// declared returns the packages of a module as its lock file would have them, and in which
// builds the resources are, by their types: "" for all.
func declared(ctx context.Context, cfg generator.Config) (packages []*model.Package, builds map[string]string, err error) {
	resolved, err := generator.ModulePackages(ctx, cfg)
	if err != nil {
		return nil, nil, err
	}
	text, err := lockfile.Text(resolved, nil)
	if err != nil {
		return nil, nil, err
	}
	packages, diags := lockfile.Parse(lockfile.Name, text)
	files := map[string][]string{}
	for _, pkg := range resolved {
		for _, r := range pkg.Resources {
			if !r.File.Test {
				folder := strings.TrimPrefix(filepath.ToSlash(pkg.Dir), ".")
				files[folder+"."+r.Type] = append(files[folder+"."+r.Type], buildOf(r.File))
			}
		}
	}
	builds = map[string]string{}
	for typ, of := range files {
		slices.Sort(of)
		if builds[typ] = ""; of[0] != "" {
			builds[typ] = strings.Join(of, " or ")
		}
	}
	return packages, builds, diags.Err()
}

// buildOf returns the build constraint of an output, that of its name included.
func buildOf(file model.File) string {
	base := strings.TrimSuffix(file.Name, ".go")
	suffix := strings.TrimPrefix(base[strings.LastIndex(base, "_webapi")+len("_webapi"):], "_")
	var parts []string
	if suffix != "" {
		parts = append(parts, strings.ReplaceAll(suffix, "_", " && "))
	}
	if file.Constraint != "" {
		parts = append(parts, file.Constraint)
	}
	return strings.Join(parts, " && ")
}

// readCommit returns the tree of a commit, for which messages have a name.
func (a *app) readCommit(ctx context.Context, c comparison, repo *git.Repository, commit, name string) (t *tree, err error) {
	temp, err := os.MkdirTemp("", "webapi-gen-")
	if err != nil {
		return nil, err
	}
	a.temps = append(a.temps, temp)
	if temp, err = filepath.EvalSymlinks(temp); err != nil {
		return nil, err
	}
	unread, err := repo.Extract(ctx, commit, c.root, temp, filepath.ToSlash(c.spec))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", visible(name), err)
	}
	if !exists(filepath.Join(temp, "go.mod")) {
		above, err := repo.Above(ctx, commit, c.root, "go.mod")
		if err != nil {
			return nil, err
		}
		if above != "" {
			return nil, fmt.Errorf("in %s, %s is in the module of %s: compare that, so that no package is left out", visible(name), visible(c.root), visible(above))
		}
		if root, err := generator.ModuleRoot(temp); err != nil || root != temp {
			return nil, fmt.Errorf("the folder of temporary files is in the module of %s; set TMPDIR to one that is in none", visible(root))
		}
	}
	show := func(file string) string { return name + ":" + file }
	var instead func(string, error) []*model.Package
	if c.isOld {
		instead = func(module string, err error) []*model.Package {
			var errs diag.List
			if !errors.As(err, &errs) {
				fmt.Fprintf(a.stderr, "webapi-gen: %s: %s; the other modules are compared\n", visible(name), visibleError(err))
				return nil
			}
			file := path.Join(module, lockfile.Name)
			packages, _, err := parseLock(show(file), filepath.Join(temp, filepath.FromSlash(file)))
			if err != nil {
				return nil
			}
			fmt.Fprintf(a.stderr, "webapi-gen: the declarations of %s have %s; its %s is compared instead\n", visible(name), count(len(errs), "error"), visible(file))
			return packages
		}
	}
	if t, err = readTree(ctx, c, temp, show, instead); err != nil {
		var diags diag.List
		if !errors.As(err, &diags) {
			err = fmt.Errorf("%s: %w", visible(name), err)
		}
		return nil, err
	}
	t.origin, t.name, t.unread = commit, name, unread
	return t, nil
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
