package lint

import (
	"fmt"
	"go/token"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// An idle scope is one that no requirement of the run names.
type idle struct {
	pos      token.Position
	constant string
	message  string
}

// answers are those to a question about scopes. Only what was asked is answered:
// most scopes nobody asks about.
type answers map[string]bool

func (a answers) ask(scope string) {
	if _, asked := a[scope]; !asked {
		a[scope] = false
	}
}

func (a answers) affirm(scope string) {
	if _, asked := a[scope]; asked {
		a[scope] = true
	}
}

// somethingNot reports whether an answer is no.
func (a answers) somethingNot() bool {
	for _, yes := range a {
		if !yes {
			return true
		}
	}
	return false
}

// opensNothing warns of scopes that no requirement names, and whose constants no
// code uses either.
func (r *run) opensNothing(source Source) error {
	if !r.required.somethingNot() {
		return nil
	}
	var list []idle
	for p := range r.opened() {
		if !p.whole {
			continue
		}
		for _, s := range p.declared {
			if s.text != "" && !r.required[s.value] {
				list = append(list, idle{s.pos, s.constant, fmt.Sprintf(
					"scope %q opens nothing: nothing of the module requires it or uses %s; require it, or remove it", s.value, s.constant)})
			}
		}
		for res := range p.resources() {
			list = append(list, r.replaced(res)...)
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

// replaced returns the scopes of a resource that its method map yields, but no
// requirement names. Where that is so of all of them, other scopes open the
// resource on purpose: to do without its own is not possible. One that has a
// text is reported nevertheless, for people are asked to consent to it.
func (r *run) replaced(res *resource) []idle {
	var list []idle
	opener := func(s scope) bool { return s.required || r.required[s.value] }
	opens := slices.ContainsFunc(res.scopes, opener)
	for _, s := range res.scopes {
		if opener(s) || !opens && s.text == "" {
			continue
		}
		mend := "leave out its describe"
		if opens {
			mend = "map " + s.mapped + " to an action whose scope opens something"
		}
		list = append(list, idle{res.pos, s.constant, fmt.Sprintf(
			"scope %q of type %s opens nothing: require replaces it for %s, and nothing of the module requires it or uses %s; require it, or %s",
			s.value, res.typ, s.mapped, s.constant, mend)})
	}
	return list
}

// nowhere warns of scopes that another package is said to declare, and none does.
func (r *run) nowhere() {
	if !r.known.somethingNot() {
		return
	}
	known := r.knownScopes()
	for p := range r.opened() {
		for _, s := range p.declared {
			if p.whole && s.text == "" && !r.known[s.value] {
				r.found.Add(s.pos, diag.DeclaredNowhere,
					"scope %q has no text, so another package is to declare it, but none of the module does, nor has a resource that yields it%s",
					s.value, annotations.Suggest(s.value, known))
			}
		}
	}
}

// knownScopes returns the scopes that a package yields, or declares with a text,
// in order.
func (r *run) knownScopes() []string {
	var list []string
	for p := range r.opened() {
		list = append(list, p.known...)
		for res := range p.resources() {
			for _, s := range res.scopes {
				list = append(list, s.value)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
