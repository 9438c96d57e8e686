package annotations

import "bytes"

// withoutBodies returns the text of a Go file with blanks for the bodies of
// functions that say nothing to this package: no type that embeds something and
// no comment that is a directive, or nearly one, is in them. Bodies are most of a
// file, and a parser takes far longer to read them than it takes to find where
// they end. All else stands where it stood.
//
// Where it is not clear what ends where, the text is returned as it is, for the
// parser to say what is wrong with it.
func withoutBodies(src []byte) []byte {
	out := src
	s := skimmer{src: src}
	for s.declaration() {
		start, ok := s.signature()
		if !ok {
			continue
		}
		body := src[start:s.next]
		if bytes.Contains(body, []byte("struct")) || Mentions(body) {
			continue
		}
		if &out[0] == &src[0] {
			out = bytes.Clone(src)
		}
		blank(out[start+1 : s.next-1])
	}
	if s.lost {
		return src
	}
	return out
}

// blank overwrites a text with blanks, but for its line breaks.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' {
			text[i] = ' '
		}
	}
}

// A skimmer goes through a Go file by its literals, comments and brackets.
type skimmer struct {
	src  []byte
	next int  // where it is
	lost bool // it does not know where something ends
}

// declaration goes past the next func that begins a line outside of all brackets.
func (s *skimmer) declaration() bool {
	for !s.lost && s.next < len(s.src) {
		if atLineStart := s.next == 0 || s.src[s.next-1] == '\n'; atLineStart && string(s.word()) == "func" {
			s.next += len("func")
			return true
		}
		s.element()
	}
	return false
}

// signature goes past the name, parameters and results of a function and its
// body, and returns where the body begins. It is false if there is none.
func (s *skimmer) signature() (body int, ok bool) {
	var last []byte // word, if nothing but blanks and comments came after it
	for !s.lost && s.next < len(s.src) {
		start := s.next
		switch c := s.src[start]; {
		case c == '\n':
			return 0, false
		case isLetter(c):
			last = s.word()
			s.next += len(last)
			continue
		case c == '{' && string(last) != "struct" && string(last) != "interface":
			s.element()
			return start, !s.lost
		case c != '/' && !isBlank(c):
			last = nil
		}
		s.element()
	}
	return 0, false
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
	depth := 0
	for !s.lost && s.next < len(s.src) {
		switch c := s.src[s.next]; c {
		case '{', '(', '[':
			depth++
			s.next++
		case '}', ')', ']':
			depth--
			s.next++
		case '"', '\'', '`':
			s.literal(c)
		case '/':
			s.slash()
		default:
			s.next++
		}
		if depth <= 0 {
			s.lost = s.lost || depth < 0
			return
		}
	}
	s.lost = true
}

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
