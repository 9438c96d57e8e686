package lint

import (
	"cmp"
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// A spelling is a name as it stands somewhere.
type spelling struct {
	text  string
	pos   token.Position
	yield string // of a scope that a resource yields: its scope name
}

// alike warns of names that differ in case or separators alone. Of resources it
// says so once: a scope name is mostly the policy ID, and that the name.
func (r *run) alike() {
	var scopeNames, policies, names, scopes []spelling
	for _, p := range r.packages {
		for _, res := range p.resources {
			scopeNames = append(scopeNames, spelling{text: res.scopeName, pos: res.pos})
			policies = append(policies, spelling{text: res.policy, pos: res.pos})
			names = append(names, spelling{text: res.name, pos: res.pos})
			for _, s := range res.scopes {
				scopes = append(scopes, spelling{s.value, res.pos, res.scopeName})
			}
		}
		for _, s := range p.declared {
			if s.Text != "" { // else it is spelt as where it is declared, or nowhere
				scopes = append(scopes, spelling{text: s.Value, pos: s.Pos})
			}
		}
	}
	said := map[[2]token.Position]bool{}
	r.spellings("scope name", scopeNames, said)
	r.spellings("policy ID", policies, said)
	r.spellings("resource name", names, said)
	r.spellings("scope", scopes, map[[2]token.Position]bool{})
}

// spellings warns of the spellings of a name that are not its first one, each
// where it stands first, unless it is said of the two places already.
func (r *run) spellings(what string, list []spelling, said map[[2]token.Position]bool) {
	slices.SortFunc(list, func(a, b spelling) int { return cmp.Or(comparePos(a.pos, b.pos), cmp.Compare(a.text, b.text)) })
	first := map[string]spelling{} // by what they have in common
	seen := map[string]bool{"": true}
	for _, s := range list {
		if seen[s.text] {
			continue
		}
		seen[s.text] = true
		name := fold(s.text)
		other, again := first[name]
		if !again {
			first[name] = s
			continue
		}
		places := [2]token.Position{other.pos, s.pos}
		if name == "" || said[places] || s.yield != other.yield && s.yield != "" && other.yield != "" { // the scope names were compared
			continue
		}
		said[places] = true
		r.found.Add(s.pos, language.AlikeNames,
			"%s %q differs from %q, see %s, in case or separators only, and one will be taken for the other; spell both the same, or rename one",
			what, s.text, other.text, other.pos)
	}
}

// fold returns what a name has besides case and separators.
func fold(name string) string {
	return strings.ToLower(strings.Map(func(c rune) rune {
		if isSeparator(c) {
			return -1
		}
		return c
	}, name))
}

func isSeparator(c rune) bool { return strings.ContainsRune("_-.:/", c) }

func comparePos(a, b token.Position) int {
	return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
