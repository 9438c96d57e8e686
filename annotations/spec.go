package annotations

import (
	"bytes"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A Spec is what a YAML file declares of one package.
type Spec struct {
	Package Package // without declarations of Go
	Dir     Text    // folder of the package, relative to that of the spec; if not written, the same
}

// ReadSpec reads a spec. It skips what it reports, and returns the rest.
func ReadSpec(src Source) (*Spec, diag.List) {
	s := &Spec{Package: Package{Dir: filepath.Dir(src.Path)}}
	root, diags := parseYAML(src)
	r := specReader{diags: &diags, src: src.Data}
	if root != nil {
		r.read(s, root)
	}
	s.Package.Incomplete = len(diags) > r.independent
	s.Package.LacksDeclarations = s.Package.Incomplete
	return s, diags
}

// A specReader reads the nodes of a spec.
type specReader struct {
	diags       *diag.List
	src         []byte
	independent int // number of diagnostics on which no other check depends
}

func (r *specReader) read(s *Spec, root *node) {
	if !r.is(root, mappingNode, "the spec") {
		return
	}
	r.rejectUnknown(root, SpecEntries(), "a spec")
	r.version(root.entry(EntryVersion), root)
	r.name(&s.Package, root.entry(EntryPackage), root)
	if n := root.entry(EntryDir); n != nil {
		s.Dir, _ = r.text(n, "dir")
	}
	if n := root.entry(EntryDefaults); n != nil && r.is(n, mappingNode, "defaults") {
		keys := keysOf(DirectiveDefaults)
		r.rejectUnknown(n, keys, "defaults")
		s.Package.Defaults = []Defaults{{Pos: n.text.Pos, Settings: r.settings(keys, n)}}
	}
	if n := root.entry(EntryScopes); n != nil && r.is(n, mappingNode, "scopes") {
		r.scopes(&s.Package, n)
	}
	before := len(*r.diags)
	if n := root.entry(EntryImplies); n != nil && r.is(n, mappingNode, "implies") {
		r.implies(&s.Package, n)
	}
	if n := root.entry(EntryAliases); n != nil && r.is(n, mappingNode, "aliases") {
		r.aliases(&s.Package, n)
	}
	r.independent += len(*r.diags) - before
	if n := root.entry(EntryResources); n != nil && r.is(n, sequenceNode, "resources") {
		for _, item := range n.items {
			r.resource(&s.Package, item)
		}
	}
}

func (r *specReader) version(n, root *node) {
	switch {
	case n == nil && misspells(root, EntryVersion, SpecEntries()): // which is reported as an unknown key
	case n == nil:
		d := r.diags.Add(root.text.Pos, diag.SpecShape, "the spec has no version; write: version: 1")
		r.fixVersion(d, root)
	case n.kind != scalarNode || n.tag != "!!int" || n.text.Value != "1":
		d := r.diags.Add(n.text.Pos, diag.SpecShape, "version must be 1, got %s", show(n))
		for _, quoted := range []string{`"1"`, "'1'"} {
			if n.tag == "!!str" && n.text.Value == "1" && r.has(n.text.Pos.Offset, quoted) {
				offset := n.text.Pos.Offset
				d.SetFix("take away the quotes", diag.Edit{Offset: offset, End: offset + len(quoted), New: "1"})
			}
		}
	}
}

// fixVersion sets the fix that inserts the version above the first entry of a spec, unless
// the spec is in braces.
func (r *specReader) fixVersion(d *diag.Diagnostic, root *node) {
	if len(root.pairs) == 0 || !root.pairs[0].key.Raw {
		return
	}
	first := root.pairs[0].key.Pos
	if first == root.text.Pos && first.Column == 1 {
		line, _, _ := bytes.Cut(r.src[first.Offset:], newline)
		text := "version: 1\n"
		if bytes.HasSuffix(line, []byte("\r")) {
			text = "version: 1\r\n"
		}
		d.SetFix("write version: 1", diag.Edit{Offset: first.Offset, End: first.Offset, New: text})
	}
}

// misspells reports whether a mapping that lacks an entry has a key that is near its name.
// That key is reported, and the missing entry need not be.
func misspells(n *node, entry string, allowed []Key) bool {
	return slices.ContainsFunc(n.pairs, func(pair keyVal) bool {
		name, ok := Nearest(pair.key.Value, KeyNames(allowed))
		return ok && name == entry
	})
}

// has reports whether text is in the spec at offset.
func (r *specReader) has(offset int, text string) bool {
	return bytes.HasPrefix(r.src[offset:], []byte(text))
}

func (r *specReader) name(p *Package, n, root *node) {
	if n == nil {
		if !misspells(root, EntryPackage, SpecEntries()) {
			r.diags.Add(root.text.Pos, diag.MissingArgument, "the spec does not say the name of its package; write: package: NAME")
		}
		return
	}
	p.Name, _ = r.text(n, "package")
	if p.Name.Written() && (!token.IsIdentifier(p.Name.Value) || p.Name.Value == "_") {
		r.diags.Add(p.Name.Pos, diag.BadName, "package %q is not a Go identifier", p.Name.Value)
	}
	if p.Name.Value == unbuilt {
		r.diags.Add(p.Name.Pos, diag.BadName, "package %q is one that Go never builds; give it another name", p.Name.Value)
	}
}

func (r *specReader) scopes(p *Package, n *node) {
	for _, pair := range n.pairs {
		scope := Scope{Scope: pair.key}
		text, ok := r.string(pair.value, "the text of scope "+pair.key.Value)
		if ok && text.Value != "" {
			scope.Text = text
		}
		p.Scopes = append(p.Scopes, scope)
	}
}

func (r *specReader) implies(p *Package, n *node) {
	for _, pair := range n.pairs {
		where := "implies of " + pair.key.Value
		if !r.is(pair.value, sequenceNode, where) {
			continue
		}
		edge := Implication{Scope: pair.key}
		for _, item := range pair.value.items {
			if t, ok := r.text(item, "a scope of "+where); ok {
				edge.Implied = append(edge.Implied, t)
			}
		}
		if len(pair.value.items) == 0 {
			r.diags.Add(pair.value.text.Pos, diag.MissingArgument, "%s has no scope; write: %s: [SCOPE]", where, pair.key.Value)
		}
		p.Implies = append(p.Implies, edge)
	}
}

func (r *specReader) aliases(p *Package, n *node) {
	for _, pair := range n.pairs {
		where := "alias " + pair.key.Value
		if !r.is(pair.value, mappingNode, where) {
			continue
		}
		r.rejectUnknown(pair.value, aliasEntries, where)
		a := ScopeAlias{Old: pair.key}
		scope := pair.value.entry(KeyScope)
		if scope == nil && !misspells(pair.value, KeyScope, aliasEntries) {
			r.diags.Add(pair.value.text.Pos, diag.MissingArgument, "%s does not say its scope; write: %s: {scope: SCOPE}", where, pair.key.Value)
		}
		if scope == nil {
			continue
		}
		var ok bool
		if a.New, ok = r.text(scope, "scope of "+where); !ok {
			continue
		}
		if until := pair.value.entry(KeyUntil); until != nil {
			a.Until = until.text // YAML reads a date as a time
			if until.kind != scalarNode || until.tag != "!!timestamp" {
				a.Until, ok = r.text(until, "until of "+where)
			}
		}
		if ok {
			p.Aliases = append(p.Aliases, a)
		}
	}
}

// resource reads one element of resources.
func (r *specReader) resource(p *Package, n *node) {
	if !r.is(n, mappingNode, "a resource") {
		return
	}
	r.rejectUnknown(n, resourceEntries, "a resource")
	res := Resource{Pos: n.text.Pos, Settings: r.settings(keysOf(DirectiveResource), n)}
	t := n.entry(EntryType)
	if t == nil {
		if !misspells(n, EntryType, resourceEntries) {
			r.diags.Add(n.text.Pos, diag.MissingArgument, "the resource does not say its type; write: type: NAME")
		}
		return
	}
	var valid bool
	if res.Type, valid = r.text(t, "type"); !valid {
		return
	}
	if d := n.entry(EntryDeclare); d != nil {
		res.Declare, valid = r.bool(d, "declare")
	}
	before := len(*r.diags)
	if q := n.entry(EntryRequire); q != nil && r.is(q, mappingNode, "require") {
		for _, pair := range q.pairs {
			res.Requires = append(res.Requires, r.requires(pair)...)
		}
	}
	if d := n.entry(EntryDescribe); d != nil && r.is(d, mappingNode, "describe") {
		for _, pair := range d.pairs {
			if text, ok := r.text(pair.value, "the text of action "+pair.key.Value); ok {
				res.Describes = append(res.Describes, Describe{Action: pair.key, Text: text})
			}
		}
	}
	r.independent += len(*r.diags) - before
	if valid { // otherwise it is unknown whether the type must exist
		p.Resources = append(p.Resources, res)
	}
}

// requires reads OPERATION: [[scope, scope], [scope]].
func (r *specReader) requires(pair keyVal) []Require {
	where := "require of " + pair.key.Value
	if pair.value.kind != sequenceNode {
		r.diags.Add(pair.value.text.Pos, diag.SpecShape, "%s must be a list of alternatives, got %s; write: %s: [[SCOPE]]", where, show(pair.value), pair.key.Value)
		return nil
	}
	if len(pair.value.items) == 0 {
		r.diags.Add(pair.value.text.Pos, diag.MissingArgument, "%s has no alternative; write: %s: [[SCOPE]]", where, pair.key.Value)
	}
	var list []Require
	for _, item := range pair.value.items {
		if item.kind != sequenceNode {
			r.diags.Add(item.text.Pos, diag.SpecShape, "an alternative of %s must be a list of scopes, got %s; write: %s: [[SCOPE]]", where, show(item), pair.key.Value)
			continue
		}
		req := Require{Pos: item.text.Pos, Methods: []Text{pair.key}}
		for _, scope := range item.items {
			if t, ok := r.text(scope, "a scope of "+where); ok {
				req.Scopes = append(req.Scopes, t)
			}
		}
		if len(req.Scopes) == len(item.items) {
			list = append(list, req)
		}
	}
	return list
}

// settings reads the entries that are keys of a directive.
func (r *specReader) settings(keys []Key, of *node) Settings {
	s := Settings{}
	for _, key := range keys {
		if n := of.entry(key.Name); n != nil {
			if v, ok := r.value(key, n); ok {
				s = append(s, Setting{key.Name, v})
			}
		}
	}
	return s
}

// value reads the value of a key according to its kind.
func (r *specReader) value(key Key, n *node) (Value, bool) {
	v := Value{Pos: n.text.Pos}
	switch key.Kind {
	case KindList:
		if key.Default == None && n.kind == scalarNode && n.tag == "!!str" && n.text.Value == None {
			return Value{n.text.Pos, []Item{{Value: n.text}}}, true
		}
		if !r.is(n, sequenceNode, key.Name) {
			r.fixList(&(*r.diags)[len(*r.diags)-1], key.Name, n)
			return v, false
		}
		for _, item := range n.items {
			if t, ok := r.text(item, "an element of "+key.Name); ok {
				v.Items = append(v.Items, Item{Value: t})
			}
		}
	case KindMap:
		if !r.is(n, mappingNode, key.Name) {
			return v, false
		}
		for _, pair := range n.pairs {
			if t, ok := r.text(pair.value, key.Name+" of "+pair.key.Value); ok {
				v.Items = append(v.Items, Item{Key: pair.key, Value: t})
			}
		}
	case KindListMap:
		if !r.is(n, mappingNode, key.Name) {
			return v, false
		}
		for _, pair := range n.pairs {
			v.Items = append(v.Items, r.listOf(key, pair)...)
		}
	default:
		t, ok := r.text(n, key.Name)
		if !ok {
			return v, false
		}
		v.Items = []Item{{Value: t}}
	}
	if len(n.items)+len(n.pairs) == 0 && n.kind != scalarNode && key.Default != None {
		r.diags.Add(n.text.Pos, diag.EmptyValue, "%s has no elements; leave it out to get its default", key.Name)
		return v, false
	}
	return v, true
}

// listOf reads an entry of a mapping to sequences.
func (r *specReader) listOf(key Key, pair keyVal) []Item {
	where := key.Name + " of " + pair.key.Value
	if !r.is(pair.value, sequenceNode, where) {
		return nil
	}
	if len(pair.value.items) == 0 {
		r.diags.Add(pair.value.text.Pos, diag.EmptyValue, "%s has no value", where)
	}
	var items []Item
	for _, item := range pair.value.items {
		if t, ok := r.text(item, "a value of "+where); ok {
			items = append(items, Item{Key: pair.key, Value: t})
		}
	}
	return items
}

// rejectUnknown reports the keys of a mapping that are not among keys.
func (r *specReader) rejectUnknown(n *node, keys []Key, where string) {
	before := len(*r.diags)
	var names []string
	for _, pair := range n.pairs {
		names = append(names, pair.key.Value)
		findKey(r.diags, keys, where, pair.key)
	}
	removeClashingFixes(names, (*r.diags)[before:])
}

// fixList sets the fix that makes a list of operations that are written as a single value. It
// does nothing if something follows on the line, as it may in braces.
func (r *specReader) fixList(d *diag.Diagnostic, key string, n *node) {
	if key != KeyMethods || n.kind != scalarNode || !n.text.Raw {
		return
	}
	line, _, _ := bytes.Cut(r.src[n.text.Pos.Offset+len(n.text.Value):], newline)
	if rest := bytes.TrimSpace(line); len(rest) > 0 && rest[0] != '#' {
		return
	}
	for _, t := range elements(n.text) {
		if !isOperationFold(t.Value) {
			return
		}
	}
	n.text.SetFix(d, "["+n.text.Value+"]")
}

// is reports whether a node is of a kind, and adds a diagnostic if not.
func (r *specReader) is(n *node, kind nodeKind, what string) bool {
	if n.kind != kind {
		r.diags.Add(n.text.Pos, diag.SpecShape, "%s must be %s, got %s", what, kind, show(n))
	}
	return n.kind == kind
}

// text reads a string that is not empty.
func (r *specReader) text(n *node, what string) (Text, bool) {
	t, ok := r.string(n, what)
	if ok && t.Value == "" {
		r.diags.Add(n.text.Pos, diag.EmptyValue, "%s has no value", what)
		return t, false
	}
	return t, ok
}

// string reads a string, without the line break at the end of a block scalar. It rejects
// numbers, booleans and null, as which YAML reads words such as 1.0, true and ~.
func (r *specReader) string(n *node, what string) (Text, bool) {
	if n.kind != scalarNode || n.tag != "!!str" {
		hint := ""
		inBraces := n.kind == mappingNode && len(n.pairs) == 1 && n.pairs[0].value.tag == "!!null" // {scope}
		if n.kind == scalarNode && n.tag != "!!null" || inBraces {
			hint = "; put it in quotes if it is meant as one"
		}
		r.diags.Add(n.text.Pos, diag.SpecShape, "%s must be a string, got %s%s", what, show(n), hint)
		return Text{}, false
	}
	t := n.text
	t.Value = strings.TrimSuffix(t.Value, "\n")
	return t, true
}

func (r *specReader) bool(n *node, what string) (value, ok bool) {
	if n.kind != scalarNode || n.tag != "!!bool" {
		r.diags.Add(n.text.Pos, diag.SpecShape, "%s must be true or false, got %s", what, show(n))
		return false, false
	}
	return strings.EqualFold(n.text.Value, "true"), true
}

// show returns a node for messages, after "got".
func show(n *node) string {
	switch {
	case n.kind != scalarNode:
		return n.kind.String()
	case n.tag == "!!null":
		return "nothing"
	}
	text, ellipsis := shorten(n.text.Value)
	if n.tag == "!!str" {
		return strconv.Quote(text) + ellipsis
	}
	return strings.TrimPrefix(n.tag, "!!") + " " + text + ellipsis
}

// shorten returns the beginning of a long text and an ellipsis, and a short text as it is.
func shorten(text string) (beginning, ellipsis string) {
	const limit = 40 // characters
	if chars := []rune(text); len(chars) > limit {
		return string(chars[:limit]), "…"
	}
	return text, ""
}
