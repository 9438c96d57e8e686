package model

import (
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// supers joins each resource that has super= with the resource it names, so
// that what it says of itself is what both guards let through.
func (r *resolver) supers() {
	state := map[*resource]int{}
	for _, res := range r.resources {
		r.super(res, state)
	}
}

const (
	joining = 1 // on the way to a resource: meeting it again is a circle
	joined  = 2
)

// super joins res with its super, which is joined with its own before.
func (r *resolver) super(res *resource, state map[*resource]int) {
	if state[res] != 0 {
		return
	}
	state[res] = joining
	defer func() { state[res] = joined }()
	field := res.written.Settings.Text(language.KeySuper)
	if !field.Written() {
		return
	}
	embed, base := r.findSuper(res, field)
	if base == nil {
		return
	}
	if r.super(base, state); state[base] == joining {
		r.diags.Add(field.Pos, language.BadSuper, "super=%s leads back to type %s", field.Value, res.Type)
		return
	}
	res.Super = &Super{Field: field.Value, Pointer: embed.Pointer}
	r.join(res, base)
}

// findSuper returns the embedded field and the resource that super= names.
func (r *resolver) findSuper(res *resource, field annotations.Text) (annotations.Embed, *resource) {
	var embeds []annotations.Embed
	if res.decl != nil {
		embeds = res.decl.Embeds
	}
	var names []string
	for _, e := range embeds {
		names = append(names, e.Field.Value)
		if e.Field.Value != field.Value {
			continue
		}
		if e.Local {
			for _, base := range r.byType[field.Value] {
				if !base.File.Test || res.File.Test {
					return e, base
				}
			}
		}
		r.diags.Add(field.Pos, language.BadSuper, "super=%s: its type is not a resource of this package", field.Value)
		return e, nil
	}
	r.diags.Add(field.Pos, language.BadSuper, "super=%s: type %s embeds no such field%s", field.Value, res.Type, language.Suggest(field.Value, names))
	return annotations.Embed{}, nil
}

// join narrows res to what base lets through as well. What res has by default
// is narrowed in silence; what is written for it and cannot hold is an error.
func (r *resolver) join(res, base *resource) {
	s := res.written.Settings
	if !base.OAuth2 && s.Text(language.KeyOAuth2).Value == language.Allow {
		r.beyond(res, language.KeyOAuth2, base)
	}
	if !base.APITokens && s.Text(language.KeyAPITokens).Value == language.Allow {
		r.beyond(res, language.KeyAPITokens, base)
	}
	res.APITokens = res.APITokens && base.APITokens
	if res.OAuth2 && !base.OAuth2 {
		res.OAuth2, res.Scopes = false, nil
		r.closedToOAuth2(res)
	}

	all := res.Methods
	res.Methods = nil
	for _, m := range all {
		other, ok := base.Method(m.Name)
		if !ok {
			if _, written := s[language.KeyMethods]; written && m.Name != "HEAD" {
				r.beyond(res, language.KeyMethods, base)
			}
			continue
		}
		if m.Anonymous && !other.Anonymous && m.Name != "HEAD" && len(s[language.KeyAnonymous].Items) > 0 {
			r.beyond(res, language.KeyAnonymous, base)
		}
		m.Anonymous = m.Anonymous && other.Anonymous
		m.Requires = r.both(res, m.Requires, other.Requires)
		if !res.OAuth2 {
			m.Requires = nil
		}
		res.Methods = append(res.Methods, m)
	}
}

// beyond reports a key that opens more than the super does.
func (r *resolver) beyond(res *resource, key string, base *resource) {
	r.diags.Add(res.written.Settings[key].Pos, language.Contradiction,
		"%s of type %s opens what its super %s does not; both guards must let through", key, res.Type, base.Type)
}

// both returns the conjunction of two requirements: each alternative of the one
// with each of the other.
func (r *resolver) both(res *resource, own, super Requirement) Requirement {
	var joint Requirement
	for _, a := range own {
		for _, b := range super {
			all := slices.Clone(a)
			for _, s := range b {
				s, _ = r.ref(res, s.Value)
				if !slices.Contains(all, s) {
					all = append(all, s)
				}
			}
			if !slices.ContainsFunc(joint, func(other []ScopeRef) bool { return sameScopes(other, all) }) {
				joint = append(joint, all)
			}
		}
	}
	return joint
}
