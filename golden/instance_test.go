package golden

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
	"gopkg.in/yaml.v3"
)

// A verdict is what a schema says of a spec.
type verdict struct {
	decoded bool  // a YAML decoder takes the spec
	err     error // why the schema refuses it
	lines   []int // on which the reasons are
}

// judge validates a spec. Where a decoder finds a repeated key or an alias that
// contains itself, there is no document and nothing to judge.
func judge(t *testing.T, s *jsonschema.Schema, data []byte) verdict {
	t.Helper()
	var decoded any
	if yaml.Unmarshal(data, &decoded) != nil {
		return verdict{}
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	in := instance{keys: map[string]int{}, values: map[string]int{"": 1}}
	var value any
	if len(doc.Content) > 0 {
		value = in.value("", doc.Content[0])
	}
	v := verdict{decoded: true, err: s.Validate(value)}
	if refusal := (*jsonschema.ValidationError)(nil); errors.As(v.err, &refusal) {
		v.lines = in.lines(refusal)
	} else if v.err != nil {
		t.Fatal(v.err)
	}
	return v
}

// An instance is a document as JSON has it, with the lines of its keys and
// values by their path.
type instance struct{ keys, values map[string]int }

// value returns a node as JSON has it.
func (in instance) value(path string, n *yaml.Node) any {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	in.values[path] = n.Line
	switch n.Kind {
	case yaml.SequenceNode:
		list := []any{}
		for i, item := range n.Content {
			list = append(list, in.value(path+"/"+strconv.Itoa(i), item))
		}
		return list
	case yaml.MappingNode:
		return in.mapping(path, n)
	}
	var v any
	if err := n.Decode(&v); err != nil || n.ShortTag() == "!!timestamp" { // YAML 1.2, as editors read it, has no dates
		return n.Value
	}
	return v
}

// mapping returns the pairs of a node and then, for keys that it does not have
// itself, those of the mappings that it merges.
func (in instance) mapping(path string, n *yaml.Node) map[string]any {
	object := map[string]any{}
	var merged []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.ShortTag() == "!!merge" {
			merged = append(merged, value)
			continue
		}
		at := path + "/" + key.Value
		in.keys[at] = key.Line
		object[key.Value] = in.value(at, value)
	}
	for i := 0; i < len(merged); i++ {
		from := merged[i]
		if from.Kind == yaml.AliasNode {
			from = from.Alias
		}
		if from.Kind == yaml.SequenceNode {
			merged = append(merged, from.Content...)
			continue
		}
		for key, value := range in.mapping(path, from) {
			if _, ok := object[key]; !ok {
				object[key] = value
			}
		}
	}
	return object
}

// lines returns where the reasons of a refusal are.
func (in instance) lines(e *jsonschema.ValidationError) []int {
	at := ""
	for _, step := range e.InstanceLocation {
		at += "/" + step
	}
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		var lines []int
		for _, name := range k.Properties {
			lines = append(lines, in.keys[at+"/"+name])
		}
		return lines
	case *kind.PropertyNames:
		return in.linesOf(k.Property)
	}
	if len(e.Causes) == 0 {
		return []int{in.values[at]}
	}
	var lines []int
	for _, cause := range e.Causes {
		lines = append(lines, in.lines(cause)...)
	}
	return lines
}

// linesOf returns where keys of that name are: the library does not say which
// of them is meant, as it overwrites the location of such an error.
func (in instance) linesOf(key string) []int {
	var lines []int
	for path, line := range in.keys {
		if strings.HasSuffix(path, "/"+key) {
			lines = append(lines, line)
		}
	}
	return lines
}
