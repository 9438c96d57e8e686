package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// A part is a paragraph of what there is to say about a word of the language:
// a title and what of the rest there is. The command explain prints it, and
// REFERENCE.md has it in Markdown.
type part struct {
	title string
	file  string // the name of the file that code is
	prose string
	head  []string // of rows, if these are a table
	rows  [][]string
	code  string
	said  string // messages of the tool
}

// aboutCode returns what there is to say about a code, less its title.
func aboutCode(m language.Meaning) []part {
	example, _ := language.ExampleOf(m.Code)
	given, wrong, right := contrast(example)
	parts := []part{{prose: m.Summary}, {prose: example.Note}}
	parts = append(parts, codeOf("Last generated from", example.Before)...)
	if example.Before != nil {
		parts = append(parts, codeOf("Now", given)...)
	} else {
		parts = append(parts, codeOf("Given", given)...)
	}
	parts = append(parts, codeOf("Wrong", wrong)...)
	parts = append(parts, part{title: "What webapi-gen says", code: shell(example.Wrong.Call), said: example.Errors})
	if example.Right.Call != "" {
		parts = append(parts, part{title: "What mends it", code: shell(example.Right.Call)})
	}
	return append(parts, codeOf("Right", right)...)
}

// contrast returns the files of an example that are wrong and right, and those
// that are as they should be already: those that are in both, and all if it is
// a call that mends it.
func contrast(e language.Example) (given, wrong, right []language.File) {
	for _, f := range e.Wrong.Files {
		if e.Right.Files == nil || slices.Contains(e.Right.Files, f) {
			given = append(given, f)
		} else {
			wrong = append(wrong, f)
		}
	}
	for _, f := range e.Right.Files {
		if !slices.Contains(given, f) {
			right = append(right, f)
		}
	}
	return given, wrong, right
}

// synopsis returns how a directive is written.
func synopsis(d language.Directive) string { return "//webapi:" + d.Name + " " + d.Usage }

// aboutDirective returns what there is to say about a directive, less its usage.
func aboutDirective(d language.Directive) []part {
	parts := []part{{prose: fmt.Sprintf("%s It stands in %s.", d.Doc, d.Place)}}
	if len(d.Keys) > 0 {
		parts = append(parts, keyTable(d))
	}
	sample, _ := language.DirectiveSample(d.Name)
	return append(parts, samples(sample)...)
}

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
	if k.Inheritable && k.Default == language.None {
		form += "; none undoes what the package's defaults say"
	}
	return form
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

// samples returns how something is written in both languages.
func samples(s language.Sample) []part {
	parts := append(codeOf("In an annotation", s.Annotated), codeOf("In a spec", s.Spec)...)
	return append(parts, part{prose: s.Note})
}

func codeOf(title string, files []language.File) []part {
	var parts []part
	for _, f := range files {
		parts = append(parts, part{title: title, file: f.Name, code: f.Text})
	}
	return parts
}

// shell returns a command line as a terminal shows it.
func shell(call string) string {
	if call == "" {
		return ""
	}
	return "$ " + call + "\n"
}
