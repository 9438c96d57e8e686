// Package schema has the JSON Schema of the YAML spec, with which an editor
// completes, explains and checks a webapi.yaml.
//
// It is of draft-07, which editors support best, and built from the tables of package
// annotations. It does not know the Go files and the other resources, so it accepts specs
// that the tool rejects. Whatever it rejects, the tool rejects too, with one exception: the
// tool accepts a word that is written as a block scalar (key: |).
package schema

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// URL is that of the schema of the main branch.
const URL = "https://raw.githubusercontent.com/webapi-gen/webapi-gen/main/annotations/schema/webapi.schema.json"

// JSON returns the schema, indented.
func JSON() []byte {
	root := entries(annotations.SpecEntries(), specEntry)
	root.Schema = "http://json-schema.org/draft-07/schema#"
	root.ID = URL
	root.Title = "webapi.yaml" // editors show it above the description of each entry
	root.Description = "The resources of a web API that is written in Go, and the OAuth2 scopes that guard them. " +
		"See https://pkg.go.dev/github.com/webapi-gen/webapi-gen/annotations."
	return encode(root)
}

// entries returns the schema of a mapping with the given keys. The function valueOf returns
// the schema of a key's value.
func entries(keys []annotations.Key, valueOf func(annotations.Key) *node) *node {
	n := &node{Type: "object", AdditionalProperties: false}
	for _, key := range keys {
		value := valueOf(key)
		value.Description = description(key)
		n.Properties = append(n.Properties, property{key.Name, value})
		if key.Required {
			n.Required = append(n.Required, key.Name)
		}
	}
	return n
}

func specEntry(key annotations.Key) *node {
	switch key.Name {
	case annotations.EntryVersion:
		return &node{Type: "integer", Const: 1, Default: 1}
	case annotations.EntryPackage:
		n := identifier(unbuilt...)
		n.Examples = []any{"api"}
		return n
	case annotations.EntryDir:
		n := pattern(relativePath, "The folder is below that of the spec, so its path is relative and does not begin with ..")
		n.Examples = []any{"internal/api"}
		return n
	case annotations.EntryDefaults:
		defaults, _ := annotations.FindDirective(annotations.DirectiveDefaults)
		return entries(defaults.Keys, keyValue)
	case annotations.EntryScopes:
		return &node{
			Type: "object", PropertyNames: declarable(),
			AdditionalProperties: pattern(orEmpty, "A text is one line of visible characters."), // may be empty
			Examples:             []any{map[string]string{"admin": "Full control"}},
		}
	case annotations.EntryImplies:
		return &node{
			Type: "object", PropertyNames: declarable(),
			AdditionalProperties: &node{Type: "array", MinItems: 1, UniqueItems: true, Items: declarable()},
			Examples:             []any{map[string][]string{"note:write": {"note:read"}}},
		}
	case annotations.EntryAliases:
		alias := entries(annotations.AliasEntries(), func(key annotations.Key) *node {
			if key.Name == annotations.KeyUntil {
				return pattern(date, "A date is written as 2027-06-30.")
			}
			return declarable()
		})
		return &node{
			Type: "object", PropertyNames: pattern(scopeToken, `A scope is printable ASCII without space, " and \.`), AdditionalProperties: alias,
			Examples: []any{map[string]any{"notes": map[string]string{"scope": "note:read", "until": "2027-06-30"}}},
		}
	default: // resources
		return &node{Type: "array", Items: resource()}
	}
}

func resource() *node {
	n := entries(annotations.ResourceEntries(), resourceEntry)
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
					{annotations.KeyFormat, false},
					{annotations.KeyAuthenticated, &node{AnyOf: []*node{
						{Const: annotations.None},
						{Type: "array", Items: &node{Const: annotations.None}},
					}}},
					{annotations.EntryRequire, false},
					{annotations.EntryDescribe, false},
				},
			},
		},
	}
	return n
}

// is returns the condition that an entry has that value.
func is(entry string, value any) *node {
	return &node{Properties: []property{{entry, &node{Const: value}}}, Required: []string{entry}}
}

func resourceEntry(key annotations.Key) *node {
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
		return keyValue(key)
	}
}

// keyValue returns the schema of the value of a key of webapi:resource.
func keyValue(key annotations.Key) *node {
	switch key.Name {
	case annotations.KeyScope:
		return pattern(scopeNamePattern, `A scope name is printable ASCII without space, " and \, and does not end in a colon.`)
	case annotations.KeyMethods:
		return methods()
	case annotations.KeyAnonymous, annotations.KeyPublic, annotations.KeyAuthenticated:
		return open()
	case annotations.KeyFormat:
		n := pattern(formatPattern, `A format has {scope}, {action} or both, or {SCOPE} and {ACTION}, beside printable ASCII without space, " and \.`)
		n.Examples = []any{"{action}:{scope}", "{scope}.{action}", annotations.DefaultFormat}
		return n
	case annotations.KeyMap:
		return actions()
	case annotations.KeyACR:
		return acrs()
	case annotations.KeyMaxAge:
		return maxAges()
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

// The patterns are valid in Go and in the Unicode mode of JavaScript. Package model has the
// same rules.
const (
	plainName = `^[A-Za-z][A-Za-z0-9_.-]*$`
	goWord    = `^[\p{L}_][\p{L}\p{Nd}_]*$`

	// A scope-token of RFC 6749, section 3.3: without space, " and \. A declared scope has a
	// letter or digit, for the name of its constant. A scope name does not end in a colon.
	scopeCharacter   = `[!#-\[\]-~]`
	scopeToken       = `^` + scopeCharacter + `+$`
	declaredScope    = `^` + scopeCharacter + `*[A-Za-z0-9]` + scopeCharacter + `*$`
	scopeNamePattern = `^` + scopeCharacter + `*[!#-9;-\[\]-~]$`

	// A format is of the characters of a scope, with at least one placeholder.
	formatCharacters = `[!#-\[\]-z|~]*`
	formatPattern    = `^` + formatCharacters + `(\{(scope|action|SCOPE|ACTION)\}` + formatCharacters + `)+$`

	date = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$`

	// An acr value is a scope-token without comma and |, which separate several.
	acrPattern = `^[!#-+\--\[\]-{}~]+$`

	// An age has hours, minutes and seconds, or some of them in this order, not all 0.
	agePattern = `^([0-9]+h)?([0-9]+m)?([0-9]+s)?$`
	noAge      = `^(0+[hms])*$`

	// A relative path that does not begin with "..".
	relativePath = `^([^/.]|\.([^.]|$)|\.\.[^/])`

	// The joiners are needed for Persian, Hindi and emoji. The line break is that of a block
	// scalar.
	visible  = "([^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\ufffd]|[\u200c\u200d])"
	notEmpty = `^` + visible + `+\n?$`
	orEmpty  = `^` + visible + `*\n?$`
)

// unbuilt are the package names that are no input.
var unbuilt = []string{"_", "documentation"}

// undeclarable are the identifiers that the tool does not declare as types.
var undeclarable = []string{
	"http", "webapi", "bool", "error", "string", "true", "false", "nil",
	"init", "main", "_", "WebAPIResources", "webAPIResources",
}

func pattern(expr, message string) *node {
	return &node{Type: "string", Pattern: expr, PatternError: message}
}

func name() *node {
	return pattern(plainName, "A name consists of ASCII letters, digits, _, - and . after a first letter.")
}

// identifier returns the schema of a Go identifier, without those given.
func identifier(excluded ...string) *node {
	var not []string
	for t := token.BREAK; t <= token.VAR; t++ {
		not = append(not, t.String())
	}
	n := pattern(goWord, "A Go identifier consists of letters, digits and _ after a first letter or _.")
	n.Not = &node{Enum: append(not, excluded...)}
	return n
}

func text() *node {
	return pattern(notEmpty, "A text is one line of visible characters, and is not empty.")
}

// declarable returns the schema of a scope that the package may declare.
func declarable() *node {
	return pattern(declaredScope, `A scope is printable ASCII without space, " and \, with a letter or digit.`)
}

// methods returns the schema of a list of methods, named operations and the other words. HEAD
// requires GET.
func methods(others ...string) *node {
	return &node{
		Type: "array", MinItems: 1, UniqueItems: true,
		Items: &node{
			Type:  "string",
			AnyOf: []*node{{Enum: append(annotations.Methods(), others...)}, {Pattern: operationPattern()}},
			Error: operationForm,
		},
		If:   has("HEAD"),
		Then: &node{Contains: &node{Const: "GET"}, Error: "HEAD follows GET; name GET."},

		Examples: []any{[]string{"GET", "GET/list", "POST", "POST/archive"}},
	}
}

// operationPattern returns the pattern of named operations. HEAD has none.
func operationPattern() string {
	return `^(` + strings.Join(settable(), "|") + `)/[a-z][a-z0-9]*(_[a-z0-9]+)*$`
}

const operationForm = "An operation is an HTTP method, or METHOD/name with a name in snake_case, in small letters."

// open returns the schema of none or a list of operations, which may be empty or have none as
// its only element.
func open() *node {
	n := methods(annotations.None)
	n.MinItems = 0
	n.AllOf = []*node{{If: has(annotations.None), Then: &node{MaxItems: 1}}}
	n.Examples = nil
	return &node{
		AnyOf:    []*node{{Const: annotations.None}, n},
		Examples: []any{[]string{"GET"}, annotations.None},
	}
}

// has returns the condition that a list has that element.
func has(value string) *node {
	return &node{Contains: &node{Const: value}}
}

func actions() *node {
	n := &node{Type: "object", MinProperties: 1, AdditionalProperties: false}
	for _, m := range settable() {
		action := name()
		action.Description = fmt.Sprintf("The action of %s, which the scope that opens it is made of.\n\nDefault: %s.", m, annotations.DefaultAction(m))
		n.Properties = append(n.Properties, property{m, action})
	}
	action := name()
	action.Description = "The action of the named operation.\n\nDefault: that of its method."
	n.PatternProperties = properties{{operationPattern(), action}}
	return n
}

// byOperation returns the schema of a mapping from operations to values.
func byOperation(value *node, example any) *node {
	n := &node{Type: "object", MinProperties: 1, AdditionalProperties: false, Examples: []any{example}}
	for _, m := range settable() {
		n.Properties = append(n.Properties, property{m, value})
	}
	n.PatternProperties = properties{{operationPattern(), value}}
	return n
}

func acrs() *node {
	value := pattern(acrPattern, `An acr value is printable ASCII without space, comma, |, " and \.`)
	return byOperation(&node{Type: "array", MinItems: 1, UniqueItems: true, Items: value}, map[string][]string{"DELETE": {"gold", "silver"}})
}

func maxAges() *node {
	value := pattern(agePattern, "An age is a number of hours, minutes and seconds, at least 1s, such as 90s, 5m or 1h30m.")
	value.Not = &node{Pattern: noAge}
	return byOperation(value, map[string]string{"DELETE": "5m"})
}

// require returns the schema of the requirements by operation.
func require() *node {
	n := &node{
		Type: "object", AdditionalProperties: false,
		Examples: []any{map[string][][]string{"DELETE": {{"repository:destroy", "org:write"}, {"admin"}}}},
	}
	alternatives := func(operation string) *node {
		return &node{
			Description: fmt.Sprintf("What %s requires: one of these lists of scopes.", operation),
			Type:        "array", MinItems: 1, UniqueItems: true,
			Items: &node{
				Description: "Scopes that are all needed.",
				Type:        "array", MinItems: 1, UniqueItems: true,
				Items: declarable(),
			},
		}
	}
	for _, m := range settable() {
		n.Properties = append(n.Properties, property{m, alternatives(m)})
	}
	n.PatternProperties = properties{{operationPattern(), alternatives("the named operation")}}
	return n
}

// settable returns the methods that have actions and requirements of their own: all but HEAD,
// which has those of GET.
func settable() []string {
	return slices.DeleteFunc(annotations.Methods(), func(m string) bool { return m == "HEAD" })
}

// describe returns the schema of the texts by action. It has the actions of the default
// method map as properties, so that an editor offers them.
func describe() *node {
	n := &node{
		Type: "object", PropertyNames: name(), AdditionalProperties: text(),
		Examples: []any{map[string]string{"read": "See your repositories"}},
	}
	for _, m := range annotations.Methods() {
		action := annotations.DefaultAction(m)
		if slices.ContainsFunc(n.Properties, func(p property) bool { return p.name == action }) {
			continue
		}
		value := text()
		value.Description = fmt.Sprintf("What the scope of the action %s allows.", action)
		n.Properties = append(n.Properties, property{action, value})
	}
	return n
}
