package diag

// A Code identifies a kind of diagnostic. Codes are stable: one is never given
// a second meaning, and a retired one is not used again.
type Code string

// The diagnostics, in the order in which a run can come upon them: reading Go
// files, reading directives, reading a spec, understanding what was read, the
// output, checking that the output is up to date, and comparing the packages of
// the run.
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
	NotGenerated    Code = "WA060"
	UnownedOutput   Code = "WA061"
	OutputMissing   Code = "WA070"
	OutputChanged   Code = "WA071"
	OutputOrphaned  Code = "WA072"
	BadLock         Code = "WA073"
	OpensNothing    Code = "WA080"
	AlikeNames      Code = "WA081"
	NearScopeNames  Code = "WA082"
	DeclaredNowhere Code = "WA083"
	SharedAcross    Code = "WA084"
	TwoTexts        Code = "WA085"
	NeverBuilt      Code = "WA086"
	KeyByDefault    Code = "WA087"
)

// Warning reports whether the code is one of a warning: of something that is
// allowed and was probably not meant. The codes of warnings are WA080 to WA089.
func (c Code) Warning() bool { return "WA080" <= c && c <= "WA089" }

// A Meaning says what a code stands for.
type Meaning struct {
	Code    Code
	Title   string // a few words, lower case
	Summary string // what is wrong, why it is refused and what to do
}

// Codes returns the meaning of every code, in order.
func Codes() []Meaning { return meanings }

var meanings = []Meaning{
	{GoSyntax, "Go syntax error", "A Go file of a package with resources, or the go.mod that init would add to, does not parse. The package is left alone until it does: a declaration that cannot be read may be a guard that is lost."},
	{PackageNames, "package names differ", "The Go files of a folder, or its spec, do not agree on the package's name, so the generated file could not be part of it. Give all of them the same one."},
	{FilesNotNamed, "annotated file not named", "Files were named one by one, but another file of the package has annotations too. Name all of them, or the folder: the catalogue of a part would pass for the whole."},
	{UnknownWord, "unknown directive", "The word after //webapi: is not one of the language. A misspelt directive would be one that has no effect."},
	{NearMiss, "not quite a directive", "A comment reads like a directive but is none to Go: a directive begins with //webapi: at once, in lower case and without spaces. It would be ignored in silence, and the resource left without what it says. Write it as Go wants it, or put a word before it if it is prose."},
	{Misplaced, "directive in the wrong place", "A directive is attached to nothing, or to something that it does not speak of. A blank line, a field, the inside of a function or the end of a line of code detach it. Write it at the end of the doc comment, right above what it speaks of."},
	{Malformed, "malformed arguments", "What follows the directive does not follow its grammar: an unterminated quote, a word without =, a space around =, something after a closing quote, a line that goes on with a directive. A value with a blank in it is quoted, and a directive is one line."},
	{UnknownKey, "unknown key", "The key is not one of the directive or of the entry of the spec. What a misspelt key was to set would keep its default."},
	{Repeated, "repeated", "The same key, directive, element or alternative is written twice, or an alternative asks for more than another one and so has no effect beside it. Which one would count is a guess, and the tool does not guess."},
	{EmptyValue, "empty value", "A key is written without a value. Leave the key out to get its default, or write none where that is a value."},
	{MissingArgument, "missing argument", "The directive or entry lacks something that it cannot do without: a method, a scope, an action, a text, a reason."},
	{BadText, "text with a forbidden character", "A text has a control character, a line break, or an invisible character that changes the direction of writing. Texts reach comments and consent pages, so they are one line of what a person can see."},
	{SpecSyntax, "YAML syntax error", "The spec is not YAML. The cause often stands above the place that is named: a bracket or a quote that is not closed; or below it: a line that is indented otherwise than those beside it."},
	{SpecShape, "entry of the wrong form", "An entry of the spec is not of the type that it must be, or the spec is not one document with a version. A list is written [A, B], and a text that looks like a number is quoted."},
	{SpecAlias, "alias refused", "An alias of the spec contains itself, or aliases multiply what is written beyond measure. Other aliases are fine."},
	{SpecPlace, "spec in the wrong place", "A spec is where it would not be read or may not be: it is named webapi.yml, its dir: leads nowhere or out of its own folder, or the package has another spec. A folder's spec is webapi.yaml, and --spec names any other."},
	{UnknownMethod, "unknown HTTP method", "The word is not an HTTP method of the language. CONNECT and TRACE are refused: no resource should answer them."},
	{HeadNamed, "HEAD follows GET", "HEAD always has GET's action, requirement and anonymous answer, because a HEAD request says about an object what a GET says. It cannot be set by itself."},
	{NotAnswered, "method that is not answered", "A key or requirement speaks of a method that the resource does not answer. Name the method in methods= as well, or leave it out here."},
	{BadChoice, "value not allowed", "The value is not one of those that the key takes."},
	{BadName, "bad name", "A name cannot be used for what it is to name: it becomes part of scopes, Go identifiers, file names or policies."},
	{BadScope, "bad scope", "The text is not a scope token of RFC 6749, section 3.3: printable ASCII without space, quotation mark and backslash."},
	{Undeclared, "undeclared scope", "A requirement names a scope that no resource of the package yields and no webapi:scope declares. A misspelt scope would be one that no token ever holds, or that the wrong token holds."},
	{UnknownAction, "unknown action", "The resource has no scope for the action: none of the methods that it answers is mapped to it. Without methods= it answers all of the method map."},
	{NotAResource, "type cannot be a resource", "No method can be declared on the type, so it can have no guard: an alias, an interface or a pointer type. Annotate the type that implements it or that it stands for."},
	{UnknownType, "type not found", "The spec names a type that the package does not declare. With declare: true the tool declares it."},
	{DeclaredTwice, "resource declared twice", "The same type is a resource twice: by annotation and in the spec, or with different annotations in files of different build constraints. Keep one, or make them the same."},
	{SharedScope, "scope name shared", "Two resources of the package have the same scope name and do not both say so. A token for one would open the other. Where that is wanted, write scope= on both, or policy= on both where the policy is what coincides."},
	{SharedPolicy, "policy ID shared", "Two resources that accept API tokens have the same policy ID and do not both say so. A policy for one would decide the other. Where that is wanted, write policy= on both."},
	{ScopeTwice, "scope declared twice", "A scope is declared by two webapi:scope, or by one and by a resource. A resource declares its own scopes, and webapi:describe gives them a text."},
	{IdentifierClash, "identifiers clash", "Two declarations of the package, one of them generated, would have the same identifier. Rename or remove the one that is written by hand, or rename one of two actions."},
	{FileClash, "output files clash", "Two resources would be generated into files of the same name, on some file systems at least. Rename one of the types."},
	{MethodClash, "method clash", "The type has a hand-written method, or a field, of a name that the generated guard needs. Rename it."},
	{PromotedGuard, "guard would be promoted", "A type embeds a resource and is none itself, so it would take over the resource's guard together with scopes that are not its own. Give it a webapi:resource of its own, with super= if both guards are to let through."},
	{BadSuper, "super= does not fit", "The key super= names a field that is not embedded, or whose type is not a resource of the package, or that leads back to the type itself. The guard of the super is called through the embedded field, so there must be one."},
	{Contradiction, "contradiction", "Two things that are written down cannot both hold, such as a method that is anonymous and has a requirement of its own. Leave one of them out."},
	{NotGenerated, "file is not ours", "A file stands where output must go, and its first line does not say that webapi-gen wrote it. It is never overwritten: rename or remove it. Or an output was edited: its first line is gone, or it has annotations."},
	{UnownedOutput, "outputs without a resource", "A folder has outputs, but no resource and no spec that this run knows of. They may be those of a spec that has to be named by --spec, so they are not removed: delete them by hand if they are not wanted."},
	{OutputMissing, "output missing", "A file that the tool would write is not there: the declaration is new or renamed, or the file was not committed. Generate again and commit the file."},
	{OutputChanged, "output not up to date", "A file is not what the tool would write: a declaration has changed since, the file was edited by hand, or another version of the tool wrote it. Generate again and commit the file."},
	{OutputOrphaned, "output orphaned", "A file was written for a resource that is no longer there. Generating again removes it."},
	{BadLock, "bad lock file", "A line of webapi.lock is not one that the tool writes: the file was edited by hand, or a merge left its marks. Write it again with webapi-gen lock."},
	{OpensNothing, "scope that opens nothing", "No requirement of the module names a scope that is declared with a text, or that a resource yields while require replaces it. People are asked to consent to it in vain, or the line that should require it is missing. It is not reported if Go code outside of tests uses its constant, if all scopes of the resource are replaced and none has a text, or if the run does not have the whole module, as by ./... in the folder of go.mod."},
	{AlikeNames, "names differ in case or separators", "Two scopes, scope names, policy IDs or resource names of the run differ only in case or in separators, as repoUser and repo-user do. To a token they are two, and to whoever asks for one they are the same. Spell them the same, or rename one."},
	{NearScopeNames, "scope names nearly the same", "Two resources of the run have scope names of which one is the plural of the other, or probably misspelt. Write the same scope= on both if one is meant. To have two, write scope= or policy= on each of them, which says so."},
	{DeclaredNowhere, "scope declared nowhere", "A webapi:scope without a text says that another package declares the scope, but no package of the module declares it with a text or has a resource that yields it: it is misspelt, or is gone. It is reported only if the run has the whole module, as by ./... in the folder of go.mod. Switch it off if another module declares scopes of yours."},
	{SharedAcross, "scope name shared across packages", "Resources of two packages that one program has, because a package of the run imports both or one imports the other, have the same scope name, or accept API tokens and have the same policy ID, and do not both say so. A token for one opens the other. Where that is wanted, write scope= on both, or policy= on both where the policy is what coincides; else write another one on one of them. Imports count if they are in Go files that every build has, apart from tests."},
	{TwoTexts, "scope with two texts", "A scope has different texts at two places of one program, in one package or in two of which a package of the run imports both. Whoever consents would read one of them, and webapi.NewCatalog refuses to choose. Write the same text at both places, or leave one out."},
	{NeverBuilt, "annotated file that no build takes", "A Go file has a directive, but its build constraint says ignore or its package is named documentation. The go command leaves it out of every build, and so does the tool: nothing is guarded by what it says. Take the constraint away, or the directive."},
	{KeyByDefault, "super with the same key by default", "A resource and its super both accept API tokens and have the key that the package sets for all. The same key means the same object, so the policy of a token is asked for the super with the ID of the resource, which names another object unless the two are one. Write key= on the resource, with the name of the path value that names its own object; or on both, if they are the same."},
}
