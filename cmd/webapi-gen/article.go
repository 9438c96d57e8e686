package main

import (
	"fmt"
	"slices"

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
	parts := []part{{prose: fmt.Sprintf("%s It stands in %s.", d.Doc, d.Place)}}
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
