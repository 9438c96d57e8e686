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
the path. An ambiguous revision is an error too, and so is a name that looks like
a branch of a remote and is a local tag or branch: refs/remotes/origin/main
cannot be mistaken. Of a revision, the folder of the module that it is compared
with is read.

A module is compared with all modules below it, apart from those in folders that
./... skips, and with those that a go.work beside its go.mod uses; the folder may
also have a go.work alone, or neither. A package is named by its folder, so that
one that becomes a module of its own is the same package. If one side is a lock
file, the one module alone is compared.

Where this version of webapi-gen cannot read a module of an OLD revision, the
module's webapi.lock is used, if it has one; if its go.work is wrong, the other
modules are compared. A spec that is not named webapi.yaml must be named with
--spec. It is an error if neither side declares anything.

Routes are compared if the lock files of the old side have lines of them, which
webapi-gen lock writes. Those of a folder are read from its source, which needs the go
command and packages that compile; those of a revision, whose code diff does not build,
are the lines of its lock file. Diff says which, and whether the lock file of the folder
is up to date. A route that another guard stands before is widened, narrowed or both, and
so is one whose handler is reached by a route with another guard than before. A new
route is added, and unguarded or anonymous where nothing stands before it; unchecked, if
that is a wrapper or is not readable. A function that decides who a request is, as lock
lists them, is unchecked if it is new or does so more often.

Labels: unguarded (a resource is removed and its type is still there, so that what
served it may be open to everybody; widened as well; or a route has no guard any more,
or is new and has none), widened (a request is allowed that was denied: a question of
security), anonymous (now also without credentials), unchecked (less is checked than
before: a lock file is gone, a package is a module of its own and no longer in ./...,
a resource is in other builds than it was, the routes of a module are not known any
more, or a submodule has changed that is not checked out), narrowed
(a request is denied that was allowed: breaks clients), closed (no OAuth2 token is
accepted any longer), removed, added, renamed, text (no access changes). For
--fail-on, access stands for all of them but narrowed, closed and text: with it,
diff is a gate. Whether the type of a removed resource is still there cannot be
told if NEW is a lock file; diff prints that.

Exit status: 0 success, 1 a change has a label of --fail-on or the input is wrong,
2 the command line is wrong.`

const diffExamples = `  # What the work tree changes:
  webapi-gen diff HEAD

  # What a branch changes since it left main, for a pull request:
  webapi-gen diff --against origin/main --format markdown

  # Two releases:
  webapi-gen diff v1.4.0 v1.5.0

  # In CI, where a change that allows more, or may, must be approved:
  webapi-gen diff --against origin/main --fail-on access --format github`

// diffOptions are the flags of diff.
type diffOptions struct {
	against string
	format  string
	failOn  labels
}

// labels is a flag of labels of changes, or change.Access, separated by commas. Each time
// that it is given it must have one: an empty variable must not switch a gate off.
type labels []string

func (l *labels) String() string { return strings.Join(*l, ",") }

// Type returns the name of the value in the help.
func (l *labels) Type() string { return "labels" }

// Set adds labels.
func (l *labels) Set(value string) error {
	allowed := append([]string{change.Access}, change.Labels()...)
	for name := range strings.SplitSeq(value, ",") {
		if !slices.Contains(allowed, name) {
			return fmt.Errorf("unknown label %q%s; allowed: %s", name, annotations.Suggest(name, allowed), strings.Join(allowed, ", "))
		}
		*l = append(*l, name)
	}
	return nil
}

// all returns the labels that are meant.
func (l *labels) all() []change.Label {
	if slices.Contains(*l, change.Access) {
		return slices.Concat(*l, change.AccessLabels())
	}
	return *l
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
	cmd.Flags().Var(&opts.failOn, "fail-on", "exit with 1 if a change has one of these `labels`; access stands for all that a gate needs")
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
	before, err := a.before(ctx, c)
	if err != nil {
		return err
	}
	after, err := a.read(ctx, c, now)
	if err != nil {
		return err
	}
	switch {
	case before.isEmpty() && after.isEmpty():
		return errors.New("there is no //webapi:resource and no resource of a webapi.yaml on either side: a comparison of nothing shows nothing")
	case c.spec != "" && !before.hasSpec && !after.hasSpec:
		return &generator.UsageError{Message: fmt.Sprintf("no such file on either side: --spec %s", visible(a.cfg.Spec))}
	}
	if before.origin == after.origin {
		fmt.Fprintf(a.stderr, "webapi-gen: OLD and NEW are the same, %s: a comparison with itself shows nothing\n", visible(before.origin))
	}
	lost, err := a.compareRoutesOf(ctx, c.spec, before, after)
	if err != nil {
		return err
	}
	changes, err := change.Compare(ctx, before.Side, after.Side)
	if err != nil {
		return err
	}
	changes.Add(unchecked(before, after)...)
	changes.Add(lost...)
	var out string
	switch opts.format {
	case "markdown":
		out = changes.Markdown()
	case "github":
		out = changes.GitHub(opts.failOn.all(), a.locationInLock(after))
	case "json":
		out, err = changes.JSON()
	default:
		out = changes.Text()
	}
	if err != nil {
		return err
	}
	fmt.Fprint(a.stdout, out)
	if changes.Has(opts.failOn.all()) {
		return fmt.Errorf("a change has a label of --fail-on %s", &opts.failOn)
	}
	return nil
}

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

func (t *tree) isEmpty() bool { return len(t.guarded) == 0 }

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

// unchecked returns the changes after which less is checked than before: by the lock
// file, by the commands that take ./... for one module, or by the comparison itself.
func unchecked(before, after *tree) []change.Change {
	if before.Source == nil || after.Source == nil { // a lock file
		return nil
	}
	var list []change.Change
	add := func(subject, old, now string) {
		list = append(list, change.Change{Subject: subject, Labels: []change.Label{change.Unchecked}, Before: old, After: now})
	}
	for module := range before.locked {
		if name := path.Join(module, lockfile.Name); !after.locked[module] {
			add("lock file "+name, name, "")
		}
	}
	for module := range after.guarded {
		if module != "." && !slices.Contains(before.modules, module) {
			add("module "+module, "", "a module of its own, which ./... of check and go vet leaves out elsewhere")
		}
	}
	for typ, now := range after.builds {
		if old, found := before.builds[typ]; found && old != now && now != "" {
			add("resource "+typ, "in builds: "+cmp.Or(old, "all"), "in builds: "+now)
		}
	}
	for module, commit := range after.unread {
		if old := before.unread[module]; old != commit {
			add("submodule "+module, old, commit+", which is not checked out and cannot be compared")
		}
	}
	for module, commit := range before.unread {
		if after.unread[module] == "" {
			add("submodule "+module, commit+", which is not checked out and cannot be compared", "")
		}
	}
	return list
}

// locationInLock returns a function that returns the line of a change in the lock
// file on disk of its module, if it has one there.
func (a *app) locationInLock(after *tree) func(change.Change) (string, int) {
	type location struct {
		file string
		line int
	}
	at := map[string]location{} // by subject
	root, err := a.rootPath(".")
	if err != nil {
		return func(change.Change) (string, int) { return "", 0 }
	}
	for _, module := range after.modules {
		file := filepath.Join(root, filepath.FromSlash(module), lockfile.Name)
		shown := report.Options{Root: os.Getenv("GITHUB_WORKSPACE")}.Path(file)
		text, _ := generator.ReadFile(file)
		number := 0
		for line := range strings.Lines(string(text)) {
			number++
			first, rest, _ := strings.Cut(line, " ")
			second, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
			switch first {
			case "resource", "public":
				at[first+" "+inTree(module, second)] = location{shown, number}
			case "route":
				if r, err := lockfile.ParseRoute(strings.TrimSpace(rest)); err == nil {
					at["route "+r.Subject()] = location{shown, number}
				}
			case "uses":
				use, _, _ := strings.Cut(strings.TrimSpace(rest), " (")
				if i := strings.LastIndex(use, " in ") + len(" in "); i > len(" in ") {
					at["uses "+use[:i]+inTree(module, use[i:])] = location{shown, number}
				}
			default:
				at[inTree(module, first)+" "+second] = location{shown, number}
			}
		}
	}
	return func(c change.Change) (string, int) { return at[c.Subject].file, at[c.Subject].line }
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
