package webapi

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

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
