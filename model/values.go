package model

import (
	"go/token"
	"slices"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// isPlainName reports whether a name is allowed for a resource, a policy ID or an
// action: ASCII letters, digits, _, - and . after a first letter.
func isPlainName(name string) bool {
	for i := range len(name) {
		switch c := name[i]; {
		case 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z':
		case i > 0 && ('0' <= c && c <= '9' || c == '_' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return name != ""
}

// isScope reports whether s is a scope-token (RFC 6749, section 3.3).
func isScope(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < 0x21 || c > 0x7e || c == '"' || c == '\\' {
			return false
		}
	}
	return s != ""
}

// canBeDeclared reports whether a generated file can declare a type of that name.
func canBeDeclared(name string) bool {
	return token.IsIdentifier(name) && strings.Trim(name, "_") != "" &&
		name != "init" && name != "main" && !slices.Contains(usedNames, name) && !slices.Contains(catalogNames, name)
}

// ownValues resolves the keys that hold a single text.
func (r *resolver) ownValues(res *resource) {
	s := res.written.Settings
	name := s.Text(annotations.KeyName)
	policy := s.Text(annotations.KeyPolicy)
	scope := s.Text(annotations.KeyScope)

	before := len(r.diags)
	if res.Name = name.Value; name.Written() {
		r.checkName(annotations.KeyName, name)
	} else if res.Name = snake(res.Base); !isPlainName(res.Name) {
		r.diags.Add(res.Pos, diag.BadName, "type %s yields %q, which is not a name: %s; the key %s sets another",
			res.Type, res.Name, nameForm, annotations.KeyName)
	}
	if res.Policy = policy.Value; policy.Written() {
		r.checkName(annotations.KeyPolicy, policy)
	} else {
		res.Policy = res.Name
	}
	if res.ScopeName = scope.Value; scope.Written() {
		r.checkScope(scope, "scope name")
	} else {
		res.ScopeName = res.Policy
	}
	res.nameRejected = len(r.diags) > before
	if text := s.Text(annotations.KeyDescription); text.Written() {
		r.checkText(text)
		res.Description = text.Value
	}
	before = len(r.diags)
	res.Format = r.format(s, r.defaults.format)
	res.nameRejected = res.nameRejected || len(r.diags) > before
	res.Key = r.pathKey(s, r.defaults.key)
	res.OAuth2 = r.choice(s, annotations.KeyOAuth2, r.defaults.oauth2)
	res.APITokens = r.choice(s, annotations.KeyAPITokens, r.defaults.apiTokens)
}

const nameForm = "ASCII letters, digits, _, - and . after a first letter"

// checkName reports a name that is not a plain name.
func (r *resolver) checkName(key string, name annotations.Text) {
	if !isPlainName(name.Value) {
		r.diags.Add(name.Pos, diag.BadName, "%s %q is not a name: %s", key, name.Value, nameForm)
	}
}

// checkScope reports a text that is not a scope token.
func (r *resolver) checkScope(scope annotations.Text, what string) bool {
	if !isScope(scope.Value) {
		r.diags.Add(scope.Pos, diag.BadScope,
			"%s %q is not a scope token: printable ASCII without space, \" and \\ (RFC 6749, section 3.3)", what, scope.Value)
		return false
	}
	return true
}

// checkText reports a text that is not one line of visible characters.
func (r *resolver) checkText(text annotations.Text) {
	if i := strings.IndexFunc(text.Value, Invisible); i >= 0 {
		r.diags.Add(text.Pos, diag.BadText, "text %q has the character %U; a text is one line of visible characters",
			text.Value, []rune(text.Value[i:])[0])
	}
}

// Invisible reports whether a character is not allowed in a text: control and
// format characters, line separators and U+FFFD. Zero-width joiners are allowed,
// since Persian, Hindi and emoji need them.
func Invisible(c rune) bool {
	const nonJoiner, joiner = '\u200c', '\u200d'
	return !unicode.IsGraphic(c) && c != nonJoiner && c != joiner || c == unicode.ReplacementChar
}

// visible returns text with a space in place of each invisible character.
func visible(text string) string {
	return strings.Map(func(c rune) rune {
		if Invisible(c) {
			return ' '
		}
		return c
	}, text)
}

// pathKey resolves key=.
func (r *resolver) pathKey(s annotations.Settings, inherited string) string {
	key := s.Text(annotations.KeyKey)
	switch {
	case !key.Written():
		return inherited
	case key.Value == annotations.None:
		return ""
	case !token.IsIdentifier(key.Value):
		r.diags.Add(key.Pos, diag.BadName, "key %q is not a Go identifier, as the name of a path value is", key.Value)
	}
	return key.Value
}

// format resolves format=.
func (r *resolver) format(s annotations.Settings, inherited string) string {
	format := s.Text(annotations.KeyFormat)
	if !format.Written() {
		return inherited
	}
	rest := format.Value
	for _, p := range placeholders {
		rest = strings.ReplaceAll(rest, p, "")
	}
	start := strings.IndexAny(rest, "{}")
	switch {
	case start >= 0:
		got, _, closed := strings.Cut(rest[start:], "}")
		if closed {
			got += "}"
		}
		what := "an unknown placeholder"
		if !closed || got == "}" {
			what = "a brace without the other one"
		}
		r.diags.Add(format.Pos, diag.BadScope, "format %q has %s, %q%s; allowed: %s",
			format.Value, what, got, annotations.Suggest(got, placeholders), strings.Join(placeholders, ", "))
	case len(rest) == len(format.Value):
		r.diags.Add(format.Pos, diag.BadScope, "format %q would make one scope of all; it names at least one of %s",
			format.Value, strings.Join(placeholders, ", "))
	case rest != "" && !isScope(rest):
		r.diags.Add(format.Pos, diag.BadScope,
			"format %q makes no scope tokens: printable ASCII without space, \" and \\ (RFC 6749, section 3.3)", format.Value)
	}
	return format.Value
}

// placeholders are what stands in a format for the scope name and the action, as they are
// and in capitals.
var placeholders = []string{"{scope}", "{action}", "{SCOPE}", "{ACTION}"}

// formatScope returns the scope of an action.
func formatScope(format, scopeName, action string) string {
	if format == annotations.DefaultFormat {
		return scopeName + ":" + action
	}
	return strings.NewReplacer("{scope}", scopeName, "{action}", action,
		"{SCOPE}", strings.ToUpper(scopeName), "{ACTION}", strings.ToUpper(action)).Replace(format)
}

// choice resolves a key that takes allow or deny.
func (r *resolver) choice(s annotations.Settings, name string, inherited bool) bool {
	v := s.Text(name)
	if !v.Written() {
		return inherited
	}
	allowed := []string{annotations.Allow, annotations.Deny}
	if !slices.Contains(allowed, v.Value) {
		d := r.diags.Add(v.Pos, diag.BadChoice, "%s must be %s, got %q%s",
			name, strings.Join(allowed, " or "), v.Value, annotations.Suggest(v.Value, allowed))
		if lower := strings.ToLower(v.Value); slices.Contains(allowed, lower) {
			v.SetFix(d, lower)
		}
		return inherited // to avoid cascading errors
	}
	return v.Value == annotations.Allow
}

// closedToOAuth2 reports what was written about the scopes of a resource that
// accepts no OAuth2 tokens, where it has no effect.
func (r *resolver) closedToOAuth2(res *resource) {
	why := "type " + res.Type + " has oauth2=deny, so no scope opens it"
	if res.base != nil && !res.base.OAuth2 {
		why = "its super " + res.base.Type + " has oauth2=deny, so no scope opens type " + res.Type
	}
	w := res.written
	for _, key := range []string{annotations.KeyScope, annotations.KeyFormat, annotations.KeyAuthenticated} {
		v, written := w.Settings.Value(key)
		none := key == annotations.KeyAuthenticated && (len(v.Items) == 0 || w.Settings.Text(key).Value == annotations.None)
		if written && !none {
			r.diags.Add(v.Pos, diag.Contradiction, "%s has no effect: %s", key, why)
		}
	}
	for i := range res.Methods {
		res.Methods[i].Authenticated = false
	}
	for _, q := range w.Requires {
		r.diags.Add(q.Pos, diag.Contradiction, "%s has no effect: %s", annotations.DirectiveRequire, why)
	}
	for _, d := range w.Describes {
		r.diags.Add(d.Action.Pos, diag.Contradiction, "%s has no effect: %s", annotations.DirectiveDescribe, why)
	}
}

// last returns the diagnostic that was added last.
func (r *resolver) last() *diag.Diagnostic { return &r.diags[len(r.diags)-1] }

// countFolded returns how often a list has each operation, in its usual case.
func countFolded(list []annotations.Text) map[string]int {
	count := map[string]int{}
	for _, t := range list {
		count[annotations.FoldOperation(t.Value)]++
	}
	return count
}

// fixMethod adds a fix to the diagnostic of an unknown operation that differs from a
// known one in case only, unless that one is in the same list, whose words are in among.
func fixMethod(d *diag.Diagnostic, key string, m annotations.Text, among map[string]int) {
	usual := annotations.FoldOperation(m.Value)
	_, name := annotations.CutOperation(m.Value)
	isOpen := slices.ContainsFunc(openKeys, func(k openKey) bool { return k.name == key })
	switch {
	case isOpen && len(among) == 1 && strings.ToLower(m.Value) == annotations.None:
		m.SetFix(d, annotations.None)
	case snake(name) != strings.ToLower(name): // markRead
	case len(usual) != len(m.Value) || !annotations.IsOperation(usual) || among[usual] > 1:
	case usual != "HEAD" || key == annotations.KeyMethods || isOpen:
		m.SetFix(d, usual)
	}
}

// fixReversed adds a fix to the diagnostic of an element action:METHOD of a map.
// It adds none where the intention is not certain, as if the action differs from a
// method in case only. No other element may have the method.
func fixReversed(d *diag.Diagnostic, item annotations.Item) {
	action, method := item.Key, item.Value
	if !action.Raw || !method.Raw || !isPlainName(action.Value) || method.Value == "HEAD" ||
		annotations.IsOperation(annotations.FoldOperation(action.Value)) {
		return
	}
	edit := func(t annotations.Text, instead string) diag.Edit {
		return diag.Edit{Offset: t.Pos.Offset, End: t.Pos.Offset + len(t.Value), New: instead}
	}
	d.SetFix("write the method first", edit(action, method.Value), edit(method, action.Value))
}

func keys(items []annotations.Item) []annotations.Text {
	list := make([]annotations.Text, len(items))
	for i, item := range items {
		list[i] = item.Key
	}
	return list
}

func values(items []annotations.Item) []annotations.Text {
	list := make([]annotations.Text, len(items))
	for i, item := range items {
		list[i] = item.Value
	}
	return list
}
