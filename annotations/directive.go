package annotations

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A written is a directive as it stands in a comment.
type written struct {
	Name Text
	args string
	pos  token.Position // of args
}

// lexer returns a lexer of the directive's arguments.
func (w written) lexer(diags *diag.List) *lexer {
	return &lexer{text: w.args, pos: w.pos, diags: diags}
}

// scanComment returns the directives of one comment, and reports what is
// almost one. start is the position of the comment's first slash, and comment
// the text as it stands there: go/ast's has lost its carriage returns.
func scanComment(comment string, start token.Position, diags *diag.List) []written {
	if block, ok := strings.CutPrefix(comment, "/*"); ok {
		scanBlock(strings.TrimSuffix(block, "*/"), at(start, 2), diags)
		return nil
	}
	line := strings.TrimPrefix(comment, "//")
	s, v := classify(line)
	switch v {
	case nearMiss:
		reportNearMiss(diags, start, comment, s)
	case directive:
		name := Text{Pos: at(start, len("//"+Tool+":")), Value: s.name}
		if _, ok := FindDirective(s.name); ok {
			return []written{{Name: name, args: s.rest, pos: at(name.Pos, len(s.name))}}
		}
		names := DirectiveNames()
		d := diags.Add(name.Pos, diag.UnknownWord, "unknown directive %q%s; allowed: %s",
			Tool+":"+s.name, Suggest(s.name, names), strings.Join(names, ", "))
		if meant, ok := meantWord(s.name, names); ok {
			name.Raw = true
			name.SetFix(d, meant)
		}
	}
	return nil
}

// scanBlock reports lines of a /* */ comment that read like a directive, since
// none can be there.
func scanBlock(text string, pos token.Position, diags *diag.List) {
	before := "/*"
	for line := range strings.SplitSeq(text, "\n") {
		body := strings.TrimLeft(line, " \t*")
		blanks := line[:len(line)-len(body)]
		if s, v := classify(blockLine(line, before)); v != plainText {
			reportNearMiss(diags, at(pos, len(blanks)), strings.TrimLeft(before+line, " \t"), s)
		}
		before = ""
		pos = token.Position{Filename: pos.Filename, Offset: pos.Offset + len(line) + 1, Line: pos.Line + 1, Column: 1}
	}
}

// reportNearMiss says what was got, the line as it stands, and what it should be.
func reportNearMiss(diags *diag.List, pos token.Position, got string, s lineSyntax) {
	name := strings.ToLower(s.name)
	if strings.IndexByte(name, anyLetter) >= 0 { // what was meant is a guess
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
		got = strings.Join(words[:3], " ") + " ..."
	}
	diags.Add(pos, diag.NearMiss, "%q is not a directive, and would be ignored; write %s", strings.TrimRight(got, " \t\r"), want)
}

// A docComment takes the directives of one comment group.
type docComment struct {
	*reader
	target
	resource *Resource // of the type, once one of its directives was read
	marked   bool      // the directive that makes it one was read
	refused  bool      // some of its keys
}

// keysRefused notes that keys of the resource, or of what else the comment is
// about, were refused if a diagnostic was added to so many.
func (d *docComment) keysRefused(before int) {
	if len(*d.diags) > before {
		d.pkg.Incomplete, d.refused = true, true
	}
}

// take reads one directive.
func (d *docComment) take(w written) {
	before := len(*d.diags)
	def, _ := FindDirective(w.Name.Value)
	if !d.fits(def.Location) {
		d.misplaced(w, def)
		d.refusedSince(before)
		return
	}
	switch w.Name.Value {
	case DirectiveRequire: // nothing else depends on what this one and the next two say
		d.takeRequire(w)
		return
	case DirectiveDescribe:
		d.takeDescribe(w)
		return
	case DirectivePublic:
		d.takePublic(w)
		return
	case DirectiveResource:
		d.takeResource(w)
		d.keysRefused(before)
		return
	case DirectiveDefaults:
		settings := w.lexer(d.diags).settings(DirectiveDefaults)
		d.pkg.Defaults = append(d.pkg.Defaults, Defaults{Pos: w.Name.Pos, Settings: settings})
	case DirectiveScope:
		d.takeScope(w)
	}
	d.refusedSince(before)
}

// fits reports whether a directive of that place may stand in this comment.
func (d *docComment) fits(place Location) bool {
	return d.place == place || place == OnTypeOrFunc && d.place == OnType
}

func (d *docComment) misplaced(w written, def Directive) {
	why := "it stands " + d.what
	switch {
	case d.what != "":
	case def.Location == InPackageDoc:
		why = "no package clause follows at once"
	default:
		why = "no declaration follows at once"
	}
	d.diags.Add(w.Name.Pos, diag.Misplaced, "webapi:%s must stand in %s; %s", def.Name, def.Location, why)
	if def.Keys != nil { // what is wrong with it besides is worth knowing now
		w.lexer(d.diags).settings(def.Name)
	}
}

// of returns the resource that the directives of the type speak of.
func (d *docComment) of(w written) *Resource {
	if d.resource == nil {
		d.resource = &Resource{Pos: w.Name.Pos, Type: d.name, Decl: d.decl, Settings: Settings{}}
	}
	return d.resource
}

func (d *docComment) takeResource(w written) {
	settings := w.lexer(d.diags).settings(DirectiveResource)
	if d.marked {
		d.diags.Add(w.Name.Pos, diag.Repeated, "webapi:resource is repeated on type %s; put all keys on one line", d.name.Value)
		return
	}
	d.marked = true
	r := d.of(w)
	r.Pos, r.Settings = w.Name.Pos, settings
}

func (d *docComment) takeRequire(w written) {
	r := d.of(w)
	l := w.lexer(d.diags)
	if !l.more() {
		d.diags.Add(w.Name.Pos, diag.MissingArgument, "webapi:require needs a method and at least one scope: METHOD[,METHOD] SCOPE ...")
		return
	}
	methods, ok := l.value()
	if !ok || l.splitMethods(methods) {
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

func (d *docComment) takeDescribe(w written) {
	r := d.of(w)
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

func (d *docComment) takeScope(w written) {
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

// wordAndText reads a word and the rest of the line, in which quotes are letters
// like others. Both are unwritten where the line ends before them.
func (d *docComment) wordAndText(w written) (word, text Text, ok bool) {
	l := w.lexer(d.diags)
	if !l.more() {
		return Text{}, Text{}, true
	}
	if word, ok = l.value(); !ok {
		return Text{}, Text{}, false
	}
	return word, l.rest(), true
}

func (d *docComment) takePublic(w written) {
	before := len(*d.diags)
	settings := w.lexer(d.diags).settings(DirectivePublic)
	p := Public{Pos: w.Name.Pos, Name: d.name, Reason: settings.Text(KeyReason)}
	if p.Reason.Value == "" && len(*d.diags) == before {
		d.diags.Add(w.Name.Pos, diag.MissingArgument, `webapi:public needs a reason: reason="why no guard is wanted"`)
	}
	for _, other := range d.pkg.Public {
		if other.Name.Pos == d.name.Pos {
			d.diags.Add(w.Name.Pos, diag.Repeated, "webapi:public is repeated on %s", d.name.Value)
			return
		}
	}
	d.pkg.Public = append(d.pkg.Public, p)
}

// finish files the resource of the comment, or says why there is none.
func (d *docComment) finish() {
	if d.resource == nil {
		d.pkg.LacksDeclarations = d.pkg.LacksDeclarations || d.refused
		return
	}
	if !d.marked {
		d.diags.Add(d.resource.Pos, diag.MissingArgument, "type %s has directives but no webapi:resource", d.name.Value)
		d.pkg.Incomplete, d.pkg.LacksDeclarations = true, true
		return
	}
	d.resource.Incomplete = d.refused
	d.pkg.Resources = append(d.pkg.Resources, *d.resource)
}

// This file finds lines of a comment by which somebody goes on with a directive.
// To Go they are prose, so what they say would be ignored in silence.

// A carrier is a directive with keys, which lines beside it may go on with.
type carrier struct {
	comment *ast.Comment
	name    string
	args    string
}

// A continuation is a line that goes on with a directive.
type continuation struct {
	comment  *ast.Comment
	words    string
	to       carrier
	settings Settings
	fine     bool // nothing is wrong with them
}

// continuations reports the lines of a comment that go on with a directive: below
// it, with no prose between, those that begin with one of its keys; elsewhere, to
// where gofmt moves them, those that are nothing but key=value.
func (r *reader) continuations(group *ast.CommentGroup) {
	var carriers []carrier
	for _, c := range group.List {
		if to, ok := r.carrier(c); ok {
			carriers = append(carriers, to)
		}
	}
	if len(carriers) == 0 {
		return
	}
	var above *carrier // the directive that the line before goes on with
	var lines []continuation
	count := map[string]int{} // of the keys that they write
	for _, c := range group.List {
		text := r.comment(c)
		if to, ok := r.carrier(c); ok {
			above = &to
		} else if isOurs(c) {
			continue
		} else if to := continued(text, above, carriers); to != nil {
			line := continuation{comment: c, words: strings.TrimSpace(strings.TrimPrefix(text, "//")), to: *to}
			line.settings, line.fine = settingsOf(line.words, to.name)
			for _, s := range line.settings {
				count[s.Key]++
			}
			lines = append(lines, line)
		} else {
			above = nil
		}
	}
	for _, line := range lines {
		twice := slices.ContainsFunc(line.settings, func(s Setting) bool { return count[s.Key] > 1 })
		r.reportContinuation(line, len(carriers) == 1 && !twice)
	}
}

// carrier returns the directive with keys that a comment is.
func (r *reader) carrier(c *ast.Comment) (carrier, bool) {
	if !isOurs(c) {
		return carrier{}, false
	}
	s, _ := parseDirective(strings.TrimPrefix(r.comment(c), "//"))
	return carrier{c, s.name, s.rest}, len(keysOf(s.name)) > 0
}

// continued returns the directive that a line goes on with, nil if it is prose.
func continued(text string, above *carrier, carriers []carrier) *carrier {
	line, ok := strings.CutPrefix(text, "//")
	if !ok {
		return nil
	}
	words := strings.TrimLeft(line, " \t")
	if above != nil && beginsWithKey(words, above.name) {
		return above
	}
	if len(line)-len(words) > len(" ") || !strings.Contains(words, "=") { // an example in a doc comment; prose
		return nil
	}
	for _, to := range carriers {
		if settings, ok := settingsOf(words, to.name); ok && len(settings) > 0 {
			return &to
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

// settingsOf reads arguments, and reports whether nothing is wrong with them.
func settingsOf(args, directive string) (Settings, bool) {
	var diags diag.List
	settings := written{args: args}.lexer(&diags).settings(directive)
	return settings, len(diags) == 0
}

// reportContinuation reports a line that goes on with a directive. Its fix joins it
// to the directive if that is certain, and the directive has none of its keys.
func (r *reader) reportContinuation(line continuation, certain bool) {
	c, to := line.comment, line.to.comment
	start := r.position(c.Pos())
	text := r.comment(c)
	directive := "//" + Tool + ":" + line.to.name
	d := r.diags.Add(at(start, strings.Index(text, line.words)), diag.Malformed,
		"a directive is one line, and this one would be ignored; write %s on the line of %s", line.words, directive)
	have, fine := settingsOf(line.to.args, line.to.name)
	for _, s := range line.settings {
		_, twice := have.Value(s.Key)
		certain = certain && !twice
	}
	if !certain || !fine || !line.fine || !r.startsLine(c.Pos()) {
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
