package model

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// This file gives diagnostics the fixes that are no guess: what differs in its
// capitals, and a map that is the wrong way round.

// last returns the diagnostic that was added last.
func (r *resolver) last() *diag.Diagnostic { return &r.diags[len(r.diags)-1] }

// mendMethod mends a method that differs from one of the language in its capitals
// alone, unless it is written among others that would be the same.
func mendMethod(d *diag.Diagnostic, key string, m annotations.Text, among []annotations.Text) {
	same := func(t annotations.Text) bool { return t.Pos != m.Pos && strings.EqualFold(t.Value, m.Value) }
	upper := strings.ToUpper(m.Value)
	switch {
	case key == annotations.KeyAnonymous && len(among) == 1 && strings.ToLower(m.Value) == annotations.None:
		m.Mend(d, annotations.None)
	case len(upper) != len(m.Value) || !annotations.IsMethod(upper) || slices.ContainsFunc(among, same):
	case upper != "HEAD" || key == annotations.KeyMethods || key == annotations.KeyAnonymous:
		m.Mend(d, upper)
	}
}

// mendReversed turns an element of a map round that has the method last. Where
// its action differs from a method in its capitals alone, or another element has
// the method, what is meant is a guess.
func mendReversed(d *diag.Diagnostic, item annotations.Item, among []annotations.Item) {
	action, method := item.Key, item.Value
	same := func(t annotations.Text) bool { return strings.EqualFold(t.Value, method.Value) }
	if !action.Raw || !method.Raw || !isPlainName(action.Value) || method.Value == "HEAD" ||
		annotations.IsMethod(strings.ToUpper(action.Value)) || slices.ContainsFunc(keys(among), same) ||
		slices.ContainsFunc(among, func(o annotations.Item) bool { return o.Value.Pos != method.Pos && same(o.Value) }) {
		return
	}
	edit := func(t annotations.Text, instead string) diag.Edit {
		return diag.Edit{Offset: t.Pos.Offset, End: t.Pos.Offset + len(t.Value), New: instead}
	}
	d.Mend("write the method first", edit(action, method.Value), edit(method, action.Value))
}

func keys(items []annotations.Item) []annotations.Text {
	list := make([]annotations.Text, len(items))
	for i, item := range items {
		list[i] = item.Key
	}
	return list
}

func values(items []annotations.Item) []annotations.Text {
	list := make([]annotations.Text, len(items))
	for i, item := range items {
		list[i] = item.Value
	}
	return list
}
