package lint

import (
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// opensNothing warns of declared scopes that no requirement names, and whose constants no
// hand-written code uses either.
func (r *run) opensNothing(source Source) error {
	required := r.required()
	var list []*model.Scope
	var constants []string
	for p, s := range r.declared() {
		if p.EntireModule && s.Text != "" && !required[s.Value] {
			list, constants = append(list, s), append(constants, s.Const)
		}
	}
	if len(list) == 0 {
		return nil
	}
	used, err := source.Uses(constants)
	if err != nil {
		return err
	}
	for _, s := range list {
		if !used[s.Const] {
			r.found.Add(s.Pos, diag.OpensNothing,
				"scope %q opens nothing: nothing of the module requires it or uses %s; require it, or remove it", s.Value, s.Const)
		}
	}
	return nil
}

// required returns the scopes that a requirement names.
func (r *run) required() map[string]bool {
	required := make(map[string]bool, 4*len(r.resources))
	for _, p := range r.packages {
		for _, res := range p.Resources {
			for _, m := range res.Methods {
				for _, all := range m.Requires {
					for _, s := range all {
						required[s.Value] = true
					}
				}
			}
		}
	}
	return required
}

// maxCompared is how many scopes are compared in all to suggest one for each that is
// declared nowhere. With many of both it would take long.
const maxCompared = 200_000

// declaredNowhere warns of scopes that a package declares without a text, since another
// one is to declare them, and that no package declares or yields.
func (r *run) declaredNowhere() {
	var known []string // found out if a scope has no text
	compared := 0
	for p, s := range r.declared() {
		if !p.EntireModule || s.Text != "" {
			continue
		}
		if known == nil {
			known = r.known()
		}
		if _, ok := slices.BinarySearch(known, s.Value); !ok {
			hint := ""
			if compared += len(known); compared <= maxCompared {
				hint = annotations.Suggest(s.Value, known)
			}
			r.found.Add(s.Pos, diag.DeclaredNowhere,
				"scope %q has no text, so another package is to declare it, but none of the module does, nor has a resource that yields it%s",
				s.Value, hint)
		}
	}
}

// known returns the scopes that a resource yields, or a package declares with a text,
// in order.
func (r *run) known() []string {
	list := []string{}
	for _, p := range r.packages {
		for _, s := range p.Scopes {
			if s.Text != "" {
				list = append(list, s.Value)
			}
		}
		for _, res := range p.Resources {
			for _, s := range res.Scopes {
				list = append(list, s.Value)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
