package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// description returns what an editor shows of a key.
func description(key annotations.Key) string {
	text := sentence(key.Doc)
	if key.Default != "" {
		text += "\n\nDefault: " + key.Default + "."
	}
	return text
}

// sentence returns the text of the registry as one.
func sentence(doc string) string {
	first, size := utf8.DecodeRuneInString(doc)
	return string(unicode.ToUpper(first)) + doc[size:] + "."
}

// A node is a schema, in the order in which its keywords are written.
type node struct {
	Schema      string     `json:"$schema,omitempty"`
	ID          string     `json:"$id,omitempty"`
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	Type        string     `json:"type,omitempty"`
	Const       any        `json:"const,omitempty"`
	Enum        []string   `json:"enum,omitempty"`
	Default     any        `json:"default,omitempty"` // an editor writes it where it completes what is around
	Examples    []any      `json:"examples,omitempty"`
	Required    []string   `json:"required,omitempty"`
	Properties  properties `json:"properties,omitempty"`

	PropertyNames        *node `json:"propertyNames,omitempty"`
	MinProperties        int   `json:"minProperties,omitempty"`
	AdditionalProperties any   `json:"additionalProperties,omitempty"` // false or a *node

	MinItems    int   `json:"minItems,omitempty"`
	MaxItems    int   `json:"maxItems,omitempty"`
	UniqueItems bool  `json:"uniqueItems,omitempty"`
	Items       *node `json:"items,omitempty"`
	Contains    *node `json:"contains,omitempty"`

	Pattern string  `json:"pattern,omitempty"`
	Not     *node   `json:"not,omitempty"`
	If      *node   `json:"if,omitempty"`
	Then    *node   `json:"then,omitempty"`
	AllOf   []*node `json:"allOf,omitempty"`
	AnyOf   []*node `json:"anyOf,omitempty"`

	// What an editor says instead of "does not match the pattern" and the like.
	// Validators ignore both.
	Error        string `json:"errorMessage,omitempty"`
	PatternError string `json:"patternErrorMessage,omitempty"`
}

// A property is an entry of a mapping with the schema of its value: a *node, or
// false where it may not be there.
type property struct {
	name   string
	schema any
}

// properties are an object in the order of the registry.
type properties []property

// MarshalJSON implements json.Marshaler.
func (ps properties) MarshalJSON() ([]byte, error) {
	b := []byte{'{'}
	for i, p := range ps {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := marshal(p.name)
		if err != nil {
			return nil, err
		}
		schema, err := marshal(p.schema)
		if err != nil {
			return nil, err
		}
		b = append(append(append(b, name...), ':'), schema...)
	}
	return append(b, '}'), nil
}

// encode returns the indented text of a schema, in ASCII: patterns have
// characters that nobody sees.
func encode(n *node) []byte {
	text, err := marshal(n)
	if err != nil {
		return nil // it has nothing that JSON cannot say
	}
	var indented, ascii bytes.Buffer
	if err := json.Indent(&indented, text, "", "  "); err != nil {
		return nil // nor is it anything else than JSON
	}
	for _, c := range indented.String() {
		if c < utf8.RuneSelf {
			ascii.WriteRune(c)
		} else {
			fmt.Fprintf(&ascii, `\u%04x`, c) // none is beyond U+FFFF
		}
	}
	return ascii.Bytes()
}

// marshal is json.Marshal without escapes for HTML.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return b.Bytes(), err
}
