package scaffold

import (
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/schema"
	"github.com/webapi-gen/webapi-gen/templates"
)

// addSpec plans a spec with the types that are proposed. Those that have an
// annotation are left out: a type is declared in one place.
func (s *source) addSpec(p *Plan) {
	var types []Proposal
	for _, t := range p.Writable() {
		if !slices.ContainsFunc(types, func(o Proposal) bool { return o.Type == t.Type }) {
			types = append(types, t)
		}
	}
	what := "an example of a resource"
	if len(types) > 0 {
		what = count(len(types), "resource")
	}
	switch {
	case p.Resources == 1:
		what += "; 1 annotated type is left out"
	case p.Resources > 1:
		what += fmt.Sprintf("; %d annotated types are left out", p.Resources)
	}
	p.Spec = filepath.Join(s.in.Path, specName)
	p.Changes = append(p.Changes, Change{What: what, File: generator.File{
		Path: p.Spec, Content: templates.TextOf(spec(s.name, types)), Status: generator.Created,
	}})
}

// spec returns the text of a spec. What it says of directives and keys is what
// the registry of the language says.
func spec(pkg string, types []Proposal) []byte {
	w := &specWriter{}
	w.line("# yaml-language-server: $schema=%s", schema.URL)
	w.line("")
	w.prose("The resources of package " + pkg + ", for each of which webapi-gen writes a guard.")
	w.line("version: 1")
	w.line("package: %s", scalar(pkg))
	w.directive(annotations.DirectiveDefaults, "defaults: {map: {PATCH: write}, anonymous: []}")
	w.directive(annotations.DirectiveScope, `scopes: {admin: Full control, "org:read": ""}`)
	w.line("")
	w.keys()
	if len(types) == 0 {
		w.prose("", "For example:", "")
		for line := range strings.Lines(example) {
			w.line("# %s", strings.TrimSuffix(line, "\n"))
		}
		return []byte(w.String())
	}
	w.line("")
	w.line("resources:")
	for _, t := range types {
		w.line("  - type: %s # %s", scalar(t.Type), t.Evidence())
		w.line("    methods: [%s]", strings.Join(t.Methods, ", "))
	}
	return []byte(w.String())
}

// example is what stands in a spec for want of resources.
const example = `resources:
  - type: NoteResource
    declare: true
    methods: [GET, POST, DELETE]
    require: {DELETE: [[note:destroy, note:write]]}
    describe: {read: See your notes}
`

// A specWriter writes a spec with comments.
type specWriter struct{ strings.Builder }

func (w *specWriter) line(format string, args ...any) {
	fmt.Fprintf(&w.Builder, format+"\n", args...)
}

// width is how long a line of a comment may be.
const width = 96

// prose writes comment lines.
func (w *specWriter) prose(lines ...string) {
	for _, text := range lines {
		w.wrapped("#", "#", text)
	}
}

// wrapped writes a text as comment lines that begin with one of two prefixes:
// that of the first, or that of the others.
func (w *specWriter) wrapped(first, others, text string) {
	line := first
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > width {
			w.line("%s", line)
			line = others
		}
		line += " " + word
	}
	w.line("%s", line)
}

// directive writes what a directive does that has an entry in the spec of its
// own, with an example that is commented out.
func (w *specWriter) directive(name, example string) {
	d, _ := annotations.FindDirective(name)
	w.line("")
	w.prose(d.Doc)
	if len(d.Keys) > 0 {
		w.prose("It can have " + strings.Join(annotations.KeyNames(d.Keys), ", ") + ".")
	}
	w.line("#")
	w.line("# %s", example)
}

// keys writes what the entries of a resource are.
func (w *specWriter) keys() {
	w.prose("A resource has a type, and any of the other keys:", "")
	for _, k := range annotations.ResourceEntries() {
		doc := k.Doc + form(k)
		if k.Default != "" {
			doc += ". Default: " + k.Default + "."
		}
		w.key(k.Name, doc)
	}
}

// key writes what one entry is.
func (w *specWriter) key(name, doc string) {
	const column = 13
	w.wrapped("#   "+name+strings.Repeat(" ", max(0, column-len(name)-1)), "#   "+strings.Repeat(" ", column-1), doc)
}

// form says how the value of a key is written if it is no single word.
func form(k annotations.Key) string {
	switch k.Kind {
	case annotations.KindChoice:
		return ": " + strings.Join(k.Values, " or ")
	case annotations.KindList:
		return ", as [GET, POST]"
	case annotations.KindMap:
		return ", as {PATCH: write}"
	}
	return ""
}

// scalar returns an identifier as a string of YAML: in quotes if some version of
// it takes the word for something else.
func scalar(ident string) string {
	switch strings.ToLower(ident) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return strconv.Quote(ident)
	}
	return ident
}
