package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A section is a part of the explanation of a word. Empty fields are left out. The
// command explain prints it, and REFERENCE.md has it in Markdown.
type section struct {
	title  string
	file   string // the name of the file with the code
	prose  string
	head   []string // of rows, if they are a table
	rows   [][]string
	code   string
	output string // messages of the tool, after the code
}

func aboutCode(m diag.Meaning) []section {
	example, _ := annotations.ExampleOf(m.Code)
	given, wrong, right := contrast(example)
	sections := []section{{prose: m.Summary}, {prose: example.Note}}
	if m.Code.Warning() {
		sections = append(sections, section{prose: fmt.Sprintf("This is a warning: webapi-gen writes its files nevertheless, but webapi-gen check fails. The flag --lint=-%s switches it off.", m.Code)})
	}
	sections = append(sections, codeOf("Last generated from", example.Before)...)
	title := "Given"
	if example.Before != nil {
		title = "Now"
	}
	sections = append(sections, codeOf(title, given)...)
	sections = append(sections, codeOf("Wrong", wrong)...)
	sections = append(sections, section{title: "What webapi-gen says", code: shell(example.Wrong.Call), output: example.Errors})
	if example.Right.Call != "" {
		sections = append(sections, section{title: "What fixes it", code: shell(example.Right.Call)})
	}
	return append(sections, codeOf("Right", right)...)
}

// contrast returns the wrong and the right files of an example, and those that do
// not change: files that are in both, or all files if a command is the fix.
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

func synopsis(d annotations.Directive) string { return "//webapi:" + d.Name + " " + d.Usage }

func aboutDirective(d annotations.Directive) []section {
	sections := []section{{prose: fmt.Sprintf("%s It stands in %s.", d.Doc, d.Location)}}
	if len(d.Keys) > 0 {
		sections = append(sections, keyTable(d))
	}
	sample, _ := annotations.DirectiveSample(d.Name)
	return append(sections, samples(sample)...)
}

func samples(s annotations.Sample) []section {
	sections := append(codeOf("In an annotation", s.Annotated), codeOf("In a spec", s.Spec)...)
	return append(sections, section{prose: s.Note})
}

func codeOf(title string, files []annotations.ExampleFile) []section {
	var sections []section
	for _, f := range files {
		sections = append(sections, section{title: title, file: f.Name, code: f.Text})
	}
	return sections
}

func shell(call string) string {
	if call == "" {
		return ""
	}
	return "$ " + call + "\n"
}

// keyTable returns the keys of a directive, with a mark at those that the defaults
// of a package can set.
func keyTable(d annotations.Directive) section {
	p := section{title: "Keys", head: []string{"key", "what it sets", "default"}}
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

func aboutKey(k annotations.Key) []section {
	facts := section{rows: [][]string{{"sets", k.Doc}, {"value", valueForms(k)}}}
	if k.Default != "" {
		facts.rows = append(facts.rows, []string{"default", k.Default})
	}
	facts.rows = append(facts.rows, []string{"stands in", holdersOf(k)})
	sample, _ := annotations.KeySample(k.Name)
	sections := append([]section{facts}, samples(sample)...)
	if k.Name == annotations.KeyMethods || k.Name == annotations.KeyMap {
		sections = append(sections, methodMap())
	}
	return sections
}

func aboutOperation() []section {
	about := []section{{
		prose: "An operation is what a client does to a resource: an HTTP method, or a named one of a method, such as POST/archive. " +
			"The named one is for a route whose method alone does not say what it does: POST /notes/{id}/archive.",
	}, {
		rows: [][]string{
			{"name", "in snake_case, in small letters. HEAD has none, since it follows GET; CONNECT and TRACE are refused"},
			{"stands in", "methods, map, anonymous, public, authenticated, acr, maxage and webapi:require, wherever a method can. A method does not include its named operations there: methods=POST,POST/archive has both"},
			{"requires", "what its method requires, unless map gives it an action of its own, require its scopes, or a key says that none are needed. The package's defaults can do so for all resources that answer it"},
			{"GET/list", "the operation of the collection's route: HandleList and GuardList ask for it on GET and HEAD if the resource answers it, else for the method"},
			{"constant", "each has one, such as NotePostArchive for the POST/archive of NoteResource, of the type webapi.Operation"},
			{"route", "webapi.HandleOperation or webapi.GuardOperation with the constant; those of the adapters have the same names"},
			{"other methods", "its route answers its own method alone, and all others with 405; GET/list answers HEAD as well"},
			{"login", "as recent or strong as its method needs, unless acr or maxage say otherwise for it"},
			{"API tokens", "their policy is asked about the method: what allows POST allows POST/archive"},
			{"super", "its guard is asked for the operation, or for the method if the super does not answer that"},
		},
	}}
	return append(about, samples(annotations.OperationSample())...)
}

// ownEntries returns the entries of a resource in a spec that are not keys.
func ownEntries() []annotations.Key {
	resource, _ := annotations.FindDirective(annotations.DirectiveResource)
	return slices.DeleteFunc(annotations.ResourceEntries(), func(k annotations.Key) bool {
		return slices.Contains(annotations.KeyNames(resource.Keys), k.Name)
	})
}

func aboutEntry(k annotations.Key) []section {
	facts := section{rows: [][]string{{"sets", k.Doc}, {"default", cmp.Or(k.Default, "none: it must be written")}}}
	return append([]section{facts}, samples(annotations.SpecSample())...)
}

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

func valueForms(k annotations.Key) string {
	form := valueOf(k)
	switch k.Kind {
	case annotations.KindLine:
		form += `, in an annotation in quotes if it has a blank: "a line"`
	case annotations.KindList:
		form += ": A,B in an annotation, [A, B] in a spec"
	case annotations.KindMap:
		form += ": A:b,C:d in an annotation, {A: b, C: d} in a spec"
	case annotations.KindListMap:
		form += `: A:b,C:d in an annotation, "A:b c,D:e" for several values, {A: [b, c], D: [e]} in a spec`
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

// holdersOf returns the directives and entries that can have a key.
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
	case k.Name != annotations.KeyReason: // public is for code only
		where += "; in a spec, in a resource"
	}
	return where
}

func methodMap() section {
	p := section{title: "The method map", head: []string{"method", "action"}}
	for _, m := range annotations.Methods() {
		p.rows = append(p.rows, []string{m, annotations.DefaultAction(m)})
	}
	return p
}

// The width of prose, and the indentation of examples.
const (
	textWidth = 80
	indent    = "    "
)

// A textWriter writes a text for a terminal.
type textWriter struct{ strings.Builder }

// paragraph writes prose, wrapped between words. The first line has the prefix
// first, the others rest.
func (w *textWriter) paragraph(text, first, rest string) {
	line, begin := first, true
	for _, word := range strings.Fields(text) {
		if !begin && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > textWidth {
			fmt.Fprintln(w, line)
			line, begin = rest, true
		}
		if !begin {
			line += " "
		}
		line, begin = line+word, false
	}
	fmt.Fprintln(w, line)
}

func (w *textWriter) topic(t helpTopic) {
	w.WriteString(t.title + "\n")
	for _, s := range t.sections() {
		w.section(s)
	}
}

// section writes a section, with an empty line before each of its blocks.
func (w *textWriter) section(s section) {
	if s.title != "" {
		w.WriteString("\n" + s.title)
		if s.file != "" {
			w.WriteString(" (" + s.file + ")")
		}
		w.WriteString(":\n")
	}
	if s.rows != nil {
		w.WriteString("\n")
		w.table(s.head, s.rows)
	}
	if s.prose != "" {
		w.WriteString("\n")
		w.paragraph(s.prose, "", "")
	}
	if s.code != "" || s.output != "" {
		w.WriteString("\n")
		w.code(s.code)
	}
	for line := range strings.Lines(s.output) {
		w.paragraph(line, indent, indent+indent)
	}
}

// code writes an example, without wrapping.
func (w *textWriter) code(text string) {
	for line := range strings.Lines(text) {
		if line != "\n" {
			line = indent + line
		}
		w.WriteString(line)
	}
}

// table writes rows in two columns. The second has the other cells of the row, each
// on a line of its own, those after the first of them with their heading.
func (w *textWriter) table(head []string, rows [][]string) {
	width := 0
	for _, row := range rows {
		width = max(width, len(row[0]))
	}
	rest := indent + strings.Repeat(" ", width+2)
	for _, row := range rows {
		w.paragraph(row[1], fmt.Sprintf("%s%-*s", indent, width+2, row[0]), rest)
		for i, cell := range row[2:] {
			if cell != "" {
				w.paragraph(head[2+i]+": "+cell, rest, rest)
			}
		}
	}
}
