package annotations

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// parseYAML parses a spec, which is one document. It resolves aliases and merge keys, and
// leaves out the nodes that it reports. It returns nil if there is no document, or if an
// alias is rejected.
func parseYAML(src Source) (*node, diag.List) {
	y := yamlReader{path: src.Path, text: string(src.Data), lines: []int{0}}
	isASCII := !strings.ContainsFunc(y.text, func(c rune) bool { return c >= utf8.RuneSelf })
	for i, c := range y.text {
		if !isASCII {
			y.characters = append(y.characters, i)
		}
		y.length++
		if c == '\n' {
			y.lines = append(y.lines, y.length)
		}
	}
	start := token.Position{Filename: src.Path, Line: 1, Column: 1}
	if !utf8.Valid(src.Data) { // the library reads UTF-16 too, but then its columns are wrong
		y.diags.Add(start, diag.SpecSyntax, "the spec is not UTF-8")
		return nil, y.diags
	}
	if i := hiddenBreak(y.text); i >= 0 {
		c, _ := utf8.DecodeRuneInString(y.text[i:])
		y.diags.Add(y.at(1+strings.Count(y.text[:i], "\n"), i), diag.SpecSyntax, "the character %U ends a line in YAML, and not in all editors: what follows may look like a comment; end the line with a line feed", c)
		return nil, y.diags
	}
	dec := yaml.NewDecoder(strings.NewReader(y.text))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			y.diags.Add(start, diag.SpecShape, "the spec is empty; it begins with: version: 1")
		} else {
			y.syntax(err)
		}
		return nil, y.diags
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		y.diags.Add(y.position(&second), diag.SpecShape, "a spec is one document; a second one begins here")
	case !errors.Is(err, io.EOF):
		y.syntax(err)
	}
	y.written = count(&doc)
	root := y.convert(doc.Content[0])
	if slices.ContainsFunc(y.diags, func(d diag.Diagnostic) bool { return d.Code == diag.SpecAlias }) {
		return nil, y.diags // the rest would be incomplete
	}
	return root, y.diags
}

// hiddenBreak returns the index of the first character other than a line feed, or a
// carriage return before one, at which YAML 1.1 ends a line (section 5.4), and -1 if there is
// none.
func hiddenBreak(text string) int {
	for i, c := range text {
		if c == '\r' && !strings.HasPrefix(text[i:], "\r\n") || c == '\u0085' || c == '\u2028' || c == '\u2029' {
			return i
		}
	}
	return -1
}

// A yamlReader converts the nodes of the YAML library.
type yamlReader struct {
	path       string
	text       string
	length     int          // of text, in characters
	characters []int        // their offsets; nil if each is a byte
	lines      []int        // the numbers of their first characters
	written    int          // number of nodes of the document
	converted  int          // number of nodes that they were converted to
	anchors    int          // number of anchors that the current node is part of
	open       []*yaml.Node // nodes of the aliases that are being resolved
	outer      *yaml.Node   // the alias of the first of them; nil before the first alias
	diags      diag.List
}

// position returns the position of a node. Its column counts bytes, whereas the library
// counts characters.
func (y *yamlReader) position(n *yaml.Node) token.Position {
	i := y.first(n.Line) + max(n.Column, 1) - 1
	return y.at(n.Line, y.offset(i))
}

// offset returns the offset of a character, given by its number, and that of the end for a
// greater one.
func (y *yamlReader) offset(i int) int {
	switch {
	case i >= y.length:
		return len(y.text)
	case y.characters == nil:
		return i
	}
	return y.characters[i]
}

// count returns the number of nodes of a tree, without those of aliases.
func count(n *yaml.Node) int {
	sum := 1
	for _, c := range n.Content {
		sum += count(c)
	}
	return sum
}

// convert returns a node without aliases, and nil if it is rejected.
func (y *yamlReader) convert(n *yaml.Node) *node {
	const factor, allowance = 10, 1000 // far more than hand-written specs need
	if y.converted++; y.outer != nil && y.converted > factor*y.written+allowance {
		if y.converted == factor*y.written+allowance+1 {
			y.diags.Add(y.position(y.outer), diag.SpecAlias, "aliases multiply the spec to more than %d times what is written", factor)
		}
		return nil
	}
	if n.Kind == yaml.AliasNode {
		return y.resolve(n)
	}
	if n.Anchor != "" {
		y.anchors++
		defer func() { y.anchors-- }()
	}
	out := &node{text: y.scalar(n), tag: n.ShortTag()}
	switch n.Kind {
	case yaml.SequenceNode:
		out.kind = sequenceNode
		for _, c := range n.Content {
			if item := y.convert(c); item != nil {
				out.items = append(out.items, item)
			}
		}
	case yaml.MappingNode:
		out.kind = mappingNode
		y.convertPairs(n, out)
	}
	return out
}

// scalar returns the text of a node. It is raw if it is written without quotes and escapes
// and is not part of an anchor.
func (y *yamlReader) scalar(n *yaml.Node) Text {
	t := Text{Pos: y.position(n), Value: n.Value}
	t.Raw = y.anchors == 0 && n.Anchor == "" && n.Value != "" && strings.HasPrefix(y.text[t.Pos.Offset:], n.Value)
	return t
}

// resolve converts the node to which an alias refers.
func (y *yamlReader) resolve(n *yaml.Node) *node {
	if slices.Contains(y.open, n.Alias) {
		y.diags.Add(y.position(n), diag.SpecAlias, "alias *%s contains itself", n.Value)
		return nil
	}
	if len(y.open) == 0 {
		y.outer = n
	}
	y.open = append(y.open, n.Alias)
	defer func() { y.open = y.open[:len(y.open)-1] }()
	return y.convert(n.Alias)
}

// convertPairs adds the pairs of a mapping to out, and then those of the mappings that it
// merges (<<), but for the keys that it has itself.
func (y *yamlReader) convertPairs(n *yaml.Node, out *node) {
	own := map[string]*node{}
	var merged []*node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], y.convert(n.Content[i+1])
		switch {
		case value == nil:
		case key.ShortTag() == "!!merge" && merged != nil:
			y.diags.Add(y.position(key), diag.Repeated, "key << is repeated; write <<: [*a, *b]")
		case key.ShortTag() == "!!merge":
			merged = append(merged, y.mergeable(value)...)
		case key.Kind != yaml.ScalarNode:
			y.diags.Add(y.position(key), diag.SpecShape, "a key must be a single word")
		case own[key.Value] != nil:
			y.diags.Add(y.position(key), diag.Repeated, "key %s is repeated", key.Value)
		default:
			own[key.Value] = value
			out.pairs = append(out.pairs, keyVal{y.scalar(key), value})
		}
	}
	for _, m := range merged {
		for _, p := range m.pairs {
			switch have := own[p.key.Value]; {
			case have == nil:
				own[p.key.Value] = p.value
				out.pairs = append(out.pairs, p)
			case have.kind == mappingNode && p.value.kind == mappingNode:
				y.diags.Add(have.text.Pos, diag.SpecShape,
					"%s hides the %[1]s at %s, which << merges here: mappings are not joined; write it in one place", p.key.Value, p.value.text.Pos)
			}
		}
	}
}

// mergeable returns the mappings that are the value of a merge key: one, or a list.
func (y *yamlReader) mergeable(value *node) []*node {
	list := []*node{value}
	if value.kind == sequenceNode {
		list = value.items
	}
	for _, m := range list {
		if m.kind != mappingNode {
			y.diags.Add(m.text.Pos, diag.SpecShape, "<< merges mappings, got %s", m.kind)
			return nil
		}
	}
	return list
}

// syntax reports an error of the library, such as "yaml: line 3: ...". It has no column, so
// the column is that of the first character of the line.
func (y *yamlReader) syntax(err error) {
	if m := unquotedFormat().FindStringSubmatchIndex(y.text); m != nil {
		y.diags.Add(y.at(1+strings.Count(y.text[:m[2]], "\n"), m[2]), diag.SpecSyntax,
			`YAML takes what begins with a brace for a mapping; a format is quoted: %s: "{action}:{scope}"`, KeyFormat)
		return
	}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 0
	if n, _ := fmt.Sscanf(text, "line %d:", &line); n == 1 {
		_, text, _ = strings.Cut(text, ": ")
	}
	if fromParser(text) {
		line++
		text += ", in what begins on this line"
	}
	for strings.Contains(text, "tab character") && line < len(y.lines) && !y.hasTab(line) {
		line++ // the line of the error is that of the value before the tab
	}
	switch {
	case y.hasTab(line):
		text += "; lines are indented by spaces alone"
	case strings.Contains(text, "'-' indicator"):
		text += "; a line below may be indented too little"
	case strings.Contains(text, "mapping values"):
		text += "; the line may be indented too far, a value with a colon may want quotes, or the line above may lack its colon"
	}
	text += conflictHint([]byte(y.text))
	start := y.start(line)
	y.diags.Add(y.at(line, start+leadingSpaces(y.text[start:])), diag.SpecSyntax, "%s", text)
}

// unquotedFormat matches a format that lacks quotes and is no YAML without them.
var unquotedFormat = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^[^#"'\n]*\b` + KeyFormat + `:[ \t]+(\{\w*\}[^\s,}\]#])`)
})

// hasTab reports whether a line, by the library's number, is indented by a tab.
func (y *yamlReader) hasTab(line int) bool {
	rest := y.text[y.start(line):]
	return strings.HasPrefix(rest[leadingSpaces(rest):], "\t")
}

// leadingSpaces returns the number of spaces that a line begins with.
func leadingSpaces(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// fromParser reports whether an error is one of the library's parser. Unlike the errors of
// its scanner, these count lines from 0 and have the line on which the enclosing mapping or
// list begins (yaml.v3, decode.go, parser.fail).
func fromParser(text string) bool {
	switch strings.TrimPrefix(text, "did not find expected ") {
	case "key", "'-' indicator", "node content", "',' or ']'", "',' or '}'", "<document start>", "found undefined tag handle":
		return true
	}
	return false
}

// at returns the position of an offset in a line, given by the library's number.
func (y *yamlReader) at(line, offset int) token.Position {
	line = y.clamp(line)
	return token.Position{Filename: y.path, Offset: offset, Line: line, Column: offset - y.offset(y.lines[line-1]) + 1}
}

// start returns the offset of the text of a line, given by the library's number.
func (y *yamlReader) start(line int) int { return y.offset(y.first(line)) }

// first returns the number of the first character of the text of a line, given by the
// library's number.
func (y *yamlReader) first(line int) int {
	line = y.clamp(line)
	if line == 1 && strings.HasPrefix(y.text, string(bom)) {
		return 1
	}
	return y.lines[line-1]
}

func (y *yamlReader) clamp(line int) int { return max(1, min(line, len(y.lines))) }

// A nodeKind is the kind of a node.
type nodeKind int

const (
	scalarNode nodeKind = iota
	sequenceNode
	mappingNode
)

// String returns the kind for messages.
func (k nodeKind) String() string {
	return [...]string{"a single value", "a list", "a mapping"}[k]
}

// A node is a value of a YAML document.
type node struct {
	kind  nodeKind
	text  Text     // of a scalar; of the others, only the position
	tag   string   // of a scalar: "!!str", "!!int", "!!bool", "!!null" ...
	items []*node  // of a sequence
	pairs []keyVal // of a mapping, in source order
}

type keyVal struct {
	key   Text
	value *node
}

// entry returns the value of a key of a mapping, and nil if the mapping lacks it.
func (n *node) entry(name string) *node {
	for _, pair := range n.pairs {
		if pair.key.Value == name {
			return pair.value
		}
	}
	return nil
}
