package annotations

import (
	"path/filepath"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
	"github.com/webapi-gen/webapi-gen/generator/parallel"
)

// A large spec is read in pieces, each with some of its resources, on all
// processors, and so that the memory for the nodes of one is soon free for those of
// another. It must have the form that such specs have:
//
//	... other entries
//	resources:
//	  - ... as many as there are, with nothing after them
//
// A piece says by itself what it says within the whole. Where a resource begins, with
// "- " at the column of the first, YAML's scanner has the same state in both: a block
// scalar or a plain one ends before less indentation, a key does not go beyond its
// line, and lines that would end the list are not taken. What else could be open there
// are quotes and braces, and then the piece before is no document. Whatever links
// places that are apart, anchors and tags, is not taken either.
//
// Whatever is unusual, and anything that is to be reported, is left to readWhole.

// pieceSize is how much of a text is read at once, at least. A spec that is not a few
// times as long gains nothing.
const pieceSize = 32 << 10

// A piece is a part of a text that begins with a line.
type piece struct {
	start, end int
	line       int // number of the first line
	items      int // lines that look like the beginning of an item
}

// readPieces reads a spec that is longer than size bytes in pieces of about that many.
// It returns nil if the spec must be read as a whole.
func readPieces(src Source, size int) *Spec {
	if len(src.Data) <= size || !utf8.Valid(src.Data) {
		return nil
	}
	text := string(src.Data)
	key := strings.Index(text, "\n"+language.EntryResources+":") + 1
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
	column := -1 // of the items
	here := piece{line: 1}
	var pieces []piece
	line := 1 + strings.Count(text[:key], "\n")
	next := key + strings.IndexByte(text[key:], '\n') + 1
	if next == key { // the text ends with the key's line
		return nil
	}
	for start := next; start < len(text); start = next {
		line++
		next = len(text)
		if i := strings.IndexByte(text[start:], '\n'); i >= 0 {
			next = start + i + 1
		}
		indent := leadingBlanks(text[start:next])
		rest := text[start+indent : next]
		if isItem(rest) && column < 0 {
			column = indent
		}
		switch {
		case rest == "" || rest == "\n" || rest == "\r\n" || rest[0] == '#':
		case column < 0 || indent < column || rest[0] == '\t':
			return nil
		case indent > column:
		case !isItem(rest):
			return nil
		case len(pieces) == 0 || start-here.start >= size:
			here.end = start
			pieces = append(pieces, here)
			here = piece{start: start, line: line, items: 1}
		default:
			here.items++
		}
	}
	here.end = len(text)
	if len(pieces) == 0 {
		return nil
	}
	return append(pieces, here)
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
	if list.key.Value != language.EntryResources || list.key.Pos.Offset != key || !list.value.isNothing() {
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
	r := specReader{diags: &diags, src: src.Data, ofResource: language.ResourceEntries()}
	return eachItem(src.Path, text, p, func(item *node) bool {
		r.resource(&pkg, item)
		return len(diags) == 0 && len(pkg.Resources) <= len(list)
	}) && len(pkg.Resources) == len(list)
}
