// Package schema has the JSON Schema of the YAML spec, by which an editor
// completes, explains and checks a webapi.yaml while it is written.
//
// It is made from the registry of the language, in package annotations,
// and of draft-07, which editors support best. It refuses what can be judged by
// an entry and those around it. It knows neither the Go files nor the
// requirements of other resources, so what it lets through may still be an error
// to the tool; what it refuses is one. There is one exception: a word must be
// written as one, whereas the tool takes a block scalar (key: |) as well.
package schema

import (
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// URL is where the schema of the main branch can be read.
const URL = "https://raw.githubusercontent.com/webapi-gen/webapi-gen/main/annotations/schema/webapi.schema.json"

// JSON returns the schema, indented and always the same.
func JSON() []byte {
	root := entries(annotations.SpecEntries(), specForm)
	root.Schema = "http://json-schema.org/draft-07/schema#"
	root.ID = URL
	root.Title = "webapi.yaml" // an editor has it above the description of each entry
	root.Description = "The resources of a web API that is written in Go, and the OAuth2 scopes that guard them. " +
		"See https://pkg.go.dev/github.com/webapi-gen/webapi-gen/annotations."
	return encode(root)
}

// entries returns the schema of a mapping whose entries are keys of the
// registry, each of which has the form that form returns.
func entries(keys []annotations.Key, form func(annotations.Key) *node) *node {
	n := &node{Type: "object", AdditionalProperties: false}
	for _, key := range keys {
		value := form(key)
		value.Description = description(key)
		n.Properties = append(n.Properties, property{key.Name, value})
		if key.Required {
			n.Required = append(n.Required, key.Name)
		}
	}
	return n
}

// specForm returns the form of an entry of a spec.
func specForm(key annotations.Key) *node {
	switch key.Name {
	case annotations.EntryVersion:
		return &node{Type: "integer", Const: 1, Default: 1}
	case annotations.EntryPackage:
		n := identifier(unbuilt...)
		n.Examples = []any{"api"}
		return n
	case annotations.EntryDir:
		return below()
	case annotations.EntryDefaults:
		defaults, _ := annotations.FindDirective(annotations.DirectiveDefaults)
		return entries(defaults.Keys, keyForm)
	case annotations.EntryScopes:
		return &node{
			Type: "object", PropertyNames: declarable(), AdditionalProperties: anyText(),
			Examples: []any{map[string]string{"admin": "Full control"}},
		}
	default: // resources
		return &node{Type: "array", Items: resource()}
	}
}

// resource returns the schema of an element of resources.
func resource() *node {
	n := entries(annotations.ResourceEntries(), resourceForm)
	n.Title = "resource"
	n.AllOf = []*node{
		{
			If: is(annotations.EntryDeclare, true),
			Then: &node{
				Error: "A type that the tool declares embeds nothing that super could name.",
				Properties: []property{
					{annotations.EntryType, &node{Not: &node{Enum: undeclarable}}},
					{annotations.KeySuper, false},
				},
			},
		},
		{
			If: is(annotations.KeyOAuth2, annotations.Deny),
			Then: &node{
				Error: "No scope opens a resource that denies OAuth2 tokens.",
				Properties: []property{
					{annotations.KeyScope, false},
					{annotations.EntryRequire, false},
					{annotations.EntryDescribe, false},
				},
			},
		},
	}
	return n
}

// is returns the condition that an entry is written and has that value.
func is(entry string, value any) *node {
	return &node{
		Properties: []property{{entry, &node{Const: value}}},
		Required:   []string{entry},
	}
}

// resourceForm returns the form of an entry of a resource.
func resourceForm(key annotations.Key) *node {
	switch key.Name {
	case annotations.EntryType:
		return identifier()
	case annotations.EntryDeclare:
		return &node{Type: "boolean"}
	case annotations.EntryRequire:
		return require()
	case annotations.EntryDescribe:
		return describe()
	default:
		return keyForm(key)
	}
}

// keyForm returns the form of a key of webapi:resource.
func keyForm(key annotations.Key) *node {
	switch key.Name {
	case annotations.KeyScope:
		return scopeName()
	case annotations.KeyMethods:
		return methods()
	case annotations.KeyAnonymous:
		return anonymous()
	case annotations.KeyMap:
		return actions()
	case annotations.KeyKey, annotations.KeySuper:
		return identifier()
	case annotations.KeyDescription:
		return text()
	}
	if key.Kind == annotations.KindChoice {
		return &node{Type: "string", Enum: slices.Clone(key.Values)}
	}
	return name()
}
