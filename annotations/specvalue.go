package annotations

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// settings reads those entries that are keys of a directive.
func (r *specReader) settings(keys []Key, of *node) Settings {
	s := make(Settings, 0, len(of.pairs))
	for i := range keys {
		n := of.entry(keys[i].Name)
		if n == nil {
			continue
		}
		if v, ok := r.value(keys[i], n); ok {
			s = append(s, Setting{keys[i].Name, v})
		}
	}
	return s
}

// value reads the value of a key by its kind.
func (r *specReader) value(key Key, n *node) (Value, bool) {
	v := Value{Pos: n.text.Pos}
	switch key.Kind {
	case KindList:
		if key.Name == KeyAnonymous && n.kind == scalarNode && n.tag == "!!str" && n.text.Value == None {
			v.Items = []Item{{Value: n.text}}
			return v, true
		}
		if !r.is(n, sequenceNode, key.Name) {
			r.mendList(&(*r.diags)[len(*r.diags)-1], key.Name, n)
			return v, false
		}
		v.Items = slices.Grow(v.Items, len(n.items))
		for _, item := range n.items {
			if t, ok := r.text(item, "an element of "+key.Name); ok {
				v.Items = append(v.Items, Item{Value: t})
			}
		}
	case KindMap:
		if !r.is(n, mappingNode, key.Name) {
			return v, false
		}
		v.Items = slices.Grow(v.Items, len(n.pairs))
		for _, pair := range n.pairs {
			if t, ok := r.text(pair.value, key.Name+" of "+pair.key.Value); ok {
				v.Items = append(v.Items, Item{Key: pair.key, Value: t})
			}
		}
	default:
		t, ok := r.text(n, key.Name)
		if !ok {
			return v, false
		}
		v.Items = []Item{{Value: t}}
	}
	if len(n.items)+len(n.pairs) == 0 && n.kind != scalarNode && key.Name != KeyAnonymous {
		r.diags.Add(n.text.Pos, diag.EmptyValue, "%s has no elements; leave it out to get its default", key.Name)
		return v, false
	}
	return v, true
}

// known reports the keys of a mapping that are not allowed.
func (r *specReader) known(n *node, keys []Key, where string) {
	before := len(*r.diags)
	for _, pair := range n.pairs {
		name := pair.key.Value
		if _, ok := FindKey(keys, name); ok {
			continue
		}
		allowed := KeyNames(keys)
		d := r.diags.Add(pair.key.Pos, diag.UnknownKey, "unknown key %q of %s%s; allowed: %s",
			name, where, Suggest(name, allowed), strings.Join(allowed, ", "))
		if meant, ok := meantWord(name, allowed); ok {
			pair.key.Mend(d, meant)
		}
	}
	if len(*r.diags) > before {
		var written []string
		for _, pair := range n.pairs {
			written = append(written, pair.key.Value)
		}
		withoutClashes(written, (*r.diags)[before:])
	}
}

// mendList makes a list of methods that are written as a single value, if nothing
// follows on its line: in braces, the rest of it may.
func (r *specReader) mendList(d *diag.Diagnostic, key string, n *node) {
	if key != KeyMethods || n.kind != scalarNode || !n.text.Raw {
		return
	}
	line, _, _ := bytes.Cut(r.src[n.text.Pos.Offset+len(n.text.Value):], newline)
	if rest := bytes.TrimSpace(line); len(rest) > 0 && rest[0] != '#' {
		return
	}
	for _, t := range elements(n.text) {
		if !isMethodOrSo(t.Value) {
			return
		}
	}
	n.text.Mend(d, "["+n.text.Value+"]")
}

// is reports whether n is of the kind that it must be, and adds a diagnostic if not.
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

// string reads a string, without the line break that ends a block scalar.
// Numbers, booleans and null are none: YAML makes them of words such as 1.0,
// true and ~, and what was meant is a guess.
func (r *specReader) string(n *node, what string) (Text, bool) {
	if n.kind != scalarNode || n.tag != "!!str" {
		hint := ""
		if n.kind == scalarNode && n.tag != "!!null" {
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

// show says what a node is, for "got ...".
func show(n *node) string {
	switch {
	case n.kind != scalarNode:
		return n.kind.String()
	case n.tag == "!!null":
		return "nothing"
	case n.tag == "!!str":
		text, ellipsis := cut(n.text.Value)
		return strconv.Quote(text) + ellipsis
	default:
		text, ellipsis := cut(n.text.Value)
		return strings.TrimPrefix(n.tag, "!!") + " " + text + ellipsis
	}
}

// cut returns the beginning of a long text, which is all that a message needs to
// show of it, and an ellipsis; or the whole text and none.
func cut(text string) (beginning, ellipsis string) {
	const most = 40 // characters
	n := 0
	for i := range text {
		if n == most {
			return text[:i], "…"
		}
		n++
	}
	return text, ""
}
