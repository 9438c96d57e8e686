package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// description returns the description of a key, which editors show: its documentation as
// sentences.
func description(key annotations.Key) string {
	first, size := utf8.DecodeRuneInString(key.Doc)
	text := string(unicode.ToUpper(first)) + key.Doc[size:] + "."
	if key.Default != "" {
		text += "\n\nDefault: " + key.Default + "."
	}
	return text
}

// A node is a schema, with its keywords in the order of the output.
type node struct {
	Schema      string     `json:"$schema,omitempty"`
	ID          string     `json:"$id,omitempty"`
	Title       string     `json:"title,omitempty"`
	Description string     `json:"description,omitempty"`
	Type        string     `json:"type,omitempty"`
	Const       any        `json:"const,omitempty"`
	Enum        []string   `json:"enum,omitempty"`
	Default     any        `json:"default,omitempty"` // editors insert it with the entry
	Examples    []any      `json:"examples,omitempty"`
	Required    []string   `json:"required,omitempty"`
	Properties  properties `json:"properties,omitempty"`

	PropertyNames        *node      `json:"propertyNames,omitempty"`
	MinProperties        int        `json:"minProperties,omitempty"`
	PatternProperties    properties `json:"patternProperties,omitempty"`
	AdditionalProperties any        `json:"additionalProperties,omitempty"` // false or a *node

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

	// What editors show instead of "does not match the pattern". Validators ignore both.
	Error        string `json:"errorMessage,omitempty"`
	PatternError string `json:"patternErrorMessage,omitempty"`
}

// A property is an entry of a mapping with the schema of its value: a *node, or false if the
// entry is not allowed.
type property struct {
	name   string
	schema any
}

// properties is an object with ordered entries.
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

// encode returns the indented text of a schema. It is in ASCII because patterns have
// invisible characters.
func encode(n *node) []byte {
	var indented, ascii bytes.Buffer
	enc := json.NewEncoder(&indented)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(n); err != nil {
		return nil // cannot happen: all values have JSON forms
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
