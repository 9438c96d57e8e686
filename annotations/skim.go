package annotations

import (
	"bytes"
	"go/ast"
	"go/token"
	"sort"
)

// skim returns the text of a Go file without what functions take, return and do,
// unless it says something to this package: there is a struct type, which may
// embed something, or a comment that is a directive or nearly one. That is most
// of a file, and a parser takes far longer to read it than it takes to find where
// it ends.
//
// Where it is not clear what ends where, the text is returned as it is, and
// otherwise in the memory of room, or in more.
func skim(src, room []byte) ([]byte, []omission) {
	out := room[:0]
	var omitted []omission
	s, kept := skimmer{src: src}, 0
	for s.declaration() {
		start := s.next
		if !s.signature() || s.lost {
			continue
		}
		rest := src[start:s.next]
		if len(rest) <= len("()") || bytes.Contains(rest, []byte("struct")) || Mentions(rest) {
			continue
		}
		out = append(append(out, src[kept:start]...), "()"...)
		kept = s.next
		omitted = append(omitted, omission{at: len(out), left: kept - len(out)})
	}
	if s.lost || omitted == nil {
		return src, nil
	}
	return append(out, src[kept:]...), omitted
}

// An omission is a place in a text from which on so many bytes have been left out.
type omission struct{ at, left int }

// A layout knows where in a file stands what was parsed of it.
type layout struct {
	path    string
	start   token.Pos  // of what was parsed
	omitted []omission // in it
	lines   []int      // where those of the file begin
}

func newLayout(src Source, tree *ast.File, omitted []omission) *layout {
	l := &layout{path: src.Path, start: tree.FileStart, omitted: omitted, lines: make([]int, 1, 1+bytes.Count(src.Data, newline))}
	for next := 0; ; {
		n := bytes.IndexByte(src.Data[next:], '\n')
		if next += n + 1; n < 0 || next == len(src.Data) {
			return l
		}
		l.lines = append(l.lines, next)
	}
}

// position ignores //line comments: a diagnostic names the text that was read.
func (l *layout) position(pos token.Pos) token.Position {
	offset := int(pos - l.start)
	if n := sort.Search(len(l.omitted), func(i int) bool { return l.omitted[i].at > offset }); n > 0 {
		offset += l.omitted[n-1].left
	}
	line := sort.SearchInts(l.lines, offset+1)
	return token.Position{Filename: l.path, Offset: offset, Line: line, Column: offset - l.lines[line-1] + 1}
}
