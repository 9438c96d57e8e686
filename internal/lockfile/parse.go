package lockfile

import (
	"cmp"
	"errors"
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// Parse is [ParseAll] without the routes.
func Parse(path string, text []byte) ([]*model.Package, diag.List) {
	packages, _, diags := ParseAll(path, text)
	return packages, diags
}

// ParseAll reads the text of a lock file. It returns the packages in the order of
// their folders, with everything in them sorted, and the routes, which are nil if the
// file has no lines of them; path is the file's name in diagnostics.
func ParseAll(path string, text []byte) ([]*model.Package, *Routes, diag.List) {
	p := parser{
		packages: map[string]*model.Package{}, resources: map[string]*model.Resource{},
		pos: token.Position{Filename: path}, lines: map[string]int{},
	}
	for line := range strings.Lines(string(text)) {
		p.pos.Line++
		p.line(strings.TrimRight(line, " \r\n"))
	}
	var packages []*model.Package
	for _, folder := range slices.Sorted(maps.Keys(p.packages)) {
		pkg := p.packages[folder]
		p.orphans(pkg)
		sortPackage(pkg)
		packages = append(packages, pkg)
	}
	if p.routes != nil {
		p.routes.sort()
	}
	return packages, p.routes, p.diags
}

func sortPackage(pkg *model.Package) {
	slices.SortFunc(pkg.Resources, func(a, b *model.Resource) int { return strings.Compare(a.Type, b.Type) })
	for _, r := range pkg.Resources {
		slices.SortFunc(r.Methods, func(a, b model.Method) int { return strings.Compare(a.Name, b.Name) })
	}
	slices.SortFunc(pkg.Public, func(a, b model.Public) int { return strings.Compare(a.Name, b.Name) })
	slices.SortFunc(pkg.Scopes, func(a, b model.Scope) int {
		return cmp.Or(strings.Compare(a.Value, b.Value), strings.Compare(b.Text, a.Text))
	})
	pkg.Scopes = slices.CompactFunc(pkg.Scopes, func(a, b model.Scope) bool { return a.Value == b.Value })
}

// A parser reads a lock file line by line.
type parser struct {
	packages  map[string]*model.Package  // by folder
	resources map[string]*model.Resource // by qualified name
	routes    *Routes
	pos       token.Position // of the line
	lines     map[string]int // where each subject that may have one line only has it, such as TYPE METHOD
	diags     diag.List
}

func (p *parser) in(folder string) *model.Package {
	if p.packages[folder] == nil {
		p.packages[folder] = &model.Package{Dir: folder}
	}
	return p.packages[folder]
}

func (p *parser) declared(qualified string) *model.Resource {
	if p.resources[qualified] == nil {
		folder, typ := splitName(qualified)
		pkg := p.in(folder)
		p.resources[qualified] = &model.Resource{Type: typ}
		pkg.Resources = append(pkg.Resources, p.resources[qualified])
	}
	return p.resources[qualified]
}

// fail reports the line, at a column that counts from 1.
func (p *parser) fail(column int, format string, args ...any) {
	pos := p.pos
	pos.Column = column
	p.diags.Add(pos, diag.BadLock, format, args...)
}

func (p *parser) line(line string) {
	if i := strings.IndexFunc(line, model.Invisible); i >= 0 {
		p.fail(i+1, "the line has the character %U; all are visible", []rune(line[i:])[0])
		return
	}
	first, rest, _ := strings.Cut(line, " ")
	switch {
	case first == "" && rest == "" || strings.HasPrefix(line, "#"):
	case first == scopeWord:
		p.scope(line, rest)
	case first == resourceWord:
		p.resource(line, rest)
	case first == publicWord:
		p.public(line, rest)
	case first == routeWord:
		p.route(line, rest)
	case first == usesWord:
		p.uses(line, rest)
	case !isQualified(first):
		p.fail(1, "FOLDER.TYPE, %s, %s, %s, %s or %s expected, got %q", resourceWord, publicWord, scopeWord, routeWord, usesWord, first)
	default:
		p.access(line, first)
	}
}

// scope reads FOLDER SCOPE [text].
func (p *parser) scope(line, rest string) {
	folder, rest, _ := strings.Cut(rest, " ")
	value, text, _ := strings.Cut(rest, " ")
	if value == "" {
		p.fail(len(line)+1, "FOLDER SCOPE [text] expected after %s", scopeWord)
		return
	}
	pkg := p.in(folder)
	// The action marks a scope of the package itself; Format leaves out others.
	pkg.Scopes = append(pkg.Scopes, model.Scope{ScopeRef: model.ScopeRef{Value: value}, Action: value, Text: text})
}

// resource reads TYPE name=... policy=... key=... [description].
func (p *parser) resource(line, rest string) {
	typ, rest, _ := strings.Cut(rest, " ")
	if !isQualified(typ) {
		p.fail(min(len(resourceWord)+2, len(line)+1), "FOLDER.TYPE expected after %s, got %q", resourceWord, typ)
		return
	}
	var values []string
	for _, prefix := range []string{"name=", "policy=", "key="} {
		word, after, _ := strings.Cut(rest, " ")
		value, ok := strings.CutPrefix(word, prefix)
		if !ok || value == "" {
			p.fail(len(line)-len(rest)+1, "%sVALUE expected, got %q", prefix, word)
			return
		}
		values, rest = append(values, value), after
	}
	ids, keys := strings.Split(values[1], and), strings.Split(values[2], and)
	if slices.Contains(ids, "") || slices.Contains(keys, "") || len(ids) != len(keys) {
		p.fail(1, "%s has policies %s with keys %s; there is a key for each policy, %s for none", typ, values[1], values[2], noKey)
		return
	}
	if p.seen(resourceWord + " " + typ) {
		return
	}
	r := p.declared(typ)
	r.Name, r.Description = values[0], rest
	for i, id := range ids {
		if i > 0 {
			r.Super = &model.Super{Base: &model.Resource{}}
			r = r.Super.Base
		}
		if r.Policy = id; keys[i] != noKey {
			r.Key = keys[i]
		}
	}
}

// public reads FOLDER.NAME REASON.
func (p *parser) public(line, rest string) {
	qualified, reason, _ := strings.Cut(rest, " ")
	if !isQualified(qualified) || reason == "" {
		p.fail(min(len(publicWord)+2, len(line)+1), "FOLDER.NAME REASON expected after %s", publicWord)
		return
	}
	if p.seen(publicWord + " " + qualified) {
		return
	}
	folder, name := splitName(qualified)
	pkg := p.in(folder)
	pkg.Public = append(pkg.Public, model.Public{Name: name, Reason: reason})
}

// route reads METHOD PATTERN GUARD -> HANDLER [in FUNCTION: REASON], or none [TYPE].
func (p *parser) route(line, rest string) {
	if p.routes == nil {
		p.routes = &Routes{}
	}
	if first, typ, _ := strings.Cut(rest, " "); first == noneWord {
		if typ != "" {
			p.routes.Unmounted = append(p.routes.Unmounted, typ)
		}
		return
	}
	r, err := ParseRoute(rest)
	if err != nil {
		p.fail(min(len(routeWord)+2, len(line)+1), "%v", err)
		return
	}
	p.routes.Routes = append(p.routes.Routes, r)
}

// ParseRoute returns the route of a line, without the first word.
func ParseRoute(text string) (Route, error) {
	var r Route
	wrong := errors.New("METHOD PATTERN GUARD -> HANDLER expected after " + routeWord)
	r.Method, text, _ = strings.Cut(text, " ")
	if !slices.Contains(append(annotations.Methods(), allMethods, noKey, unknown), r.Method) {
		return r, fmt.Errorf("%w; %q is no method", wrong, r.Method)
	}
	if quoted, err := strconv.QuotedPrefix(text); err == nil {
		r.Pattern, _ = strconv.Unquote(quoted)
		text = strings.TrimPrefix(text[len(quoted):], " ")
	} else {
		r.Pattern, text, _ = strings.Cut(text, " ")
	}
	if prefix := wrapperWord + " "; strings.HasPrefix(text, prefix) {
		quoted, err := strconv.QuotedPrefix(text[len(prefix):])
		if err != nil {
			return r, fmt.Errorf("a quoted text expected after %s", wrapperWord)
		}
		r.Wrapper, _ = strconv.Unquote(quoted)
		text = strings.TrimPrefix(text[len(prefix)+len(quoted):], " ")
		text = strings.TrimPrefix(text, and+" ")
	}
	before, text, found := strings.Cut(" "+text, " "+arrow+" ")
	if !found || r.Pattern == "" {
		return r, wrong
	}
	switch before = strings.TrimPrefix(before, " "); {
	case before == PublicRoute || before == Unguarded || before == NotReadable:
		r.State = before
	case before != "":
		for term := range strings.SplitSeq(before, " "+and+" ") {
			typ, operation, named := strings.Cut(term, " ")
			typ, list := strings.CutSuffix(typ, listSuffix)
			isOperation := annotations.IsOperation(operation) || operation == unknown
			if typ != unknown && !isQualified(typ) || named != isOperation {
				return r, fmt.Errorf("%w; GUARD is FOLDER.TYPE, perhaps with an operation such as POST/archive, a list of these with %s between them, %s, %s or %s, got %q", wrong, and, PublicRoute, Unguarded, NotReadable, before)
			}
			r.Guards = append(r.Guards, Guard{typ, list, operation})
		}
	case r.Wrapper == "":
		return r, wrong
	}
	r.Handler, text, found = strings.Cut(text, " "+inWord+" ")
	if found {
		r.In, r.Reason, _ = strings.Cut(text, ": ")
	}
	if r.Handler == "" || strings.Contains(r.Handler, " ") || found && (r.In == "" || r.Reason == "") {
		return r, wrong
	}
	return r, nil
}

// uses reads WHAT in FUNCTION [(N times)].
func (p *parser) uses(line, rest string) {
	i := strings.LastIndex(rest, " "+inWord+" ")
	if i <= 0 {
		p.fail(min(len(usesWord)+2, len(line)+1), "WHAT in FUNCTION expected after %s", usesWord)
		return
	}
	use := Use{What: rest[:i], In: rest[i+len(inWord)+2:], Count: 1}
	if in, times, found := strings.Cut(use.In, " ("); found {
		n, err := strconv.Atoi(strings.TrimSuffix(times, " times)"))
		if err != nil || n < 2 {
			p.fail(len(line)-len(times), "(N times) expected after the function")
			return
		}
		use.In, use.Count = in, n
	}
	if p.routes == nil {
		p.routes = &Routes{}
	}
	p.routes.Uses = append(p.routes.Uses, use)
}

// seen reports whether a subject has a line already, which is an error.
func (p *parser) seen(subject string) bool {
	if first := p.lines[subject]; first > 0 {
		p.fail(1, "%s has a line already, line %d", subject, first)
		return true
	}
	p.lines[subject] = p.pos.Line
	return false
}

// access reads METHOD ACCEPTED [REQUIREMENT], after a type.
func (p *parser) access(line, typ string) {
	words := strings.Split(line, " ")
	column := len(typ) + 2
	if len(words) < 3 || !annotations.IsOperation(words[1]) {
		p.fail(column, "METHOD ACCEPTED or METHOD/name ACCEPTED expected after the type; methods are %s", strings.Join(annotations.Methods(), ", "))
		return
	}
	m := model.Method{Name: words[1]}
	if m.Name == head {
		p.fail(column, "%s is as GET, and has no line", head)
		return
	}
	column += len(m.Name) + 1
	var withAPIToken, withOAuth2 bool
	for word := range strings.SplitSeq(words[2], ",") {
		switch {
		case word == anonymous:
			m.Anonymous = true
		case word == apiTokens:
			withAPIToken = true
		case word == oauth2:
			withOAuth2 = true
		case word == authenticated:
			m.Authenticated, withOAuth2 = true, true
		case word == public:
			m.Public = true
		case word == closed:
		case !parseStepUp(&m.StepUp, word):
			p.fail(column, "%q is not what a method accepts: a list of %s, or %s or %s, and then perhaps %s=VALUE and %s=AGE",
				word, strings.Join([]string{anonymous, apiTokens, authenticated, oauth2}, ", "), public, closed, annotations.KeyACR, annotations.KeyMaxAge)
			return
		}
	}
	if want := accepted(m, withAPIToken, withOAuth2); want != words[2] {
		p.fail(column, "%q is written %q", words[2], want)
		return
	}
	column += len(words[2]) + 1
	requires := withOAuth2 && !m.Authenticated
	if requires != (len(words) > 3) {
		p.fail(column, "a requirement stands where %s is accepted, and only there", oauth2)
		return
	}
	if requires {
		var err error
		if m.Requires, err = parseRequirement(words[3:]); err != nil {
			p.fail(column, "%v", err)
			return
		}
	}
	if p.seen(typ + " " + m.Name) {
		return
	}
	r := p.declared(typ)
	if !m.Public { // whose line does not say which tokens the others accept
		i := slices.IndexFunc(r.Methods, func(o model.Method) bool { return !o.Public })
		j := slices.IndexFunc(r.Methods, func(o model.Method) bool { return !o.Public && !o.StepUp.Needed() })
		if m.StepUp.Needed() { // nor does this one, of API tokens
			j, withAPIToken = -1, r.APITokens
		}
		if i >= 0 && r.OAuth2 != withOAuth2 || j >= 0 && r.APITokens != withAPIToken {
			p.fail(1, "%[1]s %[2]s accepts other tokens than %[1]s %[3]s; the methods of a resource accept the same", typ, m.Name, r.Methods[i].Name)
		}
		r.APITokens, r.OAuth2 = withAPIToken, withOAuth2
	}
	r.Methods = append(r.Methods, m)
}

// parseStepUp reads acr=VALUE|VALUE or maxage=AGE into s. It reports whether the word is one
// of them.
func parseStepUp(s *model.StepUp, word string) bool {
	key, value, _ := strings.Cut(word, "=")
	switch {
	case key == annotations.KeyACR && s.ACR == nil:
		s.ACR = strings.Split(value, "|")
		return !slices.Contains(s.ACR, "")
	case key == annotations.KeyMaxAge:
		age, ok := model.ParseAge(value)
		s.MaxAge = age
		return ok
	}
	return false
}

// orphans reports the types that have lines of access, and none of a resource:
// such a type could not be told from a new one.
func (p *parser) orphans(pkg *model.Package) {
	for _, r := range pkg.Resources {
		if r.Name == "" {
			typ := QualifiedName(pkg, r.Type)
			p.pos.Line = p.lines[typ+" "+r.Methods[0].Name]
			p.fail(1, "%s has no line that begins with %s %[1]s", typ, resourceWord)
		}
	}
}

// parseRequirement reads the words of a requirement, of which every second one
// is a scope.
func parseRequirement(words []string) (model.Requirement, error) {
	requires := model.Requirement{nil}
	for i, word := range words {
		last := &requires[len(requires)-1]
		switch {
		case word == "":
			return nil, errors.New("one blank stands between the words of a requirement")
		case i%2 == 0:
			*last = append(*last, model.ScopeRef{Value: word})
		case word != and && word != or:
			return nil, fmt.Errorf("%q or %q expected after scope %q, got %q", and, or, words[i-1], word)
		case i == len(words)-1:
			return nil, fmt.Errorf("scope expected after %q", word)
		case word == or:
			requires = append(requires, nil)
		}
	}
	return requires.Canonical(), nil
}
