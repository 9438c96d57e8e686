package templates

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/generator/parallel"
	"github.com/webapi-gen/webapi-gen/model"
)

// learn makes the forms of the catalogue of a package and of some of its resources,
// of which there are none yet, on all processors: each guard by itself, and all that
// stands in a catalogue as one, of which jennifer and gofmt make the rest but once.
func (e *Emitter) learn(pkg *model.Package, resources []*model.Resource) error {
	made := map[string]*forms{}
	begin := func(s *shaper) *forms { // nil if there is nothing to do
		if s.odd || made[string(s.key)] != nil || e.find(s) != nil {
			return nil
		}
		f := new(forms)
		made[string(s.key)] = f
		return f
	}
	var todo []func() error
	var list sample
	s := &shaper{}
	for _, r := range resources {
		s.guard(pkg, r)
		f := begin(s)
		if f == nil {
			continue
		}
		p, shape := (&shaper{named: true}).guard(pkg, r)
		todo = append(todo, func() (err error) { f[0], err = guardForm(p, shape); return err })
		if !r.File.Test {
			list.pkg, list.shapes, list.entries = p, append(list.shapes, shape), append(list.entries, f)
		}
	}
	if pkg.HasCatalog() {
		s.catalog(pkg)
		if f := begin(s); f != nil {
			list.pkg, list.around = (&shaper{named: true}).catalog(pkg), f
		}
	}
	if list.pkg != nil {
		todo = slices.Insert(todo, 0, list.forms) // which takes longest
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

// A sample is a catalogue that has an entry for each of some shapes.
type sample struct {
	pkg     *model.Package
	shapes  []*model.Resource
	entries []*forms // of the shapes
	around  *forms   // of what stands before and after the entries, nil if it is known
}

// The lines between which the entries of a catalogue stand, and the end of each.
const (
	listOpen  = "\nvar " + model.CatalogVar + " = []webapi.ResourceInfo{\n"
	listClose = "}\n"
	entryEnd  = "\n\t},\n"
)

// forms makes the forms of the catalogue.
func (l *sample) forms() error {
	listed := l.shapes
	if len(listed) == 0 {
		listed = l.pkg.Resources // one that stands for all, if there are any
	}
	f := newFile(l.pkg, "")
	f.form = true
	file, err := catalog(f, l.pkg, listed).render(model.CatalogFile)
	if err != nil {
		return err
	}
	before, list, found := strings.Cut(string(file.Text.Bytes()), listOpen)
	if !found { // the list is empty
		l.around[0] = parseForm(before)
		return nil
	}
	entries := strings.SplitAfter(strings.TrimSuffix(list, listClose), entryEnd)
	first := len(entries) - 1 - len(listed) // the package's own entry stands before it, if it has one
	for i, f := range l.entries {
		f[1] = parseForm(entries[first+i])
	}
	if l.around != nil {
		before += listOpen + strings.Join(entries[:first], "")
		*l.around = forms{parseForm(before), parseForm(listClose)}
	}
	return nil
}
