package language

// Tool is the part of a directive before the colon: //webapi:resource.
const Tool = "webapi"

// A Place says where in a Go file a directive may stand.
type Place int

// The places.
const (
	OnType       Place = iota // in the doc comment of a type declaration
	OnTypeOrFunc              // in the doc comment of a type or a function
	InPackageDoc              // in the package's doc comment
)

// String returns the place as an error message names it.
func (p Place) String() string {
	switch p {
	case OnType:
		return "the doc comment of a type"
	case OnTypeOrFunc:
		return "the doc comment of a type or a function"
	default:
		return "the package's doc comment"
	}
}

// A Directive is one word of the language, written //webapi:NAME.
type Directive struct {
	Name  string
	Place Place
	Usage string // what follows the name, as a synopsis
	Doc   string // one sentence
	Keys  []Key  // for those directives that take key=value
}

// The names of the directives.
const (
	Resource = "resource"
	Require  = "require"
	Describe = "describe"
	Defaults = "defaults"
	Scope    = "scope"
	Public   = "public"
)

// Directives returns all directives in the order in which they are explained.
func Directives() []Directive { return directives }

// FindDirective returns the directive of that name.
func FindDirective(name string) (Directive, bool) {
	for i := range directives {
		if directives[i].Name == name {
			return directives[i], true
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
		Name:  Resource,
		Place: OnType,
		Usage: "[key=value ...]",
		Doc:   "Makes the type a resource: a guard and scope constants are generated for it.",
		Keys:  resourceKeys,
	},
	{
		Name:  Require,
		Place: OnType,
		Usage: "METHOD[,METHOD...] SCOPE [SCOPE ...]",
		Doc:   "Replaces the mapped scope of the methods: all scopes of a line are required, a further line for the same method is an alternative.",
	},
	{
		Name:  Describe,
		Place: OnType,
		Usage: "ACTION text to the end of the line",
		Doc:   "Says to people what the scope of an action allows; consent pages show it.",
	},
	{
		Name:  Defaults,
		Place: InPackageDoc,
		Usage: "[key=value ...]",
		Doc:   "Sets what the resources of the package take for keys they do not write.",
		Keys:  inheritableKeys(),
	},
	{
		Name:  Scope,
		Place: InPackageDoc,
		Usage: "SCOPE [text to the end of the line]",
		Doc:   "Declares a scope that no method map yields; without a text it is declared in another package.",
	},
	{
		Name:  Public,
		Place: OnTypeOrFunc,
		Usage: `reason="..."`,
		Doc:   "Says that a handler is deliberately unguarded, and why.",
		Keys: []Key{
			{Name: "reason", Kind: Line, Doc: "why no guard is wanted"},
		},
	},
}
