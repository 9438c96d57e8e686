package lockfile

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// Update adds to a result the lock files of the modules that the run covers, so that
// Write keeps them current. It adds none to a module that has none. dir is the
// Config.Dir of the run.
//
// The error is a [diag.List] if a lock file cannot be parsed.
func Update(dir string, result *generator.Result) error {
	base, err := filepath.Abs(dir)
	if err == nil {
		base, err = filepath.EvalSymlinks(base)
	}
	if err != nil {
		return err
	}
	modules := map[string]*module{} // by root; nil for a module without a lock file
	for _, f := range result.Folders {
		m, known := modules[f.Root]
		if !known && f.Root != "" {
			if m, err = readModule(base, f.Root); err != nil {
				return err
			}
			modules[f.Root] = m
		}
		if m == nil {
			continue
		}
		var packages []*model.Package
		for _, pkg := range f.Packages {
			inModule := *pkg
			inModule.Dir = f.RelPath
			packages = append(packages, &inModule)
		}
		if err := checkNames(packages); err != nil {
			return err
		}
		m.folders[f.RelPath] = packages
		m.complete = m.complete || f.EntireModule
	}
	var diags diag.List
	for _, m := range modules {
		if m == nil {
			continue
		}
		var found diag.List
		if err := result.Add(m.path, m.text, m.update); errors.As(err, &found) {
			diags = append(diags, found...)
		} else if err != nil {
			return err
		}
	}
	diags.Sort()
	return diags.Err()
}

// A module is a module that has a lock file.
type module struct {
	root     string                      // absolute, without symbolic links
	path     string                      // of the lock file, as messages have it
	text     []byte                      // of the lock file, without carriage returns
	folders  map[string][]*model.Package // that the run covers
	complete bool                        // the run covers the entire module
}

// readModule returns the module of a root folder, nil if it has no lock file.
func readModule(base, root string) (*module, error) {
	text, err := read(filepath.Join(root, Name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	path, err := filepath.Rel(base, filepath.Join(root, Name))
	return &module{root: root, path: path, text: text, folders: map[string][]*model.Package{}}, err
}

// update returns the new text of the lock file for its present one. It keeps the
// lines of folders that the run does not cover, as long as they are in the module, and
// the lines of routes.
func (m *module) update(text []byte) ([]byte, error) {
	packages, routes, diags := ParseAll(m.path, text)
	packages = slices.DeleteFunc(packages, func(pkg *model.Package) bool {
		_, covered := m.folders[pkg.Dir]
		return m.complete || covered || !generator.InModule(m.root, pkg.Dir)
	})
	for _, covered := range m.folders {
		packages = append(packages, covered...)
	}
	return Format(packages, routes), diags.Err()
}

// StaleRoutes compares the lines of routes in the lock files of the modules that a run
// covers wholly with the routes of their source, which read returns. dir is the Config.Dir
// of the run. It returns what differs, and the paths of the lock files that have no lines
// of routes. The error says that routes are not known.
func StaleRoutes(dir string, result *generator.Result, read func() (*routes.Table, error)) (stale diag.List, unlocked []string, err error) {
	base, err := filepath.Abs(dir)
	if err == nil {
		base, err = filepath.EvalSymlinks(base)
	}
	if err != nil {
		return nil, nil, err
	}
	var table *routes.Table
	seen := map[string]bool{"": true} // roots
	for _, f := range result.Folders {
		if seen[f.Root] || !f.EntireModule {
			continue
		}
		seen[f.Root] = true
		m, err := readModule(base, f.Root)
		if err != nil {
			return nil, nil, err
		}
		if m == nil {
			continue
		}
		_, locked, diags := ParseAll(m.path, m.text)
		if len(diags) > 0 { // they are reported already
			continue
		}
		if locked == nil {
			unlocked = append(unlocked, m.path)
			continue
		}
		if table == nil {
			if table, err = read(); err != nil {
				return nil, unlocked, err
			}
		}
		found, err := RoutesOf(table, f.Root)
		if err != nil {
			return nil, unlocked, err
		}
		stale = append(stale, staleLines(m.path, m.text, found)...)
	}
	return stale, unlocked, nil
}

// staleLines returns the lines of a lock file that are none of the routes, and the routes
// that have no line.
func staleLines(path string, text []byte, routes *Routes) diag.List {
	var b bytes.Buffer
	routes.format(&b)
	missing := map[string]bool{}
	var inOrder []string
	for line := range strings.Lines(b.String()) {
		if line = strings.TrimRight(line, "\n"); isOfRoutes(line) {
			missing[line], inOrder = true, append(inOrder, line)
		}
	}
	var diags diag.List
	pos := token.Position{Filename: path, Column: 1}
	last := 1
	for line := range strings.Lines(string(text)) {
		pos.Line++
		if line = strings.TrimRight(line, " \r\n"); !isOfRoutes(line) {
			continue
		}
		last = pos.Line
		if !missing[line] {
			diags.Add(pos, diag.StaleRoute, "the source has nothing for this line; run webapi-gen lock to remove it: %s", diag.Visible(line))
		}
		delete(missing, line)
	}
	pos.Line = last
	for _, line := range inOrder {
		if missing[line] {
			diags.Add(pos, diag.StaleRoute, "a line is missing; run webapi-gen lock to add it: %s", line)
		}
	}
	return diags
}

// isOfRoutes reports whether a line is one of routes or uses.
func isOfRoutes(line string) bool {
	return strings.HasPrefix(line, routeWord+" ") || strings.HasPrefix(line, usesWord+" ")
}

// read returns the text of a lock file without carriage returns. It fails for a
// symbolic link, which Write would replace by a file, and for a pipe, which has no
// end.
func read(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is in the way: it is not a regular file", path)
	}
	text, err := generator.ReadFile(path)
	return bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")), err
}

// checkNames returns an error if a package has lines in a lock file, and the name of
// its folder would be more than one word of them, or begin a comment.
func checkNames(packages []*model.Package) error {
	for _, pkg := range packages {
		folder := filepath.ToSlash(pkg.Dir)
		bad := strings.HasPrefix(folder, "#") || strings.ContainsFunc(folder, func(r rune) bool {
			return !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == utf8.RuneError
		})
		if bad && string(Format([]*model.Package{pkg}, nil)) != preface {
			return fmt.Errorf("folder %q cannot be named in a lock file, for its name has blanks, control characters or a # in front; rename it", folder)
		}
	}
	return nil
}

// Below returns the packages of a module with their folders relative to a folder above
// it, in which its own is named, with slashes.
func Below(module string, packages []*model.Package) ([]*model.Package, error) {
	for _, pkg := range packages {
		pkg.Dir = filepath.Join(filepath.FromSlash(module), pkg.Dir)
	}
	return packages, checkNames(packages)
}

// Text is [Format] for packages whose folders may have names that no lock file can have,
// which is an error.
func Text(packages []*model.Package, routes *Routes) ([]byte, error) {
	if err := checkNames(packages); err != nil {
		return nil, err
	}
	return Format(packages, routes), nil
}

// New returns the result that writes the lock file of the module in which cfg.Dir is,
// whether the module has one or not. It reads the routes if withRoutes is true, else it
// keeps their lines. The error is a [*generator.UsageError] if cfg.Dir is in no module:
// no run would keep the file current.
func New(ctx context.Context, cfg generator.Config, withRoutes bool) (*generator.Result, error) {
	root, err := generator.ModuleRoot(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(filepath.Join(root, "go.mod")); err != nil || info.IsDir() {
		return nil, &generator.UsageError{Message: fmt.Sprintf("there is no go.mod in %s or above it, and %s stands beside that; begin a module first: go mod init MODULE",
			cmp.Or(cfg.Dir, "."), Name)}
	}
	// The lock file is read before the declarations, so that Write notices if another
	// run has replaced it since.
	old, noFile := read(filepath.Join(root, Name))
	packages, err := generator.ModulePackages(ctx, cfg)
	if err == nil {
		err = checkNames(packages)
	}
	if err != nil {
		return nil, err
	}
	if noFile != nil && !errors.Is(noFile, fs.ErrNotExist) {
		return nil, noFile
	}
	if noFile == nil && !isLock(old) {
		var diags diag.List
		diags.Add(token.Position{Filename: Name}, diag.NotGenerated,
			"this file is in the way: webapi-gen writes a file of its name, but did not write this one; rename or remove it")
		return nil, diags
	}
	var locked *Routes
	if !withRoutes {
		_, locked, _ = ParseAll(Name, old)
	} else if locked, err = readRoutes(ctx, root, packages); err != nil {
		return nil, fmt.Errorf("%w; with --routes=none the lines of routes are left as they are", err)
	}
	out := generator.File{Path: Name, Content: Format(packages, locked), Old: old, Status: generator.Changed}
	switch {
	case noFile != nil:
		out.Status = generator.Created
	case bytes.Equal(old, out.Content):
		out.Status, out.Old = generator.Unchanged, nil
	}
	return generator.NewResult(root, []generator.File{out}), nil
}
