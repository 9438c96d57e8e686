package main

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
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
func aboutCode(m diag.Meaning) []part {
	example, _ := annotations.ExampleOf(m.Code)
	given, wrong, right := contrast(example)
	parts := []part{{prose: m.Summary}, {prose: example.Note}}
	if m.Code.Warning() {
		parts = append(parts, part{prose: fmt.Sprintf("This is a warning: webapi-gen writes its files nevertheless, but webapi-gen check fails. The flag --lint=-%s switches it off.", m.Code)})
	}
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
func contrast(e annotations.Example) (given, wrong, right []annotations.ExampleFile) {
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
func synopsis(d annotations.Directive) string { return "//webapi:" + d.Name + " " + d.Usage }

// aboutDirective returns what there is to say about a directive, less its usage.
func aboutDirective(d annotations.Directive) []part {
	parts := []part{{prose: fmt.Sprintf("%s It stands in %s.", d.Doc, d.Location)}}
	if len(d.Keys) > 0 {
		parts = append(parts, keyTable(d))
	}
	sample, _ := annotations.DirectiveSample(d.Name)
	return append(parts, samples(sample)...)
}

// samples returns how something is written in both languages.
func samples(s annotations.Sample) []part {
	parts := append(codeOf("In an annotation", s.Annotated), codeOf("In a spec", s.Spec)...)
	return append(parts, part{prose: s.Note})
}

func codeOf(title string, files []annotations.ExampleFile) []part {
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

// The form of a page: how wide prose is, and how far examples are indented.
const (
	pageWidth = 80
	indent    = "    "
)

// A page is a text for a terminal that is being written.
type page struct{ strings.Builder }

// paragraph writes prose, wrapped between words. The first line begins with
// first, the others with rest.
func (p *page) paragraph(text, first, rest string) {
	line, begin := first, true
	for _, word := range strings.Fields(text) {
		if !begin && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > pageWidth {
			fmt.Fprintln(p, line)
			line, begin = rest, true
		}
		if !begin {
			line += " "
		}
		line, begin = line+word, false
	}
	fmt.Fprintln(p, line)
}

// topic writes what there is to say about a topic.
func (p *page) topic(t topic) {
	p.WriteString(t.title + "\n")
	for _, part := range t.parts() {
		p.part(part)
	}
}

// part writes a part, with an empty line before each of its blocks.
func (p *page) part(part part) {
	if part.title != "" {
		p.WriteString("\n" + part.title)
		if part.file != "" {
			p.WriteString(" (" + part.file + ")")
		}
		p.WriteString(":\n")
	}
	if part.rows != nil {
		p.WriteString("\n")
		p.table(part.head, part.rows)
	}
	if part.prose != "" {
		p.WriteString("\n")
		p.paragraph(part.prose, "", "")
	}
	if part.code != "" || part.said != "" {
		p.WriteString("\n")
		p.code(part.code)
	}
	for line := range strings.Lines(part.said) {
		p.paragraph(line, indent, indent+indent)
	}
}

// code writes an example, which is never wrapped.
func (p *page) code(text string) {
	for line := range strings.Lines(text) {
		if line != "\n" {
			line = indent + line
		}
		p.WriteString(line)
	}
}

// table writes rows in two columns: in the second, each cell of a row begins a
// line, those after the first with their heading.
func (p *page) table(head []string, rows [][]string) {
	width := 0
	for _, row := range rows {
		width = max(width, len(row[0]))
	}
	rest := indent + strings.Repeat(" ", width+2)
	for _, row := range rows {
		p.paragraph(row[1], fmt.Sprintf("%s%-*s", indent, width+2, row[0]), rest)
		for i, cell := range row[2:] {
			if cell != "" {
				p.paragraph(head[2+i]+": "+cell, rest, rest)
			}
		}
	}
}
