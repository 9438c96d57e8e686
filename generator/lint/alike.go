package lint

import (
	"cmp"
	"go/token"
	"iter"
	"slices"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// A spelling is a name as it stands somewhere.
type spelling struct {
	text  string
	pos   *token.Position
	yield string // of a scope that a resource yields: its scope name
}

// alike warns of names that differ in case or separators alone. Of resources it
// says so once: a scope name is mostly the policy ID, and that the name.
func (r *run) alike() {
	said := map[[2]token.Position]bool{}
	r.spellings("scope name", said, func(res *resource) string { return res.scopeName })
	r.spellings("policy ID", said, func(res *resource) string { return res.policy })
	r.spellings("resource name", said, func(res *resource) string { return res.name })
	r.compare("scope", map[[2]token.Position]bool{}, func(yield func(spelling) bool) {
		for _, p := range r.packages {
			for i := range p.resources {
				for _, s := range p.resources[i].scopes {
					if !yield(spelling{s.value, &p.resources[i].pos, p.resources[i].scopeName}) {
						return
					}
				}
			}
			for i, s := range p.declared {
				// One without a text is spelt as where it is declared, or nowhere.
				if s.Text != "" && !yield(spelling{text: s.Value, pos: &p.declared[i].Pos}) {
					return
				}
			}
		}
	})
}

// spellings compares a name of all resources.
func (r *run) spellings(what string, said map[[2]token.Position]bool, name func(*resource) string) {
	r.compare(what, said, func(yield func(spelling) bool) {
		for _, p := range r.packages {
			for i := range p.resources {
				if res := &p.resources[i]; !yield(spelling{text: name(res), pos: &res.pos}) {
					return
				}
			}
		}
	})
}

// compare warns of the spellings of a name that are not its first one, each
// where it stands first, unless it is said of the two places already.
func (r *run) compare(what string, said map[[2]token.Position]bool, spellings iter.Seq[spelling]) {
	if !mayBeAlike(spellings) {
		return
	}
	list := slices.SortedFunc(spellings, func(a, b spelling) int {
		return cmp.Or(comparePos(*a.pos, *b.pos), cmp.Compare(a.text, b.text))
	})
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
		places := [2]token.Position{*other.pos, *s.pos}
		if name == "" || said[places] || s.yield != other.yield && s.yield != "" && other.yield != "" { // the scope names were compared
			continue
		}
		said[places] = true
		r.found.Add(*s.pos, language.AlikeNames,
			"%s %q differs from %q, see %s, in case or separators only, and one will be taken for the other; spell both the same, or rename one",
			what, s.text, other.text, other.pos)
	}
}

// mayBeAlike reports whether any two spellings may have the same [fold]. It goes
// by a hash, and mostly says no: nothing need be sorted then.
func mayBeAlike(spellings iter.Seq[spelling]) bool {
	texts := map[uint64]string{}
	for s := range spellings {
		hash := foldedHash(s.text)
		if other, again := texts[hash]; again && other != s.text {
			return true
		}
		texts[hash] = s.text
	}
	return false
}

// foldedHash returns a hash (FNV-1a) of what fold returns.
func foldedHash(name string) uint64 {
	if strings.ContainsFunc(name, func(c rune) bool { return c > unicode.MaxASCII }) {
		name = fold(name)
	}
	hash := uint64(14695981039346656037)
	for i := range len(name) {
		c := name[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if !isSeparator(rune(c)) {
			hash = (hash ^ uint64(c)) * 1099511628211
		}
	}
	return hash
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

func isSeparator(c rune) bool {
	return c == '_' || c == '-' || c == '.' || c == ':' || c == '/'
}

func comparePos(a, b token.Position) int {
	return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}
