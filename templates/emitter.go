package templates

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/model"
)

// An Emitter emits the files of any number of packages. It returns the same bytes
// as [Guard] and [Catalog], but lets jennifer and gofmt make each template only
// once. The zero value is ready to use, by multiple goroutines at once.
type Emitter struct {
	mu        sync.Mutex
	templates map[string]func() (pair, error) // by key
}

// A pair is the templates of one key: of the guard of a resource and of its entry
// in the catalogue, or of a catalogue without resources.
type pair struct{ file, entry template }

// Files returns the guards of a package and, if it has one, its catalogue.
func (e *Emitter) Files(pkg *model.Package) ([]File, error) {
	files := make([]File, 0, len(pkg.Resources)+1)
	listed := pkg.Catalogued()                  // not yet in entries
	entries := make([]byte, 0, len(listed)<<10) // about as long as they get
	buffer := make([]byte, 0, 8<<10)            // longer than most guards
	var k keyBuilder
	irregular := false
	for _, r := range pkg.Resources {
		isListed := len(listed) > 0 && listed[0] == r
		if isListed {
			listed = listed[1:]
		}
		samplePkg, sample := k.guard(pkg, r)
		if k.irregular {
			file, err := Guard(pkg, r)
			if err != nil {
				return nil, err
			}
			files, irregular = append(files, file), irregular || isListed
			continue
		}
		t, err := e.pair(k.key, func() (pair, error) { return guardTemplates(samplePkg, sample) })
		if err != nil {
			return nil, err
		}
		buffer = t.file.fill(buffer[:0], k.values)
		files = append(files, File{Name: r.File.Name, Text: bytes.Clone(buffer)})
		if isListed {
			entries = t.entry.fill(entries, k.values)
		}
	}
	if !pkg.HasCatalog() {
		return files, nil
	}
	catalog, err := e.catalog(pkg, entries, irregular)
	return append(files, catalog), err
}

// catalog returns the catalogue of a package, given its entries, unless one of
// them is irregular.
func (e *Emitter) catalog(pkg *model.Package, entries []byte, irregular bool) (File, error) {
	var k keyBuilder
	sample := k.pkg(pkg)
	if irregular || k.irregular {
		return Catalog(pkg)
	}
	t, err := e.pair(k.key, func() (pair, error) { return catalogTemplate(sample) })
	if err != nil {
		return File{}, err
	}
	text := bytes.TrimSuffix(t.file.fill(nil, k.values), []byte(listEnd))
	if len(entries) > 0 && !bytes.HasSuffix(text, []byte("\n")) { // there is no entry of the package
		text = append(text, '\n')
	}
	return File{Name: model.CatalogFile, Text: append(append(text, entries...), listEnd...)}, nil
}

// pair returns the templates of a key. It calls build if they have not been built.
func (e *Emitter) pair(key []byte, build func() (pair, error)) (pair, error) {
	e.mu.Lock()
	once := e.templates[string(key)]
	if once == nil {
		once = sync.OnceValues(build)
		if e.templates == nil {
			e.templates = map[string]func() (pair, error){}
		}
		e.templates[string(key)] = once
	}
	e.mu.Unlock()
	return once()
}

// listStart and listEnd enclose the entries of a catalogue.
const (
	listStart = "\nvar " + model.CatalogVar + " = []webapi.ResourceInfo{\n"
	listEnd   = "}\n"
)

// guardTemplates builds the templates of a resource from its sample.
func guardTemplates(pkg *model.Package, r *model.Resource) (pair, error) {
	f := newFile(pkg, r.File.Constraint)
	f.isTemplate = true
	file, err := guard(f, pkg, r).render("guard")
	f = newFile(pkg, "")
	f.isTemplate = true
	list, errList := catalog(f, pkg, []*model.Resource{r}).render(model.CatalogFile)
	_, entry, _ := strings.Cut(string(list.Text), listStart)
	if err := errors.Join(err, errList); err != nil {
		return pair{}, fmt.Errorf("templates: %w", err)
	}
	return pair{parse(string(file.Text)), parse(strings.TrimSuffix(entry, listEnd))}, nil
}

// catalogTemplate builds the template of a catalogue from a sample of its package.
func catalogTemplate(pkg *model.Package) (pair, error) {
	f := newFile(pkg, "")
	f.isTemplate = true
	file, err := catalog(f, pkg, nil).render(model.CatalogFile)
	return pair{file: parse(string(file.Text))}, err
}
