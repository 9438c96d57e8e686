package generator

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
	"github.com/webapi-gen/webapi-gen/generator/lockfile"
)

// Locked returns what the lock file of the module should say in which cfg.Dir
// is, or below cfg.Dir if that is in no module. It reads the whole module,
// whatever cfg.Patterns says.
//
// Its errors are those of [Packages].
func Locked(ctx context.Context, cfg Config) (*lockfile.File, error) {
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
	packages, err := Packages(ctx, cfg)
	if err != nil {
		return nil, err
	}
	file := &lockfile.File{}
	for _, pkg := range packages {
		file.Add(lockfile.Of(filepath.ToSlash(pkg.Dir), pkg))
	}
	file.Sort()
	return file, nil
}

// Lock returns the lock file of the module in which cfg.Dir is, to be written.
func Lock(ctx context.Context, cfg Config) (*Result, error) {
	file, err := Locked(ctx, cfg)
	if err != nil {
		return nil, err
	}
	root, err := ModuleRoot(cfg.Dir)
	if err != nil {
		return nil, err
	}
	path := lockfile.Name
	out := File{Path: path, Content: file.Format()}
	switch out.Old, err = os.ReadFile(filepath.Join(root, path)); {
	case errors.Is(err, fs.ErrNotExist):
		out.Status = Created
	case err != nil:
		return nil, err
	case bytes.Equal(out.Old, out.Content):
		out.Status, out.Old = Unchanged, nil
	case !lockfile.IsLock(out.Old):
		var diags diag.List
		diags.Add(token.Position{Filename: path}, language.ForeignOutput,
			"this file is in the way: webapi-gen writes a file of its name, but did not write this one; rename or remove it")
		return nil, diags
	default:
		out.Status = Changed
	}
	return &Result{Files: []File{out}, dir: root, onProgress: cfg.OnProgress}, nil
}

// ModuleRoot returns the folder of the module in which a folder is, or the folder
// itself if it is in none, as an absolute path without symbolic links.
func ModuleRoot(dir string) (string, error) {
	real, err := realPath(dir, ".")
	if err != nil || !isFolder(real) {
		return "", usage("no such folder: %s", dir)
	}
	f := finder{roots: map[string]string{}}
	return cmp.Or(f.root(real), real), nil
}

// A module is one that has a lock file, and the folders of it that a run covers.
type module struct {
	path string // of the lock file, as people know it
	text []byte
	said map[string]*lockfile.File // what the lock file should say of a folder, by its path below the module
}

// locks adds what becomes of the lock files of the modules that a run covers: each
// is kept current where there is one.
func (r *Result) locks(cfg Config, folders []*folder, parts []part, diags *diag.List) error {
	base, err := realPath(cfg.Dir, ".")
	if err != nil {
		return err
	}
	modules := map[string]*module{} // by real path; nil where there is no lock file
	for i, f := range folders {
		m, known := modules[f.root]
		if !known && f.root != "" {
			if m, err = readLock(base, f.root); err != nil {
				return err
			}
			modules[f.root] = m
		}
		if m != nil {
			m.said[f.below] = &parts[i].lock
		}
	}
	r.merges = map[string]merge{}
	for root, m := range modules {
		if m == nil {
			continue
		}
		r.merges[m.path] = m.merge(root)
		file := File{Path: m.path, Old: m.text}
		var found diag.List
		if file.Content, found = r.merges[m.path](m.text); bytes.Equal(file.Content, m.text) {
			file.Old = nil
		} else {
			file.Status = Changed
		}
		r.Files = append(r.Files, file)
		*diags = append(*diags, found...)
	}
	return nil
}

// readLock reads the lock file of a module, if it has one.
func readLock(base, root string) (*module, error) {
	text, err := os.ReadFile(filepath.Join(root, lockfile.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	path, err := filepath.Rel(base, filepath.Join(root, lockfile.Name))
	return &module{path: path, text: text, said: map[string]*lockfile.File{}}, err
}

// A merge makes of the text of a lock file, as it is on disk, what it should be.
// Runs over other packages of the module may have written it since it was read.
type merge func(text []byte) ([]byte, diag.List)

// merge returns what is to be done with the lock file of the module.
func (m *module) merge(root string) merge {
	return func(text []byte) ([]byte, diag.List) {
		file, diags := lockfile.Parse(m.path, text)
		file.Drop(func(folder string) bool {
			return m.said[folder] != nil || !isFolder(filepath.Join(root, filepath.FromSlash(folder)))
		})
		for _, said := range m.said {
			file.Add(said)
		}
		file.Sort()
		return file.Format(), diags
	}
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
