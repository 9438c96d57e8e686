package webapi

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

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
