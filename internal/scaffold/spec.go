package scaffold

import (
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/schema"
)

// addSpec plans a spec with the types that are proposed. It leaves out annotated
// types, since only one place may declare a type.
func (s *source) addSpec(p *Plan) {
	var types []Proposal
	for _, t := range p.complete() {
		if !slices.ContainsFunc(types, func(o Proposal) bool { return o.Type == t.Type }) &&
			!slices.ContainsFunc(p.Found.Groups, func(g *Group) bool { return g.Type == t.Type }) {
			types = append(types, t)
		}
	}
	what := "an example of a resource"
	if n := len(types) + len(p.Found.Groups); n > 0 {
		what = count(n, "resource")
	}
	switch {
	case p.Resources == 1:
		what += "; 1 annotated type is left out"
	case p.Resources > 1:
		what += fmt.Sprintf("; %d annotated types are left out", p.Resources)
	}
	p.Spec = filepath.Join(s.in.Path, specName)
	p.Changes = append(p.Changes, Change{What: what, File: generator.File{
		Path: p.Spec, Content: spec(s.name, types, &p.Found), Status: generator.Created,
	}})
}

// spec returns the text of a spec. Its comments describe directives and keys as the
// tables of package annotations do.
func spec(pkg string, types []Proposal, found *Found) []byte {
	w := &specWriter{}
	w.line("# yaml-language-server: $schema=%s", schema.URL)
	w.line("")
	w.comment("The resources of package " + pkg + ", for each of which webapi-gen writes a guard.")
	w.line("version: 1")
	w.line("package: %s", Scalar(pkg))
	w.directive(annotations.DirectiveDefaults, "defaults: {map: {PATCH: write}, anonymous: []}")
	w.directive(annotations.DirectiveScope, `scopes: {admin: Full control, "org:read": ""}`)
	w.directive(annotations.DirectiveImplies, `implies: {"note:write": ["note:read"]}`)
	w.scopes(found)
	w.line("")
	w.keys()
	if len(types)+len(found.Groups) == 0 {
		w.comment("", "For example:", "")
		for line := range strings.Lines(example) {
			w.line("# %s", strings.TrimSuffix(line, "\n"))
		}
		return []byte(w.String())
	}
	w.questions(found)
	w.line("")
	w.line("resources:")
	for _, t := range types {
		w.line("  - type: %s # %s", Scalar(t.Type), t.Evidence())
		w.line("    methods: [%s]", strings.Join(t.Methods, ", "))
	}
	for i, g := range found.Groups {
		if i > 0 {
			w.line("")
		}
		w.group(g)
	}
	return []byte(w.String())
}

// example stands in a spec without resources.
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

// comment writes texts as comments, each from a new line on.
func (w *specWriter) comment(texts ...string) {
	for _, text := range texts {
		w.wrapped("#", "#", text)
	}
}

// wrapped writes a text in lines of at most 96 characters: the first begins with
// one prefix, the others with another.
func (w *specWriter) wrapped(first, others, text string) {
	line := first
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > 96 {
			w.line("%s", line)
			line = others
		}
		line += " " + word
	}
	w.line("%s", line)
}

// directive describes a directive that is an entry of the spec, with an example in
// a comment.
func (w *specWriter) directive(name, example string) {
	d, _ := annotations.FindDirective(name)
	w.line("")
	w.comment(d.Doc)
	if len(d.Keys) > 0 {
		w.comment("It can have " + strings.Join(annotations.KeyNames(d.Keys), ", ") + ".")
	}
	w.line("#")
	w.line("# %s", example)
}

// keys describes the entries of a resource.
func (w *specWriter) keys() {
	w.comment("A resource has a type, and any of the other keys:", "")
	for _, k := range annotations.ResourceEntries() {
		doc := k.Doc + syntax(k)
		if k.Default != "" {
			doc += ". Default: " + k.Default + "."
		}
		w.wrapped(fmt.Sprintf("#   %-14s", k.Name), fmt.Sprintf("#   %14s", ""), doc)
	}
}

// syntax describes how the value of a key is written if it is not a single word.
func syntax(k annotations.Key) string {
	switch k.Kind {
	case annotations.KindChoice:
		return ": " + strings.Join(k.Values, " or ")
	case annotations.KindList:
		return ", as [GET, POST]"
	case annotations.KindMap:
		if k.Name == annotations.KeyMaxAge {
			return ", as {DELETE: 5m}"
		}
		return ", as {PATCH: write}"
	case annotations.KindListMap:
		return ", as {DELETE: [gold, silver]}"
	}
	return ""
}

var plainScalar = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z_][\w./-]*([: ][\w./-]+)*$`)
})

// reserved lists the words that are no strings to some version of YAML.
var reserved = []string{"y", "n", "yes", "no", "true", "false", "on", "off", "null", "nan", "inf"}

// Scalar returns a text as a string of YAML, also between brackets: as it is if no
// version of YAML reads it as something else, and in quotes otherwise.
func Scalar(text string) string {
	if plainScalar().MatchString(text) && !slices.Contains(reserved, strings.ToLower(text)) {
		return text
	}
	return strconv.Quote(text)
}

// Entry returns an entry of a mapping of YAML whose key and value are texts. YAML finds the colon
// after a key among the first 1,024 characters only, so a longer key is marked as one.
func Entry(indent, key, text string) string {
	key, text = Scalar(key), Scalar(text)
	if len(key) > 1000 {
		return indent + "? " + key + "\n" + indent + ": " + text
	}
	return indent + key + ": " + text
}
