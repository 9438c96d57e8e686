package annotations

import (
	"path/filepath"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/parallel"
)

// A large spec is read in pieces, each with some of its resources: on all processors,
// and without holding the nodes of all of it at once. It must have the form that such
// specs have:
//
//	... other entries
//	resources:
//	  - ... as many as there are, with nothing after them
//
// A piece says by itself what it says within the whole, because where a resource begins,
// with "- " at the column of the first, YAML's scanner is in the same state in both. A
// plain or block scalar has ended, since it must be indented more than the list; a key
// has, since it does not go beyond its line; and the list has not, since no line that
// could end it is taken. What can be open are quotes and brackets, and then the piece
// before is no document by itself. What links places that are apart, which is anchors,
// merge keys and tags, is not taken. Comments change nothing that is read here.
//
// Whatever is unusual, and whatever is to be reported, is left to readWhole.

// pieceSize is how much of a text is read at once, at least.
const pieceSize = 32 << 10

// A piece is a part of a text that begins with a line.
type piece struct {
	start, end int
	line       int // number of the first line
	items      int // lines that look like the beginning of an item
}

// readPieces reads a spec that is longer than size bytes in pieces of at least that many.
// It returns nil if the spec must be read as a whole.
func readPieces(src Source, size int) *Spec {
	if len(src.Data) <= size || !utf8.Valid(src.Data) {
		return nil
	}
	text := string(src.Data)
	key := strings.Index(text, "\n"+EntryResources+":") + 1
	if key == 0 || !hasPlainLines(text) {
		return nil
	}
	pieces := cutList(text, key, size)
	if pieces == nil {
		return nil
	}
	s := readHead(src, text, pieces[0], key)
	if s == nil {
		return nil
	}
	s.Package.Resources = readList(src, text, pieces[1:])
	if s.Package.Resources == nil {
		return nil
	}
	return s
}

// hasPlainLines reports whether lines end in line feeds alone, after a carriage return
// or not, and no byte order mark is in the text but the first.
func hasPlainLines(text string) bool {
	text = strings.TrimPrefix(text, string(bom))
	for _, special := range []string{"\u0085", "\u2028", "\u2029", string(bom)} {
		if strings.Contains(text, special) {
			return false
		}
	}
	return strings.Count(text, "\r") == strings.Count(text, "\r\n")
}

// cutList cuts a text into what comes before the first item of the list that is the
// value of a key, and pieces of at least size bytes that begin with an item. It returns
// nil if it does not take the lines after the key.
func cutList(text string, key, size int) []piece {
	c := cutter{size: size, column: -1, here: piece{line: 1}}
	start, number := key, 1+strings.Count(text[:key], "\n")
	for line := range strings.Lines(text[key:]) {
		if start > key && !c.takes(line, start, number) {
			return nil
		}
		start += len(line)
		number++
	}
	if c.pieces == nil {
		return nil
	}
	c.here.end = len(text)
	return append(c.pieces, c.here)
}

// A cutter goes through the lines of a list.
type cutter struct {
	size   int
	column int // of the items, counted from 0; -1 before the first
	here   piece
	pieces []piece // those before here
}

// takes reports whether a line may stand in a list, or between its key and its first
// item. Before an item it may cut.
func (c *cutter) takes(line string, start, number int) bool {
	indent := leadingBlanks(line)
	rest := line[indent:]
	if c.column < 0 && isItem(rest) {
		c.column = indent
	}
	switch {
	case strings.Trim(rest, "\r\n") == "" || rest[0] == '#':
		return true
	case c.column < 0 || indent < c.column || rest[0] == '\t':
		return false
	case indent > c.column:
		return true
	}
	if c.pieces == nil || start-c.here.start >= c.size {
		c.here.end = start
		c.pieces = append(c.pieces, c.here)
		c.here = piece{start: start, line: number}
	}
	c.here.items++
	return isItem(rest)
}

// leadingBlanks returns the number of blanks that a line begins with.
func leadingBlanks(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// isItem reports whether a line, after its blanks, begins an item of a list.
func isItem(line string) bool {
	return strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "-\n") || strings.HasPrefix(line, "-\r\n")
}

// readHead reads what stands before the first resource. The last of it is the key of
// the list, without a value.
func readHead(src Source, text string, head piece, key int) *Spec {
	root := parseMapping(src.Path, text, head)
	if root == nil || len(root.pairs) == 0 {
		return nil
	}
	last := len(root.pairs) - 1
	list := root.pairs[last]
	if list.key.Value != EntryResources || list.key.Pos.Offset != key || !list.value.isNothing() {
		return nil
	}
	root.pairs = root.pairs[:last]
	var diags diag.List
	s := &Spec{Package: Package{Dir: filepath.Dir(src.Path)}}
	r := specReader{diags: &diags, src: src.Data}
	if r.read(s, root); len(diags) > 0 {
		return nil
	}
	return s
}

// readList reads the resources of all pieces.
func readList(src Source, text string, pieces []piece) []Resource {
	firsts := make([]int, len(pieces))
	n := 0
	for i, p := range pieces {
		firsts[i] = n
		n += p.items
	}
	list := make([]Resource, n)
	var unusual atomic.Bool
	parallel.Do(len(pieces), func(i int) {
		if !unusual.Load() && !readPiece(list[firsts[i]:][:pieces[i].items], src, text, pieces[i]) {
			unusual.Store(true)
		}
	})
	if unusual.Load() {
		return nil
	}
	return list
}

// readPiece reads the resources of a piece, and reports whether they are all that list
// has room for, and nothing is wrong with them.
func readPiece(list []Resource, src Source, text string, p piece) bool {
	var diags diag.List
	pkg := Package{Resources: list[:0:len(list)]}
	r := specReader{diags: &diags, src: src.Data, ofResource: ResourceEntries()}
	return eachItem(src.Path, text, p, func(item *node) bool {
		r.resource(&pkg, item)
		return len(diags) == 0 && len(pkg.Resources) <= len(list)
	}) && len(pkg.Resources) == len(list)
}
