package templates

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/generator/model"
	"github.com/webapi-gen/webapi-gen/generator/parallel"
)

// An Emitter emits the files of any number of packages. It gives the same bytes
// as [Guard] and [Catalog], but has jennifer and gofmt make each shape of a file
// once. The zero value is ready to use, by many goroutines at once.
type Emitter struct {
	mu    sync.RWMutex
	forms map[string]*forms // by shape
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
	var all guards
	for _, some := range done {
		if some.err != nil {
			return nil, some.err
		}
		files = append(files, some.files...)
		all.entries, all.odd = append(all.entries, some.entries...), all.odd || some.odd
	}
	if !pkg.HasCatalog() {
		return files, nil
	}
	catalog, err := e.catalog(pkg, all.entries, all.odd)
	return append(files, catalog), err
}

// chunkSize is how many resources of a package are emitted by one goroutine.
const chunkSize = 256

// guards are those of some resources of a package.
type guards struct {
	files   []File
	entries []byte // of the catalogue
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
	g := guards{files: make([]File, 0, len(resources)+1)}
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
		have, err := e.formsOf(pkg, s)
		if err != nil {
			return guards{err: err}
		}
		g.files = append(g.files, File{Name: r.File.Name, Content: have[0].filled(s.texts)})
		if listed[i] {
			if g.entries == nil { // the others are about as long
				g.entries = make([]byte, 0, (len(resources)-i)*(have[1].size(s.texts)+100))
			}
			g.entries = have[1].fill(g.entries, s.texts)
		}
	}
	return g
}

// catalog returns the catalogue of a package, given its entries, unless one of
// them is odd.
func (e *Emitter) catalog(pkg *model.Package, entries []byte, odd bool) (File, error) {
	s := &shaper{}
	s.catalog(pkg)
	if s.odd || odd {
		return Catalog(pkg)
	}
	have, err := e.formsOf(pkg, s)
	if err != nil {
		return File{}, err
	}
	b := slices.Concat(have[0].filled(s.texts), entries, have[1].filled(s.texts))
	return File{Name: model.CatalogFile, Content: b}, nil
}

// formsOf returns the forms of a shape that something in a package has.
func (e *Emitter) formsOf(pkg *model.Package, s *shaper) (*forms, error) {
	if have := e.find(s); have != nil {
		return have, nil
	}
	if err := e.learn(pkg); err != nil {
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

// learn makes the forms of all shapes of a package of which there are none yet,
// on all processors.
func (e *Emitter) learn(pkg *model.Package) error {
	todo := map[string]func() (*forms, error){}
	add := func(s *shaper, make func() (*forms, error)) {
		if key := string(s.key); !s.odd && e.find(s) == nil && todo[key] == nil {
			todo[key] = make
		}
	}
	for _, r := range pkg.Resources {
		s := &shaper{named: true}
		p, shape := s.guard(pkg, r)
		add(s, func() (*forms, error) { return guardForms(p, shape) })
	}
	if pkg.HasCatalog() {
		s := &shaper{named: true}
		p := s.catalog(pkg)
		add(s, func() (*forms, error) { return catalogForms(p) })
	}

	keys := slices.Sorted(maps.Keys(todo))
	errs := make([]error, len(keys))
	parallel.Do(len(keys), func(i int) { errs[i] = e.keep(keys[i], todo[keys[i]]) })
	return errors.Join(errs...)
}

// keep makes the forms of the shape with a key.
func (e *Emitter) keep(key string, make func() (*forms, error)) error {
	made, err := make()
	if err != nil {
		return fmt.Errorf("a form of the shape %q: %w", key, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.forms == nil {
		e.forms = map[string]*forms{}
	}
	e.forms[key] = made
	return nil
}

// guardForms returns the forms of a guard and of its entry in the catalogue.
func guardForms(p *model.Package, r *model.Resource) (*forms, error) {
	f := newFile(p, r.File.Constraint)
	f.form = true
	file, err := guard(f, r).render("guard")
	if err != nil {
		return nil, err
	}
	listed := *r
	listed.File.Test = false
	catalog, err := catalogForm(&model.Package{Name: p.Name, Resources: []*model.Resource{&listed}})
	if err != nil {
		return nil, err
	}
	_, entry, _ := strings.Cut(string(catalog.Content), listOpen)
	entry, _, _ = strings.Cut(entry, listClose)
	return &forms{parseForm(string(file.Content)), parseForm(entry)}, nil
}

// catalogForms returns the forms of what stands before and after the entries of a
// catalogue.
func catalogForms(p *model.Package) (*forms, error) {
	file, err := catalogForm(p)
	if err != nil {
		return nil, err
	}
	text := string(file.Content)
	if at := entry.FindStringIndex(text); at != nil {
		return &forms{parseForm(text[:at[0]]), parseForm(text[at[1]:])}, nil
	}
	return &forms{parseForm(text)}, nil
}

// entryMark stands for the entries in the form of a catalogue: it is the type of
// the only one with which that is made.
const entryMark = "Zʘʘentries"

// entry is the entry of that type.
var entry = regexp.MustCompile("(?m)^\t\t\\{\n(\t\t\t.*\n)*?\t\t\t.*" + entryMark + ".*\n(\t\t\t.*\n)*\t\t\\},\n")

// The lines between which the entries of a catalogue stand.
const (
	listOpen  = "\treturn []webapi.ResourceInfo{\n"
	listClose = "\t}\n}\n"
)

func catalogForm(p *model.Package) (File, error) {
	f := newFile(p, "")
	f.form = true
	return catalog(f, p).render(model.CatalogFile)
}
