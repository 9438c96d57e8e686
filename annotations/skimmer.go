package annotations

import "bytes"

// A skimmer goes through a Go file by its literals, comments and brackets.
type skimmer struct {
	src  []byte
	next int    // where it is
	open []byte // brackets that are not closed yet
	lost bool   // it does not know where something ends
}

// declaration goes past the name of the next function that is declared. It takes
// func at the beginning of a line, outside of all brackets, for its beginning.
func (s *skimmer) declaration() bool {
	for !s.lost && s.next < len(s.src) {
		atLineStart := s.next == 0 || s.src[s.next-1] == '\n'
		if !atLineStart || string(s.word()) != "func" {
			s.element()
			continue
		}
		s.next += len("func")
		s.blanks()
		if s.next < len(s.src) && s.src[s.next] == '(' { // the receiver
			s.element()
			s.blanks()
		}
		if name := s.word(); len(name) > 0 {
			s.next += len(name)
			return true
		}
	}
	return false
}

// signature goes past the parameters and results of a function and its body, if it
// has one: without one it ends with its line, or where another declaration follows
// on that. It is false at the end of the file.
func (s *skimmer) signature() bool {
	var last []byte // word, or byte of something else, but for blanks and comments
	for !s.lost && s.next < len(s.src) {
		switch c := s.src[s.next]; {
		case c == '\n' || c == ';':
			return s.ends(last)
		case c == '/':
			start := s.next
			if s.element(); bytes.IndexByte(s.src[start:s.next], '\n') >= 0 {
				return s.ends(last) // to Go, the comment is a line break
			}
			continue
		case isLetter(c):
			last = s.word()
			s.next += len(last)
			continue
		case c == '{' && string(last) != "struct" && string(last) != "interface":
			s.element()
			return true
		case !isBlank(c):
			last = s.src[s.next : s.next+1]
		}
		s.element()
	}
	return false
}

// ends says that a signature ends with a line, unless its result goes on after what
// is last, perhaps with func.
func (s *skimmer) ends(last []byte) bool {
	end := string(last)
	s.lost = s.lost || end == "chan" || end == "*" || end == "-"
	return true
}

// blanks goes past blanks.
func (s *skimmer) blanks() {
	for s.next < len(s.src) && isBlank(s.src[s.next]) {
		s.next++
	}
}

// word returns the word that begins here.
func (s *skimmer) word() []byte {
	end := s.next
	for end < len(s.src) && isLetter(s.src[end]) {
		end++
	}
	return s.src[s.next:end]
}

func isLetter(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_' || '0' <= c && c <= '9' || c >= 0x80
}

// element goes past a literal, a comment, all that is between brackets, or else
// one byte.
func (s *skimmer) element() {
	s.open = s.open[:0]
	for !s.lost && s.next < len(s.src) {
		switch c := s.src[s.next]; c {
		case '{', '(', '[':
			s.open = append(s.open, c)
			s.next++
		case '}', ')', ']':
			s.close(c)
		case '"', '\'', '`':
			s.literal(c)
		case '/':
			s.slash()
		default:
			s.next++
			for len(s.open) > 0 && s.next < len(s.src) && !matters[s.src[s.next]] {
				s.next++
			}
		}
		if len(s.open) == 0 {
			return
		}
	}
	s.lost = true
}

// matters says which bytes begin or end something.
var matters = [256]bool{'{': true, '(': true, '[': true, '}': true, ')': true, ']': true, '"': true, '\'': true, '`': true, '/': true}

// close goes past a closing bracket.
func (s *skimmer) close(bracket byte) {
	last := len(s.open) - 1
	if last < 0 || closing[s.open[last]] != bracket {
		s.lost = true
		return
	}
	s.open = s.open[:last]
	s.next++
}

var closing = [...]byte{'{': '}', '(': ')', '[': ']'}

// literal goes past a string or a character.
func (s *skimmer) literal(quote byte) {
	for s.next++; s.next < len(s.src); s.next++ {
		switch c := s.src[s.next]; {
		case c == quote:
			s.next++
			return
		case c == '\\' && quote != '`':
			s.next++
		case c == '\n' && quote != '`':
			s.lost = true
			return
		}
	}
	s.lost = true
}

// slash goes past a comment, or a slash that begins none.
func (s *skimmer) slash() {
	rest, n := s.src[s.next:], 1
	switch {
	case bytes.HasPrefix(rest, slashes):
		if n = bytes.IndexByte(rest, '\n'); n < 0 {
			n = len(rest)
		}
	case bytes.HasPrefix(rest, blockStart):
		end := bytes.Index(rest[len(blockStart):], blockEnd)
		s.lost = end < 0
		n = len(blockStart) + max(0, end) + len(blockEnd)
	}
	s.next += n
}
