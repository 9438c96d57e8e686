package generator

import (
	"errors"
	"fmt"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// specName is the name of a folder's spec.
const specName = "webapi.yaml"

// attachSpecs sets the spec of each folder, and adds folders that only a spec names. A
// folder's spec is the one that cfg names, else one in the folder or, with dir:, in a
// folder above it in its module.
func attachSpecs(cfg Config, folders []*folder) ([]*folder, diag.List, error) {
	s := specs{finder: newFinder(cfg), seen: map[string]bool{}, visited: map[string]bool{}}
	s.list = folders
	for _, f := range folders {
		s.folders[f.resolved] = f
	}
	if cfg.Spec != "" {
		if _, err := os.Stat(open(cfg.Dir, cfg.Spec)); errors.Is(err, fs.ErrNotExist) {
			return nil, nil, usage("no such file: --spec %s", cfg.Spec)
		}
		s.named = filepath.Clean(cfg.Spec)
		var err error
		if s.namedResolved, err = resolvePath(cfg.Dir, s.named); err != nil {
			return nil, nil, err
		}
		if err := s.attach(s.named, true); err != nil {
			return nil, nil, err
		}
	}
	for _, f := range folders {
		if err := s.within(f); err != nil {
			return nil, nil, err
		}
	}
	for _, f := range folders {
		if f.spec == nil {
			if err := s.above(f); err != nil {
				return nil, nil, err
			}
		}
	}
	return s.list, s.diags, nil
}

// specs reads specs, each once.
type specs struct {
	finder
	named, namedResolved string          // the path of the spec that cfg names
	seen                 map[string]bool // specs, by path and by resolved path
	visited              map[string]bool // folders that above has visited, by resolved path
	diags                diag.List
}

// within reads the spec in a folder.
func (s *specs) within(f *folder) error {
	for _, name := range f.outside {
		// What a build system names is a link in its sandbox.
		if path := filepath.Join(f.path, name); f.allFiles && !s.isNamed(filepath.Join(f.resolved, name)) {
			return errLeadsOut(path)
		}
	}
	for _, name := range f.names {
		if isMisnamed(name) && !s.isNamed(filepath.Join(f.resolved, name)) {
			s.diags.Add(token.Position{Filename: filepath.Join(f.path, name)}, diag.SpecPlace,
				"the spec of a folder is named %s; a file of this name would not be read; rename it, or name it with --spec", specName)
		}
	}
	if !f.has(specName) || f.spec != nil && f.specPath == s.named {
		return nil
	}
	return s.attach(filepath.Join(f.path, specName), true)
}

// isMisnamed reports whether a name differs from that of a spec in case or in the
// spelling of the extension.
func isMisnamed(name string) bool {
	return name != specName && (strings.EqualFold(name, specName) || strings.EqualFold(name, "webapi.yml"))
}

// isNamed reports whether a path is that of the spec that cfg names.
func (s *specs) isNamed(path string) bool {
	resolved, err := filepath.EvalSymlinks(path)
	return err == nil && resolved == s.namedResolved
}

// above reads the specs in the folders above one, up to the root of its module. Above
// a folder in no module it reads none.
func (s *specs) above(f *folder) error {
	if f.module.root == "" {
		return nil
	}
	for dir := f.resolved; dir != f.module.root; {
		dir = filepath.Dir(dir)
		if s.visited[dir] {
			return nil
		}
		s.visited[dir] = true
		switch info, err := os.Stat(filepath.Join(dir, specName)); {
		case err == nil && !info.Mode().IsRegular() && !info.IsDir():
			return fmt.Errorf("%s is not a regular file", filepath.Join(s.displayPath(f, dir), specName))
		case err == nil && LeadsOut(f.module.root, filepath.Join(dir, specName)):
			return errLeadsOut(filepath.Join(s.displayPath(f, dir), specName))
		case err == nil:
			if err := s.attach(filepath.Join(s.displayPath(f, dir), specName), false); err != nil {
				return err
			}
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}

// displayPath returns the path that messages have for dir, a resolved path above a
// folder.
func (s *specs) displayPath(f *folder, dir string) string {
	if up, err := filepath.Rel(f.resolved, dir); err == nil {
		path := filepath.Join(f.path, up)
		if resolved, err := resolvePath(s.Dir, path); err == nil && resolved == dir {
			return path
		}
	}
	if base, err := resolvePath(s.Dir, "."); err == nil {
		if path, err := filepath.Rel(base, dir); err == nil && filepath.IsLocal(path) {
			return path
		}
	}
	return dir
}

// attach reads a spec and sets it for the folder of its package. If add is true, it adds
// a folder that is not there; else it ignores a spec for one.
func (s *specs) attach(path string, add bool) error {
	if s.seen[path] {
		return nil
	}
	resolved, err := resolvePath(s.Dir, path)
	if err != nil {
		return err
	}
	again := s.seen[resolved]
	if s.seen[path], s.seen[resolved] = true, true; again {
		return nil
	}
	data, err := s.read(path)
	if err != nil {
		return err
	}
	spec, diags := annotations.ReadSpec(annotations.Source{Path: path, Data: data})
	s.diags = append(s.diags, diags...)
	dir := filepath.Dir(path)
	if spec.Dir.Written() {
		rel := filepath.FromSlash(spec.Dir.Value)
		if !filepath.IsLocal(rel) {
			s.diags.Add(spec.Dir.Pos, diag.SpecPlace, "dir %q leads out of the spec's own folder", spec.Dir.Value)
			return nil
		}
		dir = filepath.Join(dir, rel)
		spec.Package.Dir = dir
	}
	target, err := resolvePath(s.Dir, dir)
	if !add && (err != nil || s.folders[target] == nil) {
		return nil
	}
	if err == nil && !s.isWithin(target, filepath.Dir(path)) {
		s.diags.Add(spec.Dir.Pos, diag.SpecPlace, "dir %q leads out of the spec's own folder, through a symbolic link", spec.Dir.Value)
		return nil
	}
	f, err := s.add(dir)
	if errors.Is(err, fs.ErrNotExist) {
		s.diags.Add(spec.Dir.Pos, diag.SpecPlace, "dir %q: no such folder", spec.Dir.Value)
		return nil
	} else if err != nil {
		return err
	}
	if f.spec != nil {
		s.diags.Add(spec.Package.Name.Pos, diag.SpecPlace, "the package in %s has a spec already, %s", dir, f.specPath)
		return nil
	}
	f.spec, f.specPath = spec, path
	return nil
}

// isWithin reports whether a resolved path is that of a folder or below it.
func (s *specs) isWithin(resolved, folder string) bool {
	top, err := resolvePath(s.Dir, folder)
	if err != nil {
		return false
	}
	rel, err := filepath.Rel(top, resolved)
	return err == nil && filepath.IsLocal(rel)
}
