package lint

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// An unused scope is one that no requirement of the run names.
type unused struct {
	pos      token.Position
	constant string
	message  string
}

// opensNothing warns of scopes that no requirement names, and whose constants no
// hand-written code uses either.
func (r *run) opensNothing(source Source) error {
	required := r.required()
	var list []unused
	for p, s := range r.declared() {
		if p.EntireModule && s.Text != "" && !required[s.Value] {
			list = append(list, unused{s.Pos, s.Const, fmt.Sprintf(
				"scope %q opens nothing: nothing of the module requires it or uses %s; require it, or remove it", s.Value, s.Const)})
		}
	}
	for _, res := range r.resources {
		if res.in.EntireModule {
			list = append(list, replaced(res, required)...)
		}
	}
	if len(list) == 0 {
		return nil
	}
	var constants []string
	for _, s := range list {
		constants = append(constants, s.constant)
	}
	used, err := source.Uses(constants)
	if err != nil {
		return err
	}
	for _, s := range list {
		if !used[s.constant] {
			r.found.Add(s.pos, diag.OpensNothing, "%s", s.message)
		}
	}
	return nil
}

// required returns the scopes that a requirement names. Of the scopes that a resource
// yields itself, those of tests do not count.
func (r *run) required() map[string]bool {
	required := make(map[string]bool, 4*len(r.resources))
	for _, s := range r.scopes() {
		if len(s.Methods) > 0 {
			required[s.Value] = true
		}
	}
	for _, p := range r.packages {
		for _, res := range p.Resources {
			for _, s := range foreignScopes(res) {
				required[s] = true
			}
		}
	}
	return required
}

// foreignScopes returns the scopes that a resource requires and does not yield. One of
// tests yields none.
func foreignScopes(r *model.Resource) []string {
	var list []string
	for _, m := range r.Methods {
		for _, alternative := range m.Requires {
			for _, s := range alternative {
				own := !r.File.Test && slices.ContainsFunc(r.Scopes, func(o model.Scope) bool { return o.Value == s.Value })
				if !own {
					list = append(list, s.Value)
				}
			}
		}
	}
	return list
}

// replaced returns the scopes that the method map of a resource yields, and that no
// requirement names. If no scope of the resource is named by one, other scopes open it
// on purpose, and it cannot do without scopes of its own: of these only those with a
// text are returned, since people are asked to consent to them.
func replaced(res resource, required map[string]bool) []unused {
	var list []unused
	opener := func(s model.Scope) bool { return len(s.Methods) > 0 || required[s.Value] }
	opens := slices.ContainsFunc(res.Scopes, opener)
	for _, s := range res.Scopes {
		if opener(s) || !opens && s.Text == "" {
			continue
		}
		methods := mapped(res.Resource, s.Action)
		fix := "leave out its describe"
		if opens {
			fix = "map " + methods + " to an action whose scope opens something"
		}
		list = append(list, unused{res.Pos, s.Const, fmt.Sprintf(
			"scope %q of type %s opens nothing: require replaces it for %s, and nothing of the module requires it or uses %s; require it, or %s",
			s.Value, res.Type, methods, s.Const, fix)})
	}
	return list
}

// mapped returns the methods of a resource that have an action, less HEAD, which
// follows GET.
func mapped(r *model.Resource, action string) string {
	var list []string
	for _, m := range r.Methods {
		if m.Action == action && m.Name != "HEAD" {
			list = append(list, m.Name)
		}
	}
	return strings.Join(list, ",")
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
