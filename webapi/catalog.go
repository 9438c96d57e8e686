package webapi

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Catalog is every scope of an API, for a consent page, for documentation and
// for the metadata that clients read (Djblets: WebAPIScopeDictionary of
// webapi/oauth2_scopes.py). It is immutable. The zero value and a nil *Catalog
// are empty. Nothing is decided by it.
type Catalog struct {
	scopes    map[Scope]CatalogEntry
	order     []Scope
	policyIDs map[string]bool
}

// CatalogEntry is one scope of a [Catalog].
type CatalogEntry struct {
	// Scope is the scope.
	Scope Scope
	// Description says for people what the scope grants: the text that the
	// API's authors wrote, or one that lists Methods and Resources.
	Description string
	// Methods are the HTTP methods that the scope opens, alone or together
	// with others, and Resources the names of the resources that it opens them
	// on; both in ascending order.
	Methods, Resources []string
}

// NewCatalog returns the catalogue of the given resources: what the generated
// function WebAPIResources of each package returns. A resource that takes no
// OAuth2 tokens contributes no scope. The error names every scope that is
// described with different texts, and by whom; and what is not a scope-token of
// RFC 6749, section 3.3.
func NewCatalog(lists ...[]ResourceInfo) (*Catalog, error) {
	b := catalogBuilder{scopes: map[Scope]*catalogScope{}, policyIDs: map[string]bool{}}
	for _, list := range lists {
		for _, info := range list {
			b.add(info)
		}
	}
	return b.build()
}

// All returns the scopes in ascending byte order of the scope.
func (c *Catalog) All() []CatalogEntry {
	if c == nil {
		return nil
	}
	all := make([]CatalogEntry, len(c.order))
	for i, s := range c.order {
		all[i] = c.scopes[s].clone()
	}
	return all
}

// Lookup returns the entry of a scope.
func (c *Catalog) Lookup(scope Scope) (CatalogEntry, bool) {
	if c == nil {
		return CatalogEntry{}, false
	}
	e, ok := c.scopes[scope]
	return e.clone(), ok
}

// CheckPolicy returns an error if p has a section for a resource that the
// catalogue does not have: a misspelt ID would restrict nothing.
func (c *Catalog) CheckPolicy(p Policy) error {
	var unknown []string
	for _, id := range p.IDs() {
		if c == nil || !c.policyIDs[id] {
			unknown = append(unknown, joinPath("resources", id))
		}
	}
	if unknown == nil {
		return nil
	}
	return fmt.Errorf("webapi: policy: no such resource: %s", strings.Join(unknown, ", "))
}

// Catalog returns c. It makes a Catalog a [CatalogSource].
func (c *Catalog) Catalog() *Catalog { return c }

// CatalogSource is a catalogue that may change: a [Registry], or a [Catalog],
// which does not.
type CatalogSource interface {
	// Catalog returns the catalogue of now.
	Catalog() *Catalog
}

// ScopesSupported returns the value of scopes_supported in the metadata of an
// authorization server (RFC 8414, section 2): the scopes of the catalogue and
// the server's own, such as "openid", in ascending order. Asked for each
// response, it cannot go stale.
func ScopesSupported(source CatalogSource, own ...string) []string {
	names := slices.Clone(own)
	if source != nil {
		if c := source.Catalog(); c != nil {
			for _, s := range c.order {
				names = append(names, string(s))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func (e CatalogEntry) clone() CatalogEntry {
	e.Methods, e.Resources = slices.Clone(e.Methods), slices.Clone(e.Resources)
	return e
}

// catalogScope collects what is said of a scope.
type catalogScope struct {
	methods, resources map[string]bool
	texts              []describedBy
}

type describedBy struct{ text, who string }

type catalogBuilder struct {
	scopes    map[Scope]*catalogScope
	policyIDs map[string]bool
	errs      []error
}

func (b *catalogBuilder) add(info ResourceInfo) {
	if info.Type != "" && info.Policy != "" {
		b.policyIDs[info.Policy] = true
	}
	if info.Type != "" && !info.OAuth2 {
		return
	}
	for _, m := range info.Methods {
		if slices.ContainsFunc(m.Requires, func(scopes []Scope) bool { return len(scopes) == 0 }) {
			b.fail("%s: an alternative of %s has no scope", info.who(), m.Method)
		}
		for _, s := range slices.Concat(m.Requires...) {
			if scope := b.scope(info, s); scope != nil {
				scope.methods[m.Method] = true
				scope.resources[info.Name] = true
			}
		}
	}
	for _, s := range info.Scopes {
		if scope := b.scope(info, s.Scope); scope != nil && s.Description != "" {
			scope.texts = append(scope.texts, describedBy{s.Description, info.who()})
		}
	}
}

// scope returns what is said of a scope that info names; nil if it is none.
func (b *catalogBuilder) scope(info ResourceInfo, s Scope) *catalogScope {
	if !s.valid() {
		b.fail("%s: %q is not a scope", info.who(), s)
		return nil
	}
	if b.scopes[s] == nil {
		b.scopes[s] = &catalogScope{methods: map[string]bool{}, resources: map[string]bool{}}
	}
	return b.scopes[s]
}

// fail adds an error, once.
func (b *catalogBuilder) fail(format string, args ...any) {
	err := fmt.Errorf("webapi: catalog: "+format, args...)
	if !slices.ContainsFunc(b.errs, func(other error) bool { return other.Error() == err.Error() }) {
		b.errs = append(b.errs, err)
	}
}

func (b *catalogBuilder) build() (*Catalog, error) {
	c := &Catalog{scopes: map[Scope]CatalogEntry{}, policyIDs: b.policyIDs}
	c.order = slices.Sorted(maps.Keys(b.scopes))
	for _, s := range c.order {
		scope := b.scopes[s]
		for _, other := range scope.texts {
			if first := scope.texts[0]; other.text != first.text {
				b.fail("scope %s is %q in %s but %q in %s", s, first.text, first.who, other.text, other.who)
			}
		}
		c.scopes[s] = scope.entry(s)
	}
	if err := errors.Join(b.errs...); err != nil {
		return nil, err
	}
	return c, nil
}

func (s *catalogScope) entry(name Scope) CatalogEntry {
	e := CatalogEntry{
		Scope:     name,
		Methods:   slices.Sorted(maps.Keys(s.methods)),
		Resources: slices.Sorted(maps.Keys(s.resources)),
	}
	switch {
	case len(s.texts) > 0:
		e.Description = s.texts[0].text
	case len(e.Methods) == 0: // declared, but nothing asks for it
		e.Description = string(name)
	default:
		e.Description = defaultDescription(e)
	}
	return e
}

// defaultDescription returns the text that Djblets has for a scope, for one or
// for several resources.
func defaultDescription(e CatalogEntry) string {
	last := len(e.Resources) - 1
	names, noun := e.Resources[last], "resource"
	if last > 0 {
		names, noun = strings.Join(e.Resources[:last], ", ")+" and "+names, "resources"
	}
	return fmt.Sprintf("Ability to perform HTTP %s on the %s %s", strings.Join(e.Methods, ", "), names, noun)
}

// who returns the name under which an error speaks of the entry.
func (i ResourceInfo) who() string {
	if i.Type == "" {
		return "package " + i.Package
	}
	return i.Package + "." + i.Type
}

// Registry is a catalogue that extensions add to and remove from while the
// server runs (Djblets: ExtensionEnabledWebAPIScopeDictionary of
// webapi/oauth2_scopes.py). Readers take no lock: each gets the [Catalog] of one
// moment. The zero value is empty and ready for use. A Registry must not be
// copied.
type Registry struct {
	current atomic.Pointer[Catalog]

	mu    sync.Mutex // held by writers
	parts map[string][]ResourceInfo
}

// Catalog returns the catalogue of now.
func (r *Registry) Catalog() *Catalog {
	if c := r.current.Load(); c != nil {
		return c
	}
	return new(Catalog)
}

// Add adds the resources of an extension, or of the application itself, under a
// name of the caller's choice. If there is one of that name already, or if the
// catalogue has a conflict with it (see [NewCatalog]), the error says so and
// nothing changes.
func (r *Registry) Add(name string, lists ...[]ResourceInfo) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if name == "" {
		return errors.New("webapi: registry: no name")
	}
	if _, ok := r.parts[name]; ok {
		return fmt.Errorf("webapi: registry: %q has been added already", name)
	}
	parts := maps.Clone(r.parts)
	if parts == nil {
		parts = map[string][]ResourceInfo{}
	}
	parts[name] = CloneResources(slices.Concat(lists...))
	return r.publish(parts)
}

// Remove removes what was added under name. It is an error if nothing was.
func (r *Registry) Remove(name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.parts[name]; !ok {
		return fmt.Errorf("webapi: registry: %q has not been added", name)
	}
	parts := maps.Clone(r.parts)
	delete(parts, name)
	return r.publish(parts)
}

// publish makes the catalogue of parts the current one, if it has no conflict.
func (r *Registry) publish(parts map[string][]ResourceInfo) error {
	var lists [][]ResourceInfo
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		lists = append(lists, parts[name])
	}
	c, err := NewCatalog(lists...)
	if err != nil {
		return err
	}
	r.parts = parts
	r.current.Store(c)
	return nil
}
