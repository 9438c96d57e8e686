// Package scaffold sets up a Go package for the tool: its go:generate line, the
// tool line of its module, and the first draft of its annotations or its spec.
//
// It reads Go without types, as the tool does, starts no command and does not
// use the network. It adds to files and changes nothing else in them.
package scaffold

import (
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
	Version  string // of the running tool, as the go command stamped it
}

// A Plan is what is to be written, and what a person has to do besides.
type Plan struct {
	Package   string // its name
	Resources int    // that it has already
	Changes   []Change
	Kept      []Kept
	Proposals []Proposal // types that look like resources
	Annotates bool       // those that can be are among the changes
	Spec      string     // the spec that is among the changes, or ""
	Next      []string   // the commands to type next

	dir string
}

// A Change is a file to be written.
type Change struct {
	generator.File
	What string // what is added to it
}

// A Kept is a file to which something is not added.
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

// Make reads the package and works out what to write. The error is a
// [*generator.UsageError] if there is nothing to set up, a diag.List if something
// is wrong in the package or its go.mod, and of another type if a file cannot be
// read. Nothing is written.
func Make(ctx context.Context, opts Options) (*Plan, error) {
	where, err := locate(opts)
	if err != nil {
		return nil, err
	}
	mod, wrongModule := where.readModule()
	in, err := generator.ReadInput(ctx, generator.Config{Dir: opts.Dir, Patterns: []string{where.folder}})
	if err := both(err, wrongModule); err != nil {
		return nil, err
	}
	pkg, err := newSource(in, mod, opts)
	if err != nil {
		return nil, err
	}
	plan := &Plan{Package: pkg.name, dir: opts.Dir, Resources: pkg.resources(), Proposals: pkg.propose()}
	plan.Annotates = opts.Annotate || opts.YAML
	pkg.addLine(plan)
	switch {
	case opts.YAML:
		pkg.addSpec(plan)
	case opts.Annotate:
		pkg.annotate(plan.Proposals)
	}
	pkg.changes(plan)
	mod.addTool(plan, opts.Version)
	plan.Next = mod.next(plan)
	return plan, nil
}

// both returns one error for two: the diagnostics of both, else the first.
func both(a, b error) error {
	var first, second diag.List
	if !errors.As(a, &first) || !errors.As(b, &second) {
		if a == nil {
			return b
		}
		return a
	}
	all := slices.Concat(first, second)
	all.Sort()
	return all
}

// specName is the name of a folder's spec.
const specName = "webapi.yaml"

// A place says where the package and its module are.
type place struct {
	folder string // as it was named
	start  string // what paths are relative to, as it was named
	dir    string // the folder, real
	root   string // the module's, real
}

// locate finds the folder and its module, and refuses what cannot be set up.
func locate(opts Options) (place, error) {
	p := place{folder: opts.Folder, start: opts.Dir}
	if p.folder == "" {
		p.folder = "."
	}
	if strings.Contains(p.folder, "...") {
		return p, usage("init sets up one package at a time: name its folder, got %s", p.folder)
	}
	var err error
	if p.dir, err = real(opts.Dir, p.folder); err != nil {
		return p, err
	}
	if p.root, err = generator.ModuleRoot(p.dir); err != nil {
		return p, err
	}
	var wrong []string
	if info, err := os.Stat(filepath.Join(p.root, "go.mod")); err != nil || info.IsDir() {
		wrong = append(wrong, fmt.Sprintf("there is no go.mod in %s or above it; begin a module first: go mod init MODULE", p.folder))
	}
	if _, err := os.Lstat(filepath.Join(p.dir, specName)); opts.YAML && err == nil {
		wrong = append(wrong, fmt.Sprintf("%s is there already, and init --yaml never overwrites it", filepath.Join(p.folder, specName)))
	}
	if len(wrong) > 0 {
		return p, usage("%s", strings.Join(wrong, "\n"))
	}
	return p, nil
}

// real returns the absolute path of a folder without symbolic links.
func real(base, path string) (string, error) {
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

// name returns how people call a file, relative to where they are if that leads
// to it. A file that is a link is called by what it leads to: writing replaces
// files, and the link is to stay.
func (p place) name(path string) string {
	if leads, err := filepath.EvalSymlinks(path); err == nil {
		path = leads
	}
	base, err := filepath.Abs(p.start)
	if err != nil {
		return path
	}
	rel, err := filepath.Rel(base, path)
	if err != nil {
		return path
	}
	if same, err := filepath.EvalSymlinks(filepath.Join(p.start, rel)); err != nil || !isFile(same, path) {
		return path
	}
	return rel
}

// isFile reports whether two paths lead to the same file.
func isFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

func usage(format string, args ...any) error {
	return &generator.UsageError{Message: fmt.Sprintf(format, args...)}
}
