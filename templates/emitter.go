package templates

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/generator/model"
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
	files := make([]File, 0, len(pkg.Resources)+1)
	listed := pkg.Catalogued()
	var entries []byte
	odd := false // a resource of the catalogue has no form
	s := &shaper{}
	for _, r := range pkg.Resources {
		isListed := len(listed) > 0 && listed[0] == r
		if isListed {
			listed = listed[1:]
		}
		s.begin("guard ")
		p, shape := &model.Package{Name: s.gap(pkg.Name)}, s.resource(r)
		if s.odd {
			odd = odd || isListed
			file, err := Guard(pkg, r)
			if err != nil {
				return nil, err
			}
			files = append(files, file)
			continue
		}
		have, err := e.find(s, func() (*forms, error) { return guardForms(p, shape) })
		if err != nil {
			return nil, err
		}
		files = append(files, File{Name: r.File.Name, Content: have[0].filled(s.texts)})
		if isListed {
			if entries == nil { // the others are about as long
				entries = make([]byte, 0, (len(listed)+1)*(have[1].size(s.texts)+100))
			}
			entries = have[1].fill(entries, s.texts)
		}
	}
	if !pkg.HasCatalog() {
		return files, nil
	}
	catalog, err := e.catalog(pkg, s, entries, odd)
	return append(files, catalog), err
}

// catalog returns the catalogue of a package, given its entries, unless one of
// them is odd.
func (e *Emitter) catalog(pkg *model.Package, s *shaper, entries []byte, odd bool) (File, error) {
	s.begin("catalog ")
	p := s.pkg(pkg)
	if s.flag(len(entries) > 0) {
		p.Resources = []*model.Resource{{Type: entryMark}}
	}
	if s.odd || odd {
		return Catalog(pkg)
	}
	have, err := e.find(s, func() (*forms, error) { return catalogForms(p) })
	if err != nil {
		return File{}, err
	}
	b := slices.Concat(have[0].filled(s.texts), entries, have[1].filled(s.texts))
	return File{Name: model.CatalogFile, Content: b}, nil
}

// find returns the forms of a shape, which are made if there are none yet.
func (e *Emitter) find(s *shaper, make func() (*forms, error)) (*forms, error) {
	e.mu.RLock()
	have := e.forms[string(s.key)]
	e.mu.RUnlock()
	if have != nil {
		return have, nil
	}
	have, err := make()
	if err != nil {
		return nil, fmt.Errorf("a form with the gaps of %q: %w", s.texts, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.forms == nil {
		e.forms = map[string]*forms{}
	}
	e.forms[string(s.key)] = have
	return have, nil
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
