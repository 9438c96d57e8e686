package lint

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"go/token"
	"iter"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A nearName is a scope name that another one may be nearly the same as.
type nearName struct {
	bearer    // the first one
	name      string
	onPurpose bool // one of its bearers says that this is its own
}

// nearNames are those of a run, by the name.
type nearNames map[string]*nearName

func (ns nearNames) add(name string, b bearer) {
	have, again := ns[name]
	if !again {
		ns[name] = &nearName{b, name, b.said()}
		return
	}
	have.onPurpose = have.onPurpose || b.said()
	if comparePlace(b, have.bearer) < 0 {
		have.bearer = b
	}
}

// near warns of scope names that differ in one word, and in that by so little
// that one of them was probably meant.
func (r *run) near() {
	type word struct {
		text string
		of   *nearName
	}
	alike := map[string][]word{} // by the pattern
	var patterns patterns
	inOrder := func(a, b *nearName) int { return comparePlace(a.bearer, b.bearer) }
	for _, name := range slices.SortedFunc(maps.Values(r.nearly), inOrder) {
		for pattern, text := range patterns.of(name.name) {
			alike[string(pattern)] = append(alike[string(pattern)], word{string(text), name})
		}
	}
	for _, list := range alike {
		for i, w := range list {
			for _, other := range list[:i] {
				if probablyOne(w.text, other.text) && !(w.of.onPurpose && other.of.onPurpose) {
					r.found.Add(w.of.pos, diag.NearScopeNames,
						"scope name %q of type %s is nearly %q of type %s, see %s; write the same scope= on both if one is meant, or each its own if not",
						w.of.name, w.of.typ, other.of.name, other.of.typ, other.of.pos)
				}
			}
		}
	}
}

// patterns makes those of scope names, in memory that it uses again.
type patterns struct{ words, pattern []byte }

// of returns, with each word of a scope name that may be another one's, what both
// scope names have in common then: the other words, and a trait of this one.
func (p *patterns) of(name string) iter.Seq2[[]byte, []byte] {
	return func(yield func(pattern, word []byte) bool) {
		p.words = appendWords(p.words[:0], name)
		for start, end := 0, 0; start < len(p.words); start = end + 1 {
			for end = start; end < len(p.words) && p.words[end] != '_'; {
				end++
			}
			word := p.words[start:end]
			if bytes.ContainsFunc(word, notLetter) {
				continue
			}
			for i, trait := range traits {
				if len(word) < trait.shortest {
					break
				}
				const gap = 0 // which no name has
				p.pattern = append(append(p.pattern[:0], p.words[:start]...), gap)
				p.pattern = append(append(p.pattern, p.words[end:]...), gap, byte(i), word[0])
				p.pattern = trait.append(p.pattern, word)
				if !yield(p.pattern, word) {
					return
				}
			}
		}
	}
}

// appendWords appends the words of a scope name in lower case, with _ between
// them. A capital after something else begins one.
func appendWords(to []byte, name string) []byte {
	before, between := '_', false
	for _, c := range name {
		if isSeparator(c) || unicode.IsUpper(c) && !unicode.IsUpper(before) {
			between = len(to) > 0
		}
		before = c
		if isSeparator(c) {
			continue
		}
		if between {
			to, between = append(to, '_'), false
		}
		to = utf8.AppendRune(to, unicode.ToLower(c))
	}
	return to
}

func notLetter(c rune) bool { return c < 'a' || 'z' < c }

// How many letters a word has, at least, for a difference not to make it another
// one: contact and contract are two words, tag and bag are.
const (
	shortest  = 3  // with an s at its end
	slippery  = 6  // with two letters swapped, or one that is doubled
	different = 10 // with any letter more, less or exchanged
)

// traits are what words have in common, besides the first letter, that are
// [probablyOne]: at least one of those that both are long enough for. Few other
// words have, so that few are compared.
var traits = [...]struct {
	shortest int
	append   func(to, word []byte) []byte
}{
	{shortest, appendStem},
	{slippery, appendLetters},
	{different, func(to, word []byte) []byte { return append(to, word[:different/2]...) }},
	{different, func(to, word []byte) []byte { return append(to, word[len(word)-different/2:]...) }},
}

// appendStem appends what a word has in common with its plural.
func appendStem(to, word []byte) []byte { return append(to, bytes.TrimRight(word, "eisy")...) }

// appendLetters appends which letters a word has, in whatever order and number.
func appendLetters(to, word []byte) []byte {
	var set uint32
	for _, c := range word {
		set |= 1 << (c - 'a')
	}
	return binary.LittleEndian.AppendUint32(to, set)
}

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
	if min(len(a), len(b)) < slippery || max(len(x), len(y)) > 2 || annotations.Distance(x, y) != 1 {
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
