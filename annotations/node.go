package annotations

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

// entry returns the value of a key of a mapping, nil if it does not have it. (That a
// key is repeated was reported when it was parsed.)
func (n *node) entry(name string) *node {
	for i := range n.pairs {
		if n.pairs[i].key.Value == name {
			return n.pairs[i].value
		}
	}
	return nil
}

// isNothing reports whether nothing is written where a value could be.
func (n *node) isNothing() bool {
	return n.kind == scalarNode && n.tag == "!!null" && n.text.Value == ""
}

// take returns an empty slice with room for n elements of a slab.
func take[T any](slab *[]T, n int) []T {
	start := len(*slab)
	if start+n > cap(*slab) {
		*slab, start = make([]T, 0, max(n, 100)), 0
	}
	*slab = (*slab)[:start+n]
	return (*slab)[start : start : start+n]
}
