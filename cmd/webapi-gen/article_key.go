package main

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// keyTable returns the keys of a directive, those marked that a package's
// defaults can set.
func keyTable(d language.Directive) part {
	p := part{title: "Keys", head: []string{"key", "what it sets", "default"}}
	for _, k := range d.Keys {
		name := k.Name
		if k.Inheritable && d.Name != language.Defaults {
			name += " *"
			p.prose = "Those marked * can also stand in //webapi:defaults."
		}
		p.rows = append(p.rows, []string{name, k.Doc + " (" + valueOf(k) + ")", k.Default})
	}
	return p
}

// aboutKey returns what there is to say about a key.
func aboutKey(k language.Key) []part {
	facts := part{rows: [][]string{{"sets", k.Doc}, {"value", valueForms(k)}}}
	if k.Default != "" {
		facts.rows = append(facts.rows, []string{"default", k.Default})
	}
	facts.rows = append(facts.rows, []string{"stands in", holdersOf(k)})
	sample, _ := language.KeySample(k.Name)
	parts := append([]part{facts}, samples(sample)...)
	if k.Name == language.KeyMethods || k.Name == language.KeyMap {
		parts = append(parts, methodMap())
	}
	return parts
}

// ownEntries returns the entries of a resource in a spec that are no keys.
func ownEntries() []language.Key {
	resource, _ := language.FindDirective(language.Resource)
	return slices.DeleteFunc(language.ResourceEntries(), func(k language.Key) bool {
		return slices.Contains(language.KeyNames(resource.Keys), k.Name)
	})
}

// aboutEntry returns what there is to say about an entry of a spec.
func aboutEntry(k language.Key) []part {
	facts := part{rows: [][]string{{"sets", k.Doc}}}
	if k.Default != "" {
		facts.rows = append(facts.rows, []string{"default", k.Default})
	} else {
		facts.rows = append(facts.rows, []string{"default", "none: it must be written"})
	}
	return append([]part{facts}, samples(language.SpecSample())...)
}

// entryTable returns entries of a spec.
func entryTable(entries []language.Key) part {
	p := part{head: []string{"entry", "what it sets", "default"}}
	for _, k := range entries {
		p.rows = append(p.rows, []string{k.Name, k.Doc, k.Default})
	}
	return p
}

// valueOf returns the kind of a key's value in a word or two.
func valueOf(k language.Key) string {
	switch k.Kind {
	case language.Word:
		return "a word"
	case language.Line:
		return "a line of text"
	case language.Choice:
		return strings.Join(k.Values, " or ")
	case language.List:
		return "a list"
	default:
		return "a map"
	}
}

// valueForms returns how the value of a key is written.
func valueForms(k language.Key) string {
	form := valueOf(k)
	switch k.Kind {
	case language.Line:
		form += `, in an annotation in quotes if it has a blank: "a line"`
	case language.List:
		form += ": A,B in an annotation, [A, B] in a spec"
	case language.Map:
		form += ": A:b,C:d in an annotation, {A: b, C: d} in a spec"
	}
	if !k.Inheritable || k.Default != language.None {
		return form
	}
	none := language.None
	if k.Kind == language.List {
		none += " (in a spec also [])"
	}
	return form + "; " + none + " undoes what the package's defaults say"
}

// holdersOf returns where a key can be written.
func holdersOf(k language.Key) string {
	var names []string
	for _, d := range language.Directives() {
		if slices.Contains(language.KeyNames(d.Keys), k.Name) {
			names = append(names, "//webapi:"+d.Name)
		}
	}
	where := strings.Join(names, " and ")
	switch {
	case k.Inheritable:
		where += "; in a spec, in a resource and in defaults"
	case k.Name != language.KeyReason: // public is about code, and has no counterpart
		where += "; in a spec, in a resource"
	}
	return where
}

// methodMap returns the actions that methods have unless a map says otherwise.
func methodMap() part {
	p := part{title: "The method map", head: []string{"method", "action"}}
	for _, m := range language.Methods() {
		p.rows = append(p.rows, []string{m, language.DefaultAction(m)})
	}
	return p
}
