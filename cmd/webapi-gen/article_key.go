package main

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// keyTable returns the keys of a directive, those marked that a package's
// defaults can set.
func keyTable(d annotations.Directive) part {
	p := part{title: "Keys", head: []string{"key", "what it sets", "default"}}
	for _, k := range d.Keys {
		name := k.Name
		if k.Inheritable && d.Name != annotations.DirectiveDefaults {
			name += " *"
			p.prose = "Those marked * can also stand in //webapi:defaults."
		}
		p.rows = append(p.rows, []string{name, k.Doc + " (" + valueOf(k) + ")", k.Default})
	}
	return p
}

// aboutKey returns what there is to say about a key.
func aboutKey(k annotations.Key) []part {
	facts := part{rows: [][]string{{"sets", k.Doc}, {"value", valueForms(k)}}}
	if k.Default != "" {
		facts.rows = append(facts.rows, []string{"default", k.Default})
	}
	facts.rows = append(facts.rows, []string{"stands in", holdersOf(k)})
	sample, _ := annotations.KeySample(k.Name)
	parts := append([]part{facts}, samples(sample)...)
	if k.Name == annotations.KeyMethods || k.Name == annotations.KeyMap {
		parts = append(parts, methodMap())
	}
	return parts
}

// ownEntries returns the entries of a resource in a spec that are no keys.
func ownEntries() []annotations.Key {
	resource, _ := annotations.FindDirective(annotations.DirectiveResource)
	return slices.DeleteFunc(annotations.ResourceEntries(), func(k annotations.Key) bool {
		return slices.Contains(annotations.KeyNames(resource.Keys), k.Name)
	})
}

// aboutEntry returns what there is to say about an entry of a spec.
func aboutEntry(k annotations.Key) []part {
	facts := part{rows: [][]string{{"sets", k.Doc}}}
	if k.Default != "" {
		facts.rows = append(facts.rows, []string{"default", k.Default})
	} else {
		facts.rows = append(facts.rows, []string{"default", "none: it must be written"})
	}
	return append([]part{facts}, samples(annotations.SpecSample())...)
}

// entryTable returns entries of a spec.
func entryTable(entries []annotations.Key) part {
	p := part{head: []string{"entry", "what it sets", "default"}}
	for _, k := range entries {
		p.rows = append(p.rows, []string{k.Name, k.Doc, k.Default})
	}
	return p
}

// valueOf returns the kind of a key's value in a word or two.
func valueOf(k annotations.Key) string {
	switch k.Kind {
	case annotations.KindWord:
		return "a word"
	case annotations.KindLine:
		return "a line of text"
	case annotations.KindChoice:
		return strings.Join(k.Values, " or ")
	case annotations.KindList:
		return "a list"
	default:
		return "a map"
	}
}

// valueForms returns how the value of a key is written.
func valueForms(k annotations.Key) string {
	form := valueOf(k)
	switch k.Kind {
	case annotations.KindLine:
		form += `, in an annotation in quotes if it has a blank: "a line"`
	case annotations.KindList:
		form += ": A,B in an annotation, [A, B] in a spec"
	case annotations.KindMap:
		form += ": A:b,C:d in an annotation, {A: b, C: d} in a spec"
	}
	if !k.Inheritable || k.Default != annotations.None {
		return form
	}
	none := annotations.None
	if k.Kind == annotations.KindList {
		none += " (in a spec also [])"
	}
	return form + "; " + none + " undoes what the package's defaults say"
}

// holdersOf returns where a key can be written.
func holdersOf(k annotations.Key) string {
	var names []string
	for _, d := range annotations.Directives() {
		if slices.Contains(annotations.KeyNames(d.Keys), k.Name) {
			names = append(names, "//webapi:"+d.Name)
		}
	}
	where := strings.Join(names, " and ")
	switch {
	case k.Inheritable:
		where += "; in a spec, in a resource and in defaults"
	case k.Name != annotations.KeyReason: // public is about code, and has no counterpart
		where += "; in a spec, in a resource"
	}
	return where
}

// methodMap returns the actions that methods have unless a map says otherwise.
func methodMap() part {
	p := part{title: "The method map", head: []string{"method", "action"}}
	for _, m := range annotations.Methods() {
		p.rows = append(p.rows, []string{m, annotations.DefaultAction(m)})
	}
	return p
}
