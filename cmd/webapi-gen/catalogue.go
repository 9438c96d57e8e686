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
	var c catalogue
	for _, pkg := range packages {
		for _, r := range pkg.Catalogued() {
			c = append(c, resource{r, pkg})
		}
	}
	return c, nil
}

// names returns the words for a resource, the shortest first.
func (r resource) names() []string {
	var names []string
	for _, qualifier := range []string{"", r.pkg.Name + ".", r.pkg.Dir + "."} {
		names = append(names, qualifier+r.Name, qualifier+r.Type)
	}
	return names
}

// find returns the resource that a word names. The error lists similar words, or
// all.
func (c catalogue) find(word string) (resource, error) {
	found := c.named(word)
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return resource{}, fmt.Errorf("resource %q is ambiguous: write %s", word, strings.Join(found.short(c), " or "))
	case len(c) == 0:
		return resource{}, fmt.Errorf("unknown resource %q: there is none at all", word)
	}
	var names []string
	for _, r := range c {
		names = append(names, r.names()...)
	}
	return resource{}, fmt.Errorf("unknown resource %q%s%s", word, annotations.Suggest(word, names), thereAre(c.short(c)))
}

// thereAre returns the end of a message about an unknown name, which lists the known
// ones if they are few.
func thereAre(names []string) string {
	const most = 20 // more would bury the message
	if len(names) == 0 || len(names) > most {
		return ""
	}
	return "; there are: " + strings.Join(names, ", ")
}

func (c catalogue) named(word string) catalogue {
	var found catalogue
	for _, r := range c {
		if slices.Contains(r.names(), word) {
			found = append(found, r)
		}
	}
	return found
}

// short returns for each resource the shortest word that is none for another one
// of all.
func (c catalogue) short(all catalogue) []string {
	uses := map[string]int{}
	for _, r := range all {
		names := r.names()
		slices.Sort(names)
		for _, n := range slices.Compact(names) {
			uses[n]++
		}
	}
	var short []string
	for _, r := range c {
		names := r.names()
		i := slices.IndexFunc(names, func(n string) bool { return uses[n] == 1 })
		short = append(short, names[max(i, 0)])
	}
	return short
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
	for _, r := range c {
		for _, s := range slices.Concat(r.Scopes, r.pkg.Scopes) {
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
	for _, s := range words {
		if !slices.Contains(known, s) {
			errs = append(errs, fmt.Errorf("--%s: unknown scope %q%s%s", flag, s, annotations.Suggest(s, known), thereAre(known)))
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
