package templates

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
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

// A shaper takes resources apart, one after the other: into a resource of the same
// shape whose texts are the names of gaps, and into the texts. Resources with the
// same key differ in their texts alone.
type shaper struct {
	key   []byte
	all   []byte           // the texts
	ends  []uint32         // of each
	refs  []model.ScopeRef // those that have gaps already
	gaps  []model.ScopeRef // theirs
	odd   bool             // gofmt might lay out a text, so that no form will do
	named bool             // the gaps have names, which only who makes a form wants

	// What a resource without texts is made of. Unless the gaps are named, it is
	// made of the same again and again.
	out          model.Resource
	methods      arena[model.Method]
	scopes       arena[model.Scope]
	alternatives arena[[]model.ScopeRef]
	scopeRefs    arena[model.ScopeRef]
}

// An arena is memory for slices that are all given up at once.
type arena[T any] []T

// take returns a slice of n elements, which are to be overwritten.
func (a *arena[T]) take(n int) []T {
	used := len(*a)
	if used+n > cap(*a) {
		*a, used = make([]T, 0, 2*(used+n)), 0
	}
	*a = (*a)[:used+n]
	return (*a)[used : used+n : used+n]
}

// guard takes a resource apart for its guard and its entry in the catalogue.
func (s *shaper) guard(pkg *model.Package, r *model.Resource) (*model.Package, *model.Resource) {
	s.begin("guard ")
	out := &model.Package{Name: s.gap(pkg.Name)}
	if s.flag(pkg.HasCatalog()) {
		out.Resources = oneEntry
	}
	return out, s.resource(r)
}

// oneEntry are the resources of a package that has a catalogue.
var oneEntry = []*model.Resource{{}}

// catalog takes a package apart for its catalogue, in which one entry stands for
// all.
func (s *shaper) catalog(pkg *model.Package) *model.Package {
	s.begin("catalog ")
	out := s.pkg(pkg)
	if s.flag(len(pkg.Catalogued()) > 0) {
		out.Resources = oneEntry
	}
	return out
}

// begin begins another shape.
func (s *shaper) begin(kind string) {
	s.key = append(s.key[:0], kind...)
	s.all, s.ends, s.refs, s.gaps, s.odd = s.all[:0], s.ends[:0], s.refs[:0], s.gaps[:0], false
	s.methods, s.scopes, s.alternatives, s.scopeRefs = s.methods[:0], s.scopes[:0], s.alternatives[:0], s.scopeRefs[:0]
}

// gap returns the gap for a text.
func (s *shaper) gap(text string) string {
	// In comments gofmt makes typographical quotation marks of two plain ones, and
	// to what is longer than a million bytes it gives a place of its own.
	const long = 100_000 // bytes, of which quoting makes more
	s.odd = s.odd || len(text) > long || strings.Contains(text, gapClose) || strings.Contains(text, "``") || strings.Contains(text, "''")
	s.all = append(s.all, text...)
	s.ends = append(s.ends, uint32(len(s.all)))
	if !s.named {
		return ""
	}
	return gapNameOf(len(s.ends) - 1)
}

// texts returns the texts of what was taken apart last.
func (s *shaper) texts() texts { return texts{string(s.all), slices.Clone(s.ends)} }

// prose returns the gap for a text for people. Whether there is one, and whether
// it ends like a sentence, is part of the shape.
func (s *shaper) prose(text string) string {
	switch {
	case text == "":
		s.key = append(s.key, '0')
		return ""
	case endsSentence(text):
		end := len(text) - 1
		s.key = append(s.key, text[end])
		gap := s.gap(text[:end])
		if !s.named {
			return ""
		}
		return gap + text[end:]
	}
	s.key = append(s.key, '1')
	return s.gap(text)
}

// flag notes a part of the shape.
func (s *shaper) flag(on bool) bool {
	s.key = strconv.AppendBool(s.key, on)
	return on
}

// word notes a part of the shape that stands in the form as it is. A build tag may
// be any letters, even those that stand for a gap.
func (s *shaper) word(text string) string {
	s.odd = s.odd || strings.Contains(text, gapClose)
	s.key = strconv.AppendQuote(s.key, text)
	return text
}

func (s *shaper) number(n int) int {
	s.key = append(strconv.AppendInt(s.key, int64(n), 10), ',')
	return n
}

// optional returns the gap for a text that may be "".
func (s *shaper) optional(text string) string {
	if !s.flag(text != "") {
		return ""
	}
	return s.gap(text)
}

// ref returns the gaps for a scope. The same scope has the same ones throughout
// a resource.
func (s *shaper) ref(ref model.ScopeRef) model.ScopeRef {
	for i, have := range s.refs {
		if have == ref {
			s.number(i)
			return s.gaps[i]
		}
	}
	s.number(len(s.refs))
	out := model.ScopeRef{Value: s.gap(ref.Value), Const: s.optional(ref.Const)}
	s.refs, s.gaps = append(s.refs, ref), append(s.gaps, out)
	return out
}

// resource returns the shape of a resource.
func (s *shaper) resource(r *model.Resource) *model.Resource {
	out := &s.out
	*out = model.Resource{
		File:        model.File{Constraint: s.word(r.File.Constraint), Test: s.flag(r.File.Test)},
		Type:        s.gap(r.Type),
		TypeParams:  s.number(r.TypeParams),
		Declare:     s.flag(r.Declare),
		Name:        s.gap(r.Name),
		ScopeName:   s.gap(r.ScopeName),
		Policy:      s.gap(r.Policy),
		Key:         s.optional(r.Key),
		Description: s.prose(r.Description),
		OAuth2:      s.flag(r.OAuth2),
		APITokens:   s.flag(r.APITokens),
		Base:        s.gap(r.Base),
		Methods:     s.methods.take(s.number(len(r.Methods))),
		Scopes:      s.scopes.take(s.number(len(r.Scopes))),
	}
	for i, m := range r.Methods {
		out.Methods[i] = model.Method{
			Name: s.word(m.Name), Action: s.gap(m.Action), Anonymous: s.flag(m.Anonymous), Requires: s.requirement(m.Requires),
		}
	}
	for i, scope := range r.Scopes {
		out.Scopes[i] = s.scope(scope)
		for _, m := range scope.Methods {
			s.word(m)
		}
		out.Scopes[i].Methods = scope.Methods
	}
	if s.flag(r.Super != nil) {
		out.Super = &model.Super{Field: s.gap(r.Super.Field), Pointer: s.flag(r.Super.Pointer)}
	}
	return out
}

func (s *shaper) requirement(q model.Requirement) model.Requirement {
	out := s.alternatives.take(s.number(len(q)))
	for i, all := range q {
		out[i] = s.scopeRefs.take(s.number(len(all)))
		for j, ref := range all {
			out[i][j] = s.ref(ref)
		}
	}
	return out
}

func (s *shaper) scope(scope model.Scope) model.Scope {
	return model.Scope{ScopeRef: s.ref(scope.ScopeRef), Action: s.optional(scope.Action), Text: s.prose(scope.Text)}
}

// pkg returns the shape of a package without resources.
func (s *shaper) pkg(p *model.Package) *model.Package {
	out := &model.Package{Name: s.gap(p.Name), Scopes: make([]model.Scope, s.number(len(p.Scopes)))}
	for i, scope := range p.Scopes {
		out.Scopes[i] = s.scope(scope)
	}
	return out
}

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
	file, err := guard(f, p, r).render("guard")
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
