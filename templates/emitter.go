package templates

import (
	"slices"
	"sync"

	"github.com/webapi-gen/webapi-gen/generator/parallel"
	"github.com/webapi-gen/webapi-gen/model"
)

// An Emitter emits the files of any number of packages. It gives the same bytes
// as [Guard] and [Catalog], but has jennifer and gofmt make each shape of a file
// once. The zero value is ready to use, by many goroutines at once.
type Emitter struct {
	mu    sync.RWMutex
	forms map[string]*forms // by shape

	learning sync.Mutex // held by who makes forms, so that nobody makes the same
}

// forms are those of one shape: of a guard and its entry in the catalogue, or of a
// catalogue without its entries, before and after which the two stand.
type forms [2]form

// Files returns the guards of a package and, if it has one, its catalogue.
func (e *Emitter) Files(pkg *model.Package) ([]File, error) {
	listed := listed(pkg)
	done := make([]guards, (len(listed)+chunkSize-1)/chunkSize)
	parallel.Do(len(done), func(i int) {
		from, to := i*chunkSize, min((i+1)*chunkSize, len(listed))
		done[i] = e.guards(pkg, pkg.Resources[from:to], listed[from:to])
	})

	files := make([]File, 0, len(pkg.Resources)+1)
	entries, odd := make([]part, 0, len(pkg.Resources)), false
	for _, some := range done {
		if some.err != nil {
			return nil, some.err
		}
		files = append(files, some.files...)
		entries, odd = append(entries, some.entries...), odd || some.odd
	}
	if !pkg.HasCatalog() {
		return files, nil
	}
	catalog, err := e.catalog(pkg, entries, odd)
	return append(files, catalog), err
}

// chunkSize is how many resources of a package are emitted by one goroutine.
const chunkSize = 256

// guards are those of some resources of a package.
type guards struct {
	files   []File
	entries []part // of the catalogue
	odd     bool   // a resource of the catalogue has no form
	err     error
}

// listed says which resources of a package are in its catalogue.
func listed(pkg *model.Package) []bool {
	list := make([]bool, len(pkg.Resources))
	catalogued := pkg.Catalogued()
	for i, r := range pkg.Resources {
		if len(catalogued) > 0 && catalogued[0] == r {
			list[i], catalogued = true, catalogued[1:]
		}
	}
	return list
}

// guards emits some resources of a package, given which of them are listed.
func (e *Emitter) guards(pkg *model.Package, resources []*model.Resource, listed []bool) guards {
	g := guards{files: make([]File, 0, len(resources)+1), entries: make([]part, 0, len(resources))}
	parts := make([]part, len(resources))
	s := &shaper{}
	for i, r := range resources {
		s.guard(pkg, r)
		if s.odd {
			g.odd = g.odd || listed[i]
			file, err := Guard(pkg, r)
			if err != nil {
				return guards{err: err}
			}
			g.files = append(g.files, file)
			continue
		}
		have, err := e.formsOf(pkg, resources[i:], s)
		if err != nil {
			return guards{err: err}
		}
		parts[i] = part{have[0], s.texts()}
		g.files = append(g.files, File{Name: r.File.Name, Text: Text{parts[i : i+1]}})
		if listed[i] {
			g.entries = append(g.entries, part{have[1], parts[i].texts})
		}
	}
	return g
}

// catalog returns the catalogue of a package, given its entries, unless one of
// them is odd.
func (e *Emitter) catalog(pkg *model.Package, entries []part, odd bool) (File, error) {
	s := &shaper{}
	s.catalog(pkg)
	if s.odd || odd {
		return Catalog(pkg)
	}
	have, err := e.formsOf(pkg, nil, s)
	if err != nil {
		return File{}, err
	}
	texts := s.texts()
	parts := slices.Concat([]part{{have[0], texts}}, entries, []part{{have[1], texts}})
	return File{Name: model.CatalogFile, Text: Text{parts}}, nil
}

// formsOf returns the forms of a shape that the catalogue of a package or one of some
// resources has.
func (e *Emitter) formsOf(pkg *model.Package, resources []*model.Resource, s *shaper) (*forms, error) {
	if have := e.find(s); have != nil {
		return have, nil
	}
	e.learning.Lock()
	defer e.learning.Unlock()
	if have := e.find(s); have != nil {
		return have, nil
	}
	if err := e.learn(pkg, resources); err != nil {
		return nil, err
	}
	return e.find(s), nil
}

// find returns the forms of a shape, nil if there are none yet.
func (e *Emitter) find(s *shaper) *forms {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.forms[string(s.key)]
}
