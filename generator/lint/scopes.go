package lint

import (
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// An idle scope is one that no requirement of the run names.
type idle struct {
	pos      token.Position
	constant string
	message  string
}

// opensNothing warns of scopes that no requirement names, and whose constants no
// code uses either.
func (r *run) opensNothing(source Source) error {
	var list []idle
	for _, p := range r.packages {
		if !p.whole {
			continue
		}
		for _, s := range p.declared {
			if s.Text != "" && !r.isRequired(s.Value) {
				list = append(list, idle{s.Pos, s.Const, fmt.Sprintf(
					"scope %q opens nothing: nothing of the module requires it or uses %s; require it, or remove it", s.Value, s.Const)})
			}
		}
		for i := range p.resources {
			list = append(list, r.replaced(&p.resources[i])...)
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
			r.found.Add(s.pos, language.OpensNothing, "%s", s.message)
		}
	}
	return nil
}

// replaced returns the scopes of a resource that its method map yields, but no
// requirement names. Where that is so of all of them, other scopes open the
// resource on purpose: to do without its own is not possible. One that has a
// text is reported nevertheless, for people are asked to consent to it.
func (r *run) replaced(res *resource) []idle {
	var list []idle
	opener := func(s scope) bool { return s.required || r.isRequired(s.value) }
	opens := slices.ContainsFunc(res.scopes, opener)
	for _, s := range res.scopes {
		if opener(s) || !opens && s.text == "" {
			continue
		}
		methods := strings.Join(s.mapped, ",")
		mend := "leave out its describe"
		if opens {
			mend = "map " + methods + " to an action whose scope opens something"
		}
		list = append(list, idle{res.pos, s.constant, fmt.Sprintf(
			"scope %q of type %s opens nothing: require replaces it for %s, and nothing of the module requires it or uses %s; require it, or %s",
			s.value, res.typ, methods, s.constant, mend)})
	}
	return list
}

// nowhere warns of scopes that another package is said to declare, and none does.
func (r *run) nowhere() {
	var known []string // in order
	for _, p := range r.packages {
		for _, s := range p.declared {
			if p.whole && s.Text == "" && !r.isKnown(s.Value) {
				if known == nil {
					known = slices.Sorted(maps.Keys(r.known))
				}
				r.found.Add(s.Pos, language.DeclaredNowhere,
					"scope %q has no text, so another package is to declare it, but none of the module does, nor has a resource that yields it%s",
					s.Value, language.Suggest(s.Value, known))
			}
		}
	}
}
