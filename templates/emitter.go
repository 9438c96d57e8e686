package templates

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/generator/model"
)

// An Emitter emits the files of any number of packages. It gives the same bytes
// as [Guard] and [Catalog], but has jennifer and gofmt make each shape of a file
// once. The zero value is ready to use, by many goroutines at once.
type Emitter struct {
	forms sync.Map // form by shape
}

// Guard returns the file of one resource.
func (e *Emitter) Guard(pkg *model.Package, r *model.Resource) (File, error) {
	s := &shaper{key: []byte("guard ")}
	p, shape := &model.Package{Name: s.gap(pkg.Name)}, s.resource(r)
	if s.odd {
		return Guard(pkg, r)
	}
	form, err := e.form(s, func() (File, error) {
		f := newFile(p, shape.File.Constraint)
		f.form = true
		return guard(f, shape).render(r.File.Name)
	})
	return File{Name: r.File.Name, Content: form.fill(nil, s.texts, model.Unexported)}, err
}

// Catalog returns the file that lists the resources and scopes of a package.
func (e *Emitter) Catalog(pkg *model.Package) (File, error) {
	s := &shaper{key: []byte("catalog ")}
	p := s.pkg(pkg)
	resources := pkg.Catalogued()
	if s.flag(len(resources) > 0) {
		p.Resources = []*model.Resource{{Type: entryMark}}
	}
	if s.odd {
		return Catalog(pkg)
	}
	form, err := e.form(s, func() (File, error) {
		file, err := catalogForm(p)
		file.Content = entries.ReplaceAll(file.Content, []byte(entryMark+"\n"))
		return file, err
	})
	if err != nil {
		return File{}, err
	}
	before, after, _ := strings.Cut(string(form.fill(nil, s.texts, model.Unexported)), entryMark+"\n")
	b := []byte(before)
	for _, r := range resources {
		if b, err = e.entry(b, pkg, r); err != nil {
			return File{}, err
		} else if b == nil {
			return Catalog(pkg)
		}
	}
	return File{Name: model.CatalogFile, Content: append(b, after...)}, nil
}

// entry appends what the catalogue says of a resource to b. It returns nil if no
// form will do.
func (e *Emitter) entry(b []byte, pkg *model.Package, r *model.Resource) ([]byte, error) {
	s := &shaper{key: []byte("entry ")}
	p, shape := &model.Package{Name: s.gap(pkg.Name)}, s.resource(r)
	if s.odd {
		return nil, nil
	}
	shape.File.Test = false
	form, err := e.form(s, func() (File, error) {
		p.Resources = []*model.Resource{shape}
		file, err := catalogForm(p)
		if err != nil {
			return file, err
		}
		_, text, _ := strings.Cut(string(file.Content), listOpen)
		text, _, _ = strings.Cut(text, listClose)
		return File{Content: []byte(text)}, nil
	})
	if err != nil {
		return nil, err
	}
	return form.fill(b, s.texts, model.Unexported), nil
}

// entryMark stands for the entries in the form of a catalogue: it is the type of
// the only one with which that is made.
const entryMark = "Zʘʘentries"

// entries is the entry of that type.
var entries = regexp.MustCompile("(?m)^\t\t\\{\n(\t\t\t.*\n)*?\t\t\t.*" + entryMark + ".*\n(\t\t\t.*\n)*\t\t\\},\n")

// The lines between which the entries of a catalogue stand.
const (
	listOpen  = "\treturn []webapi.ResourceInfo{\n"
	listClose = "\t}\n}\n"
)

// form returns the form of a shape, which is emitted if there is none yet.
func (e *Emitter) form(s *shaper, emit func() (File, error)) (form, error) {
	if have, ok := e.forms.Load(string(s.key)); ok {
		return have.(form), nil
	}
	file, err := emit()
	if err != nil {
		return nil, fmt.Errorf("a form with the gaps of %q: %w", s.texts, err)
	}
	f := parseForm(file.Content)
	e.forms.Store(string(s.key), f)
	return f, nil
}

func catalogForm(p *model.Package) (File, error) {
	f := newFile(p, "")
	f.form = true
	return catalog(f, p).render(model.CatalogFile)
}
