package language

// A Kind is the form of a key's value.
type Kind int

// The kinds.
const (
	Word   Kind = iota // one word
	Line               // one line of text
	Choice             // one of Key.Values
	List               // a,b,c in an annotation, a sequence in a spec
	Map                // k:v,k:v in an annotation, a mapping in a spec
	Bool               // true or false, in a spec only
	Number             // in a spec only
	Block              // a mapping or a sequence with a form of its own, in a spec only
)

// A Key is something that a directive, an entry of a spec, or both can set.
type Key struct {
	Name        string
	Kind        Kind
	Values      []string // for a Choice
	Default     string   // as a person would say it; "" if there is none
	Doc         string   // what it sets
	Inheritable bool     // the defaults of a package may set it
	Required    bool     // it cannot be left out
}

// The keys of webapi:resource.
const (
	KeyName        = "name"
	KeyScope       = "scope"
	KeyPolicy      = "policy"
	KeyMethods     = "methods"
	KeyMap         = "map"
	KeyOAuth2      = "oauth2"
	KeyAPITokens   = "apitokens"
	KeyAnonymous   = "anonymous"
	KeyKey         = "key"
	KeySuper       = "super"
	KeyDescription = "description"
	KeyReason      = "reason" // of webapi:public
)

// Allow and Deny are the values of KeyOAuth2 and KeyAPITokens.
const (
	Allow = "allow"
	Deny  = "deny"
)

// None is the value of KeyAnonymous and KeyKey that undoes what the package's
// defaults say.
const None = "none"

var resourceKeys = []Key{
	{
		Name: KeyName, Kind: Word, Doc: "the resource's name",
		Default: "the type's name without a Resource suffix, in snake_case",
	},
	{
		Name: KeyScope, Kind: Word, Doc: "the scope name, which stands before the colon in its scopes",
		Default: "the policy ID, else the name",
	},
	{
		Name: KeyPolicy, Kind: Word, Doc: "the resource's ID in API-token policies",
		Default: "the name",
	},
	{
		Name: KeyMethods, Kind: List, Doc: "the HTTP methods that the resource answers",
		Default: "every method in the method map", Inheritable: true,
	},
	{
		Name: KeyMap, Kind: Map, Doc: "actions of methods where they differ, METHOD:action",
		Default:     "the package's, else GET, HEAD and OPTIONS read; POST, PUT and PATCH write; DELETE destroy",
		Inheritable: true,
	},
	{
		Name: KeyOAuth2, Kind: Choice, Values: []string{Allow, Deny}, Doc: "whether OAuth2 tokens are accepted",
		Default: Allow, Inheritable: true,
	},
	{
		Name: KeyAPITokens, Kind: Choice, Values: []string{Allow, Deny}, Doc: "whether API tokens are accepted",
		Default: Deny, Inheritable: true,
	},
	{
		Name: KeyAnonymous, Kind: List, Doc: "the methods open to a request without any credentials",
		Default: None, Inheritable: true,
	},
	{
		Name: KeyKey, Kind: Word, Doc: "the name of the path value that identifies an object",
		Default: None, Inheritable: true,
	},
	{
		Name: KeySuper, Kind: Word, Doc: "an embedded field, annotated in the same package, whose guard must let through as well",
		Default: None,
	},
	{
		Name: KeyDescription, Kind: Line, Doc: "one line about the resource",
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

// FindKey returns the key of that name among keys.
func FindKey(keys []Key, name string) (Key, bool) {
	for i := range keys {
		if keys[i].Name == name {
			return keys[i], true
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
