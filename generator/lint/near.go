package lint

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// near warns of scope names that differ in one word, and in that by so little
// that one of them was probably meant.
func (r *run) near() {
	alike := map[string][]resource{} // by the scope name with the first letter of one of its words alone
	for _, res := range r.scopeNames() {
		list := words(res.scopeName)
		for i, word := range list {
			if len(word) >= shortest && !strings.ContainsFunc(word, notLetter) {
				rest := slices.Replace(slices.Clone(list), i, i+1, word[:1]+"*")
				key := strings.Join(rest, "_")
				alike[key] = append(alike[key], res)
			}
		}
	}
	for _, list := range alike {
		for i, res := range list {
			for _, other := range list[:i] {
				if !(res.said && other.said) && probablyOne(res.scopeName, other.scopeName) {
					r.found.Add(res.pos, language.NearScopeNames,
						"scope name %q of type %s is nearly %q of type %s, see %s; write the same scope= on both if one is meant, or each its own if not",
						res.scopeName, res.typ, other.scopeName, other.typ, other.pos)
				}
			}
		}
	}
}

// scopeNames returns one resource for each scope name, the one that stands
// first, in the order in which they stand.
func (r *run) scopeNames() []resource {
	var all, list []resource
	for _, p := range r.packages {
		all = append(all, p.resources...)
	}
	slices.SortFunc(all, func(a, b resource) int { return cmp.Or(comparePos(a.pos, b.pos), cmp.Compare(a.typ, b.typ)) })
	index := map[string]int{}
	for _, res := range all {
		i, again := index[res.scopeName]
		switch {
		case res.scopeName == "":
		case again:
			list[i].said = list[i].said || res.said
		default:
			index[res.scopeName] = len(list)
			list = append(list, res)
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

// probablyOne reports whether two names of as many words, one of which is not
// the same, probably mean the same.
func probablyOne(a, b string) bool {
	x, y := words(a), words(b)
	for i := range x {
		if x[i] != y[i] {
			return isPlural(x[i], y[i]) || isPlural(y[i], x[i]) || isSlip(x[i], y[i])
		}
	}
	return false // they differ in case or separators only
}

// isPlural reports whether many is the plural of one.
func isPlural(one, many string) bool {
	stem, y := strings.CutSuffix(one, "y")
	switch {
	case y && many == stem+"ies":
		return true
	case hissing.MatchString(one):
		return many == one+"es"
	}
	return many == one+"s"
}

var hissing = regexp.MustCompile(`(s|x|z|ch|sh)$`)

// isSlip reports whether one word is the other, misspelt.
func isSlip(a, b string) bool {
	least := different
	if letters(a) == letters(b) || undoubled(a) == undoubled(b) {
		least = slippery
	}
	return min(len(a), len(b)) >= least && language.Distance(a, b) == 1
}

// letters returns the letters of a word in order.
func letters(word string) string {
	list := []byte(word)
	slices.Sort(list)
	return string(list)
}

// undoubled returns a word with one letter for each run of the same.
func undoubled(word string) string { return string(slices.Compact([]byte(word))) }
