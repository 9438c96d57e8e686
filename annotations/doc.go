// Package annotations reads the annotation language of webapi-gen: directives in
// Go comments, and the same in YAML. This page is the specification of both.
//
// The package returns what is written, with the position of every word and without
// defaults. Package model resolves it.
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
// It is part of the doc comment of a declaration, usually at its end after an
// empty comment line, where gofmt puts it:
//
//	// RepositoryResource serves /api/repositories/.
//	//
//	//webapi:resource methods=GET,POST,PUT,DELETE
//	//webapi:require DELETE repository:destroy admin
//	//webapi:describe read See your repositories
//	type RepositoryResource struct{ store *Store }
//
// A directive is one line. It has no continuation lines and no comment. A line right
// below it that begins with one of its keys and an equals sign is an error, and so
// is a line of the same comment that consists of settings of the directive, because
// Go takes such lines for text. The arguments of a directive have one of three forms.
//
//	settings = { KEY "=" value } .          resource, defaults, public, guarded
//	words    = value { blank value } .      require
//	text     = value [ blank TEXT ] .       describe, scope
//
//	value    = bare | "Go string" | `raw string` .
//	bare     = visible characters without blank, " and ` .
//
// A value that contains a blank or a quote is quoted as a Go string, also after a
// key: description="Who may \"see\" it". There is no space around the equals
// sign, and a blank follows a closing quote. TEXT extends to the end of the
// line, and quotes in it are ordinary characters. A text is one line of visible
// characters.
//
// The value of a key is a word, a line of text, one of several words, a list or
// a map. Commas separate the elements of a list and of a map, and a colon
// separates the key of a map's element from its value:
//
//	methods=GET,POST
//	methods="GET, POST"
//	map=PATCH:write,GET:view
//
// Without quotes, no blank follows a comma.
//
// A key is written at most once, with a value. A key that is not written has its
// default.
//
// # webapi:resource
//
//	//webapi:resource [key=value ...]
//
// It is part of the doc comment of a type declaration, once. It makes the type a
// resource: a guard is generated for it, and a constant for each of its scopes. The
// type must be able to have methods, so it is no alias, interface or pointer type.
// In a group of declarations, the doc comment is that of the type, not of the group.
//
// The keys are as follows. The directive webapi:defaults can set those marked * for
// the whole package.
//
//	name         The resource's name. Default: the type's (see Names).
//	scope        The scope name, from which the scopes of the resource are made.
//	             Default: the policy ID, else the name.
//	policy       The resource's ID in API-token policies. Default: the name.
//	methods *    A list of the operations that the resource answers. Default:
//	             all operations of the method map.
//	map *        A map from operation to action, for operations whose action is
//	             not the package's. Default: GET, HEAD and OPTIONS read; POST, PUT
//	             and PATCH write; DELETE destroy.
//	oauth2 *     allow or deny OAuth2 tokens. Default: allow.
//	apitokens *  allow or deny API tokens. Default: deny.
//	anonymous *  A list of the operations that are open to a request without any
//	             credentials, or none. A token that is there must hold the scope.
//	             Default: none.
//	public *     A list of the operations that are open to everybody, or none:
//	             no credentials are looked at. Default: none.
//	authenticated *  A list of the operations that are open to any valid token,
//	             whatever its scopes, and to a session or another login, or none.
//	             Default: none.
//	acr          A map from operation to the accepted values of the token's claim
//	             acr, which says how its user has logged in: OPERATION:VALUE, or,
//	             in quotes, "OPERATION:VALUE VALUE" for several, the preferred one
//	             first. Default: any login will do.
//	maxage       A map from operation to how long ago the user may have logged in,
//	             such as DELETE:5m: hours, minutes and seconds. Default: any time
//	             will do.
//	format *     How a scope is written, with {scope} for the scope name and
//	             {action} for the action, or {SCOPE} and {ACTION} for them in
//	             capitals. Default: {scope}:{action}.
//	key *        The name of the path value that identifies an object, a Go
//	             identifier, or none. Default: none.
//	super        The name of an embedded field whose type is a resource of the
//	             same package. Its guard must allow a request too, so a request
//	             needs what both require. A chain has at most 32 supers.
//	             Default: none.
//	description  One line about the resource. Default: the first sentence of the
//	             type's doc comment.
//
// An operation is an HTTP method, or a named one of a method, METHOD/name, such as
// POST/archive: for a route whose method alone does not say what it does. The name is
// in snake_case, in small letters. GET/list is the operation of the collection's
// route where the resource answers it. In map and require, and in their defaults, a
// named operation without an entry of its own needs what its method needs. So it does
// in acr and maxage, unless it is public or anonymous. For methods, anonymous, public
// and authenticated, a method does not include its named operations.
//
// The scope that an operation requires is the scope name, a colon and the operation's
// action, such as repository:read, or as format says. A scope that nothing requires
// does not exist. HEAD always has the action and requirement of GET, and is answered
// and open to anonymous requests where GET is. HEAD in map, acr, maxage or require is
// an error, and so are CONNECT and TRACE. An operation that is public or authenticated can have
// no webapi:require, and is in one of anonymous, public and authenticated only. One that
// is public or anonymous can be in neither acr nor maxage.
//
// An operation in acr or maxage (RFC 9470) needs its scopes too. It denies API tokens,
// since nobody logs in with them, and a login without a token of which the server does
// not say how or when it was.
//
// # webapi:require
//
//	//webapi:require OPERATION[,OPERATION...] SCOPE [SCOPE ...]
//
// It is for a type with a webapi:resource, any number of times. It replaces the
// mapped scope of the operations. All scopes of a line are required. Another line for
// the same operation is an alternative:
//
//	//webapi:require DELETE repository:destroy org:write    (both of them,
//	//webapi:require DELETE admin                            or this one)
//
// The resource must answer the operations. The scopes must be those of resources of the
// package or be declared by webapi:scope.
//
// # webapi:describe
//
//	//webapi:describe ACTION text to the end of the line
//
// It is for a type with a webapi:resource, once for an action. It describes what the
// scope of the action allows. The text is part of the catalogue, and consent pages
// show it.
//
// # webapi:defaults
//
//	//webapi:defaults [key=value ...]
//
// It is part of the package's doc comment, once for a package. It sets the defaults of
// the keys methods, map, oauth2, apitokens, anonymous, public, authenticated, format and
// key for the resources of the package. A resource of the package must answer each named
// operation that they have. With none, as in anonymous=none and key=none, a resource
// overrides an inherited list or name.
//
// # webapi:scope
//
//	//webapi:scope SCOPE [text to the end of the line]
//
// It is part of the package's doc comment. It declares a scope that is not one of a
// method map, so that webapi:require can name it. With a text, the scope belongs to
// the package and is part of its catalogue. Without a text, another package declares
// it.
//
// # webapi:implies
//
//	//webapi:implies SCOPE SCOPE [SCOPE ...]
//
// It is part of the package's doc comment, any number of times. A token with the first
// scope is taken to have the others, and what they imply in turn. Nothing is implied by
// the names of scopes. Guards accept the first scope wherever one of the others is
// required; challenges, webapi-gen list and the catalogue name what is required as
// before. A webapi:require has no effect on it: what is superfluous beside an
// implication is left out.
//
// The package must declare the other scopes, itself or by its resources: what grants a
// scope is for its owner to say. The first may be one of another package. What another
// package says about that one is not followed, since the guards of a package depend on
// the package alone; say it again where it shall count. No scope implies itself, not
// even through others.
//
// # webapi:alias
//
//	//webapi:alias OLD NEW [until=DATE]
//
// It is part of the package's doc comment, once for an old scope. Guards accept a token
// with the old scope as one with the new one, which the package must declare, and with
// what that implies. The old scope is none of the package: it has no constant, and no
// challenge, metadata or catalogue names it. DATE, such as 2027-06-30, is the last day
// on which it is wanted: webapi-gen check warns of it from the next day on. It is
// accepted until the line is removed.
//
// # webapi:public
//
//	//webapi:public reason="..."
//
// It is part of the doc comment of a type or a function, once. It states that a
// handler is deliberately unguarded, and why. A type cannot be both a resource and
// public.
//
// # webapi:guarded
//
//	//webapi:guarded by="..."
//
// It is part of the doc comment of a function or method, once. It states that the
// function, such as middleware, guards the handlers that it wraps without the guard of a
// resource, and what does so: a gateway, or a login of the server itself.
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
// The names of constants begin with the type's name without the suffix. The name of
// the file has the suffix:
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
// and ., and begin with a letter. Scopes and scope names are scope tokens of RFC
// 6749, section 3.3: printable ASCII without space, quotation mark and backslash.
//
// # Near misses
//
// A comment that a person takes for a directive, and Go does not, is an error,
// because it would be ignored in silence:
//
//	// webapi:resource              a space after the slashes
//	//webapi: resource              a space beside the colon
//	//WebAPI:resource               capitals
//	//webapi-gen:resource           the tool's longer name, or a letter or two off
//	//webapi:Resource               a name that does not begin in lower case
//	//webapi require GET admin      no colon, or another character instead
//	//webapirequire GET admin       nothing between the tool and the name
//	// +webapi:resource             a prefix of another tool: + or @, or a third slash
//	//!webapi:require GET admin     another prefix, also go:
//	/* webapi:resource */           a comment that cannot be a directive
//	//webapi：resource               an invisible or similar character
//
// The tool's name, a colon and the name of a directive are enough for a near miss. If
// more is wrong, arguments must follow that no sentence has: without the colon, with
// two letters wrong or after another prefix, these are key=value, a method and scopes,
// or a text after a colon and a name without spaces. Only the first 80 visible
// characters of a line count. In the source, the type class has a table of comments
// and what they are.
//
// Text that mentions the tool is no near miss: a line with a directive in the middle,
// an indented line that begins with a comment or a quotation, and a line that begins
// with webapi, with or without a colon, and a sentence. A line of text cannot begin
// with a complete directive.
//
// # Errors
//
// A mistake in an annotation could leave an API without protection, so whatever is
// not understood is an error, at the position of the wrong word: an unknown directive,
// key, method or action; a repeated key, element, scope or alternative; an empty value;
// a requirement without scopes or with an undeclared one; an unterminated string; a
// directive in the wrong place, such as on a field, inside a function, at the end of a
// line of code, or in a comment that a blank line separates from the declaration.
//
// A run reports all errors, except those that may be consequences of others: that a
// scope or a method is missing is not reported if a rejected directive may have it. A
// run with errors writes nothing. What is allowed but probably not intended, such as
// two scope names that differ in case alone, is a warning; see package
// generator/internal/lint. Package diag has the codes and explains each of them.
//
// # Files
//
// Go files are read with any build constraint except ignore, and need not type-check. A
// syntax error stops the package, also inside a function. A directive in a file with the
// constraint ignore is a warning. The guard of a type is built in the same builds as the
// type: it inherits the constraint, the platform suffix of the file name, and whether
// the file is a test.
//
// # YAML
//
// The same can be written in a file webapi.yaml in the package's folder, for all or
// some of its types. It is one document in UTF-8:
//
//	version: 1
//	package: api                 # the package's name, which cannot be documentation
//	dir: internal/api            # its folder, a subfolder of this one; default: this one
//	defaults: { map: { PATCH: write }, anonymous: [] }
//	scopes: { admin: Full control, "org:read": "" }
//	implies: { "repository:write": ["repository:read"] }
//	aliases: { repos: { scope: "repository:read", until: 2027-06-30 } }
//	resources:
//	  - type: RepositoryResource
//	    methods: [GET, POST, PUT, DELETE]
//	    require:
//	      DELETE: [[repository:destroy, "org:write"], [admin]]
//	    describe: { read: See your repositories }
//	  - type: UserResource
//	    declare: true            # the tool declares the type
//
// An element of resources has a type and the keys of webapi:resource. A list is a
// sequence and a map is a mapping. An empty anonymous, public or authenticated is the
// same as none. Each directive has its counterpart:
//
//	resource   an element of resources
//	require    require: OPERATION: a list of alternatives, each a list of scopes
//	describe   describe: ACTION: text
//	defaults   defaults
//	scope      scopes: SCOPE: text, or "" if another package declares it
//	implies    implies: SCOPE: a list of scopes
//	alias      aliases: OLD: {scope: NEW, until: DATE}
//	public     none, because it is about code
//	guarded    none, because it is about code
//
// Values are strings: one that YAML takes for something else, such as 1.0, true,
// null or a format that begins with a brace, is quoted. Anchors, aliases and merge keys
// can be used, but no alias may contain itself. Unknown and repeated keys are errors here
// too.
package annotations
