package language

import "slices"

// The entries of a spec.
const (
	EntryVersion   = "version"
	EntryPackage   = "package"
	EntryDir       = "dir"
	EntryDefaults  = "defaults"
	EntryScopes    = "scopes"
	EntryResources = "resources"
)

// The entries of an element of a spec's resources that annotations have no key
// for.
const (
	EntryType     = "type"
	EntryDeclare  = "declare"
	EntryRequire  = "require"
	EntryDescribe = "describe"
)

// SpecEntries returns the entries of a spec, in the order in which they are
// written by custom.
func SpecEntries() []Key { return specEntries }

// ResourceEntries returns the entries of an element of a spec's resources: its
// own, and then the keys of webapi:resource.
func ResourceEntries() []Key { return slices.Clone(resourceEntries) }

var resourceEntries = slices.Concat(ownEntries, resourceKeys)

var specEntries = []Key{
	{
		Name: EntryVersion, Kind: Number, Required: true,
		Doc: "the version of the language that the spec is written in, which is 1",
	},
	{
		Name: EntryPackage, Kind: Word, Required: true,
		Doc: "the name of the Go package that the resources belong to",
	},
	{
		Name: EntryDir, Kind: Word, Doc: "the folder of the package, below that of the spec",
		Default: "the spec's own folder",
	},
	{
		Name: EntryDefaults, Kind: Block, Doc: "what the resources of the package take for keys they do not write",
		Default: "the default of each key",
	},
	{
		Name: EntryScopes, Kind: Block,
		Doc:     `scopes that no method map yields, SCOPE: text, so that require can name them; the text is for people, and "" says that another package declares the scope`,
		Default: None,
	},
	{
		Name: EntryResources, Kind: Block, Doc: "the resources, each a Go type of the package with what guards it",
		Default: None,
	},
}

var ownEntries = []Key{
	{
		Name: EntryType, Kind: Word, Required: true,
		Doc: "the name of the Go type that serves the resource",
	},
	{
		Name: EntryDeclare, Kind: Bool, Doc: "whether the tool declares the type; if not, a Go file of the package must",
		Default: "false",
	},
	{
		Name: EntryRequire, Kind: Block,
		Doc:     "what methods require instead of their mapped scope, METHOD: a list of alternatives, each a list of scopes that are all needed",
		Default: "the scope of the method's action",
	},
	{
		Name: EntryDescribe, Kind: Block, Doc: "what the scope of an action allows, ACTION: text; consent pages show it to people",
		Default: None,
	},
}
