package annotations

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// This file alone knows the YAML library: it turns a document into nodes with
// exact places, in which aliases and merge keys have been followed.

// A nodeKind is the form of a node.
type nodeKind int

const (
	scalarNode nodeKind = iota
	sequenceNode
	mappingNode
)

// String returns the kind as an error message names it.
func (k nodeKind) String() string {
	return [...]string{"a single value", "a list", "a mapping"}[k]
}

// A node is a value of a YAML document.
type node struct {
	kind  nodeKind
	text  Text     // of a scalar; of the others, only the place
	tag   string   // of a scalar: "!!str", "!!int", "!!bool", "!!null" ...
	items []*node  // of a sequence
	pairs []keyVal // of a mapping, in the order in which they are written
}

type keyVal struct {
	key   Text
	value *node
}

// parseYAML returns the only document of a spec, or nil and diagnostics.
func parseYAML(src Source) (*node, diag.List) {
	y := yamlReader{path: src.Path, lines: strings.SplitAfter(string(src.Data), "\n")}
	start := token.Position{Filename: src.Path, Line: 1, Column: 1}
	dec := yaml.NewDecoder(strings.NewReader(string(src.Data)))
	var doc, second yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			y.diags.Add(start, language.SpecShape, "the spec is empty; it begins with: version: 1")
		} else {
			y.syntax(err)
		}
		return nil, y.diags
	}
	switch err := dec.Decode(&second); {
	case err == nil:
		y.diags.Add(y.position(&second), language.SpecShape, "a spec is one document; a second one begins here")
	case !errors.Is(err, io.EOF):
		y.syntax(err)
	}
	y.written = count(&doc)
	root := y.convert(doc.Content[0])
	if len(y.diags) > 0 {
		return nil, y.diags
	}
	return root, nil
}

// A yamlReader converts the nodes of the library.
type yamlReader struct {
	path    string
	lines   []string
	written int          // nodes of the document
	made    int          // nodes made of them so far
	open    []*yaml.Node // the anchors that are being followed
	diags   diag.List
}

// syntax reports an error of the library, which says "yaml: line 3: ..." and
// knows no column.
func (y *yamlReader) syntax(err error) {
	pos := token.Position{Filename: y.path, Line: 1}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	if n, _ := fmt.Sscanf(text, "line %d:", &pos.Line); n == 1 {
		_, text, _ = strings.Cut(text, ": ")
	}
	y.diags.Add(pos, language.SpecSyntax, "%s", text)
}

// position turns the library's column, which counts characters, into one that
// counts bytes.
func (y *yamlReader) position(n *yaml.Node) token.Position {
	pos := token.Position{Filename: y.path, Line: n.Line, Column: 1}
	if n.Line < 1 || n.Line > len(y.lines) {
		return pos
	}
	line := y.lines[n.Line-1]
	for i := 1; i < n.Column && pos.Column <= len(line); i++ {
		_, size := utf8.DecodeRuneInString(line[pos.Column-1:])
		pos.Column += size
	}
	return pos
}

// count returns the number of nodes as they are written.
func count(n *yaml.Node) int {
	sum := 1
	for _, c := range n.Content {
		sum += count(c)
	}
	return sum
}

// convert returns the node without aliases. It returns nil when it has
// reported something.
func (y *yamlReader) convert(n *yaml.Node) *node {
	const factor, allowance = 10, 1000 // no spec that people write comes near
	if y.made++; y.made > factor*y.written+allowance {
		if y.made == factor*y.written+allowance+1 {
			y.diags.Add(y.position(n), language.SpecAlias, "aliases multiply the spec to more than %d times what is written", factor)
		}
		return nil
	}
	if n.Kind == yaml.AliasNode {
		return y.follow(n)
	}
	out := &node{text: Text{Pos: y.position(n), Value: n.Value}, tag: n.ShortTag()}
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

// follow converts what an alias stands for.
func (y *yamlReader) follow(n *yaml.Node) *node {
	for _, open := range y.open {
		if open == n.Alias {
			y.diags.Add(y.position(n), language.SpecAlias, "alias *%s contains itself", n.Value)
			return nil
		}
	}
	y.open = append(y.open, n.Alias)
	defer func() { y.open = y.open[:len(y.open)-1] }()
	return y.convert(n.Alias)
}

// convertPairs takes the pairs of a mapping and then, for keys that it does not
// have itself, those of the mappings that it merges (<<).
func (y *yamlReader) convertPairs(n *yaml.Node, out *node) {
	own := map[string]bool{}
	var merged []*node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], y.convert(n.Content[i+1])
		switch {
		case value == nil:
		case key.ShortTag() == "!!merge":
			merged = append(merged, y.mergeable(value)...)
		case key.Kind != yaml.ScalarNode:
			y.diags.Add(y.position(key), language.SpecShape, "a key must be a single word")
		case own[key.Value]:
			y.diags.Add(y.position(key), language.Repeated, "key %s is repeated", key.Value)
		default:
			own[key.Value] = true
			out.pairs = append(out.pairs, keyVal{Text{Pos: y.position(key), Value: key.Value}, value})
		}
	}
	for _, m := range merged {
		for _, p := range m.pairs {
			if !own[p.key.Value] {
				own[p.key.Value] = true
				out.pairs = append(out.pairs, p)
			}
		}
	}
}

// mergeable returns the mappings that a merge key names: one, or a list.
func (y *yamlReader) mergeable(value *node) []*node {
	list := []*node{value}
	if value.kind == sequenceNode {
		list = value.items
	}
	for _, m := range list {
		if m.kind != mappingNode {
			y.diags.Add(m.text.Pos, language.SpecShape, "<< merges mappings, got %s", m.kind)
			return nil
		}
	}
	return list
}
