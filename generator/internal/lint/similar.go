package lint

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"go/token"
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A scopeName is a scope name of the run, which another one may be nearly the same as.
type scopeName struct {
	declaration // the first one
	name        string
	onPurpose   bool // scope= or policy= is written on one of its resources
}

// scopeNames returns the scope names of the run, by the name.
func (r *run) scopeNames() map[string]*scopeName {
	names := make(map[string]*scopeName, len(r.resources))
	for name, d := range r.named(resource.scopeName) {
		n, known := names[name]
		switch {
		case name == "":
			continue
		case !known:
			names[name] = &scopeName{d, name, d.isExplicit()}
			continue
		case compareDeclarations(d, n.declaration) < 0:
			n.declaration = d
		}
		n.onPurpose = n.onPurpose || d.isExplicit()
	}
	return names
}

// maxBlock is how many names each is compared with, of those that share a blocking key.
const maxBlock = 1000

// near warns of scope names that differ in one word, and in that by so little that
// one of them is probably a mistake. It compares names that share a blocking key.
func (r *run) near() {
	type word struct {
		text string
		of   *scopeName
	}
	names := r.scopeNames()
	var keys blockingKeys
	const keysPerName = 8 // of names with two words
	count := make(map[string]int, keysPerName*len(names))
	for name := range names {
		for key := range keys.of(name) {
			count[string(key)]++
		}
	}
	blocks := map[string][]word{}
	for name, n := range names {
		for key, text := range keys.of(name) {
			if count[string(key)] > 1 {
				blocks[string(key)] = append(blocks[string(key)], word{string(text), n})
			}
		}
	}
	for _, block := range blocks {
		slices.SortFunc(block, func(a, b word) int { return compareDeclarations(a.of.declaration, b.of.declaration) })
		for i, w := range block {
			for _, other := range block[max(0, i-maxBlock):i] {
				if similar(w.text, other.text) && !(w.of.onPurpose && other.of.onPurpose) {
					r.found.Add(w.of.pos, diag.NearScopeNames,
						"scope name %q of type %s is nearly %q of type %s, see %s; write the same scope= on both if one is meant, or each its own if not",
						w.of.name, w.of.typ, other.of.name, other.of.typ, other.of.pos)
				}
			}
		}
	}
}

// blockingKeys makes the blocking keys of scope names, in memory that it uses again.
type blockingKeys struct{ words, key []byte }

// of returns the blocking keys of a scope name, each with the word that may differ: a
// name that is nearly the same has a key in common with it. A key has the other words,
// and what similar words have in common.
func (b *blockingKeys) of(name string) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, word []byte) bool) {
		b.words = appendWords(b.words[:0], name)
		for start, end := 0, 0; start < len(b.words); start = end + 1 {
			for end = start; end < len(b.words) && b.words[end] != '_'; {
				end++
			}
			word := b.words[start:end]
			if bytes.ContainsFunc(word, notLetter) {
				continue
			}
			for i, common := range commonParts {
				if len(word) < common.minLength {
					break
				}
				const separator = 0 // which no name has
				b.key = append(append(b.key[:0], b.words[:start]...), separator)
				b.key = append(append(b.key, b.words[end:]...), separator, byte(i), word[0])
				b.key = common.append(b.key, word)
				if !yield(b.key, word) {
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

// The lengths in letters from which two words that differ are taken for one. Shorter
// ones are often two words: contact and contract, tag and bag.
const (
	minLengthPlural     = 3  // by an s at the end
	minLengthTransposed = 6  // by two letters that are swapped, or one that is doubled
	minLengthDistinct   = 10 // by any letter more, less or replaced
)

// commonParts are what [similar] words have in common besides the first letter: at
// least one of those that both are long enough for. Few other words have it in common,
// so few are compared.
var commonParts = [...]struct {
	minLength int
	append    func(to, word []byte) []byte
}{
	{minLengthPlural, appendStem},
	{minLengthTransposed, appendLetters},
	{minLengthDistinct, func(to, word []byte) []byte { return append(to, word[:minLengthDistinct/2]...) }},
	{minLengthDistinct, func(to, word []byte) []byte { return append(to, word[len(word)-minLengthDistinct/2:]...) }},
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

// similar reports whether two words probably mean the same.
func similar(a, b string) bool { return isPlural(a, b) || isPlural(b, a) || isMisspelt(a, b) }

// isPlural reports whether a word is the plural of another one.
func isPlural(singular, plural string) bool {
	ending, longer := strings.CutPrefix(plural, singular)
	if !longer {
		stem, y := strings.CutSuffix(singular, "y")
		return y && plural == stem+"ies"
	}
	for _, sibilant := range []string{"s", "x", "z", "ch", "sh"} {
		if strings.HasSuffix(singular, sibilant) {
			return ending == "es"
		}
	}
	return ending == "s"
}

// isMisspelt reports whether one word is the other, misspelt.
func isMisspelt(a, b string) bool {
	x, y := differing(a, b)
	if min(len(a), len(b)) < minLengthTransposed || max(len(x), len(y)) > 2 || annotations.Distance(x, y) != 1 {
		return false
	}
	return min(len(a), len(b)) >= minLengthDistinct || letters(a) == letters(b) || collapseRuns(a) == collapseRuns(b)
}

// differing returns two words without their common beginning and ending. Their edit
// distance is that of the words.
func differing(a, b string) (string, string) {
	for len(a)*len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a)*len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	return a, b
}

// letters returns the letters of a word, sorted.
func letters(word string) string {
	list := []byte(word)
	slices.Sort(list)
	return string(list)
}

// collapseRuns returns a word with one letter for each run of the same.
func collapseRuns(word string) string { return string(slices.Compact([]byte(word))) }

// A variant is a name that may differ from another one in case or separators alone.
type variant struct {
	text      string
	pos       token.Position
	scopeName string // of a scope that a resource yields
}

// alike warns of names that differ in case or separators alone, and of two resources
// once: the scope name is mostly the policy ID and the resource name as well.
func (r *run) alike() {
	reported := map[[2]token.Position]bool{}
	r.compare("scope name", reported, r.variants(resource.scopeName))
	r.compare("policy ID", reported, r.variants(resource.policyID))
	r.compare("resource name", reported, r.variants(func(res resource) string { return res.Name }))
	scopes := make([]variant, 0, 4*len(r.resources)) // of which few resources have more
	for _, s := range r.declared() {
		if s.Text != "" {
			scopes = append(scopes, variant{s.Value, s.Pos, ""})
		}
	}
	for res, s := range r.scopes() {
		scopes = append(scopes, variant{s.Value, res.Pos, res.scopeName()})
	}
	r.compare("scope", map[[2]token.Position]bool{}, scopes)
}

// variants returns what name returns for each resource.
func (r *run) variants(name func(resource) string) []variant {
	list := make([]variant, len(r.resources))
	for i, res := range r.resources {
		list[i] = variant{name(res), res.Pos, ""}
	}
	return list
}

// compare warns of the variants of a name that are not its first one, unless the two
// positions are reported already.
func (r *run) compare(what string, reported map[[2]token.Position]bool, list []variant) {
	first, seen := map[string]variant{}, map[string]bool{} // by the folded name and by the name
	for _, v := range sortedVariants(list) {
		if seen[v.text] {
			continue
		}
		seen[v.text] = true
		folded := fold(v.text)
		other, known := first[folded]
		if !known {
			first[folded] = v
			continue
		}
		positions := [2]token.Position{other.pos, v.pos}
		if reported[positions] || v.scopeName != other.scopeName && v.scopeName != "" && other.scopeName != "" { // the scope names were compared
			continue
		}
		reported[positions] = true
		r.found.Add(v.pos, diag.AlikeNames,
			"%s %q differs from %q, see %s, in case or separators only, and one will be taken for the other; spell both the same, or rename one",
			what, v.text, other.text, other.pos)
	}
}

// sortedVariants returns those of a list whose name has several variants, sorted by
// position. It changes the list.
func sortedVariants(list []variant) []variant {
	texts := make(map[string]string, len(list)) // one, by the folded name
	several := map[string]bool{}                // by the folded name
	for _, v := range list {
		folded := fold(v.text)
		if text, known := texts[folded]; !known {
			texts[folded] = v.text
		} else if text != v.text && folded != "" {
			several[folded] = true
		}
	}
	if len(several) == 0 {
		return nil
	}
	list = slices.DeleteFunc(list, func(v variant) bool { return !several[fold(v.text)] })
	slices.SortFunc(list, func(a, b variant) int {
		return cmp.Or(diag.ComparePos(a.pos, b.pos), cmp.Compare(a.text, b.text))
	})
	return list
}

// fold returns a name in lower case and without separators.
func fold(name string) string {
	return strings.Map(func(c rune) rune {
		if isSeparator(c) {
			return -1
		}
		return unicode.ToLower(c)
	}, name)
}

func isSeparator(c rune) bool {
	return c == '_' || c == '-' || c == '.' || c == ':' || c == '/'
}
