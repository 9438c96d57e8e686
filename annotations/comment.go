package annotations

import (
	"strings"
)

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
