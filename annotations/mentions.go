package annotations

import (
	"bytes"
	"strings"
)

// Mentions reports whether a Go file may have a directive or a near miss. It
// judges whatever follows // and /*, without regard to the syntax around, and
// so says yes too often rather than too rarely. It looks at each place of the
// file a bounded number of times.
func Mentions(src []byte) bool {
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
