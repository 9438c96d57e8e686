package annotations

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// Tool is the tool of the directives, before the colon: //webapi:resource.
const Tool = "webapi"

// A Location is where in a Go file a directive may be.
type Location int

// The locations.
const (
	OnType       Location = iota // in the doc comment of a type declaration
	OnTypeOrFunc                 // in the doc comment of a type or a function
	OnFunc                       // in the doc comment of a function
	InPackageDoc                 // in the package's doc comment
)

// String returns the location for messages.
func (l Location) String() string {
	switch l {
	case OnType:
		return "the doc comment of a type"
	case OnTypeOrFunc:
		return "the doc comment of a type or a function"
	case OnFunc:
		return "the doc comment of a function"
	default:
		return "the package's doc comment"
	}
}

// A Directive describes a directive, written //webapi:NAME.
type Directive struct {
	Name     string
	Location Location
	Usage    string // synopsis of the arguments
	Doc      string // one sentence
	Keys     []Key  // of a directive that takes key=value
}

// The names of the directives.
const (
	DirectiveResource = "resource"
	DirectiveRequire  = "require"
	DirectiveDescribe = "describe"
	DirectiveDefaults = "defaults"
	DirectiveScope    = "scope"
	DirectivePublic   = "public"
	DirectiveGuarded  = "guarded"
	DirectiveImplies  = "implies"
	DirectiveAlias    = "alias"
)

// Directives returns all directives, in the order of the documentation.
func Directives() []Directive { return directives }

// FindDirective returns the directive of that name, and false if there is none.
func FindDirective(name string) (Directive, bool) {
	for _, d := range directives {
		if d.Name == name {
			return d, true
		}
	}
	return Directive{}, false
}

// DirectiveNames returns the names of all directives.
func DirectiveNames() []string {
	names := make([]string, len(directives))
	for i, d := range directives {
		names[i] = d.Name
	}
	return names
}

var directives = []Directive{
	{
		Name:     DirectiveResource,
		Location: OnType,
		Usage:    "[key=value ...]",
		Doc:      "Makes the type a resource: a guard and scope constants are generated for it.",
		Keys:     resourceKeys,
	},
	{
		Name:     DirectiveRequire,
		Location: OnType,
		Usage:    "OPERATION[,OPERATION...] SCOPE [SCOPE ...]",
		Doc:      "Replaces the mapped scope of the operations, each METHOD or METHOD/name: all scopes of a line are required, a further line for the same operation is an alternative.",
	},
	{
		Name:     DirectiveDescribe,
		Location: OnType,
		Usage:    "ACTION text to the end of the line",
		Doc:      "Says to people what the scope of an action allows; consent pages show it.",
	},
	{
		Name:     DirectiveDefaults,
		Location: InPackageDoc,
		Usage:    "[key=value ...]",
		Doc:      "Sets what the resources of the package take for keys they do not write.",
		Keys:     inheritableKeys(),
	},
	{
		Name:     DirectiveScope,
		Location: InPackageDoc,
		Usage:    "SCOPE [text to the end of the line]",
		Doc:      "Declares a scope that no method map yields; without a text it is declared in another package.",
	},
	{
		Name:     DirectiveImplies,
		Location: InPackageDoc,
		Usage:    "SCOPE SCOPE [SCOPE ...]",
		Doc:      "Says that a token with the first scope is taken to have the others too, which this package declares.",
	},
	{
		Name:     DirectiveAlias,
		Location: InPackageDoc,
		Usage:    "OLD NEW [until=DATE]",
		Doc:      "Accepts a scope of before in place of one that this package declares; no challenge or catalogue has it.",
		Keys: []Key{
			{Name: KeyUntil, Kind: KindWord, Doc: "the last day on which it is wanted, such as 2027-06-30; check warns from the next day on"},
		},
	},
	{
		Name:     DirectivePublic,
		Location: OnTypeOrFunc,
		Usage:    `reason="..."`,
		Doc:      "Says that a handler is deliberately unguarded, and why.",
		Keys: []Key{
			{Name: "reason", Kind: KindLine, Doc: "why no guard is wanted"},
		},
	},
	{
		Name:     DirectiveGuarded,
		Location: OnFunc,
		Usage:    `by="..."`,
		Doc:      "Says that a function guards the handlers that it wraps in another way, and how.",
		Keys: []Key{
			{Name: "by", Kind: KindLine, Doc: "what guards the handlers that the function wraps"},
		},
	},
}

// keysOf returns the keys of the directive of that name.
func keysOf(directive string) []Key {
	d, _ := FindDirective(directive)
	return d.Keys
}

// A Kind is the kind of a key's value.
type Kind int

// The kinds.
const (
	KindWord    Kind = iota // one word
	KindLine                // one line of text
	KindChoice              // one of Key.Values
	KindList                // a,b,c in an annotation, a sequence in a spec
	KindMap                 // k:v,k:v in an annotation, a mapping in a spec
	KindListMap             // k:v v,k:v in an annotation, a mapping to sequences in a spec
	KindBool                // true or false, in a spec only
	KindNumber              // in a spec only
	KindBlock               // another mapping or sequence, in a spec only
)

// A Key describes a key of a directive, an entry of a spec, or both.
type Key struct {
	Name        string
	Kind        Kind
	Values      []string // of a KindChoice
	Default     string   // in words; "" if there is none
	Doc         string   // what it sets
	Inheritable bool     // the defaults of the package can set it
	Required    bool
}

// The keys of webapi:resource.
const (
	KeyName          = "name"
	KeyScope         = "scope"
	KeyPolicy        = "policy"
	KeyMethods       = "methods"
	KeyMap           = "map"
	KeyOAuth2        = "oauth2"
	KeyAPITokens     = "apitokens"
	KeyAnonymous     = "anonymous"
	KeyPublic        = "public"
	KeyAuthenticated = "authenticated"
	KeyACR           = "acr"
	KeyMaxAge        = "maxage"
	KeyFormat        = "format"
	KeyKey           = "key"
	KeySuper         = "super"
	KeyDescription   = "description"
	KeyReason        = "reason" // of webapi:public
	KeyBy            = "by"     // of webapi:guarded
	KeyUntil         = "until"  // of webapi:alias
)

// Allow and Deny are the values of KeyOAuth2 and KeyAPITokens.
const (
	Allow = "allow"
	Deny  = "deny"
)

// None is the value of KeyAnonymous, KeyPublic, KeyAuthenticated and KeyKey that overrides
// the package's defaults.
const None = "none"

// DefaultFormat is the value of KeyFormat where nothing else is written.
const DefaultFormat = "{scope}:{action}"

var resourceKeys = []Key{
	{
		Name: KeyName, Kind: KindWord, Doc: "the resource's name",
		Default: "the type's name without a Resource suffix, in snake_case",
	},
	{
		Name: KeyScope, Kind: KindWord, Doc: "the scope name, which its scopes begin with, unless format= says else",
		Default: "the policy ID, else the name",
	},
	{
		Name: KeyPolicy, Kind: KindWord, Doc: "the resource's ID in API-token policies",
		Default: "the name",
	},
	{
		Name: KeyMethods, Kind: KindList, Doc: "the operations that the resource answers: HTTP methods, and named ones of a method, METHOD/name",
		Default: "every operation in the method map", Inheritable: true,
	},
	{
		Name: KeyMap, Kind: KindMap, Doc: "actions of operations where they differ, METHOD:action or METHOD/name:action",
		Default:     "the package's, else GET, HEAD and OPTIONS read; POST, PUT and PATCH write; DELETE destroy; a named operation needs what its method needs",
		Inheritable: true,
	},
	{
		Name: KeyOAuth2, Kind: KindChoice, Values: []string{Allow, Deny}, Doc: "whether OAuth2 tokens are accepted",
		Default: Allow, Inheritable: true,
	},
	{
		Name: KeyAPITokens, Kind: KindChoice, Values: []string{Allow, Deny}, Doc: "whether API tokens are accepted",
		Default: Deny, Inheritable: true,
	},
	{
		Name: KeyAnonymous, Kind: KindList, Doc: "the operations open to a request without any credentials; a token that is there must hold the scope",
		Default: None, Inheritable: true,
	},
	{
		Name: KeyPublic, Kind: KindList, Doc: "the operations open to everybody: no credentials are looked at",
		Default: None, Inheritable: true,
	},
	{
		Name: KeyAuthenticated, Kind: KindList, Doc: "the operations open to any valid token, whatever its scopes, and to a session or another login",
		Default: None, Inheritable: true,
	},
	{
		Name: KeyACR, Kind: KindListMap, Doc: "how the user must have logged in for operations, by values of the token's acr claim, OPERATION:VALUE; of several values one will do, and the first is preferred",
		Default: "any login will do; a named operation needs what its method needs",
	},
	{
		Name: KeyMaxAge, Kind: KindMap, Doc: "how long ago the user may have logged in for operations, OPERATION:DURATION, such as 90s, 5m or 1h30m",
		Default: "any time will do; a named operation needs what its method needs",
	},
	{
		Name: KeyFormat, Kind: KindWord, Doc: "how a scope is written, with {scope} for the scope name and {action} for the action, or {SCOPE} and {ACTION} in capitals",
		Default: DefaultFormat, Inheritable: true,
	},
	{
		Name: KeyKey, Kind: KindWord, Doc: "the name of the path value that identifies an object",
		Default: None, Inheritable: true,
	},
	{
		Name: KeySuper, Kind: KindWord, Doc: "an embedded field, annotated in the same package, whose guard must let through as well",
		Default: None,
	},
	{
		Name: KeyDescription, Kind: KindLine, Doc: "one line about the resource",
		Default: "the first sentence of the type's doc comment",
	},
}

func inheritableKeys() []Key {
	var keys []Key
	for _, k := range resourceKeys {
		if k.Inheritable {
			keys = append(keys, k)
		}
	}
	return keys
}

// FindKey returns the key of that name among keys, and false if there is none.
func FindKey(keys []Key, name string) (Key, bool) {
	for _, key := range keys {
		if key.Name == name {
			return key, true
		}
	}
	return Key{}, false
}

// KeyNames returns the names of keys.
func KeyNames(keys []Key) []string {
	names := make([]string, len(keys))
	for i, k := range keys {
		names[i] = k.Name
	}
	return names
}

// The entries of a spec.
const (
	EntryVersion   = "version"
	EntryPackage   = "package"
	EntryDir       = "dir"
	EntryDefaults  = "defaults"
	EntryScopes    = "scopes"
	EntryImplies   = "implies"
	EntryAliases   = "aliases"
	EntryResources = "resources"
)

// The entries of an element of a spec's resources that are no keys of webapi:resource.
const (
	EntryType     = "type"
	EntryDeclare  = "declare"
	EntryRequire  = "require"
	EntryDescribe = "describe"
)

// AliasEntries returns the entries of an element of a spec's aliases.
func AliasEntries() []Key { return aliasEntries }

var aliasEntries = []Key{
	{Name: KeyScope, Kind: KindWord, Required: true, Doc: "the scope in whose place it is accepted, which this package declares"},
	{Name: KeyUntil, Kind: KindWord, Doc: "the last day on which it is wanted, such as 2027-06-30; check warns from the next day on"},
}

// SpecEntries returns the entries of a spec, in their usual order.
func SpecEntries() []Key { return specEntries }

// ResourceEntries returns the entries of an element of a spec's resources: those that are no
// keys of webapi:resource, and then the keys.
func ResourceEntries() []Key { return slices.Clone(resourceEntries) }

var resourceEntries = slices.Concat(ownEntries, resourceKeys)

var specEntries = []Key{
	{
		Name: EntryVersion, Kind: KindNumber, Required: true,
		Doc: "the version of the language that the spec is written in, which is 1",
	},
	{
		Name: EntryPackage, Kind: KindWord, Required: true,
		Doc: "the name of the Go package that the resources belong to",
	},
	{
		Name: EntryDir, Kind: KindWord, Doc: "the folder of the package, below that of the spec",
		Default: "the spec's own folder",
	},
	{
		Name: EntryDefaults, Kind: KindBlock, Doc: "what the resources of the package take for keys they do not write",
		Default: "the default of each key",
	},
	{
		Name: EntryScopes, Kind: KindBlock,
		Doc:     `scopes that no method map yields, SCOPE: text, so that require can name them; the text is for people, and "" says that another package declares the scope`,
		Default: None,
	},
	{
		Name: EntryImplies, Kind: KindBlock,
		Doc:     "scopes that grant others, SCOPE: a list of scopes that this package declares; a token with SCOPE is taken to have them too",
		Default: None,
	},
	{
		Name: EntryAliases, Kind: KindBlock,
		Doc:     "scopes of before that are accepted in place of others, OLD: {scope: SCOPE, until: DATE}; until may be left out",
		Default: None,
	},
	{
		Name: EntryResources, Kind: KindBlock, Doc: "the resources, each a Go type of the package with what guards it",
		Default: None,
	},
}

var ownEntries = []Key{
	{
		Name: EntryType, Kind: KindWord, Required: true,
		Doc: "the name of the Go type that serves the resource",
	},
	{
		Name: EntryDeclare, Kind: KindBool, Doc: "whether the tool declares the type; if not, a Go file of the package must",
		Default: "false",
	},
	{
		Name: EntryRequire, Kind: KindBlock,
		Doc:     "what operations require instead of their mapped scope, OPERATION: a list of alternatives, each a list of scopes that are all needed",
		Default: "the scope of the operation's action",
	},
	{
		Name: EntryDescribe, Kind: KindBlock, Doc: "what the scope of an action allows, ACTION: text; consent pages show it to people",
		Default: None,
	},
}

// defaultMap has the default action of each HTTP method. Its order is that of all lists of
// methods.
//
// It is HTTP_SCOPE_METHOD_MAP of Djblets' djblets/webapi/resources/mixins/oauth2_tokens.py,
// with PATCH, which that lacks.
var defaultMap = []methodAction{
	{"GET", "read"},
	{"HEAD", "read"},
	{"OPTIONS", "read"},
	{"POST", "write"},
	{"PUT", "write"},
	{"PATCH", "write"},
	{"DELETE", "destroy"},
}

type methodAction struct{ method, action string }

// Methods returns the HTTP methods that a resource may answer, in their canonical order.
func Methods() []string {
	methods := make([]string, len(defaultMap))
	for i, m := range defaultMap {
		methods[i] = m.method
	}
	return methods
}

// IsMethod reports whether name is one of Methods.
func IsMethod(name string) bool {
	return DefaultAction(name) != ""
}

// DefaultAction returns the default action of a method, and "" if it is none of Methods.
func DefaultAction(method string) string {
	for _, m := range defaultMap {
		if m.method == method {
			return m.action
		}
	}
	return ""
}

// CutOperation returns the HTTP method of an operation, which is METHOD or METHOD/name, and
// its name, "" for the method itself. It does not check them.
func CutOperation(operation string) (method, name string) {
	method, name, _ = strings.Cut(operation, "/")
	return method, name
}

// IsOperation reports whether a text is one of Methods, or one with a name: METHOD/name. A
// name is in snake_case, in small letters. HEAD has none, since it follows GET.
func IsOperation(text string) bool {
	method, name, named := strings.Cut(text, "/")
	return IsMethod(method) && (!named || method != "HEAD" && operationName().MatchString(name))
}

// FoldOperation returns an operation in its usual case: the method in capitals, and the name
// in small letters.
func FoldOperation(operation string) string {
	method, name, named := strings.Cut(operation, "/")
	if !named {
		return strings.ToUpper(method)
	}
	return strings.ToUpper(method) + "/" + strings.ToLower(name)
}

var operationName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`) })

// CompareOperations orders operations by their methods, in the order of Methods, each method
// before its named operations.
func CompareOperations(a, b string) int {
	methodA, nameA := CutOperation(a)
	methodB, nameB := CutOperation(b)
	rank := func(method string) int {
		return slices.IndexFunc(defaultMap, func(m methodAction) bool { return m.method == method })
	}
	return cmp.Or(cmp.Compare(rank(methodA), rank(methodB)), strings.Compare(nameA, nameB))
}
