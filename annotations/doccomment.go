package annotations

import (
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

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
	if !d.fits(def.Place) {
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
func (d *docComment) fits(place Place) bool {
	return d.place == place || place == OnTypeOrFunc && d.place == OnType
}

func (d *docComment) misplaced(w written, def Directive) {
	why := "it stands " + d.what
	switch {
	case d.what != "":
	case def.Place == InPackageDoc:
		why = "no package clause follows at once"
	default:
		why = "no declaration follows at once"
	}
	d.diags.Add(w.Name.Pos, diag.Misplaced, "webapi:%s must stand in %s; %s", def.Name, def.Place, why)
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
		d.pkg.Lost = d.pkg.Lost || d.refused
		return
	}
	if !d.marked {
		d.diags.Add(d.resource.Pos, diag.MissingArgument, "type %s has directives but no webapi:resource", d.name.Value)
		d.pkg.Incomplete, d.pkg.Lost = true, true
		return
	}
	d.resource.Incomplete = d.refused
	d.pkg.Resources = append(d.pkg.Resources, *d.resource)
}
