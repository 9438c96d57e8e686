package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/model"
)

// A resource is one that the command line may name.
type resource struct {
	*model.Resource
	pkg *model.Package
}

// A catalogue has the resources of packages, except those of tests, by package and
// name.
type catalogue []resource

func (a *app) catalogue(ctx context.Context) (catalogue, error) {
	packages, err := generator.Packages(ctx, a.cfg)
	if err != nil {
		return nil, err
	}
	return catalogueOf(packages), nil
}

func catalogueOf(packages []*model.Package) catalogue {
	var c catalogue
	for _, pkg := range packages {
		for _, r := range pkg.Catalogued() {
			c = append(c, resource{r, pkg})
		}
	}
	return c
}

// names returns the words for a resource, the shortest first.
func (r resource) names() []string {
	var names []string
	for _, qualifier := range []string{"", r.pkg.Name + ".", r.pkg.Dir + "."} {
		names = append(names, qualifier+r.Name, qualifier+r.Type)
	}
	return names
}

// An index finds the resources of a catalogue by the words for them.
type index struct {
	catalogue
	named     map[string]catalogue
	suggested suggester
}

func (c catalogue) index() *index {
	x := &index{catalogue: c, named: map[string]catalogue{}}
	for _, r := range c {
		names := r.names()
		slices.Sort(names)
		for _, n := range slices.Compact(names) {
			x.named[n] = append(x.named[n], r)
		}
	}
	return x
}

// find returns the resource that a word names. The error lists similar words, or
// all, if they are few.
func (x *index) find(word string) (resource, error) {
	found := x.named[word]
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		more := ""
		if n := len(found) - most; n > 0 {
			found, more = found[:most], fmt.Sprintf(", or one of %d more", n)
		}
		return resource{}, fmt.Errorf("resource %q is ambiguous: write %s%s", word, strings.Join(x.short(found), " or "), more)
	case len(x.catalogue) == 0:
		return resource{}, fmt.Errorf("unknown resource %q: there is none at all", word)
	}
	if x.suggested.names == nil {
		for _, r := range x.catalogue {
			x.suggested.names = append(x.suggested.names, r.names()...)
		}
	}
	there := ""
	if len(x.catalogue) <= most {
		there = thereAre(x.short(x.catalogue))
	}
	return resource{}, fmt.Errorf("unknown resource %q%s%s", word, x.suggested.hint(word), there)
}

// short returns for each resource the shortest word that is none for another one of
// the index.
func (x *index) short(of catalogue) []string {
	var short []string
	for _, r := range of {
		names := r.names()
		i := slices.IndexFunc(names, func(n string) bool { return len(x.named[n]) == 1 })
		short = append(short, names[max(i, 0)])
	}
	return short
}

// find is index.find for a single word.
func (c catalogue) find(word string) (resource, error) { return c.index().find(word) }

// short is index.short for a single list of resources.
func (c catalogue) short(all catalogue) []string { return all.index().short(c) }

// A suggester suggests one of some names for each word that is none of them.
type suggester struct {
	names    []string
	compared int
}

// maxCompared is how many names are compared in all. With many of both it would take long.
const maxCompared = 2_000_000

// hint is [annotations.Suggest], and "" after maxCompared.
func (s *suggester) hint(word string) string {
	if s.compared += len(s.names); s.compared > maxCompared {
		return ""
	}
	return annotations.Suggest(word, s.names)
}

// most is how many names a message lists. More would bury it.
const most = 20

// thereAre returns the end of a message about an unknown name, which lists the known
// ones if they are few.
func thereAre(names []string) string {
	if len(names) == 0 || len(names) > most {
		return ""
	}
	return "; there are: " + strings.Join(names, ", ")
}

// shortInPackage returns for each resource the shortest word that is none for
// another one of its package.
func (c catalogue) shortInPackage() map[*model.Resource]string {
	short := map[*model.Resource]string{}
	for len(c) > 0 {
		n := 1
		for n < len(c) && c[n].pkg == c[0].pkg {
			n++
		}
		for i, word := range c[:n].short(c[:n]) {
			short[c[i].Resource] = word
		}
		c = c[n:]
	}
	return short
}

// scopes returns all declared and required scopes, sorted.
func (c catalogue) scopes() []string {
	var scopes []string
	for i, r := range c {
		if i == 0 || c[i-1].pkg != r.pkg {
			for _, s := range r.pkg.Scopes {
				scopes = append(scopes, s.Value)
			}
		}
		for _, s := range r.Scopes {
			scopes = append(scopes, s.Value)
		}
		for _, m := range r.Methods {
			scopes = append(scopes, slices.Concat(m.Requires.Values()...)...)
		}
	}
	slices.Sort(scopes)
	return slices.Compact(scopes)
}

func (c catalogue) unknownScopes(flag string, words []string) []error {
	var errs []error
	known := c.scopes()
	suggested := suggester{names: known}
	for _, s := range words {
		if _, found := slices.BinarySearch(known, s); !found {
			errs = append(errs, fmt.Errorf("--%s: unknown scope %q%s%s", flag, s, suggested.hint(s), thereAre(known)))
		}
	}
	return errs
}

func checkMethod(word string) error {
	if annotations.IsMethod(word) {
		return nil
	}
	if word == "" {
		return errors.New("a method is empty")
	}
	methods := annotations.Methods()
	return fmt.Errorf("unknown method %q%s; allowed: %s", word, annotations.Suggest(word, methods), strings.Join(methods, ", "))
}

// checkOperation returns an error unless a word is an HTTP method or a named operation of one.
func checkOperation(word string) error {
	method, name := annotations.CutOperation(word)
	switch {
	case annotations.IsOperation(word):
		return nil
	case method == "HEAD":
		return fmt.Errorf("HEAD follows GET and has no operation of its own; name GET/%s", name)
	case annotations.IsMethod(method):
		return fmt.Errorf("unknown operation %q; after the slash stands a name in snake_case, in small letters, as in %s/archive", word, method)
	default:
		return checkMethod(method)
	}
}

// operations returns all methods, and the named operations that the resources answer.
func (c catalogue) operations() []string {
	list := annotations.Methods()
	for _, r := range c {
		for _, m := range r.Operations() {
			list = append(list, m.Name)
		}
	}
	slices.SortFunc(list, annotations.CompareOperations)
	return slices.Compact(list)
}

// usageErrors returns the errors as one usage error, or nil if there are none.
func usageErrors(errs []error) error {
	if len(errs) == 0 {
		return nil
	}
	lines := make([]string, len(errs))
	for i, err := range errs {
		lines[i] = err.Error()
	}
	return &generator.UsageError{Message: strings.Join(lines, "\nwebapi-gen: ")}
}
