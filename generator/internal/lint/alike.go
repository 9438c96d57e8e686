package lint

import (
	"cmp"
	"go/token"
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A spelling is a name as it stands somewhere.
type spelling struct {
	text  string
	pos   token.Position
	yield string // of a scope that a resource yields: its scope name
}

// spellings are those of a kind of names where each stands first, by the text.
type spellings map[string]spelling

func (ss spellings) add(s spelling) {
	if first, again := ss[s.text]; !again || comparePos(s.pos, first.pos) < 0 {
		ss[s.text] = s
	}
}

// alike warns of names that differ in case or separators alone. Of resources it
// says so once: a scope name is mostly the policy ID, and that the name.
func (r *run) alike() {
	said := map[[2]token.Position]bool{}
	r.compare("scope name", said, r.spellings[scopeNames])
	r.compare("policy ID", said, r.spellings[policyIDs])
	r.compare("resource name", said, r.spellings[resourceNames])
	r.compare("scope", map[[2]token.Position]bool{}, r.spellings[scopes])
}

// compare warns of the spellings of a name that are not its first one, unless it
// is said of the two places already.
func (r *run) compare(what string, said map[[2]token.Position]bool, spellings spellings) {
	list := slices.SortedFunc(maps.Values(spellings), func(a, b spelling) int {
		return cmp.Or(comparePos(a.pos, b.pos), cmp.Compare(a.text, b.text))
	})
	first := map[string]spelling{} // by what they have in common
	for _, s := range list {
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
		r.found.Add(s.pos, diag.AlikeNames,
			"%s %q differs from %q, see %s, in case or separators only, and one will be taken for the other; spell both the same, or rename one",
			what, s.text, other.text, other.pos)
	}
}

// fold returns what a name has besides case and separators.
func fold(name string) string { return string(appendFolded(nil, name)) }

func appendFolded(to []byte, name string) []byte {
	for _, c := range name {
		if !isSeparator(c) {
			to = utf8.AppendRune(to, unicode.ToLower(c))
		}
	}
	return to
}

func isSeparator(c rune) bool {
	return c == '_' || c == '-' || c == '.' || c == ':' || c == '/'
}

func comparePos(a, b token.Position) int {
	return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
