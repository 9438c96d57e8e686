package webapi

import (
	"fmt"
	"slices"
	"strings"
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
