package generator

import (
	"errors"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// specName is the name of a folder's spec.
const specName = "webapi.yaml"

// attachSpecs gives each folder the spec of its package, and adds folders that
// only a spec names. A folder's spec is the one that cfg names, else one that
// lies in the folder or, with dir:, in a folder above it.
func attachSpecs(cfg Config, folders []*folder) ([]*folder, diag.List, error) {
	s := specs{
		finder: finder{base: cfg.Dir, list: folders, folders: map[string]*folder{}},
		read:   map[string]bool{},
	}
	for _, f := range folders {
		s.folders[f.real] = f
	}
	if cfg.Spec != "" {
		if _, err := os.Stat(open(cfg.Dir, cfg.Spec)); errors.Is(err, fs.ErrNotExist) {
			return nil, nil, usage("no such file: --spec %s", cfg.Spec)
		}
		s.named = filepath.Clean(cfg.Spec)
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
			if err := s.above(f.path); err != nil {
				return nil, nil, err
			}
		}
	}
	return s.list, s.diags, nil
}

// specs reads specs, each once.
type specs struct {
	finder
	named string          // the spec that cfg names
	read  map[string]bool // by path: read, or known not to be there
	diags diag.List
}

// within reads the spec that lies in a folder.
func (s *specs) within(f *folder) error {
	if f.has("webapi.yml") {
		s.diags.Add(token.Position{Filename: filepath.Join(f.path, "webapi.yml")}, language.SpecPlace,
			"the spec of a folder is named %s; a file of this name would not be read", specName)
	}
	if !f.has(specName) || f.spec != nil && f.specPath == s.named {
		return nil
	}
	return s.attach(filepath.Join(f.path, specName), true)
}

// above reads the specs in the folders above one, up to the root of the module.
func (s *specs) above(path string) error {
	for !s.isRoot(path) {
		path = filepath.Join(path, "..")
		spec := filepath.Join(path, specName)
		if s.read[spec] {
			return nil
		}
		switch _, err := os.Stat(open(s.base, spec)); {
		case err == nil:
			if err := s.attach(spec, false); err != nil {
				return err
			}
		case errors.Is(err, fs.ErrNotExist):
			s.read[spec] = true
		default:
			return err
		}
	}
	return nil
}

// isRoot reports whether a folder is the root of a module, or of all folders.
func (s *specs) isRoot(path string) bool {
	dir := open(s.base, path)
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
		return true
	}
	abs, err := filepath.Abs(dir)
	return err != nil || filepath.Dir(abs) == abs
}

// attach reads a spec and gives it to the folder of its package. It adds the
// folder if wanted; else a spec for a folder that nobody asked for is dropped.
func (s *specs) attach(path string, wanted bool) error {
	if s.read[path] {
		return nil
	}
	real, err := realPath(s.base, path)
	if err != nil {
		return err
	}
	again := s.read[real]
	if s.read[path], s.read[real] = true, true; again {
		return nil
	}
	data, err := os.ReadFile(real)
	if err != nil {
		return err
	}
	spec, diags := annotations.ReadSpec(annotations.Source{Path: path, Data: data})
	s.diags = append(s.diags, diags...)
	dir := filepath.Dir(path)
	if spec.Dir.Written() {
		below := filepath.FromSlash(spec.Dir.Value)
		if !filepath.IsLocal(below) {
			s.diags.Add(spec.Dir.Pos, language.SpecPlace, "dir %q leads out of the spec's own folder", spec.Dir.Value)
			return nil
		}
		dir = filepath.Join(dir, below)
		spec.Package.Dir = dir
	}
	if real, err := realPath(s.base, dir); !wanted && (err != nil || s.folders[real] == nil) {
		return nil
	}
	f, err := s.add(dir)
	if errors.Is(err, fs.ErrNotExist) {
		s.diags.Add(spec.Dir.Pos, language.SpecPlace, "dir %q: no such folder", spec.Dir.Value)
		return nil
	} else if err != nil {
		return err
	}
	if f.spec != nil {
		s.diags.Add(spec.Package.Name.Pos, language.SpecPlace, "the package in %s has a spec already, %s", dir, f.specPath)
		return nil
	}
	f.spec, f.specPath = spec, path
	return nil
}
