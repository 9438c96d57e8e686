package diag

// A Code identifies a kind of diagnostic. Codes are stable: a code keeps its meaning, and a
// retired code is not used again.
type Code string

// The codes, in the order of a run: reading Go files, reading directives, reading a spec,
// resolving them, planning the output, checking that the output is up to date, comparing
// the packages of the run, and reading its routes.
const (
	GoSyntax        Code = "WA001"
	PackageNames    Code = "WA002"
	FilesNotNamed   Code = "WA003"
	UnknownWord     Code = "WA010"
	NearMiss        Code = "WA011"
	Misplaced       Code = "WA012"
	Malformed       Code = "WA013"
	UnknownKey      Code = "WA014"
	Repeated        Code = "WA015"
	EmptyValue      Code = "WA016"
	MissingArgument Code = "WA017"
	BadText         Code = "WA018"
	SpecSyntax      Code = "WA020"
	SpecShape       Code = "WA021"
	SpecAlias       Code = "WA022"
	SpecPlace       Code = "WA023"
	UnknownMethod   Code = "WA030"
	HeadNamed       Code = "WA031"
	NotAnswered     Code = "WA032"
	BadChoice       Code = "WA033"
	BadName         Code = "WA034"
	BadScope        Code = "WA035"
	Undeclared      Code = "WA036"
	UnknownAction   Code = "WA037"
	NotAResource    Code = "WA038"
	UnknownType     Code = "WA039"
	DeclaredTwice   Code = "WA040"
	SharedScope     Code = "WA041"
	SharedPolicy    Code = "WA042"
	ScopeTwice      Code = "WA043"
	IdentifierClash Code = "WA044"
	FileClash       Code = "WA045"
	MethodClash     Code = "WA046"
	PromotedGuard   Code = "WA047"
	BadSuper        Code = "WA048"
	Contradiction   Code = "WA049"
	BadImplies      Code = "WA050"
	NotGenerated    Code = "WA060"
	UnownedOutput   Code = "WA061"
	OutputMissing   Code = "WA070"
	OutputChanged   Code = "WA071"
	OutputOrphaned  Code = "WA072"
	BadLock         Code = "WA073"
	StaleRoute      Code = "WA074"
	StaleExport     Code = "WA075"
	OpensNothing    Code = "WA080"
	AlikeNames      Code = "WA081"
	NearScopeNames  Code = "WA082"
	DeclaredNowhere Code = "WA083"
	SharedAcross    Code = "WA084"
	TwoTexts        Code = "WA085"
	NeverBuilt      Code = "WA086"
	KeyByDefault    Code = "WA087"
	TokensNoKey     Code = "WA088"
	NotMounted      Code = "WA089"
	UnguardedRoute  Code = "WA090"
	AliasOver       Code = "WA091"
	UnfitRoute      Code = "WA092"
)

// Warning reports whether the code is that of a warning: of something that is allowed but
// probably not intended. The codes of warnings are WA080 to WA089 and
// those from WA091 on.
func (c Code) Warning() bool { return "WA080" <= c && c != UnguardedRoute }

// A Meaning explains a code.
type Meaning struct {
	Code    Code
	Title   string // a few words, lower case
	Summary string // what is wrong, why it is reported and what to do
}

// Codes returns the meanings of all codes, in order.
func Codes() []Meaning { return meanings }

var meanings = []Meaning{
	{GoSyntax, "Go syntax error", "A Go file of a package with resources, or the go.mod that init would add to, does not parse. Nothing is generated for the package until it does: a declaration that cannot be read may be a guard that is missing."},
	{PackageNames, "package names differ", "The Go files of a folder, or its spec, have different package names, so the generated file could not be part of the package. Give all of them the same name."},
	{FilesNotNamed, "annotated file not named", "Files were named on the command line, but another file of the package has annotations too. Name all of them, or the folder: otherwise the catalogue would be incomplete."},
	{UnknownWord, "unknown directive", "The word after //webapi: is not a directive. A misspelt directive would have no effect."},
	{NearMiss, "not quite a directive", "A comment looks like a directive but is none to Go: a directive begins with //webapi:, in lower case and without spaces. It would be ignored in silence, and the resource would lack what it sets. Write it in Go's form, or put a word before it if it is prose."},
	{Misplaced, "directive in the wrong place", "A directive is attached to nothing, or to something that it does not describe. A blank line, a field, the inside of a function or the end of a line of code detaches it. Write it at the end of the doc comment, right above the declaration that it describes."},
	{Malformed, "malformed arguments", "The arguments of the directive do not follow its grammar: an unterminated quote, a word without =, a space around =, text after a closing quote, a line that continues a directive. Quote a value with a space in it, and write a directive on one line."},
	{UnknownKey, "unknown key", "The directive or the entry of the spec does not have this key. A misspelt key would leave its default in force."},
	{Repeated, "repeated", "The same key, directive, element or alternative is written twice, or an alternative asks for more than another one and so has no effect beside it. Which one should count would be a guess, and the tool does not guess."},
	{EmptyValue, "empty value", "A key has no value. Leave the key out to get its default, or write none where none is a value."},
	{MissingArgument, "missing argument", "The directive or entry lacks a part that it needs: a method, a scope, an action, a text, a reason."},
	{BadText, "text with a forbidden character", "A text has a control character, a line break, or an invisible character that changes the direction of writing. Texts appear in comments and on consent pages, so they are one line of visible characters."},
	{SpecSyntax, "YAML syntax error", "The spec is not valid YAML. The cause is often above the reported position: a bracket or a quote that is not closed; or below it: a line whose indentation differs from its neighbours."},
	{SpecShape, "entry of the wrong form", "An entry of the spec does not have the type that it must have, or the spec is not one document with a version. A list is written [A, B], and a text that looks like a number is quoted."},
	{SpecAlias, "alias rejected", "An alias of the spec contains itself, or aliases expand the spec beyond the limit. Other aliases are allowed."},
	{SpecPlace, "spec in the wrong place", "A spec is where it would not be read or must not be: it is named webapi.yml, its dir: does not exist or leads out of its own folder, or the package has another spec. The spec of a folder is webapi.yaml, and --spec names any other."},
	{UnknownMethod, "unknown HTTP method", "The word is not an HTTP method of the language. CONNECT and TRACE are rejected: no resource should answer them."},
	{HeadNamed, "HEAD follows GET", "HEAD always has GET's action, requirement and anonymous answer, because a HEAD request tells about an object what a GET tells. It cannot be set by itself."},
	{NotAnswered, "method that is not answered", "A key or requirement names a method that the resource does not answer. Name the method in methods= as well, or leave it out here."},
	{BadChoice, "value not allowed", "The value is not one of those that the key accepts."},
	{BadName, "bad name", "The name cannot be used for its purpose: it becomes part of scopes, Go identifiers, file names or policies."},
	{BadScope, "bad scope", "The text is not a scope token of RFC 6749, section 3.3: printable ASCII without space, quotation mark and backslash."},
	{Undeclared, "undeclared scope", "A requirement names a scope that no resource of the package yields and no webapi:scope declares. A misspelt scope would be one that no token ever holds, or that the wrong token holds."},
	{UnknownAction, "unknown action", "The resource has no scope for the action: none of the methods that it answers is mapped to it. Without methods= it answers all methods of the method map."},
	{NotAResource, "type cannot be a resource", "No method can be declared on the type, so it cannot have a guard: it is an alias, an interface or a pointer type. Annotate the type that implements the interface, or that the alias or pointer refers to."},
	{UnknownType, "type not found", "The spec names a type that the package does not declare. With declare: true the tool declares it."},
	{DeclaredTwice, "resource declared twice", "The same type is a resource twice: by annotation and in the spec, or with different annotations in files of different build constraints. Remove one, or make them equal."},
	{SharedScope, "scope name shared", "Two resources of the package have the same scope name and do not both set it. A token for one would open the other. If that is intended, write scope= on both, or policy= on both where the policy is the same. Or format= writes two scopes in the same way, of two resources or of two actions."},
	{SharedPolicy, "policy ID shared", "Two resources that accept API tokens have the same policy ID and do not both set it. A policy for one would decide for the other. If that is intended, write policy= on both."},
	{ScopeTwice, "scope declared twice", "A scope is declared by two webapi:scope, or by one and by a resource. A resource declares its own scopes, and webapi:describe gives them a text."},
	{IdentifierClash, "identifiers clash", "Two declarations of the package, one of them generated, would have the same identifier, or a generated one would have that of an import: Go has no name both in a file and in its package. Rename or remove the hand-written one, or rename one of two actions. What a dot import declares, and the name of an imported package that differs from its path, is known if the package is of the same module; otherwise the compiler reports a clash."},
	{FileClash, "output files clash", "Two resources would be generated into files of the same name, at least on some file systems. Rename one of the types."},
	{MethodClash, "method clash", "The type has a hand-written method, or a field, with a name that the generated guard needs. Rename it."},
	{PromotedGuard, "guard would be promoted", "A type embeds a resource and is not a resource itself, so it would inherit the guard of the resource together with scopes that are not its own. Give it a webapi:resource of its own, with super= if both guards must allow a request."},
	{BadSuper, "super= does not fit", "The key super= names a field that is not embedded, or whose type is not a resource of the package, or that leads back to the type itself, or that makes a chain of more than 32 supers, to which the runtime would deny every request. The guard of the super is called through the embedded field, so the field must exist."},
	{Contradiction, "contradiction", "Two settings exclude each other, such as a method that is anonymous and has a requirement of its own. Remove one of them."},
	{BadImplies, "implication or alias does not fit", "A scope cannot imply itself, or one that implies it. Only the package that declares a scope says what grants it, by webapi:implies or webapi:alias. An alias is no scope of the package, and what is granted by so many scopes that nobody could review the alternatives is refused."},
	{NotGenerated, "not a generated file", "The path of an output has a file whose first line, below comments such as a licence, does not say that webapi-gen generated it. It is never overwritten: rename or remove it. Or an output was edited: its first line is gone, or it has annotations."},
	{UnownedOutput, "outputs without a resource", "A folder has outputs, but this run knows no resource and no spec for it. The outputs may belong to a spec that must be named by --spec, so they are not removed: delete them by hand if they are obsolete."},
	{OutputMissing, "output missing", "A file that the tool would write does not exist: the declaration is new or renamed, or the file was not committed, perhaps because .gitignore names it. Generate again and commit the file."},
	{OutputChanged, "output not up to date", "A file differs from what the tool would write: a declaration has changed since, the file was edited by hand, or another version of the tool wrote it. Generate again and commit the file."},
	{OutputOrphaned, "output orphaned", "A file was generated for a resource that no longer exists. Generating again removes it."},
	{BadLock, "bad lock file", "A line of webapi.lock is not in the form that the tool writes: the file was edited by hand, or a merge left conflict markers. Write it again with webapi-gen lock."},
	{StaleRoute, "routes in the lock file not up to date", "The lines of routes in webapi.lock are not those of the source: a route, what stands before it, or a function that decides who a request is or what it may do has changed since. Runs that generate leave these lines alone, as they read no types. Run webapi-gen lock, read the diff, and commit the file."},
	{StaleExport, "exported file not up to date", "A file that webapi-gen export has written, as its first line says, is not what it would write now: a guard, a text, a route or the OpenAPI document has changed since, or the file was edited by hand. Run the command that the message names, or go generate ./... if a go:generate line has it; for a document of another form, change the arguments there. To keep a file as it is, remove its first line."},
	{OpensNothing, "scope that opens nothing", "No requirement of the module names a scope that is declared with a text, or that a resource yields while require replaces it. Users would consent to it in vain, or the line that should require it is missing. It is not reported if Go code outside of tests uses its constant, if all scopes of the resource are replaced and none has a text, or if the run does not have the whole module, as with ./... in the folder of go.mod."},
	{AlikeNames, "names differ in case or separators", "Two scopes, scope names, policy IDs or resource names of the run differ only in case or in separators, as repoUser and repo-user do. To a token they are different; to a person who requests one they look the same. Spell them the same, or rename one."},
	{NearScopeNames, "scope names nearly the same", "Two resources of the run have scope names of which one is the plural of the other, or probably misspelt. Write the same scope= on both if they should be one. To keep two, write scope= or policy= on each of them."},
	{DeclaredNowhere, "scope declared nowhere", "A webapi:scope without a text says that another package declares the scope, but no package of the module declares it with a text or has a resource that yields it: it is misspelt, or no longer exists. It is reported only if the run has the whole module, as with ./... in the folder of go.mod. Switch it off if another module declares scopes of yours."},
	{SharedAcross, "scope name shared across packages", "Resources of two packages of one program, because a package of the run imports both or one imports the other, have the same scope name, or accept API tokens and have the same policy ID, and do not both set it. A token for one opens the other. If that is intended, write scope= on both, or policy= on both where the policy is the same; otherwise write another one on one of them. Imports count if they are in Go files that every build includes, except tests."},
	{TwoTexts, "scope with two texts", "A scope has different texts in two places of one program, in one package or in two that a package of the run imports. A user who consents would read one of them, and webapi.NewCatalog returns an error. Write the same text in both places, or leave one out."},
	{NeverBuilt, "annotated file that is never built", "A Go file has a directive, but its build constraint says ignore or its package is named documentation. The go command leaves it out of every build, and so does the tool: its directives guard nothing. Remove the constraint, or the directive."},
	{KeyByDefault, "super with the same key by default", "A resource and its super both accept API tokens and have the key that the package sets by default. The same key means the same object, so the policy of a token is asked for the super with the ID of the resource, which names another object unless the two are the same. Write key= on the resource, with the name of the path value that names its own object; or on both, if they are the same."},
	{TokensNoKey, "API tokens without a key", "A resource accepts API tokens and has no key, so it cannot tell its objects apart: the policy of a token cannot allow or block one of them, and what it blocks for one is denied for all. Write key= on the resource, or among the package's defaults, with the name of the path value that names the object. Write key=none on a resource that has no objects, such as a status."},
	{NotMounted, "resource that nothing mounts", "The module has routes, and none of them has the guard of the resource, so the guard protects nothing: its handlers are mounted without it, or not at all. Mount it with webapi.Handle or webapi.Guard. The command check reports it, if it could read all routes, and a named operation that no route has, if others have the guard of its resource. Switch it off if another module mounts the resource."},
	{UnguardedRoute, "route without a guard", "A route leads to a handler that belongs to a resource, and no guard stands before it: whoever knows the path gets to it. The command check reports it; with --routes=all it reports handlers that belong to no resource as well. Mount the handler with webapi.Handle or behind webapi.Guard, or write webapi:public on it if it is open on purpose."},
	{AliasOver, "alias over its date", "The day that until= of a webapi:alias names has passed, and the scope is still accepted. Remove the alias, or write a later day. The command check reports it; what is generated does not depend on the day."},
	{UnfitRoute, "route that does not fit its resource", "A route is for a method or an operation that its resource does not answer, so that every request is denied, or its path names the object by another name than the key of the resource. The object is not known then, and a token with a policy for objects is denied. The command check reports it. Add the method to methods=, mount the view under the method that the resource answers, or give key= and the wildcard of the pattern the same name."},
}
