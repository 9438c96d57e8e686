// Package scaffold sets up a Go package for the tool: its go:generate line, the
// tool line of its module, and the first draft of its annotations or its spec, by the
// routes of the module and by the types that look like resources.
//
// It only adds to files. The go command loads the packages of the module for their
// routes; if it cannot, types are all that is looked at, which are read without it.
package scaffold

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
)

// Options say what to set up.
type Options struct {
	Dir      string // what Folder is relative to; the current folder by default
	Folder   string // of the package; "." by default
	Annotate bool   // write the proposals into doc comments
	YAML     bool   // write them into a webapi.yaml instead
	Routes   bool   // have the go command load the module, and propose resources for its routes
	Version  string // of the running tool, as the go command stamped it
}

// A Plan has the files to write, and what is left to the user.
type Plan struct {
	Package   string // its name
	Resources int    // the number that it has already
	Changes   []Change
	Kept      []Kept
	Proposals []Proposal // types that look like resources
	Found     Found      // the routes without a guard
	HasSpec   bool       // the package has a spec already
	Annotates bool       // the changes have the complete proposals
	Spec      string     // the spec that is among the changes, or ""
	Next      []string   // the commands to type next

	dir string
}

// A Change is a file to be written.
type Change struct {
	generator.File
	What string // what is added to it
}

// A Kept is a file that is left as it is.
type Kept struct {
	Path string
	Why  string // "has the tool line"
}

func (p *Plan) keep(path, format string, args ...any) {
	p.Kept = append(p.Kept, Kept{path, fmt.Sprintf(format, args...)})
}

// Result returns the files to be written.
func (p *Plan) Result() *generator.Result {
	var files []generator.File
	for _, c := range p.Changes {
		files = append(files, c.File)
	}
	return generator.NewResult(p.dir, files)
}

// Make reads the package and plans what to write. The error is a
// [*generator.UsageError] if there is nothing to set up, a diag.List if something
// is wrong in the package or its go.mod, and of another type if a file cannot be
// read. Make writes nothing.
func Make(ctx context.Context, opts Options) (*Plan, error) {
	place, err := locate(opts)
	if err != nil {
		return nil, err
	}
	mod, modErr := place.readModule()
	in, err := generator.ReadInput(ctx, generator.Config{Dir: opts.Dir, Patterns: []string{place.folder}})
	if err := both(err, modErr); err != nil {
		return nil, err
	}
	pkg, err := newSource(in, mod, opts)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Package: pkg.name, dir: opts.Dir, Resources: pkg.resources(), HasSpec: in.SpecPath != ""}
	if opts.Routes {
		plan.Found = pkg.findRoutes(ctx)
	}
	plan.Proposals = plan.Found.join(pkg.propose())
	plan.Annotates = opts.Annotate || opts.YAML
	pkg.addLine(plan)
	switch {
	case opts.YAML:
		pkg.addSpec(plan)
	case opts.Annotate:
		annotate(plan.Proposals)
	}
	pkg.changes(plan)
	mod.addTool(plan, opts.Version)
	plan.Next = mod.next(plan)
	return plan, nil
}

// both returns the diagnostics of two errors, or else the first error that is not
// nil.
func both(a, b error) error {
	var first, second diag.List
	if errors.As(a, &first) && errors.As(b, &second) {
		all := slices.Concat(first, second)
		all.Sort()
		return all
	}
	return cmp.Or(a, b)
}

// specName is the name of a folder's spec.
const specName = "webapi.yaml"

// A place is the folder of the package and that of its module.
type place struct {
	folder string // as given
	start  string // what paths are relative to, as given
	dir    string // the folder, without symbolic links
	root   string // the module's folder, without symbolic links
}

// locate finds the folder and its module. It returns an error if they cannot be set
// up.
func locate(opts Options) (place, error) {
	p := place{folder: cmp.Or(opts.Folder, "."), start: opts.Dir}
	if strings.Contains(p.folder, "...") {
		return p, usage("init sets up one package at a time: name its folder, got %s", p.folder)
	}
	var err error
	if p.dir, err = resolve(opts.Dir, p.folder); err != nil {
		return p, err
	}
	if p.root, err = generator.ModuleRoot(p.dir); err != nil {
		return p, err
	}
	var problems []string
	if info, err := os.Stat(filepath.Join(p.root, "go.mod")); err != nil || info.IsDir() {
		problems = append(problems, fmt.Sprintf("there is no go.mod in %s or above it; begin a module first: go mod init MODULE", p.folder))
	}
	if _, err := os.Lstat(filepath.Join(p.dir, specName)); opts.YAML && err == nil {
		problems = append(problems, fmt.Sprintf("%s is there already, and init --yaml never overwrites it", filepath.Join(p.folder, specName)))
	}
	if len(problems) > 0 {
		return p, usage("%s", strings.Join(problems, "\n"))
	}
	return p, nil
}

// resolve returns the absolute path of a folder without symbolic links.
func resolve(base, path string) (string, error) {
	name := path
	if path == "." && base != "" {
		name = base
	}
	if !filepath.IsAbs(path) {
		path = filepath.Join(base, path)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", usage("no such folder: %s", name)
	case err != nil:
		return "", err
	case !info.IsDir():
		return "", usage("%s is not a folder; init takes that of a package", name)
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

// name returns the path of a file as users write it: relative to the start, if that
// leads to the file. For a symbolic link it is the path of the target, since writing
// replaces files and the link has to remain.
func (p place) name(path string) string {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	base, err := filepath.Abs(p.start)
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(base, path)
	if err != nil || !isSameFile(filepath.Join(p.start, rel), path) {
		return path
	}
	return rel
}

func isSameFile(a, b string) bool {
	first, err := os.Stat(a)
	second, otherErr := os.Stat(b)
	return err == nil && otherErr == nil && os.SameFile(first, second)
}

func usage(format string, args ...any) error {
	return &generator.UsageError{Message: fmt.Sprintf(format, args...)}
}
