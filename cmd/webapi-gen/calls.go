package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/model"
)

// every stands for every method, or for every resource.
const every = "*"

// A methodCall is a request for a method of a resource.
type methodCall struct {
	resource
	method model.Method
	name   string // METHOD:resource, with a word that means no other resource
}

// closed reports whether no scope lets the call through.
func (c methodCall) closed() bool { return !c.OAuth2 && !c.method.Anonymous }

// calls returns what the words METHOD[,METHOD]:RESOURCE stand for, each call
// once and in the order of the catalogue, so that the order of the words does
// not matter. Those of a wildcard that no scope lets through are apart.
func (c catalogue) calls(words []string) (calls, closed []methodCall, errs []error) {
	named := map[string]bool{}
	wanted := map[string]bool{}
	for _, word := range words {
		if methods, of, _ := strings.Cut(word, ":"); methods == "" || of == "" {
			errs = append(errs, fmt.Errorf("a call is METHOD:resource, as in DELETE:note; got %q", word))
			continue
		}
		names, wild, wrong := c.expand(word)
		for _, err := range wrong {
			errs = append(errs, fmt.Errorf("%s: %w", word, err))
		}
		for _, n := range names {
			wanted[n] = true
			named[n] = named[n] || !wild
		}
	}
	if len(errs) > 0 {
		return nil, nil, errs
	}
	for _, call := range c.all() {
		switch {
		case !wanted[call.name]:
		case call.closed() && !named[call.name]:
			closed = append(closed, call)
		default:
			calls = append(calls, call)
		}
	}
	return calls, closed, nil
}

// all returns every call that there can be.
func (c catalogue) all() []methodCall {
	var calls []methodCall
	short := c.short(c)
	for i, r := range c {
		for _, m := range r.Methods {
			calls = append(calls, methodCall{r, m, m.Name + ":" + short[i]})
		}
	}
	return calls
}

// expand returns the names of the calls that a word stands for. It is wild if
// the word does not name each of them.
func (c catalogue) expand(word string) (names []string, wild bool, errs []error) {
	methods, of, _ := strings.Cut(word, ":")
	list := strings.Split(methods, ",")
	for _, m := range list {
		if m != every {
			errs = append(errs, methodWord(m))
		}
	}
	errs = slices.DeleteFunc(errs, func(err error) bool { return err == nil })
	resources := c
	if of != every {
		r, err := c.find(of)
		if err != nil {
			return nil, false, append(errs, err)
		}
		resources = catalogue{r}
	}
	if len(errs) > 0 {
		return nil, false, errs
	}
	short := resources.short(c)
	for _, m := range list {
		before := len(names)
		for i, r := range resources {
			for _, answered := range r.Methods {
				// HEAD follows GET, so a wildcard need not name both.
				if m == answered.Name || m == every && answered.Name != "HEAD" {
					names = append(names, answered.Name+":"+short[i])
				}
			}
		}
		if len(names) == before {
			errs = append(errs, notAnswered(m, resources, of))
		}
		wild = wild || m == every
	}
	return names, wild || of == every, errs
}

// notAnswered returns the error of a method that none of the resources answers.
func notAnswered(method string, resources catalogue, of string) error {
	if of == every || len(resources) != 1 {
		return fmt.Errorf("no resource answers %s", method)
	}
	var answered []string
	for _, m := range resources[0].Methods {
		answered = append(answered, m.Name)
	}
	return fmt.Errorf("%s does not answer %s; it answers %s", of, method, cmp.Or(strings.Join(answered, ", "), "nothing"))
}
