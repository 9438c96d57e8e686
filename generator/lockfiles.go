package generator

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

// A module is one that has a lock file, and the folders of it that a run covers.
type module struct {
	path string // of the lock file, as people know it
	text []byte
	read map[string][]*model.Package // the packages of each folder that the run covers
	full bool                        // the run covers the whole module
}

// lockFiles adds what becomes of the lock files of the modules that a run covers: each
// is kept current where there is one.
func (r *Result) lockFiles(cfg Config, folders []*folder, parts []part, diags *diag.List) error {
	base, err := realPath(cfg.Dir, ".")
	if err != nil {
		return err
	}
	modules := map[string]*module{} // by real path; nil where there is no lock file
	for i, f := range folders {
		m, known := modules[f.root]
		if !known && f.locks {
			if m, err = readLock(base, f.root); err != nil {
				return err
			}
			modules[f.root] = m
		}
		if m != nil {
			if err := nameable(parts[i].lock); err != nil {
				return err
			}
			m.read[f.below] = parts[i].lock
			m.full = m.full || f.full
		}
	}
	r.updates = map[string]update{}
	for root, m := range modules {
		if m == nil {
			continue
		}
		r.updates[m.path] = m.update(root)
		file := File{Path: m.path}
		content, found := r.updates[m.path](m.text)
		if !bytes.Equal(content, m.text) {
			file.Status, file.Old, file.Content = Changed, m.text, content
		}
		r.Files = append(r.Files, file)
		*diags = append(*diags, found...)
	}
	return nil
}

// readLock reads the lock file of a module, if it has one.
func readLock(base, root string) (*module, error) {
	text, err := readRegular(filepath.Join(root, lockfile.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	path, err := filepath.Rel(base, filepath.Join(root, lockfile.Name))
	return &module{path: path, text: lineFeeds(text), read: map[string][]*model.Package{}}, err
}

// An update makes of the text of a lock file, as it is on disk, what it should be.
// Runs over other packages of the module may have written it since it was read.
type update func(text []byte) ([]byte, diag.List)

// update returns what is to be done with the lock file of the module.
func (m *module) update(root string) update {
	return func(text []byte) ([]byte, diag.List) {
		packages, diags := lockfile.Parse(m.path, text)
		packages = slices.DeleteFunc(packages, func(pkg *model.Package) bool {
			_, covered := m.read[pkg.Dir]
			return m.full || covered || !isIn(root, pkg.Dir)
		})
		for _, read := range m.read {
			packages = append(packages, read...)
		}
		return lockfile.Format(packages), diags
	}
}

// isIn reports whether a folder is there and one of those that ./... means in the
// root of its module. A lock file must say nothing of any other.
func isIn(root, folder string) bool {
	if folder == "." {
		return true
	}
	if below := filepath.FromSlash(folder); !filepath.IsLocal(below) || filepath.Clean(below) != below {
		return false
	}
	path := root
	for name := range strings.SplitSeq(folder, "/") {
		path = filepath.Join(path, name)
		if info, err := os.Lstat(path); err != nil || !info.IsDir() || skipped(name) || hasModule(path) {
			return false
		}
	}
	return true
}

// readRegular reads a file, but nothing else by that name: a link would be
// replaced by a file, and a pipe never end.
func readRegular(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is in the way: it is not a regular file", path)
	}
	return os.ReadFile(path)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// updateLocks looks at the lock files again that are to be written, now that no
// other run writes them.
func (r *Result) updateLocks() error {
	for i := range r.Files {
		f := &r.Files[i]
		update := r.updates[f.Path]
		if update == nil || f.Status != Changed {
			continue
		}
		text, err := os.ReadFile(open(r.dir, f.Path))
		if err != nil {
			return err
		}
		if text = lineFeeds(text); bytes.Equal(text, f.Old) {
			continue
		}
		content, diags := update(text)
		if err := diags.Err(); err != nil {
			return err
		}
		f.Old, f.Content = text, content
	}
	return nil
}
