package templates

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/webapi-gen/webapi-gen/generator/model"
	"github.com/webapi-gen/webapi-gen/generator/parallel"
)

// learn makes the forms of all shapes of a package of which there are none yet,
// on all processors.
func (e *Emitter) learn(pkg *model.Package) error {
	made := map[string]*forms{}
	var todo []func() error
	begin := func(s *shaper) *forms { // nil if there is nothing to do
		if key := string(s.key); !s.odd && made[key] == nil && e.find(s) == nil {
			made[key] = new(forms)
			return made[key]
		}
		return nil
	}
	for _, r := range pkg.Resources {
		s := &shaper{named: true}
		p, shape := s.guard(pkg, r)
		if f := begin(s); f != nil {
			todo = append(todo,
				func() (err error) { f[0], err = guardForm(p, shape); return err },
				func() (err error) { f[1], err = entryForm(p, shape); return err })
		}
	}
	if pkg.HasCatalog() {
		s := &shaper{named: true}
		p := s.catalog(pkg)
		if f := begin(s); f != nil {
			todo = append(todo, func() (err error) { *f, err = catalogForms(p); return err })
		}
	}
	errs := make([]error, len(todo))
	parallel.Do(len(todo), func(i int) { errs[i] = todo[i]() })
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("forms of package %s: %w", pkg.Name, err)
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.forms == nil {
		e.forms = map[string]*forms{}
	}
	maps.Copy(e.forms, made)
	return nil
}

// guardForm returns the form of a guard.
func guardForm(p *model.Package, r *model.Resource) (form, error) {
	f := newFile(p, r.File.Constraint)
	f.form = true
	file, err := guard(f, r).render("guard")
	return parseForm(string(file.Text.Bytes())), err
}

// entryForm returns the form of a guard's entry in the catalogue.
func entryForm(p *model.Package, r *model.Resource) (form, error) {
	listed := *r
	listed.File.Test = false
	file, err := catalogForm(&model.Package{Name: p.Name, Resources: []*model.Resource{&listed}})
	_, text, _ := strings.Cut(string(file.Text.Bytes()), listOpen)
	text, _, _ = strings.Cut(text, listClose)
	return parseForm(text), err
}

// catalogForms returns the forms of what stands before and after the entries of a
// catalogue.
func catalogForms(p *model.Package) (forms, error) {
	file, err := catalogForm(p)
	text := string(file.Text.Bytes())
	if at := entry.FindStringIndex(text); at != nil {
		return forms{parseForm(text[:at[0]]), parseForm(text[at[1]:])}, err
	}
	return forms{parseForm(text)}, err
}

// entryMark stands for the entries in the form of a catalogue: it is the type of
// the only one with which that is made.
const entryMark = "Zʘʘentries"

// entry is the entry of that type.
var entry = regexp.MustCompile("(?m)^\t\\{\n(\t\t.*\n)*?\t\t.*" + entryMark + ".*\n(\t\t.*\n)*\t\\},\n")

// The lines between which the entries of a catalogue stand.
const (
	listOpen  = "\nvar " + model.CatalogVar + " = []webapi.ResourceInfo{\n"
	listClose = "}\n"
)

func catalogForm(p *model.Package) (File, error) {
	f := newFile(p, "")
	f.form = true
	return catalog(f, p).render(model.CatalogFile)
}
