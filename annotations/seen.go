package annotations

import (
	"strings"
	"unicode"
)

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
