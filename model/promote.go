package model

import (
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations/diag"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// promotions reports types that are no resources but would take over the guard
// of one that they embed.
func (r *resolver) promotions() {
	for _, t := range slices.Concat(r.written.Types, r.written.Literals) {
		if t.Form == annotations.Alias && len(t.Embeds) == 0 || r.isResource(t.Name.Value) {
			continue // an alias is reported where it is embedded
		}
		if e, base := r.promoted(t, map[string]bool{}); base != "" {
			how := ", which it embeds"
			if e.Field.Value != base {
				how = " through " + e.Field.Value
			}
			r.diags.Add(e.Field.Pos, diag.PromotedGuard,
				"%s takes over the guard of %s%s, with scopes that are not its own; give it a webapi:resource of its own", t, base, how)
		}
	}
}

func (r *resolver) isResource(typ string) bool { return len(r.byType[typ]) > 0 }

// promoted returns the embedded field through which a type gets the guard of a
// resource, and that resource.
func (r *resolver) promoted(t *annotations.Type, seen map[string]bool) (annotations.Embed, string) {
	if seen[t.Name.Value] {
		return annotations.Embed{}, ""
	}
	seen[t.Name.Value] = true
	for _, e := range t.Embeds {
		if !e.Local {
			continue
		}
		if base := r.guardOf(e.Field.Value, seen); base != "" {
			return e, base
		}
	}
	for _, of := range r.types[t.Of] { // type T Of has the fields of Of
		if _, base := r.promoted(of, seen); base != "" {
			return annotations.Embed{Field: annotations.Text{Pos: t.Name.Pos, Value: t.Of}}, base
		}
	}
	return annotations.Embed{}, ""
}

// guardOf returns the resource whose guard a type has: itself, the one that it
// is an alias of, or one that it embeds.
func (r *resolver) guardOf(typ string, seen map[string]bool) string {
	if r.isResource(typ) {
		return typ
	}
	for _, t := range r.types[typ] {
		if t.Form == annotations.Alias && t.Of != "" && !seen[t.Of] {
			return r.guardOf(t.Of, seen)
		}
		if _, base := r.promoted(t, seen); base != "" {
			return base
		}
	}
	return ""
}
