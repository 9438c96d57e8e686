package generator

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

// Locked returns the text of the lock file for the module in which cfg.Dir is, or
// for cfg.Dir itself if that is in no module. It reads the whole module and
// ignores cfg.Patterns.
//
// Its errors are those of [Packages].
func Locked(ctx context.Context, cfg Config) ([]byte, error) {
	root, err := ModuleRoot(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if cfg.Spec != "" {
		spec, err := filepath.Abs(open(cfg.Dir, cfg.Spec))
		if err != nil {
			return nil, err
		}
		if cfg.Spec, err = filepath.Rel(root, spec); err != nil {
			return nil, err
		}
	}
	cfg.Dir, cfg.Patterns = root, []string{"./..."}
	_, parts, diags, err := eachFolder(ctx, cfg, resolveGuarded)
	if err != nil {
		return nil, err
	}
	if diags.Sort(); len(diags) > 0 {
		return nil, diags
	}
	var packages []*model.Package
	for _, part := range parts {
		packages = append(packages, part.packages...)
	}
	if err := nameable(packages); err != nil {
		return nil, err
	}
	return lockfile.Format(packages), nil
}

// nameable returns an error if a package has lines in a lock file, and the name of
// its folder would be several words or lines there, or a comment.
func nameable(packages []*model.Package) error {
	for _, pkg := range packages {
		folder := filepath.ToSlash(pkg.Dir)
		bad := strings.HasPrefix(folder, "#") || strings.ContainsFunc(folder, func(r rune) bool {
			return !unicode.IsGraphic(r) || unicode.IsSpace(r) || r == utf8.RuneError
		})
		if bad && (pkg.HasCatalog() || len(pkg.Public) > 0) {
			return fmt.Errorf("folder %q cannot be named in a lock file, for its name has blanks, control characters or a # in front; rename it", folder)
		}
	}
	return nil
}

// resolveGuarded is resolveFolder, but refuses a package that has outputs and
// nothing that they are for: its spec is not known, and it must not be taken for
// one without resources.
func resolveGuarded(ctx context.Context, cfg Config, f *folder) (part, error) {
	p, err := resolveFolder(ctx, cfg, f)
	if err != nil || len(p.diags) > 0 || f.spec != nil || !slices.ContainsFunc(f.names, isOutputName) {
		return p, err
	}
	have, err := f.read(cfg, &diag.List{})
	if err != nil {
		return p, err
	}
	files := map[string]File{}
	for _, names := range []iter.Seq[string]{maps.Keys(have.outputs), maps.Keys(have.damaged)} {
		for name := range names {
			files[name] = File{Path: filepath.Join(f.path, name), Status: Removed}
		}
	}
	for _, pkg := range p.packages {
		for _, r := range pkg.Resources {
			files[r.File.Name] = File{Path: filepath.Join(f.path, r.File.Name)}
		}
		if len(pkg.Scopes) > 0 {
			files[model.CatalogFile] = File{Path: filepath.Join(f.path, model.CatalogFile)}
		}
	}
	f.refuseRemoval(slices.Collect(maps.Values(files)), &p.diags)
	return p, nil
}

// Lock returns the lock file of the module in which cfg.Dir is, to be written. It
// is a [*UsageError] if that is in no module: nothing would keep the file current.
func Lock(ctx context.Context, cfg Config) (*Result, error) {
	root, err := ModuleRoot(cfg.Dir)
	if err != nil {
		return nil, err
	}
	if !hasModule(root) {
		return nil, usage("there is no go.mod in %s or above it, and %s stands beside that; begin a module first: go mod init MODULE",
			cmp.Or(cfg.Dir, "."), lockfile.Name)
	}
	path := lockfile.Name
	// It is read before the declarations, so that Write sees whether another run
	// has written it since, from others.
	old, noLock := readRegular(filepath.Join(root, path))
	content, err := Locked(ctx, cfg)
	if err != nil {
		return nil, err
	}
	out := File{Path: path, Content: content, Old: lineFeeds(old)}
	switch {
	case errors.Is(noLock, fs.ErrNotExist):
		out.Status = Created
	case noLock != nil:
		return nil, noLock
	case bytes.Equal(out.Old, content):
		out.Status, out.Old = Unchanged, nil
	case !lockfile.IsLock(out.Old):
		var diags diag.List
		diags.Add(token.Position{Filename: path}, diag.NotGenerated,
			"this file is in the way: webapi-gen writes a file of its name, but did not write this one; rename or remove it")
		return nil, diags
	default:
		out.Status = Changed
	}
	return &Result{Files: []File{out}, dir: root}, nil
}

// ModuleRoot returns the folder of the module in which a folder is, or the folder
// itself if it is in none, as an absolute path without symbolic links.
func ModuleRoot(dir string) (string, error) {
	real, err := realPath(dir, ".")
	if err != nil || !isFolder(real) {
		return "", usage("no such folder: %s", dir)
	}
	return lockRoot(real), nil
}
