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
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/internal/report"
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
