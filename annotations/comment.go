package annotations

import (
	"bytes"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// A verdict says what a line of a comment is to the language.
type verdict int

const (
	prose     verdict = iota // of no concern
	directive                // what Go takes as a directive of ours
	nearMiss                 // what a person takes as a directive, and Go does not
)

// A shape is a line of a comment taken apart as if it were a directive:
//
//	indent mark tool gap : space name rest
//
// with "indent", "gap" and "space" being blanks, and "mark" what other tools
// and languages put there: + or @, or a third slash.
type shape struct {
	indent, mark, tool, gap, space, name, rest string
}

// takeApart returns the shape of a line, and whether it has one: whether its
// first word is followed by a colon.
func takeApart(line string) (shape, bool) {
	var s shape
	s.indent, line = cutRun(line, isBlank)
	if line != "" && (line[0] == '+' || line[0] == '@' || line[0] == '/' && s.indent == "") {
		s.mark, line = line[:1], line[1:]
	}
	s.tool, line = cutRun(line, isToolChar)
	s.gap, line = cutRun(line, isBlank)
	if s.tool == "" || !strings.HasPrefix(line, ":") {
		return shape{}, false
	}
	s.space, line = cutRun(line[1:], isBlank)
	s.name, s.rest = cutRun(line, func(c byte) bool { return !isBlank(c) })
	return s, true
}

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
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_'
}

// judge says what a line of a // comment is, given the text after the slashes.
//
// A line that is not what Go takes as a directive is a near miss if its first
// word is ours, in whatever spelling, and it either stands where only
// directives stand (right after the slashes) or continues with a word of the
// language. Prose that mentions the tool is neither.
func judge(line string) (shape, verdict) {
	s, v := judgeBytes(line)
	if plain := seen(line); v == prose && plain != line {
		if s, v := judgeBytes(plain); v != prose {
			return s, nearMiss
		}
	}
	return s, v
}

// seen returns a line as a person sees it: with plain blanks, without what is
// invisible, and with _ for what may be a letter that only looks like one of
// ours. A carriage return is invisible too: Go drops it from comments.
func seen(line string) string {
	if !strings.ContainsFunc(line, deceptive) {
		return line
	}
	return strings.Map(func(c rune) rune {
		switch {
		case !deceptive(c):
			return c
		case c == '\r':
			return -1
		case unicode.IsSpace(c):
			return ' '
		case c == fullwidthColon:
			return ':'
		case unicode.IsGraphic(c) && c != unicode.ReplacementChar:
			return '_'
		}
		return -1
	}, line)
}

func deceptive(c rune) bool { return (c < ' ' || c > '~') && c != '\t' }

const fullwidthColon = '\uff1a'

// judgeBytes is judge for a line that is what it seems.
func judgeBytes(line string) (shape, verdict) {
	s, ok := takeApart(line)
	if !ok {
		return s, prose
	}
	ours, exact := likeness(s.tool)
	if !ours {
		return s, prose
	}
	if exact && s.tool == language.Tool && s.indent+s.mark+s.gap+s.space == "" && isDirectiveName(s.name) {
		return s, directive
	}
	_, known := language.FindDirective(strings.ToLower(s.name))
	_, near := language.Nearest(s.name, language.DirectiveNames())
	switch {
	case !exact: // a misspelt tool, or the tool of somebody else
		if known && s.space == "" {
			return s, nearMiss
		}
	case s.space == "" && s.name != "": // no prose has its colon followed by a word at once
		if near || s.indent == "" {
			return s, nearMiss
		}
	case known && looksLikeArguments(s.rest):
		return s, nearMiss
	case s.indent == "" && (near || s.name == ""):
		return s, nearMiss
	}
	return s, prose
}

var noHyphens = strings.NewReplacer("-", "", "_", "")

// likeness reports whether a word is the tool's name in some spelling, and
// whether it is so for sure or only within one letter.
func likeness(word string) (ours, exact bool) {
	if len(word) < len(language.Tool)-1 || len(word) > len("webapi-gen")+2 {
		return false, false
	}
	plain := strings.TrimSuffix(noHyphens.Replace(strings.ToLower(word)), "gen")
	if plain == language.Tool {
		return true, true
	}
	return language.Distance(plain, language.Tool) <= 1, false
}

// isDirectiveName reports whether Go takes name, after a colon, as the name of
// a directive: its first character decides (go/ast, ParseDirective).
func isDirectiveName(name string) bool {
	return name != "" && ('a' <= name[0] && name[0] <= 'z' || '0' <= name[0] && name[0] <= '9')
}

// looksLikeArguments reports whether text could be arguments of a directive
// rather than the rest of a sentence: key=value or METHOD first, or none.
func looksLikeArguments(text string) bool {
	words := strings.Fields(text)
	if len(words) == 0 {
		return true
	}
	method, _, _ := strings.Cut(words[0], ",")
	return strings.Contains(words[0], "=") || language.IsMethod(method)
}

// Mentions reports whether a Go file may have a directive or a near miss. It
// looks at whatever follows // and /*, without regard to the syntax around,
// and so says yes too often rather than too rarely.
func Mentions(src []byte) bool {
	for {
		i := bytes.IndexByte(src, '/')
		if i < 0 || i+1 == len(src) {
			return false
		}
		src = src[i+1:]
		switch src[0] {
		case '/':
			line, _, _ := bytes.Cut(src[1:], newline)
			if mentionsLine(line) {
				return true
			}
		case '*':
			text, _, _ := bytes.Cut(src[1:], blockEnd)
			for line := range bytes.SplitSeq(text, newline) {
				if mentionsLine(line) {
					return true
				}
			}
		}
	}
}

var (
	newline  = []byte("\n")
	blockEnd = []byte("*/")
)

// mentionsLine is the part of judge that is cheap enough for every comment of
// a source tree: the first word is followed by a colon and is like our name.
func mentionsLine(line []byte) bool {
	line = bytes.TrimRight(line, "\r")
	if bytes.ContainsFunc(line, deceptive) {
		line = []byte(seen(string(line)))
	}
	i := 0
	for i < len(line) && (isBlank(line[i]) || strings.IndexByte("*/+@", line[i]) >= 0) {
		i++
	}
	start := i
	for i < len(line) && isToolChar(line[i]) {
		i++
	}
	end := i
	for i < len(line) && isBlank(line[i]) {
		i++
	}
	if start == end || i == len(line) || line[i] != ':' {
		return false
	}
	ours, _ := likeness(string(line[start:end]))
	return ours
}
