package model

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// supers links each resource that has super= with the one it names, and narrows
// it to what both guards allow. It sorts r.resources so that a super precedes the
// resources that name it.
func (r *resolver) supers() {
	state := map[*resource]int{}
	all := r.resources
	r.resources = make([]*resource, 0, len(all))
	for _, res := range all {
		r.super(res, state)
	}
}

const (
	linking = 1 // being linked: to meet it again is a cycle
	linked  = 2
)

// super links res with its super, after it has linked that with its own.
func (r *resolver) super(res *resource, state map[*resource]int) {
	if state[res] != 0 {
		return
	}
	state[res] = linking
	defer func() {
		state[res] = linked
		r.resources = append(r.resources, res)
	}()
	field := res.written.Settings.Text(annotations.KeySuper)
	if !field.Written() {
		return
	}
	embed, base := r.findSuper(res, field)
	if base == nil {
		return
	}
	supers := 0
	for _, b := range r.byType[base.Type] { // of which each build has one
		if r.super(b, state); state[b] == linking {
			r.diags.Add(field.Pos, diag.BadSuper, "super=%s leads back to type %s", field.Value, res.Type)
			return
		}
		supers = max(supers, b.supers+1)
	}
	if supers > MaxSupers {
		r.diags.Add(field.Pos, diag.BadSuper, "super=%s gives type %s a chain of %d supers, and a guard follows at most %d: it would deny every request",
			field.Value, res.Type, supers, MaxSupers)
		return
	}
	res.supers = supers
	res.base, res.Super = base, &Super{Field: field.Value, Pointer: embed.Pointer, Base: base.Resource}
	r.narrow(res)
}

// MaxSupers is the maximum length of a chain of supers. The runtime denies every request
// to a resource whose chain is longer.
const MaxSupers = 32

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
			for _, base := range r.byType[r.unaliased(field.Value)] {
				if !base.File.Test || res.File.Test {
					return e, base
				}
			}
		}
		why := "its type is not a resource of this package"
		if e.Local && len(r.types[field.Value]) == 0 {
			why = "the package declares no such type"
		}
		r.diags.Add(field.Pos, diag.BadSuper, "super=%s: %s", field.Value, why)
		return e, nil
	}
	what := "nothing"
	if len(names) > 0 {
		what = strings.Join(names, ", ")
	}
	r.diags.Add(field.Pos, diag.BadSuper, "super=%s: type %s embeds no such field%s; it embeds %s",
		field.Value, res.Type, annotations.Suggest(field.Value, names), what)
	return annotations.Embed{}, nil
}

// unaliased returns the type that a name stands for, in the same package.
func (r *resolver) unaliased(typ string) string {
	if of, known := r.stands[typ]; known {
		return of
	}
	of := typ
	r.stands[typ] = of // a cycle ends here
	if decls := r.types[typ]; len(decls) > 0 && decls[0].Kind == annotations.Alias && decls[0].Of != "" {
		of = r.unaliased(decls[0].Of)
	}
	r.stands[typ] = of
	return of
}

// narrow removes from res what its super does not allow. It reports what was
// written explicitly, and removes defaults silently.
func (r *resolver) narrow(res *resource) {
	base, s := res.base, res.written.Settings
	if res.OAuth2 && !base.OAuth2 {
		r.beyond(res, annotations.KeyOAuth2, s.Text(annotations.KeyOAuth2))
	}
	if res.APITokens && !base.APITokens {
		r.beyond(res, annotations.KeyAPITokens, s.Text(annotations.KeyAPITokens))
	}
	res.OAuth2 = res.OAuth2 && base.OAuth2
	res.APITokens = res.APITokens && base.APITokens

	all, before := res.Methods, len(r.diags)
	res.Methods = nil
	for _, m := range all {
		other, ok := base.answering(m.Name)
		if !ok {
			r.beyond(res, annotations.KeyMethods, s.Method(annotations.KeyMethods, m.Name))
			r.beyond(res, annotations.KeyMap, s.Method(annotations.KeyMap, m.Name))
		}
		narrow := func(key string, own *bool, allowed bool) {
			if *own && !allowed {
				r.beyond(res, key, s.Method(key, m.Name))
			}
			*own = *own && allowed
		}
		narrow(annotations.KeyPublic, &m.Public, other.Public)
		narrow(annotations.KeyAnonymous, &m.Anonymous, other.Anonymous || other.Public)
		narrow(annotations.KeyAuthenticated, &m.Authenticated, other.Authenticated || other.Public)
		if ok {
			m.StepUp = r.bothLogins(res, m, other)
			res.Methods = append(res.Methods, m)
		}
	}
	if len(res.Methods) == 0 && len(r.diags) == before {
		r.diags.Add(s.Text(annotations.KeySuper).Pos, diag.BadSuper, "type %s answers no method that its super %s answers", res.Type, base.Type)
	}
}

// beyond reports an explicit value of a key that allows more than the super does.
func (r *resolver) beyond(res *resource, key string, got annotations.Text) {
	if got.Written() {
		r.diags.Add(got.Pos, diag.Contradiction, "%s=%s opens what the super %s does not; both guards must let through", key, got.Value, res.base.Type)
	}
}

// maxAlternatives is the largest number of alternatives of a conjunction.
const maxAlternatives = 64

// both returns the conjunction of two requirements: each alternative of one
// combined with each of the other, without redundant ones.
func (r *resolver) both(res *resource, own, super Requirement) Requirement {
	tooMany := func(n int) Requirement {
		r.diags.Add(res.written.Settings.Text(annotations.KeySuper).Pos, diag.BadSuper,
			"super= multiplies the alternatives of type %s to %d; nobody can review more than %d", res.Type, n, maxAlternatives)
		return own[:1]
	}
	if n := len(own) * len(super); n > maxAlternatives*maxAlternatives { // even if most were redundant
		return tooMany(n)
	}
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
			joint = append(joint, all)
		}
	}
	if joint = joint.minimal(); len(joint) > maxAlternatives {
		return tooMany(len(joint))
	}
	return joint
}

// promotions reports types that are not resources but get the promoted guard of
// one that they embed.
func (r *resolver) promotions() {
	for _, t := range slices.Concat(r.written.Types, r.written.Literals) {
		if t.Kind == annotations.Alias && len(t.Embeds) == 0 || r.isResource(t.Name.Value) {
			continue // an alias is reported where it is embedded
		}
		s := promotionSearch{resolver: r, done: map[*annotations.Type]bool{}}
		p := s.promoted(t)
		if p.base == "" || !s.cut {
			for other := range s.done {
				if _, known := r.promoting[other]; !known {
					r.promoting[other] = promotion{}
				}
			}
		}
		if p.base != "" {
			how := ", which it embeds"
			if p.field.Value != p.base {
				how = " through " + p.field.Value
			}
			r.diags.Add(p.field.Pos, diag.PromotedGuard,
				"%s takes over the guard of %s%s, with scopes that are not its own; give it a webapi:resource of its own", t, p.base, how)
		}
	}
}

func (r *resolver) isResource(typ string) bool { return len(r.byType[typ]) > 0 }

// A promotion is what a type takes over: the guard of a resource, by an embedded field. The
// zero value is none.
type promotion struct {
	field annotations.Text
	base  string // the resource
}

// A promotionSearch looks for a promotion. What it finds out is kept for later searches.
type promotionSearch struct {
	*resolver
	done map[*annotations.Type]bool // false while a type is searched
	cut  bool                       // it met such a type, so it may have missed promotions
}

// promoted returns what a type takes over.
func (s *promotionSearch) promoted(t *annotations.Type) promotion {
	if p, known := s.promoting[t]; known {
		return p
	}
	if done, seen := s.done[t]; seen {
		s.cut = s.cut || !done
		return promotion{}
	}
	s.done[t] = false
	p := s.search(t)
	s.done[t] = true
	if p.base != "" {
		s.promoting[t] = p
	}
	return p
}

func (s *promotionSearch) search(t *annotations.Type) promotion {
	for _, e := range t.Embeds {
		if !e.Local {
			continue
		}
		if base := s.guardOf(e.Field.Value); base != "" {
			return promotion{e.Field, base}
		}
	}
	for _, of := range s.types[t.Of] { // type T Of has the fields of Of
		if p := s.promoted(of); p.base != "" {
			return promotion{annotations.Text{Pos: t.Name.Pos, Value: t.Of}, p.base}
		}
	}
	return promotion{}
}

// guardOf returns the resource whose guard a type has: the type itself, the one
// that it is an alias of, or one that it embeds. It returns "" if there is none.
func (s *promotionSearch) guardOf(typ string) string {
	typ = s.unaliased(typ)
	if s.isResource(typ) {
		return typ
	}
	for _, t := range s.types[typ] {
		if p := s.promoted(t); p.base != "" {
			return p.base
		}
		if t.Kind == annotations.Alias && s.isResource(s.unaliased(t.Of)) { // in another build
			return s.unaliased(t.Of)
		}
	}
	return ""
}
