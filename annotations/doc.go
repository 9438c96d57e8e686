// Package annotations reads the annotation language of webapi-gen: directives in
// Go comments and the same in YAML. This page is the specification of both.
//
// The package keeps what was written, with the place of every word, and knows
// no default. What is meant by it is worked out by package model.
//
// # Directives
//
// A directive is a line comment that Go's own rules for directives accept (see
// go/ast.ParseDirective) and whose tool is webapi. The two slashes, the tool,
// the colon and the name follow each other without a space:
//
//	directive = "//webapi:" NAME [ blank ARGUMENTS ] .
//	blank     = ( " " | "\t" ) { " " | "\t" } .
//
// It stands in the doc comment of what it speaks of, by custom at its end and
// after an empty comment line, where gofmt puts it:
//
//	// RepositoryResource serves /api/repositories/.
//	//
//	//webapi:resource methods=GET,POST,PUT,DELETE
//	//webapi:require DELETE repository:destroy admin
//	//webapi:describe read See your repositories
//	type RepositoryResource struct{ store *Store }
//
// A directive is one line: it is not continued and takes no comment. A line right
// below it that begins with one of its keys and an equals sign is an error, and so
// is a line of the same comment that is nothing but settings of it: to Go they are
// prose. The arguments of a directive are of one of three forms.
//
//	settings = { KEY "=" value } .          resource, defaults, public
//	words    = value { blank value } .      require
//	text     = value [ blank TEXT ] .       describe, scope
//
//	value    = bare | "Go string" | `raw string` .
//	bare     = visible characters without blank, " and ` .
//
// A value with a blank or a quote in it is quoted as a Go string, also after a
// key: description="Who may \"see\" it". No space stands around the equals
// sign, and a blank follows a closing quote. TEXT goes on to the end of the
// line; quotes in it are letters like others. A text is one line of visible
// characters.
//
// The value of a key is a word, a line of text, one of several words, a list or
// a map. The elements of a list and of a map are separated by commas, and the
// two halves of an element of a map by a colon:
//
//	methods=GET,POST
//	methods="GET, POST"
//	map=PATCH:write,GET:view
//
// Without quotes, no blank stands after a comma.
//
// A key is written at most once and never without a value: what is left out has
// its default.
//
// # webapi:resource
//
//	//webapi:resource [key=value ...]
//
// In the doc comment of a type declaration, once. It makes the type a resource:
// a guard is generated for it, and a constant for each of its scopes. The type
// must be one that can have methods, so it is no alias, interface or pointer.
// In a group, the doc comment is that of the type, not that of the group.
//
// The keys are these. The directive webapi:defaults can set those marked * for
// the whole package.
//
//	name         The resource's name. Default: the type's (see Names).
//	scope        The scope name, which stands before the colon in the scopes of
//	             the resource. Default: the policy ID, else the name.
//	policy       The resource's ID in API-token policies. Default: the name.
//	methods *    A list of the HTTP methods that the resource answers. Default:
//	             all that the method map has.
//	map *        A map from method to action, for methods whose action is not
//	             the package's. Default: GET, HEAD and OPTIONS read; POST, PUT and
//	             PATCH write; DELETE destroy.
//	oauth2 *     allow or deny OAuth2 tokens. Default: allow.
//	apitokens *  allow or deny API tokens. Default: deny.
//	anonymous *  A list of the methods that are open to a request without any
//	             credentials, or none. Default: none.
//	key *        The name of the path value that identifies an object, a Go
//	             identifier, or none. Default: none.
//	super        The name of an embedded field whose type is a resource of the
//	             same package. Its guard must let through as well, so what is
//	             required is what both require. Default: none.
//	description  One line about the resource. Default: the first sentence of the
//	             type's doc comment.
//
// The scope that opens a method is the scope name, a colon and the method's
// action, repository:read for example. HEAD always takes GET's action,
// requirement and anonymous answer: where GET is answered, HEAD is, and naming
// HEAD in map or require is an error. CONNECT and TRACE are refused.
//
// # webapi:require
//
//	//webapi:require METHOD[,METHOD...] SCOPE [SCOPE ...]
//
// On a type that has a webapi:resource, any number of times. It replaces the
// mapped scope of the methods. The scopes of one line are all required; a
// further line for the same method is an alternative:
//
//	//webapi:require DELETE repository:destroy org:write    (both of them,
//	//webapi:require DELETE admin                            or this one)
//
// The methods must be ones that the resource answers, and the scopes ones that
// a resource of the package yields or that webapi:scope declares.
//
// # webapi:describe
//
//	//webapi:describe ACTION text to the end of the line
//
// On a type that has a webapi:resource, once for an action. It says to people
// what the scope of the action allows. The text gets into the catalogue, from
// where consent pages take it.
//
// # webapi:defaults
//
//	//webapi:defaults [key=value ...]
//
// In the package's doc comment, once for a package. It sets what the resources
// of the package take for the keys methods, map, oauth2, apitokens, anonymous
// and key where they do not write them. A resource undoes an inherited list or
// name with anonymous=none and key=none.
//
// # webapi:scope
//
//	//webapi:scope SCOPE [text to the end of the line]
//
// In the package's doc comment. It declares a scope that no method map yields,
// so that webapi:require can name it. With a text the scope is the package's and
// gets into its catalogue; without, another package declares it.
//
// # webapi:public
//
//	//webapi:public reason="..."
//
// In the doc comment of a type or a function, once. It says that a handler is
// deliberately unguarded, and why. A type cannot be a resource and public.
//
// # Names
//
// The name of a resource is that of its type without the suffix Resource, in
// snake_case. A type name is split into words by these rules:
//
//   - A capital after a small letter or a digit begins a word.
//   - Of several capitals before a small letter, the last begins a word, but not
//     the second of two: OAuth and XRay are one word each.
//   - A small s that ends a run of capitals belongs to it: URLs.
//   - An underscore separates words.
//
// Constants begin with the type's name without the suffix, and the file is named
// after the whole type:
//
//	RepositoryResource      repository       RepositoryScopeRead      repository_resource_webapi.go
//	RepositoryUserResource  repository_user  RepositoryUserScopeRead  repository_user_resource_webapi.go
//	HTTPServerResource      http_server      HTTPServerScopeRead      http_server_resource_webapi.go
//	OAuth2App               oauth2_app       OAuth2AppScopeRead       oauth2_app_webapi.go
//	UserIDs                 user_ids         UserIDsScopeRead         user_ids_webapi.go
//	URLs                    urls             URLsScopeRead            urls_webapi.go
//	V2API                   v2_api           V2APIScopeRead           v2_api_webapi.go
//	S3Bucket                s3_bucket        S3BucketScopeRead        s3_bucket_webapi.go
//	XRay                    xray             XRayScopeRead            xray_webapi.go
//
// Names of resources, policy IDs and actions consist of letters, digits, _, -
// and . after a first letter. Scopes and scope names are scope tokens of RFC
// 6749, section 3.3: printable ASCII without space, quotation mark and backslash.
//
// # Near misses
//
// A comment that a person takes for a directive, and Go does not, is an error,
// since it would be ignored in silence:
//
//	// webapi:resource              a space after the slashes
//	//webapi: resource              a space beside the colon
//	//WebAPI:resource               capitals
//	//webapi-gen:resource           the tool's longer name, or a letter or two off
//	//webapi:Resource               a name that does not begin in lower case
//	//webapi require GET admin      no colon, or another character instead
//	//webapirequire GET admin       nothing between the tool and the name
//	// +webapi:resource             a mark of another tool: + or @, or a third slash
//	//!webapi:require GET admin     other marks before the tool, also go:
//	/* webapi:resource */           a comment that cannot be a directive
//	//webapi：resource               characters that only look like ours, or nobody sees
//
// The more of the beginning is wrong, the more must follow that no sentence has.
// Our name, a colon and the name of a directive are enough. Without the colon,
// with two letters wrong or after other marks, it takes arguments of that
// directive: key=value, a method and scopes, or a text right after a colon and a
// name. Only the first 80 visible characters of a line count.
//
// Prose that mentions the tool is none: a line in the middle of which a directive
// is quoted, an indented one that quotes a comment or begins with a quotation,
// or one that begins with webapi, with or without a colon, and a sentence. A line
// of prose cannot begin with a whole directive.
//
// # Errors
//
// A mistake in an annotation would be an API without protection, so whatever is
// not understood is an error, with the place of the word that is meant: an
// unknown directive, key, method or action; a key, element, scope or alternative
// that is repeated; an empty value; a requirement without scopes or with one
// that nobody declares; a string that does not end; a directive in another place
// than its own, such as on a field, inside a function, at the end of a line of
// code, or in a comment that a blank line separates from the declaration. All
// errors of a run are reported at once, but for those that may follow from another
// one: that a scope or a method is missing is not said where what was refused may
// have it. Nothing is written while there is one.
// What is allowed and was probably not meant, such as two scope names that
// differ in case alone, is a warning, and stops nothing; see package
// generator/internal/lint. Package diag has the code and the explanation
// of each.
//
// # Files
//
// Go files are read under whatever build constraint, except those that say
// ignore, and also when they do not type-check. A directive in one that says
// ignore is a warning. The guard of a type is built
// where the type is: it takes over the constraint, the suffix of the file name
// that binds it to a platform, and whether the file is a test.
//
// # YAML
//
// The same can be written in a file webapi.yaml in the package's folder, for all
// or for some of its types. It is one document of UTF-8:
//
//	version: 1
//	package: api                 # the package's name; Go builds none named documentation
//	dir: internal/api            # its folder, below this one; default: this one
//	defaults: { map: { PATCH: write }, anonymous: [] }
//	scopes: { admin: Full control, "org:read": "" }
//	resources:
//	  - type: RepositoryResource
//	    methods: [GET, POST, PUT, DELETE]
//	    require:
//	      DELETE: [[repository:destroy, "org:write"], [admin]]
//	    describe: { read: See your repositories }
//	  - type: UserResource
//	    declare: true            # the tool declares the type
//
// An entry of resources has a type and the keys of webapi:resource. A list is a
// sequence and a map is a mapping; anonymous may be none, or empty, which is the
// same. Each directive has its counterpart:
//
//	resource   an element of resources
//	require    require: METHOD: a list of alternatives, each a list of scopes
//	describe   describe: ACTION: text
//	defaults   defaults
//	scope      scopes: SCOPE: text, or "" if another package declares it
//	public     none, since it speaks of code
//
// Values are strings: one that YAML takes for something else, such as 1.0, true
// or null, is quoted. Anchors, aliases and merge keys can be used as long as no
// alias contains itself. Unknown and repeated keys are errors here too.
package annotations
