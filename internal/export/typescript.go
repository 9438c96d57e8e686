package export

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/internal/report"
)

// TypeScript describes an API as a module of TypeScript 4.9 or later: constants and a type of
// the scopes, and what each operation requires.
func TypeScript(api *API) string {
	t := typeScript{API: api}
	t.scopes()
	t.WriteString(requirementType)
	t.operations()
	t.WriteString(opens)
	return t.String()
}

type typeScript struct {
	strings.Builder
	*API
}

func (t *typeScript) scopes() {
	of := ""
	if t.Module != "" {
		of = " of " + t.Module
	}
	fmt.Fprintf(t, "\n%sexport const Scope = {\n", comment("", "The scopes that access tokens"+of+" may hold."))
	names := scopeNames(t.Scopes)
	for i, s := range t.Scopes {
		text := s.Text
		if len(s.Implies) > 0 {
			text = strings.TrimSpace(text + " (includes " + strings.Join(s.Implies, ", ") + ")")
		}
		fmt.Fprintf(t, "%s  %s: %s,\n", comment("  ", text), names[i], literal(s.Name))
	}
	t.WriteString("} as const;\n\n/** A scope that an access token may hold. */\nexport type Scope = (typeof Scope)[keyof typeof Scope];\n")
}

const requirementType = `
/** Whom an operation allows. */
export interface Requirement {
  /** Every request is allowed: no credentials are looked at. */
  readonly public?: true;
  /** A request without credentials is allowed. */
  readonly anonymous?: true;
  /** Any valid access token is allowed, whatever its scopes. */
  readonly authenticated?: true;
  /** API tokens are allowed whose policy allows the operation. */
  readonly apiTokens?: true;
  /** Alternatives, the least powerful first. An access token is allowed that holds all scopes of one of them. */
  readonly requires: readonly (readonly Scope[])[];
  /** The scopes that are accepted in place of one that is required, since they include it. */
  readonly accepts?: Readonly<Partial<Record<Scope, readonly Scope[]>>>;
  /** How the user must have logged in: in any one of these ways (acr). */
  readonly acr?: readonly string[];
  /** How many seconds ago the user may have logged in. */
  readonly maxAge?: number;
  /** The routes that are known, each a method and the pattern of the router. */
  readonly routes: readonly string[];
}
`

func (t *typeScript) operations() {
	fmt.Fprintf(t, "\n/** What each operation of a resource requires. */\nexport const operations = {\n")
	for _, r := range t.Resources {
		for _, o := range r.Operations {
			t.operation(&r, &o)
		}
	}
	t.WriteString("} as const satisfies Readonly<Record<string, Requirement>>;\n\n/** An operation of a resource, as METHOD:resource. */\nexport type Operation = keyof typeof operations;\n")
}

func (t *typeScript) operation(r *Resource, o *Operation) {
	var fields []string
	flag := func(name string, set bool) {
		if set {
			fields = append(fields, name+": true")
		}
	}
	flag("public", o.Public)
	flag("anonymous", o.Anonymous)
	flag("authenticated", o.Authenticated && r.OAuth2)
	flag("apiTokens", o.APITokens)
	alternatives := make([]string, len(o.Requires))
	for i, all := range o.Requires {
		alternatives[i] = literals(all)
	}
	fields = append(fields, "requires: ["+strings.Join(alternatives, ", ")+"]")
	var accepts, done []string
	for _, s := range slices.Concat(o.Requires...) {
		if by := r.Grants[s]; len(by) > 0 && !slices.Contains(done, s) {
			done = append(done, s)
			accepts = append(accepts, literal(s)+": "+literals(by))
		}
	}
	if len(accepts) > 0 {
		fields = append(fields, "accepts: { "+strings.Join(accepts, ", ")+" }")
	}
	if len(o.ACR) > 0 {
		fields = append(fields, "acr: "+literals(o.ACR))
	}
	if o.MaxAge > 0 {
		fields = append(fields, fmt.Sprintf("maxAge: %d", o.MaxAge))
	}
	var routes []string
	for _, ref := range o.Routes {
		routes = append(routes, ref.Method+" "+known(ref.Pattern))
	}
	fields = append(fields, "routes: "+literals(routes))
	fmt.Fprintf(t, "  %s: { %s },\n", literal(o.Name+":"+r.ID), strings.Join(fields, ", "))
}

const opens = `
/**
 * Reports whether an access token with some scopes is allowed to call an operation. It does not look at how the user
 * has logged in.
 */
export function opens(scopes: Iterable<string>, operation: Operation): boolean {
  const held = new Set<string>(scopes);
  const { public: open, authenticated, requires, accepts }: Requirement = operations[operation];
  const holds = (scope: Scope): boolean => held.has(scope) || (accepts?.[scope] ?? []).some((by) => held.has(by));
  return open === true || authenticated === true || requires.some((all) => all.length > 0 && all.every(holds));
}
`

// scopeNames returns the names of the constants: NoteRead for note:read. Scopes that would
// have the same one, or none, have their own text as the name.
func scopeNames(scopes []Scope) []string {
	names, count := make([]string, len(scopes)), map[string]int{}
	for i, s := range scopes {
		for _, word := range strings.FieldsFunc(s.Name, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsNumber(c) }) {
			first, size := utf8.DecodeRuneInString(word)
			names[i] += string(unicode.ToUpper(first)) + word[size:]
		}
		count[names[i]]++
	}
	for i, s := range scopes {
		if first, _ := utf8.DecodeRuneInString(names[i]); count[names[i]] > 1 || !unicode.IsLetter(first) {
			names[i] = literal(s.Name)
		}
	}
	return names
}

// comment returns a doc comment with a text, "" without one.
func comment(indent, text string) string {
	if text = oneLine(text); text == "" {
		return ""
	}
	return indent + "/** " + strings.ReplaceAll(text, "*/", "* /") + " */\n"
}

func literals(list []string) string {
	texts := make([]string, len(list))
	for i, text := range list {
		texts[i] = literal(text)
	}
	return "[" + strings.Join(texts, ", ") + "]"
}

// literal returns a text as a string of JSON, which is one of JavaScript and of YAML too.
func literal(text string) string {
	quoted, _ := report.EncodeJSON(text) // a string has no error
	return strings.TrimSuffix(quoted, "\n")
}
