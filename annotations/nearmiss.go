package annotations

import (
	"bytes"
	"math/bits"
	"strings"
	"unicode"
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

// A verdict says what a line of a comment is to the
type verdict int

const (
	prose     verdict = iota // of no concern
	directive                // what Go takes as a directive of ours
	nearMiss                 // what a person takes as a directive, and Go does not
)

// A shape is a line of a comment taken apart as if it were a directive:
//
//	indent marks tool gap sep space name rest
//
// with "indent", "gap" and "space" being blanks, "marks" what other tools and
// languages put before their annotations, such as + or a third slash, and "sep"
// what stands for the colon.
type shape struct {
	indent, marks, tool, gap, sep, space, name, rest string
}

// judge says what a line of a // comment is, given the text after the slashes.
//
// A line that is not what Go takes as a directive is a near miss if it begins
// with our name, in whatever spelling, and goes on as directives do and prose
// does not. The more is wrong with it the more of it must be right: see isNear.
func judge(line string) (shape, verdict) {
	if s, ok := exact(line); ok {
		return s, directive
	}
	plain := seen(line)
	if s, ok := exact(plain); ok {
		return s, nearMiss
	}
	s, ok := takeApart(plain)
	if !ok {
		return shape{}, prose
	}
	for _, s := range s.readings() {
		name, known := s.named()
		if isNear(s, name, known) {
			if name != "" {
				s.name = name
			}
			return s, nearMiss
		}
	}
	return s, prose
}

// exact takes apart what Go takes as a directive of ours: after the colon, the
// first character decides (go/ast, ParseDirective).
func exact(line string) (shape, bool) {
	after, ok := strings.CutPrefix(line, Tool+":")
	if !ok || after == "" || !('a' <= after[0] && after[0] <= 'z' || '0' <= after[0] && after[0] <= '9') {
		return shape{}, false
	}
	s := shape{tool: Tool, sep: ":"}
	s.name, s.rest = cutRun(after, func(c byte) bool { return !isBlank(c) && c != '\n' })
	return s, true
}

// takeApart returns the shape of what seen returned, and whether it has one.
func takeApart(line string) (shape, bool) {
	var s shape
	s.indent, line = cutRun(line, isBlank)
	s.marks, line = cutRun(line, func(c byte) bool { return isBlank(c) || isMark(c) || c == '-' })
	if after, ok := strings.CutPrefix(line, "go:"); ok {
		s.marks, line = s.marks+"go:", after
	}
	if len(s.marks) > mostMarks {
		return shape{}, false
	}
	s.tool, line = cutRun(line, isToolChar)
	s.cut(line)
	return s, s.tool != ""
}

// cut takes apart what follows the tool.
func (s *shape) cut(line string) {
	s.gap, line = cutRun(line, isBlank)
	s.sep, s.name = "", ""
	if strings.HasPrefix(line, ":") {
		s.sep, line = line[:1], line[1:] // the only one that may be followed by what is no word
		s.space, line = cutRun(line, isBlank)
		s.name, s.rest = cutRun(line, func(c byte) bool { return !isBlank(c) })
		return
	}
	s.sep, line = cutRun(line, isMark)
	s.space, line = cutRun(line, isBlank)
	s.name, s.rest = cutRun(line, isToolChar)
}

// readings returns the ways to understand a line whose beginning is like our
// name: as it is; with a tool of two words, //web api:require; with a name that
// is not set off, //webapirequire.
func (s shape) readings() []shape {
	var list []shape
	if likeness(s.tool) != another {
		list = append(list, s)
	}
	if s.isSetOff() && len(s.tool) < len(Tool)+2 {
		joined := s
		word, tail := cutRun(s.name, isToolChar)
		has := lettersOf(s.tool, word)
		if word != "" && (mayBe(has, Tool) || mayBe(has, longTool)) {
			joined.tool += " " + word
			if likeness(joined.tool) <= oneOff {
				joined.cut(tail + s.rest)
				list = append(list, joined)
			}
		}
	}
	if len(list) > 0 || len(s.tool) < len(Tool+DirectiveScope)-int(twoOff) || !lettersOf(s.tool).haveMost(Tool) {
		return list
	}
	for _, name := range DirectiveNames() {
		if least(s.tool, Tool+name, longTool+name) != another {
			glued := s
			glued.tool, glued.gap, glued.sep, glued.space, glued.name = Tool, "", "", "", name
			glued.rest = s.gap + s.sep + s.space + s.name + s.rest
			list = append(list, glued)
		}
	}
	return list
}

// isSetOff reports whether anything stands between the tool and the name.
func (s shape) isSetOff() bool { return s.gap != "" || s.sep != "" || s.space != "" }

// cutRun cuts the longest prefix off s of which every byte is in class.
func cutRun(s string, class func(byte) bool) (run, rest string) {
	n := 0
	for n < len(s) && class(s[n]) {
		n++
	}
	return s[:n], s[n:]
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

func isToolChar(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == anyLetter
}

// isMark reports whether c is punctuation that is part of no word.
func isMark(c byte) bool {
	return ' ' < c && c <= '~' && !isToolChar(c)
}

// mostMarks is how long what stands before the tool may be.
const mostMarks = 16

// visible is how many visible characters of a line are looked at to judge it.
const visible = 64 + mostMarks

// anyLetter stands for a letter that may look like one of ours.
const anyLetter = 0x01

// seen returns the beginning of a line as a person sees it: without what is
// invisible, with plain blanks, each one for as many as there are, and with
// anyLetter for what may be a letter that only looks like one of ours. A
// carriage return is invisible too: Go drops it from comments.
func seen(line string) string {
	if n, ok := plain(line); ok {
		return line[:n]
	}
	buf := make([]byte, 0, 2*visible) // on the stack: what look returns is ASCII
	count, blank := 0, false
scan:
	for _, c := range line {
		c = look(c)
		switch c {
		case '\n':
			break scan
		case invisible:
			continue
		case ' ':
			if !blank {
				buf = append(buf, ' ')
			}
			blank = true
			continue
		}
		blank = false
		if count++; count > visible {
			break
		}
		buf = append(buf, byte(c))
	}
	return string(buf)
}

// plain returns how much of a line is seen if that is seen as it stands, which
// is so of nearly all lines.
func plain(line string) (n int, ok bool) {
	count := 0
	for n := range len(line) {
		switch c := line[n]; {
		case c == '\n':
			return n, true
		case c < ' ' || c > '~' || c == ' ' && n > 0 && line[n-1] == ' ':
			return 0, false
		case c != ' ':
			if count++; count > visible {
				return n, true
			}
		}
	}
	return len(line), true
}

const invisible = -1

// look returns what a person takes a character for.
func look(c rune) rune {
	switch {
	case ' ' <= c && c <= '~' || c == '\n':
		return c
	case c == '\t':
		return ' '
	case c == '\r' || c == unicode.ReplacementChar || unicode.Is(unicode.Mn, c):
		return invisible
	case unicode.IsSpace(c):
		return ' '
	case strings.ContainsRune(colons, c):
		return ':'
	case '\uff01' <= c && c <= '\uff5e': // the full-width forms of ASCII
		return c - '\uff01' + '!'
	case !unicode.IsGraphic(c):
		return invisible
	case unicode.IsLetter(c) || unicode.IsNumber(c):
		return anyLetter
	}
	return '~'
}

// colons are the characters that look like a colon (Unicode's confusables.txt,
// and the presentation forms).
const colons = "\u02d0\u02d1\u02f8\u0589\u05c3\u0703\u0704\u0903\u0a83\u1361\u1365\u16ec\u1803\u1809" +
	"\u205a\u205d\u2236\u2254\u2982\u2d57\ua4fd\ua789\ufe13\ufe30\ufe55\uff1a"

// MayHaveDirective reports whether a Go file may have a directive or a near miss. It
// judges whatever follows // and /*, without regard to the syntax around, and
// so says yes too often rather than too rarely. It looks at each place of the
// file a bounded number of times.
func MayHaveDirective(src []byte) bool {
	if !bytes.Contains(src, slashes) && !bytes.Contains(src, blockStart) {
		return false
	}
	if i := bytes.Index(src, begins); i >= 0 { // mostly it is what it looks like
		line, _, _ := bytes.Cut(src[i+len(slashes):], newline)
		if isMention(string(line)) {
			return true
		}
	}
	text := string(src)
	end := 0 // of the block comment that may have begun
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\n' && i < end:
			if isMention(blockLine(text[i+1:end], "")) {
				return true
			}
		case text[i] != '/':
		default:
			marks, rest := cutRun(text[i:], func(c byte) bool { return c == '/' })
			last := i + len(marks) - 1
			if mentionsAfter(text, i, last) {
				return true
			}
			if strings.HasPrefix(rest, "*") {
				if start := last + len("/*"); end < start {
					end = endOfBlock(text, start)
				}
				if isMention(blockLine(text[last+len("/*"):end], "/*")) {
					return true
				}
			}
			i = last
		}
	}
	return false
}

// begins is how a directive begins.
var begins = []byte("//" + Tool + ":")

// endOfBlock returns where a block comment ends whose text begins at start.
func endOfBlock(text string, start int) int {
	if n := strings.Index(text[start:], "*/"); n >= 0 {
		return start + n
	}
	return len(text)
}

// mentionsAfter judges the line after the slashes text[first:last+1], of which
// the first may end a block comment.
func mentionsAfter(text string, first, last int) bool {
	if first > 0 && text[first-1] == '*' && mentionsAfterMarks(text, first+len("///"), last+1) {
		return true
	}
	return mentionsAfterMarks(text, first+len("//"), last+1)
}

// mentionsAfterMarks judges a line that begins at start and, after nothing but
// slashes, goes on at next.
func mentionsAfterMarks(text string, start, next int) bool {
	return start <= next && next-start <= mostMarks && isMention(text[start:])
}

func isMention(line string) bool {
	_, v := judge(line)
	return v != prose
}

// blockLine returns what is judged of a line of a block comment, given what
// stands before it in the comment: blanks and stars at its beginning are skipped,
// and count as an indent but for what follows /* at once. It is no longer than
// what judge looks at.
func blockLine(line, before string) string {
	body := strings.TrimLeft(line, " \t*")
	if len(body) == len(line) && before != "" {
		return body
	}
	return " " + seen(body)
}
