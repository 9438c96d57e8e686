package annotations

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A directiveText is a directive as it is written in a comment.
type directiveText struct {
	Name Text
	args string
	pos  token.Position // of args
}

// lexer returns a lexer of the directive's arguments.
func (w directiveText) lexer(diags *diag.List) *lexer {
	return &lexer{text: w.args, pos: w.pos, diags: diags}
}

// scanComment returns the directive of one comment, if it is one, and reports unknown
// directives and near misses. start is the position of the comment's first slash. The
// comment has its carriage returns, which go/ast removes.
func scanComment(comment string, start token.Position, diags *diag.List) []directiveText {
	if block, ok := strings.CutPrefix(comment, "/*"); ok {
		scanBlock(strings.TrimSuffix(block, "*/"), at(start, 2), diags)
		return nil
	}
	line := strings.TrimPrefix(comment, "//")
	s, c := classify(line)
	switch c {
	case plainText:
		scanBreaks(line, at(start, len("//")), diags)
	case nearMiss:
		reportNearMiss(diags, start, comment, s)
	case directive:
		name := Text{Pos: at(start, len("//"+Tool+":")), Value: s.name}
		if _, ok := FindDirective(s.name); ok {
			return []directiveText{{Name: name, args: s.rest, pos: at(name.Pos, len(s.name))}}
		}
		names := DirectiveNames()
		d := diags.Add(name.Pos, diag.UnknownWord, "unknown directive %q%s; allowed: %s",
			Tool+":"+s.name, Suggest(s.name, names), strings.Join(names, ", "))
		if corrected, ok := correctedWord(s.name, names); ok {
			name.Raw = true
			name.SetFix(d, corrected)
		}
	}
	return nil
}

// scanBlock reports the near misses of a /* */ comment.
func scanBlock(text string, pos token.Position, diags *diag.List) {
	before := "/*"
	for line := range strings.SplitSeq(text, "\n") {
		body := strings.TrimLeft(line, " \t*")
		if s, c := classify(blockLine(line, before)); c != plainText {
			reportNearMiss(diags, at(pos, len(line)-len(body)), strings.TrimLeft(before+line, " \t"), s)
		} else {
			scanBreaks(line, pos, diags)
		}
		before = ""
		pos = token.Position{Filename: pos.Filename, Offset: pos.Offset + len(line) + 1, Line: pos.Line + 1, Column: 1}
	}
}

// scanBreaks reports the near misses that follow breaks in a line of a comment, which
// begins at pos.
func scanBreaks(line string, pos token.Position, diags *diag.List) {
	for i, c := range line {
		if !isBreak(c) {
			continue
		}
		if s, ok := afterBreak(line[i:]); ok {
			reportNearMiss(diags, at(pos, i), line[i:], s)
		}
	}
}

// reportNearMiss reports a near miss, given the line as it is written.
func reportNearMiss(diags *diag.List, pos token.Position, got string, s lineSyntax) {
	name := strings.ToLower(s.name)
	if strings.IndexByte(name, anyLetter) >= 0 { // the word is not known
		name = ""
	}
	if best, ok := Nearest(name, DirectiveNames()); ok {
		name = best
	}
	want := fmt.Sprintf("//%s:%s", Tool, name)
	if name == "" {
		want += "NAME, NAME being one of " + strings.Join(DirectiveNames(), ", ")
	}
	if words := strings.Fields(got); len(words) > 3 {
		space := got[:len(got)-len(strings.TrimLeftFunc(got, unicode.IsSpace))]
		got = space + strings.Join(words[:3], " ") + " ..."
	}
	diags.Add(pos, diag.NearMiss, "%q is not a directive, and would be ignored; write %s", strings.TrimRight(got, " \t\r"), want)
}

// A docComment reads the directives of one comment group.
type docComment struct {
	*reader
	target
	resource   *Resource // of the type; nil before one of its directives is read
	isResource bool      // a directive webapi:resource was read
	incomplete bool      // the resource, or what else the comment documents, lacks keys
}

// incompleteKeysSince marks what the comment documents as incomplete if there are more
// diagnostics than before.
func (d *docComment) incompleteKeysSince(before int) {
	if len(*d.diags) > before {
		d.pkg.Incomplete, d.incomplete = true, true
	}
}

// readDirective reads one directive.
func (d *docComment) readDirective(w directiveText) {
	before := len(*d.diags)
	def, _ := FindDirective(w.Name.Value)
	if !d.location.accepts(def.Location) {
		d.misplaced(w, def)
		d.incompleteSince(before)
		return
	}
	switch w.Name.Value {
	case DirectiveResource:
		d.readResource(w)
		d.incompleteKeysSince(before)
	case DirectiveDefaults:
		settings := w.lexer(d.diags).settings(DirectiveDefaults)
		d.pkg.Defaults = append(d.pkg.Defaults, Defaults{Pos: w.Name.Pos, Settings: settings})
		d.incompleteSince(before)
	case DirectiveScope:
		d.readScope(w)
		d.incompleteSince(before)
	case DirectiveImplies: // no other check depends on these
		d.readImplies(w)
	case DirectiveAlias:
		d.readAlias(w)
	case DirectiveRequire:
		d.readRequire(w)
	case DirectiveDescribe:
		d.readDescribe(w)
	case DirectivePublic:
		d.readPublic(w)
	case DirectiveGuarded:
		d.readGuarded(w)
	}
}

// accepts reports whether a directive of that location may be in a doc comment of l.
func (l Location) accepts(directive Location) bool {
	return l == directive || directive == OnTypeOrFunc && l == OnType || directive == OnFunc && l == OnTypeOrFunc
}

func (d *docComment) misplaced(w directiveText, def Directive) {
	why := "no declaration follows directly"
	switch {
	case d.where != "":
		why = "it stands " + d.where
	case def.Location == InPackageDoc:
		why = "no package clause follows directly"
	}
	d.diags.Add(w.Name.Pos, diag.Misplaced, "webapi:%s must stand in %s; %s", def.Name, def.Location, why)
	if def.Keys != nil { // also report errors in the arguments
		w.lexer(d.diags).settings(def.Name)
	}
}

// resourceOf returns the resource of the type that the comment documents.
func (d *docComment) resourceOf(w directiveText) *Resource {
	if d.resource == nil {
		d.resource = &Resource{Pos: w.Name.Pos, Type: d.name, Decl: d.decl, Settings: Settings{}}
	}
	return d.resource
}

func (d *docComment) readResource(w directiveText) {
	settings := w.lexer(d.diags).settings(DirectiveResource)
	if d.isResource {
		d.diags.Add(w.Name.Pos, diag.Repeated, "webapi:resource is repeated on type %s; put all keys on one line", d.name.Value)
		return
	}
	d.isResource = true
	r := d.resourceOf(w)
	r.Pos, r.Settings = w.Name.Pos, settings
}

func (d *docComment) readRequire(w directiveText) {
	r := d.resourceOf(w)
	l := w.lexer(d.diags)
	if !l.more() {
		d.diags.Add(w.Name.Pos, diag.MissingArgument, "webapi:require needs a method and at least one scope: METHOD[,METHOD] SCOPE ...")
		return
	}
	methods, ok := l.value()
	if !ok || l.rejectSplitMethods(methods) {
		return
	}
	req := Require{Pos: w.Name.Pos, Methods: elements(methods)}
	for l.more() {
		scope, ok := l.value()
		if !ok {
			return
		}
		req.Scopes = append(req.Scopes, scope)
	}
	r.Requires = append(r.Requires, req)
}

func (d *docComment) readDescribe(w directiveText) {
	r := d.resourceOf(w)
	action, text, ok := d.wordAndText(w)
	if !ok {
		return
	}
	if !action.Written() || text.Value == "" {
		d.diags.Add(w.Name.Pos, diag.MissingArgument, "webapi:describe needs an action and a text: ACTION text to the end of the line")
		return
	}
	r.Describes = append(r.Describes, Describe{Action: action, Text: text})
}

func (d *docComment) readScope(w directiveText) {
	scope, text, ok := d.wordAndText(w)
	if !ok {
		return
	}
	if !scope.Written() {
		d.diags.Add(w.Name.Pos, diag.MissingArgument, "webapi:scope needs a scope: SCOPE [text to the end of the line]")
		return
	}
	if text.Value == "" {
		text = Text{}
	}
	d.pkg.Scopes = append(d.pkg.Scopes, Scope{Scope: scope, Text: text})
}

func (d *docComment) readImplies(w directiveText) {
	l := w.lexer(d.diags)
	var scopes []Text
	for l.more() {
		scope, ok := l.value()
		if !ok {
			return
		}
		scopes = append(scopes, scope)
	}
	if len(scopes) < 2 {
		d.diags.Add(w.Name.Pos, diag.MissingArgument, "webapi:implies needs a scope and at least one that it grants: SCOPE SCOPE ...")
		return
	}
	d.pkg.Implies = append(d.pkg.Implies, Implication{scopes[0], scopes[1:]})
}

func (d *docComment) readAlias(w directiveText) {
	l := w.lexer(d.diags)
	var scopes [2]Text
	for i := range scopes {
		var ok bool
		if !l.more() {
			d.diags.Add(w.Name.Pos, diag.MissingArgument, "webapi:alias needs the scope of before and the one in whose place it is accepted: OLD NEW [until=DATE]")
			return
		}
		if scopes[i], ok = l.value(); !ok {
			return
		}
	}
	settings := l.settings(DirectiveAlias)
	d.pkg.Aliases = append(d.pkg.Aliases, ScopeAlias{scopes[0], scopes[1], settings.Text(KeyUntil)})
}

// wordAndText reads a word and then the rest of the line as it is, with quotes. What the
// line ends before is the zero Text.
func (d *docComment) wordAndText(w directiveText) (word, text Text, ok bool) {
	l := w.lexer(d.diags)
	if !l.more() {
		return Text{}, Text{}, true
	}
	if word, ok = l.value(); !ok {
		return Text{}, Text{}, false
	}
	return word, l.rest(), true
}

func (d *docComment) readPublic(w directiveText) {
	before := len(*d.diags)
	settings := w.lexer(d.diags).settings(DirectivePublic)
	p := Public{Pos: w.Name.Pos, Name: d.name, Reason: settings.Text(KeyReason)}
	if p.Reason.Value == "" && len(*d.diags) == before {
		d.diags.Add(w.Name.Pos, diag.MissingArgument, `webapi:public needs a reason: reason="why no guard is wanted"`)
	}
	// The directives of a declaration are read one after the other.
	if n := len(d.pkg.Public); n > 0 && d.pkg.Public[n-1].Name.Pos == d.name.Pos {
		d.diags.Add(w.Name.Pos, diag.Repeated, "webapi:public is repeated on %s", d.name.Value)
		return
	}
	d.pkg.Public = append(d.pkg.Public, p)
}

func (d *docComment) readGuarded(w directiveText) {
	before := len(*d.diags)
	settings := w.lexer(d.diags).settings(DirectiveGuarded)
	g := Guarded{Pos: w.Name.Pos, Name: d.name, By: settings.Text(KeyBy)}
	if g.By.Value == "" && len(*d.diags) == before {
		d.diags.Add(w.Name.Pos, diag.MissingArgument, `webapi:guarded needs a guard: by="what guards the handlers that the function wraps"`)
	}
	if n := len(d.pkg.Guarded); n > 0 && d.pkg.Guarded[n-1].Name.Pos == d.name.Pos {
		d.diags.Add(w.Name.Pos, diag.Repeated, "webapi:guarded is repeated on %s", d.name.Value)
		return
	}
	d.pkg.Guarded = append(d.pkg.Guarded, g)
}

// finish adds the resource of the comment to the package, or reports that the type
// lacks the directive webapi:resource.
func (d *docComment) finish() {
	if d.resource == nil {
		d.pkg.LacksDeclarations = d.pkg.LacksDeclarations || d.incomplete
		return
	}
	if !d.isResource {
		d.lacking = append(d.lacking, *d.resource)
		d.pkg.Incomplete, d.pkg.LacksDeclarations = true, true
		return
	}
	d.resource.Incomplete = d.incomplete
	d.pkg.Resources = append(d.pkg.Resources, *d.resource)
}

// A keyDirective is a directive with keys.
type keyDirective struct {
	comment *ast.Comment
	name    string
	args    string
}

// A continuation is a line that continues a directive. To Go it is text, so it would be
// ignored in silence.
type continuation struct {
	comment  *ast.Comment
	words    string
	of       keyDirective
	settings Settings
	valid    bool // without errors in the settings
}

// reportContinuations reports the lines of a comment that continue a directive: right below
// it, those that begin with one of its keys; elsewhere, to where gofmt moves them, those
// that consist of key=value.
func (r *reader) reportContinuations(group *ast.CommentGroup) {
	var directives []keyDirective
	for _, c := range group.List {
		if d, ok := r.keyDirective(c); ok {
			directives = append(directives, d)
		}
	}
	if len(directives) == 0 {
		return
	}
	var above *keyDirective // that the line before is, or continues
	var lines []continuation
	count := map[string]int{} // by key
	for _, c := range group.List {
		text := r.comment(c)
		if d, ok := r.keyDirective(c); ok {
			above = &d
		} else if isOurs(c) {
			continue
		} else if d := continuedDirective(text, above, directives); d != nil {
			line := continuation{comment: c, words: strings.TrimSpace(strings.TrimPrefix(text, "//")), of: *d}
			line.settings, line.valid = settingsOf(line.words, d.name)
			for _, s := range line.settings {
				count[s.Key]++
			}
			lines = append(lines, line)
		} else {
			above = nil
		}
	}
	for _, line := range lines {
		repeated := slices.ContainsFunc(line.settings, func(s Setting) bool { return count[s.Key] > 1 })
		r.reportContinuation(line, len(directives) == 1 && !repeated)
	}
}

// keyDirective returns a comment as a directive with keys, and false if it is none.
func (r *reader) keyDirective(c *ast.Comment) (keyDirective, bool) {
	if !isOurs(c) {
		return keyDirective{}, false
	}
	s, _ := parseDirective(strings.TrimPrefix(r.comment(c), "//"))
	return keyDirective{c, s.name, s.rest}, len(keysOf(s.name)) > 0
}

// continuedDirective returns the directive that a line continues, and nil if it is text.
func continuedDirective(text string, above *keyDirective, directives []keyDirective) *keyDirective {
	line, ok := strings.CutPrefix(text, "//")
	if !ok {
		return nil
	}
	words := strings.TrimLeft(line, " \t")
	if above != nil && beginsWithKey(words, above.name) {
		return above
	}
	if len(line)-len(words) > len(" ") || !strings.Contains(words, "=") { // a code block, or text
		return nil
	}
	for _, d := range directives {
		if settings, ok := settingsOf(words, d.name); ok && len(settings) > 0 {
			return &d
		}
	}
	return nil
}

// beginsWithKey reports whether a line begins with a key of a directive and an
// equals sign.
func beginsWithKey(line, directive string) bool {
	name, after, found := strings.Cut(line, "=")
	_, known := FindKey(keysOf(directive), strings.TrimRight(name, " \t"))
	return found && known && !strings.HasPrefix(after, "=")
}

// settingsOf reads arguments. It returns false if there is an error in them.
func settingsOf(args, directive string) (Settings, bool) {
	var diags diag.List
	settings := directiveText{args: args}.lexer(&diags).settings(directive)
	return settings, len(diags) == 0
}

// reportContinuation reports a line that continues a directive. If it may be fixed, the fix
// appends it to the directive, unless that has one of its keys.
func (r *reader) reportContinuation(line continuation, fixable bool) {
	c, to := line.comment, line.of.comment
	start := r.position(c.Pos())
	text := r.comment(c)
	directive := "//" + Tool + ":" + line.of.name
	d := r.diags.Add(at(start, strings.Index(text, line.words)), diag.Malformed,
		"a directive is one line, and this one would be ignored; write %s on the line of %s", line.words, directive)
	have, valid := settingsOf(line.of.args, line.of.name)
	for _, s := range line.settings {
		_, repeated := have.Value(s.Key)
		fixable = fixable && !repeated
	}
	if !fixable || !valid || !line.valid || !r.startsLine(c.Pos()) {
		return
	}
	end := r.offset(to.Pos()) + len(strings.TrimRight(r.comment(to), " \t"))
	edits := []diag.Edit{
		{Offset: end, End: end, New: " " + line.words},
		{Offset: r.lineStart(c.Pos()), End: r.lineEnd(c.End())},
	}
	if c.Pos() < to.Pos() {
		slices.Reverse(edits)
	}
	d.SetFix("join it to "+directive, edits...)
}
