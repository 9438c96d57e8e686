package annotations

import (
	"math/bits"
	"strings"
)

// isNear reports whether a line that is no directive is almost one, given what
// named says of it. The name may be all if the tool has a colon and is ours to
// within a letter; else there must be arguments as well.
func isNear(s shape, name string, known bool) bool {
	like := likeness(s.tool)
	if strings.Contains(s.tool, " ") {
		like = max(like, oneOff)
	}
	if s.quotes() {
		return false
	}
	colon := s.sep == ":"
	usual := s.marks == "" || s.marks == "+" || s.marks == "@" || s.marks == "/" && s.indent == ""
	switch {
	case colon && usual && like == same && isNearOfSame(s, name, known):
		return true
	case name == "":
		return false
	case colon && usual && like == oneOff && known && s.space == "",
		colon && s.indent == "" && like <= oneOff && known && s.space+s.gap+s.rest == "",
		s.indent+s.marks+s.sep+s.rest == "" && like == same && known: // //webapi resource
		return true
	}
	return s.hasArguments(name)
}

// isNearOfSame is isNear for our name and a colon, with at most a usual mark.
func isNearOfSame(s shape, name string, known bool) bool {
	switch {
	case s.space == "" && s.name != "": // no prose has its colon followed by a word at once
		return name != "" || s.indent == ""
	case known && looksLikeArguments(s.rest):
		return true
	}
	return s.indent == "" && (name != "" || s.name == "")
}

// quotes reports whether a line of prose begins with a quotation: an indented
// comment, or what stands in quotation marks or brackets and goes on after them.
func (s shape) quotes() bool {
	if s.indent == "" || s.marks == "" {
		return false
	}
	if strings.HasPrefix(s.marks, "//") || strings.HasPrefix(s.marks, "/*") {
		return true
	}
	i := strings.IndexByte("\"'`([{<", s.marks[len(s.marks)-1])
	return i >= 0 && strings.IndexByte(s.sep+s.name+s.rest, "\"'`)]}>"[i]) >= 0
}

// named returns the directive that is meant, "" if none is near, and whether it
// is written as it should be but for capitals.
func (s shape) named() (name string, known bool) {
	lower := strings.ToLower(s.name)
	if _, ok := FindDirective(lower); ok {
		return lower, true
	}
	if strings.IndexByte(lower, anyLetter) >= 0 {
		for _, d := range DirectiveNames() {
			if least(lower, d) <= oneOff {
				return d, true
			}
		}
		return "", false
	}
	if s.sep != ":" && len(lower) < 4 {
		return "", false
	}
	name, _ = Nearest(lower, DirectiveNames())
	return name, false
}

// A degree says how like a word is to another.
type degree int

const (
	same    degree = iota // but for capitals and hyphens
	oneOff                // one letter wrong
	twoOff                // two, or letters of another script
	another               // more
)

// longTool is the name of the command, without its hyphen.
const longTool = Tool + "gen"

// likeness says how like a word is to the tool's name.
func likeness(word string) degree { return least(word, Tool, longTool) }

var noHyphens = strings.NewReplacer("-", "", "_", "", " ", "")

// least says how like a word is to the likest of some.
func least(word string, targets ...string) degree {
	best := another
	has, folded := lettersOf(word), ""
	for _, target := range targets {
		if !mayBe(has, target) {
			continue
		}
		if folded == "" {
			folded = noHyphens.Replace(strings.ToLower(word))
		}
		filled, wild := fill(folded, target)
		d := degree(Distance(filled, target))
		if wild && d < twoOff {
			d++
		}
		best = min(best, d)
	}
	return best
}

// letters are what a word has, as far as it may be another: nearly all words
// have too few of the right ones, and are done with.
type letters struct {
	set  uint32 // bit n is set for the n-th letter of the alphabet
	size int    // of the word without hyphens
	wild bool   // it has anyLetter
}

// lettersOf returns the letters of one or more words.
func lettersOf(words ...string) letters {
	var has letters
	for _, word := range words {
		for i := range len(word) {
			switch c := word[i] | 0x20; {
			case word[i] == '-' || word[i] == '_' || word[i] == ' ':
				continue
			case word[i] == anyLetter:
				has.wild = true
			case 'a' <= c && c <= 'z':
				has.set |= 1 << (c - 'a')
			}
			has.size++
		}
	}
	return has
}

// mayBe reports whether a word with these letters can be two off target.
func mayBe(has letters, target string) bool {
	return len(target)-int(twoOff) <= has.size && has.size <= len(target)+int(twoOff) && has.haveMost(target)
}

// haveMost reports whether at most two different letters of target are missing.
func (has letters) haveMost(target string) bool {
	return has.wild || bits.OnesCount32(lettersOf(target).set&^has.set) <= int(twoOff)
}

// fill puts the letters of target for those that may look like them, unless
// they are most of the word.
func fill(word, target string) (filled string, wild bool) {
	n := strings.Count(word, string(rune(anyLetter)))
	if n == 0 || n > 2*len(target)/3 {
		return word, false
	}
	letters := []byte(word)
	for i, c := range letters {
		if c == anyLetter && i < len(target) {
			letters[i] = target[i]
		}
	}
	return string(letters), true
}

// looksLikeArguments reports whether text could be arguments of a directive
// rather than the rest of a sentence: key=value or METHOD first, or none.
func looksLikeArguments(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 {
		return true
	}
	method, _, _ := strings.Cut(words[0], ",")
	return strings.Contains(words[0], "=") || IsMethod(method)
}

// hasArguments reports whether a line has arguments that the directive of that
// name takes, and that no sentence has.
func (s shape) hasArguments(name string) bool {
	rest := s.rest
	if rest != "" && strings.IndexByte(":;,=.(", rest[0]) >= 0 {
		rest = rest[1:]
	}
	words := strings.Fields(rest)
	if rest == s.rest && rest != "" && !isBlank(rest[0]) || len(words) == 0 {
		return false
	}
	tight := s.sep == ":" && s.gap+s.space == ""
	switch name {
	case DirectiveRequire:
		return isRequirement(words, s.indent == "")
	case DirectiveDescribe:
		return tight && len(words) > 1
	case DirectiveScope:
		return tight
	default:
		return isSetting(words)
	}
}

// isSetting reports whether words begin with key=value or key = value.
func isSetting(words []string) bool {
	key, _, found := strings.Cut(words[0], "=")
	word, _ := cutRun(key, isToolChar)
	return word != "" && word == key && (found || len(words) > 1 && words[1][0] == '=')
}

// isRequirement reports whether words are METHOD[,METHOD] SCOPE ... . In a line
// that is set as prose, a few words must be all.
func isRequirement(words []string, bare bool) bool {
	for len(words) > 2 && strings.HasSuffix(words[0], ",") {
		words = words[1:] // GET, POST
	}
	first, _, _ := strings.Cut(strings.Trim(words[0], "\"'`()[]<>"), ",")
	method, scopes := strings.ToUpper(first), words[1:]
	if _, ok := Nearest(method, Methods()); !ok || len(scopes) == 0 {
		return false
	}
	if strings.IndexByte(scopes[0], ':') > 0 {
		return true
	}
	return len(scopes) <= 3 && (bare || first == method) || bare && first == method
}
