package annotations

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A class is what a line of a comment is to this package. These are examples, with the
// escapes of Go strings; a test checks every row. The text of a block comment is
// classified line by line and is never a directive.
//
// Go's rule for directives (go/ast.ParseDirective) applies to the line as it is:
//
//	//webapi:resource                          directive
//	//webapi:require GET,PUT note:read         directive
//	//webapi:resorce                           directive   an unknown one, which is another error
//	//webapi:Resource                          near miss   not in lower case
//	//webapi:                                  near miss   no name
//
// What a person does not see, or takes for an ASCII character, makes a near miss of it:
//
//	//\u200bwebapi:resource                    near miss   an invisible character
//	//webapi\uff1aresource                     near miss   a full-width colon
//	//w\u0435bapi:resource                     near miss   a Cyrillic letter
//
// With the tool's name, a colon and at most a space or a usual prefix before them, the
// name of a directive is enough, unless it begins a sentence:
//
//	// webapi:resource                         near miss
//	// webapi:resourse                         near miss   a misspelt name
//	// webapi:other                            plain text  no name of a directive
//	//webapi: resource                         near miss
//	//WebAPI:resource                          near miss
//	//web-api:resource                         near miss
//	//+webapi:resource                         near miss
//	// @webapi:resource                        near miss
//	///webapi:resource                         near miss
//	// webapi: resource name=x                 near miss   arguments follow
//	// webapi: resource types are listed here  plain text  a sentence follows
//	// webapi: the resources are guarded       plain text
//
// With a letter of the tool's name wrong, or with its longer name, the name of the
// directive must be right:
//
//	//webapi-gen:resource                      near miss
//	// webapp:resource                         near miss
//	// webapp: require a login                 plain text
//
// With anything else wrong, the arguments must be ones that the directive takes and that
// no sentence has:
//
//	//webapi resource                          near miss   a single word, without a space before
//	//webapi resource name=x                   near miss
//	//webapi require GET note:read             near miss
//	// webapi require GET, PUT admin           near miss
//	//webapi.require GET admin                 near miss   another separator
//	//webapirequire GET admin                  near miss   no separator
//	//web api:require GET admin                near miss   two words
//	//wepabi:describe read See it              near miss   two letters wrong, a text after the name
//	//!webapi:require GET admin                near miss   an unusual prefix
//	//go:webapi:require GET admin              near miss
//	// webapi requires GET to carry a token    plain text
//	// webapi require: see below               plain text
//	// webapi resources are guarded            plain text
//	//webhooks:resource name=x                 plain text  another tool
//	//nolint:webapi                            plain text
//
// Go ends a line at a line feed only. What follows another character at which an editor
// or a terminal begins a line, or writes over one, is classified as a line by itself, and
// is never a directive:
//
//	// text\u2028//webapi:resource            near miss   a line separator
//	// text\u2029webapi:resource              near miss   a paragraph separator
//	// text\u0085//webapi:resource            near miss   a next-line character
//	// text\r//webapi:resource                near miss   a carriage return
//	// text\v// webapi:resource               near miss   a vertical tab
//	// text\f///webapi:resource               near miss   a form feed
//	// text\b\b\b\b//webapi:resource          near miss   backspaces
//	// text\x1b[2K\x1b[1G//webapi:resource    near miss   escape sequences
//	//we\x1b[31mbapi:resource                 near miss
//	// text \u202eecruoser:ipabew//           near miss   written from right to left
//	// text\u2028webapi: it guards            plain text
//	// text\u200b//webapi:resource            plain text  a quotation
//	/* text\u2028webapi:resource */           near miss
//
// A quotation that begins an indented line is plain text:
//
//	// //webapi:require GET admin              plain text
//	// \"webapi:require GET a\" guards it      plain text
//	// See webapi:resource.                    plain text
//
// In a block comment:
//
//	/* webapi:resource */                      near miss
//	/*\n * webapi:require GET admin\n */       near miss
//	/*\n\t//webapi:require GET admin\n*/       plain text
//	/* webapi: it guards */                    plain text
type class int

const (
	plainText class = iota
	directive       // Go takes the line for a directive of this tool
	nearMiss        // a person takes the line for a directive, and Go does not
)

// A lineSyntax is a line of a comment split as if it were a directive:
//
//	indent prefix tool gap sep space name rest
//
// Indent, gap and space are whitespace. The prefix is what other tools and languages
// write before their annotations, such as + or a third slash. Sep is what is written for
// the colon.
type lineSyntax struct {
	indent, prefix, tool, gap, sep, space, name, rest string
}

// classify classifies a line of a // comment, given the text after the slashes.
func classify(line string) (lineSyntax, class) {
	if s, ok := parseDirective(line); ok {
		return s, directive
	}
	visible := visibleText(line)
	if s, ok := parseDirective(visible); ok {
		return s, nearMiss
	}
	s, ok := parseLine(visible)
	if !ok {
		return lineSyntax{}, plainText
	}
	for _, s := range s.readings() {
		name, known := s.directiveName()
		if s.isNearMiss(name, known) {
			if name != "" {
				s.name = name
			}
			return s, nearMiss
		}
	}
	return s, plainText
}

// afterBreak returns the near miss that follows the break at the beginning of text, up to
// the next break, and whether there is one.
func afterBreak(text string) (lineSyntax, bool) {
	r, size := utf8.DecodeRuneInString(text)
	if end := strings.IndexFunc(text[size:], isBreak); end >= 0 {
		text = text[:size+end]
	}
	lines := []string{text[size:]}
	switch r {
	case '\x1b', '\u009b':
		lines = append(lines, text[len(escape().FindString(text)):])
	case rightToLeft:
		lines[0] = reversed(lines[0])
	}
	for _, line := range lines {
		before := ""
		for _, opening := range []string{"//", "/*"} {
			if body, ok := strings.CutPrefix(strings.TrimLeftFunc(line, unicode.IsSpace), opening); ok {
				line, before = body, opening
				break
			}
		}
		if s, c := classify(blockLine(line, before)); c != plainText {
			return s, true
		}
	}
	return lineSyntax{}, false
}

// rightToLeft is the character after which all others are written from right to left.
const rightToLeft = '\u202e'

// isBreak reports whether an editor or a terminal may begin a line at c, may write over
// what precedes it, or reverses what follows.
func isBreak(c rune) bool {
	return c < ' ' && c != '\t' || '\x7f' <= c && c <= '\u009f' || c == '\u2028' || c == '\u2029' || c == rightToLeft
}

// escape matches an escape sequence of terminals (ECMA-48, 5.4).
var escape = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:(?:\x1b\[|\x{9b})[0-?]*[ -/]*[@-~]|\x1b[ -/]*[0-~])`)
})

// reversed returns a text with its characters in reverse.
func reversed(text string) string {
	characters := []rune(text)
	slices.Reverse(characters)
	return string(characters)
}

// isNearMiss reports whether a line that is no directive is a near miss. It takes the
// results of directiveName.
func (s lineSyntax) isNearMiss(name string, known bool) bool {
	distance := toolDistance(s.tool)
	if strings.Contains(s.tool, " ") {
		distance = max(distance, 1)
	}
	if s.beginsWithQuotation() {
		return false
	}
	colon := s.sep == ":"
	usual := s.prefix == "" || s.prefix == "+" || s.prefix == "@" || s.prefix == "/" && s.indent == ""
	switch {
	case colon && usual && distance == 0 && s.isNearMissOfTool(name, known):
		return true
	case name == "":
		return false
	case colon && usual && distance == 1 && known && s.space == "",
		colon && s.indent == "" && distance <= 1 && known && s.space+s.gap+s.rest == "",
		s.indent+s.prefix+s.sep+s.rest == "" && distance == 0 && known: // a single word
		return true
	}
	return s.hasArguments(name)
}

// isNearMissOfTool is isNearMiss for a line with the tool's name and a colon, and at most
// a usual prefix.
func (s lineSyntax) isNearMissOfTool(name string, known bool) bool {
	switch {
	case s.space == "" && s.name != "": // in a sentence, a space follows the colon
		return name != "" || s.indent == ""
	case known && mayBeArguments(s.rest):
		return true
	}
	return s.indent == "" && (name != "" || s.name == "")
}

// beginsWithQuotation reports whether an indented line begins with a comment, or with
// quotation marks or brackets that are closed on the line.
func (s lineSyntax) beginsWithQuotation() bool {
	if s.indent == "" || s.prefix == "" {
		return false
	}
	if strings.HasPrefix(s.prefix, "//") || strings.HasPrefix(s.prefix, "/*") {
		return true
	}
	i := strings.IndexByte("\"'`([{<", s.prefix[len(s.prefix)-1])
	return i >= 0 && strings.IndexByte(s.sep+s.name+s.rest, "\"'`)]}>"[i]) >= 0
}

// directiveName returns the name of the directive that the line's name is or misspells,
// and "" if there is none. It reports as known a name that is right but for capitals.
func (s lineSyntax) directiveName() (name string, known bool) {
	lower := strings.ToLower(s.name)
	if _, ok := FindDirective(lower); ok {
		return lower, true
	}
	if strings.IndexByte(lower, anyLetter) >= 0 {
		for _, d := range DirectiveNames() {
			if nameDistance(lower, d) <= 1 {
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

// longTool is the name of the command, without its hyphen.
const longTool = Tool + "gen"

// toolDistance returns the nameDistance of a word from the tool's names.
func toolDistance(word string) int { return nameDistance(word, Tool, longTool) }

// maxDistance is up to how many letters of a name may be wrong.
const maxDistance = 2

var noHyphens = strings.NewReplacer("-", "", "_", "", " ", "")

// nameDistance returns the edit distance of a word from the nearest of some targets, without
// regard to capitals and hyphens, and maxDistance+1 if it is more than maxDistance. With a
// letter of another script it is at least 1.
func nameDistance(word string, targets ...string) int {
	least := maxDistance + 1
	folded := strings.ToLower(noHyphens.Replace(word))
	for _, target := range targets {
		if missingLetters(folded, target) > maxDistance {
			continue
		}
		filled, foreign := fillLetters(folded, target)
		distance := Distance(filled, target)
		if foreign && distance < maxDistance {
			distance++
		}
		least = min(least, distance)
	}
	return least
}

// missingLetters returns a lower bound of the distance of a word from target, which
// is enough to exclude most words.
func missingLetters(word, target string) int {
	if strings.IndexByte(word, anyLetter) >= 0 {
		return 0
	}
	missing := max(0, len(word)-len(target))
	for i := range len(target) {
		if strings.IndexByte(word, target[i]) < 0 {
			missing++
		}
	}
	return missing
}

// fillLetters replaces each anyLetter of a word by the letter of target at its place, and
// reports whether there are any. A word that mostly consists of them stays as it is.
func fillLetters(word, target string) (filled string, foreign bool) {
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

// mayBeArguments reports whether text is empty or begins with key=value or an operation, as
// arguments do and the rest of a sentence does not.
func mayBeArguments(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 {
		return true
	}
	operation, _, _ := strings.Cut(words[0], ",")
	return strings.Contains(words[0], "=") || IsOperation(operation)
}

// hasArguments reports whether a line has arguments that the directive of that
// name takes, and that no sentence has.
func (s lineSyntax) hasArguments(name string) bool {
	rest := s.rest
	if rest != "" && strings.IndexByte(":;,=.(", rest[0]) >= 0 {
		rest = rest[1:]
	}
	words := strings.Fields(rest)
	if rest == s.rest && rest != "" && !isSpace(rest[0]) || len(words) == 0 {
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
	case DirectiveImplies, DirectiveAlias:
		return tight || len(words) > 1 && hasColon(words[0]) && hasColon(words[1])
	default:
		return isSetting(words)
	}
}

// isSetting reports whether words begin with key=value or key = value.
func isSetting(words []string) bool {
	key, _, found := strings.Cut(words[0], "=")
	word, _ := splitRun(key, isNameChar)
	return word != "" && word == key && (found || len(words) > 1 && words[1][0] == '=')
}

// isRequirement reports whether words are METHOD[,METHOD] SCOPE ... . If the first scope
// has no colon, two of these must hold: there are at most three scopes, the line is flush
// with the slashes, the method is in capitals.
func isRequirement(words []string, flush bool) bool {
	for len(words) > 2 && strings.HasSuffix(words[0], ",") {
		words = words[1:] // GET, POST
	}
	first, _, _ := strings.Cut(strings.Trim(words[0], "\"'`()[]<>"), ",")
	first, _ = CutOperation(first)
	method, scopes := strings.ToUpper(first), words[1:]
	if _, ok := Nearest(method, Methods()); !ok || len(scopes) == 0 {
		return false
	}
	if strings.IndexByte(scopes[0], ':') > 0 {
		return true
	}
	few, capitals := len(scopes) <= 3, first == method
	return few && (flush || capitals) || flush && capitals
}

// parseDirective splits a line that Go takes for a directive of this tool: after the
// colon, the first character decides (go/ast.ParseDirective).
func parseDirective(line string) (lineSyntax, bool) {
	after, ok := strings.CutPrefix(line, Tool+":")
	if !ok || after == "" || !('a' <= after[0] && after[0] <= 'z' || '0' <= after[0] && after[0] <= '9') {
		return lineSyntax{}, false
	}
	s := lineSyntax{tool: Tool, sep: ":"}
	s.name, s.rest = splitRun(after, func(c byte) bool { return !isSpace(c) && c != '\n' })
	return s, true
}

// maxPrefix is how long the prefix of a near miss may be, in bytes.
const maxPrefix = 16

// parseLine splits a result of visibleText. It returns false if there is no word where
// the tool would be.
func parseLine(line string) (lineSyntax, bool) {
	var s lineSyntax
	s.indent, line = splitRun(line, isSpace)
	s.prefix, line = splitRun(line, func(c byte) bool { return isSpace(c) || isPunct(c) || c == '-' })
	if after, ok := strings.CutPrefix(line, "go:"); ok {
		s.prefix, line = s.prefix+"go:", after
	}
	if len(s.prefix) > maxPrefix {
		return lineSyntax{}, false
	}
	s.tool, line = splitRun(line, isNameChar)
	s.parseAfterTool(line)
	return s, s.tool != ""
}

// parseAfterTool splits what follows the tool.
func (s *lineSyntax) parseAfterTool(line string) {
	s.gap, line = splitRun(line, isSpace)
	if after, ok := strings.CutPrefix(line, ":"); ok { // any name may follow
		s.sep = ":"
		s.space, line = splitRun(after, isSpace)
		s.name, s.rest = splitRun(line, isNotSpace)
		return
	}
	s.sep, line = splitRun(line, isPunct)
	s.space, line = splitRun(line, isSpace)
	s.name, s.rest = splitRun(line, isNameChar)
}

// readings returns the ways to read a line whose beginning is near the tool's name: as it
// is; with a tool of two words, //web api:require; without a separator, //webapirequire.
func (s lineSyntax) readings() []lineSyntax {
	var list []lineSyntax
	if toolDistance(s.tool) <= maxDistance {
		list = append(list, s)
	}
	if word, tail := splitRun(s.name, isNameChar); word != "" && s.gap+s.sep+s.space != "" && len(s.tool) < len(Tool)+2 {
		joined := s
		joined.tool += " " + word
		if toolDistance(joined.tool) <= 1 {
			joined.parseAfterTool(tail + s.rest)
			list = append(list, joined)
		}
	}
	if len(list) > 0 || len(s.tool) < len(Tool+DirectiveScope)-maxDistance {
		return list
	}
	for _, name := range DirectiveNames() {
		if nameDistance(s.tool, Tool+name, longTool+name) <= maxDistance {
			rest := s.gap + s.sep + s.space + s.name + s.rest
			list = append(list, lineSyntax{indent: s.indent, prefix: s.prefix, tool: Tool, name: name, rest: rest})
		}
	}
	return list
}

// splitRun splits s after its longest prefix of bytes in class.
func splitRun(s string, class func(byte) bool) (run, rest string) {
	n := 0
	for n < len(s) && class(s[n]) {
		n++
	}
	return s[:n], s[n:]
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

func isNotSpace(c byte) bool { return !isSpace(c) }

func isNameChar(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == anyLetter
}

// isPunct reports whether c is punctuation that is part of no name.
func isPunct(c byte) bool {
	return ' ' < c && c <= '~' && !isNameChar(c)
}

// maxVisible is how many visible characters of a line are classified.
const maxVisible = 64 + maxPrefix

// anyLetter stands for a letter that is not ASCII, which may look like an ASCII letter.
const anyLetter = 0x01

// visibleText returns the beginning of a line as a person sees it: in ASCII, without
// invisible characters, escape sequences and repeated whitespace, with anyLetter for other letters. A
// carriage return is invisible too: Go drops it from comments.
func visibleText(line string) string {
	text := make([]byte, 0, 2*maxVisible)
	count, next := 0, 0
	for i, c := range line {
		if i < next {
			continue
		}
		if c == '\x1b' || c == '\u009b' {
			next = i + len(escape().FindString(line[i:]))
		}
		c = visibleChar(c)
		switch {
		case c == '\n':
			return string(text)
		case c == invisible, c == ' ' && len(text) > 0 && text[len(text)-1] == ' ':
			continue
		case c != ' ':
			count++
		}
		if count > maxVisible {
			break
		}
		text = append(text, byte(c))
	}
	return string(text)
}

const invisible = -1

// visibleChar returns the ASCII character that a person takes c for, anyLetter or
// invisible.
func visibleChar(c rune) rune {
	switch {
	case ' ' <= c && c <= '~' || c == '\n':
		return c
	case c == '\t':
		return ' '
	case c == '\r' || c == unicode.ReplacementChar || unicode.In(c, unicode.Mn, unicode.Me, unicode.Other_Default_Ignorable_Code_Point):
		return invisible
	case unicode.IsSpace(c), c == '\u2800': // the Braille pattern without dots
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
// classifies all text after // and /*, also in strings, so it may return true for a
// file that has none, but not the reverse. It takes linear time.
func MayHaveDirective(src []byte) bool {
	if !bytes.Contains(src, slashes) && !bytes.Contains(src, blockStart) {
		return false
	}
	text := string(src)
	end := 0 // of the block comment that may have begun
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\n' && i < end:
			if isDirectiveLike(blockLine(text[i+1:end], "")) {
				return true
			}
		case text[i] != '/':
		default:
			run, rest := splitRun(text[i:], func(c byte) bool { return c == '/' })
			last := i + len(run) - 1
			if afterBlock := i > 0 && text[i-1] == '*'; afterBlock && hasDirectiveAt(text, i+len("///"), last+1) ||
				hasDirectiveAt(text, i+len("//"), last+1) {
				return true
			}
			if strings.HasPrefix(rest, "*") {
				if start := last + len("/*"); end < start {
					end = endOfBlock(text, start)
				}
				if isDirectiveLike(blockLine(text[last+len("/*"):end], "/*")) {
					return true
				}
			}
			i = last
		}
	}
	return hasNearMissAfterBreak(text)
}

// hasNearMissAfterBreak reports whether a near miss may follow a break other than the end
// of a line, in a comment or a string.
func hasNearMissAfterBreak(text string) bool {
	for i, c := range text {
		if !isBreak(c) || c == '\n' || strings.HasPrefix(text[i:], "\r\n") {
			continue
		}
		_, size := utf8.DecodeRuneInString(text[i:])
		line := text[i:]
		if end := strings.IndexFunc(line[size:], isBreak); end >= 0 {
			line = line[:size+end]
		}
		comment, _, _ := strings.Cut(line, "*/") // which may end here
		for _, line := range []string{line, comment} {
			if _, ok := afterBreak(line); ok {
				return true
			}
		}
	}
	return false
}

// hasDirectiveAt reports whether the line that begins at start is a directive or a near
// miss. Only slashes are between start and next.
func hasDirectiveAt(text string, start, next int) bool {
	return start <= next && next-start <= maxPrefix && isDirectiveLike(text[start:])
}

// endOfBlock returns the offset at which a block comment ends whose text begins at start.
func endOfBlock(text string, start int) int {
	if n := strings.Index(text[start:], "*/"); n >= 0 {
		return start + n
	}
	return len(text)
}

// isDirectiveLike reports whether a line of a comment is a directive or a near miss.
func isDirectiveLike(line string) bool {
	_, c := classify(line)
	return c != plainText
}

// blockLine returns a line of a block comment as classify takes it, given what is
// before it in the comment. Whitespace and stars at its beginning count as an indent,
// and so does the beginning of each line but the first. It is no longer than what is
// classified.
func blockLine(line, before string) string {
	body := strings.TrimLeft(line, " \t*")
	if len(body) == len(line) && before != "" {
		return body
	}
	return " " + visibleText(body)
}
