package lint

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// A scopeName is the one of a resource, and perhaps of others.
type scopeName struct {
	*resource
	onPurpose bool // one of them says that this is its own
}

// A word is one of a scope name.
type word struct {
	text string
	of   *scopeName
}

// near warns of scope names that differ in one word, and in that by so little
// that one of them was probably meant.
func (r *run) near() {
	alike := map[string][]word{} // by the scope name with the first letter of the word alone
	for _, name := range r.scopeNames() {
		list := words(name.scopeName)
		for i, text := range list {
			if len(text) >= shortest && !strings.ContainsFunc(text, notLetter) {
				rest := slices.Replace(slices.Clone(list), i, i+1, text[:1]+"*")
				key := strings.Join(rest, "_")
				alike[key] = append(alike[key], word{text, name})
			}
		}
	}
	for _, list := range alike {
		for i, w := range list {
			for _, other := range list[:i] {
				if probablyOne(w.text, other.text) && !(w.of.onPurpose && other.of.onPurpose) {
					r.found.Add(w.of.pos, language.NearScopeNames,
						"scope name %q of type %s is nearly %q of type %s, see %s; write the same scope= on both if one is meant, or each its own if not",
						w.of.scopeName, w.of.typ, other.of.scopeName, other.of.typ, other.of.pos)
				}
			}
		}
	}
}

// scopeNames returns the scope names with the resource where each stands first,
// in the order in which they stand.
func (r *run) scopeNames() []*scopeName {
	var all []*resource
	for _, p := range r.packages {
		for i := range p.resources {
			all = append(all, &p.resources[i])
		}
	}
	slices.SortFunc(all, func(a, b *resource) int { return cmp.Or(comparePos(a.pos, b.pos), cmp.Compare(a.typ, b.typ)) })
	var list []*scopeName
	index := map[string]*scopeName{}
	for _, res := range all {
		name, again := index[res.scopeName]
		switch {
		case res.scopeName == "":
		case again:
			name.onPurpose = name.onPurpose || res.said()
		default:
			name = &scopeName{res, res.said()}
			index[res.scopeName] = name
			list = append(list, name)
		}
	}
	return list
}

// words returns the words of a scope name in lower case. A capital after
// something else begins one.
func words(name string) []string {
	var b strings.Builder
	before := '_'
	for _, c := range name {
		if unicode.IsUpper(c) && !unicode.IsUpper(before) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(c))
		before = c
	}
	return strings.FieldsFunc(b.String(), isSeparator)
}

func notLetter(c rune) bool { return c < 'a' || 'z' < c }

// How many letters a word has, at least, for a difference not to make it another
// one: contact and contract are two words, tag and bag are.
const (
	shortest  = 3  // with an s at its end
	slippery  = 6  // with two letters swapped, or one that is doubled
	different = 10 // with any letter more, less or exchanged
)

// probablyOne reports whether two words probably mean the same.
func probablyOne(a, b string) bool { return isPlural(a, b) || isPlural(b, a) || isSlip(a, b) }

// isPlural reports whether many is the plural of one.
func isPlural(one, many string) bool {
	ending, longer := strings.CutPrefix(many, one)
	if !longer {
		stem, y := strings.CutSuffix(one, "y")
		return y && many == stem+"ies"
	}
	for _, hissing := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(one, hissing) {
			return ending == "es"
		}
	}
	return ending == "s"
}

// isSlip reports whether one word is the other, misspelt.
func isSlip(a, b string) bool {
	x, y := differing(a, b)
	if min(len(a), len(b)) < slippery || max(len(x), len(y)) > 2 || language.Distance(x, y) != 1 {
		return false
	}
	return min(len(a), len(b)) >= different || letters(a) == letters(b) || undoubled(a) == undoubled(b)
}

// differing returns what is left of two words without what both begin and end
// with. It takes as many changes to make one of the other.
func differing(a, b string) (string, string) {
	for len(a)*len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a)*len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// letters returns the letters of a word in order.
func letters(word string) string {
	list := []byte(word)
	slices.Sort(list)
	return string(list)
}

// undoubled returns a word with one letter for each run of the same.
func undoubled(word string) string { return string(slices.Compact([]byte(word))) }
