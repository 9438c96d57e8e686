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

// Catalog is the scopes of an API, for a consent page, documentation and
// [Metadata] (Djblets: WebAPIScopeDictionary of webapi/oauth2_scopes.py). It is
// immutable. The zero value and a nil *Catalog are empty. No guard uses it.
type Catalog struct {
	scopes   map[Scope]CatalogEntry
	order    []Scope
	policies map[string]policyUse // by policy ID
}

// policyUse is what the resources with a policy ID make of a [Policy].
type policyUse struct {
	tokens  bool // one accepts API tokens
	objects bool // one that does has a Key
}

// CatalogEntry describes a scope of a [Catalog].
type CatalogEntry struct {
	// Scope is the scope.
	Scope Scope
	// Description is a text about what the scope grants: that of a [ScopeInfo],
	// or one that lists Methods and Resources.
	Description string
	// Methods are the HTTP methods whose requirements have the scope, and
	// Resources the names of their resources, both in ascending order.
	Methods, Resources []string
	// Implies are the scopes that a token with Scope is taken to have too, in
	// ascending order. A consent page shows them under Scope.
	Implies []Scope
}

// NewCatalog returns the catalogue of the given resources. Each list is the result
// of the generated function WebAPIResources of a package. A resource that does not
// accept OAuth2 tokens contributes no scope. NewCatalog returns an error if a
// scope has different descriptions, or is not a scope-token of RFC 6749, section
// 3.3. The error lists all such scopes.
func NewCatalog(lists ...[]ResourceInfo) (*Catalog, error) {
	b := catalogBuilder{scopes: map[Scope]*catalogScope{}, policies: map[string]policyUse{}}
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

// Lookup returns the entry of scope, and false if the catalogue does not have it.
func (c *Catalog) Lookup(scope Scope) (CatalogEntry, bool) {
	if c == nil {
		return CatalogEntry{}, false
	}
	e, ok := c.scopes[scope]
	return e.clone(), ok
}

// CheckPolicy returns an error if p has something that no resource of the catalogue
// obeys: a section for a resource that the catalogue does not have or that accepts no
// API tokens, or an entry for an object of a resource without a Key, which cannot tell
// its objects apart. If several resources have the policy ID, one of them has to obey.
// The error lists everything.
func (c *Catalog) CheckPolicy(p Policy) error {
	if c == nil {
		c = new(Catalog)
	}
	var errs []error
	fail := func(path, reason string) { errs = append(errs, fmt.Errorf("webapi: policy: %s: %s", path, reason)) }
	for _, id := range p.IDs() {
		path := joinPath("resources", id)
		use, known := c.policies[id]
		switch {
		case !known:
			fail(path, "no such resource")
			continue
		case !use.tokens:
			fail(path, "the resource accepts no API tokens")
			continue
		case use.objects:
			continue
		}
		for _, object := range slices.Sorted(maps.Keys(p.rules.resources[id])) {
			if object != "*" {
				fail(joinPath(path, object), `the resource has no key, so it cannot tell its objects apart; want "*"`)
			}
		}
	}
	return errors.Join(errs...)
}

// Catalog returns c. It makes a Catalog a [CatalogSource].
func (c *Catalog) Catalog() *Catalog { return c }

// A CatalogSource returns a catalogue that may change: a [Registry], or a
// [Catalog], which does not change.
type CatalogSource interface {
	// Catalog returns the current catalogue.
	Catalog() *Catalog
}

// ScopesSupported returns the scopes of the catalogue and the given ones, such as
// "openid", in ascending order and without duplicates. It is the value of
// scopes_supported in the metadata of an authorization server (RFC 8414, section
// 2). Since the catalogue may change, call it for each response.
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
	e.Methods, e.Resources, e.Implies = slices.Clone(e.Methods), slices.Clone(e.Resources), slices.Clone(e.Implies)
	return e
}

// catalogScope collects the uses and descriptions of a scope.
type catalogScope struct {
	methods, resources map[string]bool
	implies            map[Scope]bool
	descriptions       []description
}

type description struct{ text, source string }

type catalogBuilder struct {
	scopes   map[Scope]*catalogScope
	policies map[string]policyUse
	errs     []error
}

func (b *catalogBuilder) add(info ResourceInfo) {
	if info.Type != "" && info.Policy != "" {
		use := b.policies[info.Policy]
		use.tokens = use.tokens || info.APITokens
		use.objects = use.objects || info.APITokens && info.Key != ""
		b.policies[info.Policy] = use
	}
	if info.Type != "" && !info.OAuth2 {
		return
	}
	for _, m := range info.Methods {
		if slices.ContainsFunc(m.Requires, func(scopes []Scope) bool { return len(scopes) == 0 }) {
			b.fail("%s: an alternative of %s has no scope", info.source(), m.Method)
		}
		for _, s := range slices.Concat(m.Requires...) {
			if scope := b.scope(info, s); scope != nil {
				scope.methods[m.Method] = true
				scope.resources[info.Name] = true
			}
		}
	}
	for _, s := range info.Scopes {
		scope := b.scope(info, s.Scope)
		if scope == nil {
			continue
		}
		if s.Description != "" {
			scope.descriptions = append(scope.descriptions, description{s.Description, info.source()})
		}
		for _, implied := range s.Implies {
			scope.implies[implied] = true
		}
	}
}

// scope returns the scope s, which info has, or nil if s is not a scope-token.
func (b *catalogBuilder) scope(info ResourceInfo, s Scope) *catalogScope {
	if !s.valid() {
		b.fail("%s: %q is not a scope", info.source(), s)
		return nil
	}
	if b.scopes[s] == nil {
		b.scopes[s] = &catalogScope{methods: map[string]bool{}, resources: map[string]bool{}, implies: map[Scope]bool{}}
	}
	return b.scopes[s]
}

// fail adds an error, unless there is one with the same text.
func (b *catalogBuilder) fail(format string, args ...any) {
	err := fmt.Errorf("webapi: catalog: "+format, args...)
	if !slices.ContainsFunc(b.errs, func(other error) bool { return other.Error() == err.Error() }) {
		b.errs = append(b.errs, err)
	}
}

func (b *catalogBuilder) build() (*Catalog, error) {
	c := &Catalog{scopes: map[Scope]CatalogEntry{}, policies: b.policies}
	c.order = slices.Sorted(maps.Keys(b.scopes))
	for _, s := range c.order {
		scope := b.scopes[s]
		for _, other := range scope.descriptions {
			if first := scope.descriptions[0]; other.text != first.text {
				b.fail("scope %s is %q in %s but %q in %s", s, first.text, first.source, other.text, other.source)
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
		Implies:   slices.Sorted(maps.Keys(s.implies)),
	}
	switch {
	case len(s.descriptions) > 0:
		e.Description = s.descriptions[0].text
	case len(e.Methods) == 0: // declared, but not required
		e.Description = string(name)
	default:
		e.Description = defaultDescription(e)
	}
	return e
}

// defaultDescription returns the default text of Djblets for a scope
// (webapi/oauth2_scopes.py), with one resource or several.
func defaultDescription(e CatalogEntry) string {
	last := len(e.Resources) - 1
	names, noun := e.Resources[last], "resource"
	if last > 0 {
		names, noun = strings.Join(e.Resources[:last], ", ")+" and "+names, "resources"
	}
	return fmt.Sprintf("Ability to perform HTTP %s on the %s %s", strings.Join(e.Methods, ", "), names, noun)
}

// source returns the name of the resource or package in errors.
func (i ResourceInfo) source() string {
	if i.Type == "" {
		return "package " + i.Package
	}
	return i.Package + "." + i.Type
}

// Registry is a catalogue that extensions change while the server runs (Djblets:
// ExtensionEnabledWebAPIScopeDictionary of webapi/oauth2_scopes.py). Readers take
// no lock: each gets an immutable [Catalog]. The zero value is empty and ready to
// use. A Registry must not be copied.
type Registry struct {
	current atomic.Pointer[Catalog]

	mu    sync.Mutex                // held by writers
	added map[string][]ResourceInfo // by name
}

// Catalog returns the current catalogue.
func (r *Registry) Catalog() *Catalog {
	if c := r.current.Load(); c != nil {
		return c
	}
	return new(Catalog)
}

// Add adds the resources of an extension, or of the application, under a name of
// the caller's choice. It returns an error and changes nothing if the name is
// empty or in use, or if [NewCatalog] fails for all resources together.
func (r *Registry) Add(name string, lists ...[]ResourceInfo) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if name == "" {
		return errors.New("webapi: registry: no name")
	}
	if _, ok := r.added[name]; ok {
		return fmt.Errorf("webapi: registry: %q has been added already", name)
	}
	added := maps.Clone(r.added)
	if added == nil {
		added = map[string][]ResourceInfo{}
	}
	added[name] = CloneResources(slices.Concat(lists...))
	return r.publish(added)
}

// Remove removes the resources that were added under name. It returns an error if
// there are none.
func (r *Registry) Remove(name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.added[name]; !ok {
		return fmt.Errorf("webapi: registry: %q has not been added", name)
	}
	added := maps.Clone(r.added)
	delete(added, name)
	return r.publish(added)
}

// publish makes the catalogue of the lists the current one, unless NewCatalog
// fails.
func (r *Registry) publish(added map[string][]ResourceInfo) error {
	var lists [][]ResourceInfo
	for _, name := range slices.Sorted(maps.Keys(added)) {
		lists = append(lists, added[name])
	}
	c, err := NewCatalog(lists...)
	if err != nil {
		return err
	}
	r.added = added
	r.current.Store(c)
	return nil
}
