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

// attachSpecs gives each folder the spec of its package, and adds folders that
// only a spec names. A folder's spec is the one that cfg names, else one that
// lies in the folder or, with dir:, in a folder of its module above it.
func attachSpecs(cfg Config, folders []*folder) ([]*folder, diag.List, error) {
	s := specs{
		finder: finder{Config: cfg, list: folders, folders: map[string]*folder{}, roots: map[string]string{}},
		have:   map[string]bool{},
		been:   map[string]bool{},
	}
	for _, f := range folders {
		s.folders[f.real] = f
	}
	if cfg.Spec != "" {
		if _, err := os.Stat(open(cfg.Dir, cfg.Spec)); errors.Is(err, fs.ErrNotExist) {
			return nil, nil, usage("no such file: --spec %s", cfg.Spec)
		}
		s.named = filepath.Clean(cfg.Spec)
		var err error
		if s.namedReal, err = realPath(cfg.Dir, s.named); err != nil {
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
	named, namedReal string          // the spec that cfg names
	have             map[string]bool // specs, by path and by real path
	been             map[string]bool // folders that above has been to, by real path
	diags            diag.List
}

// within reads the spec that lies in a folder.
func (s *specs) within(f *folder) error {
	for _, name := range f.names {
		if isMisnamed(name) && !s.isNamed(filepath.Join(f.real, name)) {
			s.diags.Add(token.Position{Filename: filepath.Join(f.path, name)}, diag.SpecPlace,
				"the spec of a folder is named %s; a file of this name would not be read; rename it, or name it with --spec", specName)
		}
	}
	if !f.has(specName) || f.spec != nil && f.specPath == s.named {
		return nil
	}
	return s.attach(filepath.Join(f.path, specName), true)
}

// isMisnamed reports whether a name is that of a spec but for case and the
// spelling of its extension.
func isMisnamed(name string) bool {
	return name != specName && (strings.EqualFold(name, specName) || strings.EqualFold(name, "webapi.yml"))
}

// isNamed reports whether a path is that of the spec that cfg names.
func (s *specs) isNamed(path string) bool {
	real, err := filepath.EvalSymlinks(path)
	return err == nil && real == s.namedReal
}

// above reads the specs in the folders above one, up to the root of its module.
// A folder outside of any module has none: nobody knows where to end.
func (s *specs) above(f *folder) error {
	if f.root == "" {
		return nil
	}
	for dir := f.real; dir != f.root; {
		dir = filepath.Dir(dir)
		if s.been[dir] {
			return nil
		}
		s.been[dir] = true
		switch info, err := os.Stat(filepath.Join(dir, specName)); {
		case err == nil && !info.Mode().IsRegular() && !info.IsDir():
			return fmt.Errorf("%s is not a regular file", filepath.Join(s.spell(f, dir), specName))
		case err == nil:
			if err := s.attach(filepath.Join(s.spell(f, dir), specName), false); err != nil {
				return err
			}
		case !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	return nil
}

// spell returns the path by which people know dir, a real path above a folder.
func (s *specs) spell(f *folder, dir string) string {
	if up, err := filepath.Rel(f.real, dir); err == nil {
		path := filepath.Join(f.path, up)
		if real, err := realPath(s.Dir, path); err == nil && real == dir {
			return path
		}
	}
	if base, err := realPath(s.Dir, "."); err == nil {
		if path, err := filepath.Rel(base, dir); err == nil && filepath.IsLocal(path) {
			return path
		}
	}
	return dir
}

// attach reads a spec and gives it to the folder of its package. It adds the
// folder if wanted; else a spec for a folder that nobody asked for is dropped.
func (s *specs) attach(path string, wanted bool) error {
	if s.have[path] {
		return nil
	}
	real, err := realPath(s.Dir, path)
	if err != nil {
		return err
	}
	again := s.have[real]
	if s.have[path], s.have[real] = true, true; again {
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
		below := filepath.FromSlash(spec.Dir.Value)
		if !filepath.IsLocal(below) {
			s.diags.Add(spec.Dir.Pos, diag.SpecPlace, "dir %q leads out of the spec's own folder", spec.Dir.Value)
			return nil
		}
		dir = filepath.Join(dir, below)
		spec.Package.Dir = dir
	}
	below, err := realPath(s.Dir, dir)
	if !wanted && (err != nil || s.folders[below] == nil) {
		return nil
	}
	if err == nil && !s.isBelow(below, filepath.Dir(path)) {
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

// isBelow reports whether a real path is that of a folder or below it.
func (s *specs) isBelow(real, folder string) bool {
	top, err := realPath(s.Dir, folder)
	if err != nil {
		return false
	}
	path, err := filepath.Rel(top, real)
	return err == nil && filepath.IsLocal(path)
}
