package model

import (
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// defaults are the values that the resources of a package inherit.
type defaults struct {
	methods   []string
	actions   map[string]string
	anonymous []string
	oauth2    bool
	apiTokens bool
	key       string

	mapRejected bool
}

// resolveDefaults returns the package's defaults over those of the annotations.
func (r *resolver) resolveDefaults() defaults {
	d := defaults{methods: annotations.Methods(), actions: map[string]string{}, oauth2: true}
	for _, m := range d.methods {
		d.actions[m] = annotations.DefaultAction(m)
	}
	if len(r.written.Defaults) == 0 {
		return d
	}
	w := r.written.Defaults[0]
	for _, again := range r.written.Defaults[1:] {
		r.diags.Add(again.Pos, diag.Repeated, "the package's defaults are written already, see %s; put all keys in one place", w.Pos)
	}
	d.methods = r.methodSet(w.Settings, d.methods)
	before := len(r.diags)
	d.actions = r.actions(w.Settings, d.actions, nil)
	d.mapRejected = len(r.diags) > before
	d.anonymous = r.anonymous(w.Settings, nil, d.methods)
	d.oauth2 = r.choice(w.Settings, annotations.KeyOAuth2, d.oauth2)
	d.apiTokens = r.choice(w.Settings, annotations.KeyAPITokens, d.apiTokens)
	d.key = r.pathKey(w.Settings, d.key)
	return d
}

// methods resolves the methods that a resource answers, with their actions.
func (r *resolver) methods(res *resource) {
	s := res.written.Settings
	answered := r.methodSet(s, r.defaults.methods)
	before := len(r.diags)
	actions := r.actions(s, r.defaults.actions, answered)
	res.mapRejected = r.defaults.mapRejected || len(r.diags) > before
	anonymous := r.anonymous(s, r.defaults.anonymous, answered)
	res.Methods = make([]Method, 0, len(answered))
	for _, m := range answered {
		res.Methods = append(res.Methods, Method{
			Name:      m,
			Action:    actions[m],
			Anonymous: slices.Contains(anonymous, m),
		})
	}
}

// methodSet resolves methods=, in canonical order and with HEAD where GET is.
func (r *resolver) methodSet(s annotations.Settings, inherited []string) []string {
	v, ok := s.Value(annotations.KeyMethods)
	if !ok {
		return inherited
	}
	before := len(r.diags)
	list := r.methodList(annotations.KeyMethods, v, nil)
	if len(r.diags) > before {
		return annotations.Methods() // to avoid cascading errors
	}
	return list
}

// anonymous resolves anonymous=. An inherited list may name methods that are not
// answered; an explicit one may not.
func (r *resolver) anonymous(s annotations.Settings, inherited, answered []string) []string {
	v, ok := s.Value(annotations.KeyAnonymous)
	switch {
	case !ok:
		return inherited
	case s.Text(annotations.KeyAnonymous).Value == annotations.None:
		return nil
	}
	return r.methodList(annotations.KeyAnonymous, v, answered)
}

// methodList returns a written list of methods in canonical order, with HEAD
// where GET is. Unless answered is nil, all must be in it.
func (r *resolver) methodList(key string, v annotations.Value, answered []string) []string {
	named := map[string]token.Position{}
	var among map[string]int
	for _, item := range v.Items {
		m := item.Value
		_, twice := named[m.Value]
		switch {
		case twice:
			r.diags.Add(m.Pos, diag.Repeated, "method %s is repeated in %s", m.Value, key)
		case key == annotations.KeyAnonymous && m.Value == annotations.None:
			r.diags.Add(m.Pos, diag.Contradiction, "%q in %s stands by itself, not among methods", annotations.None, key)
		case r.otherSeparator(key, m):
		case !r.knownMethod(key, m):
			if among == nil {
				among = countFolded(values(v.Items))
			}
			fixMethod(r.last(), key, m, among)
		case answered != nil:
			r.answered(key, m, answered)
		}
		named[m.Value] = m.Pos
	}
	head, headNamed := named["HEAD"]
	if _, get := named["GET"]; get {
		named["HEAD"] = head
	} else if headNamed {
		r.diags.Add(head, diag.HeadNamed, "HEAD follows GET; name GET in %s", key)
	}
	var list []string
	for _, m := range annotations.Methods() {
		if _, ok := named[m]; ok {
			list = append(list, m)
		}
	}
	return list
}

// actions resolves map= over what is inherited. Unless answered is nil, the
// methods must be in it.
func (r *resolver) actions(s annotations.Settings, inherited map[string]string, answered []string) map[string]string {
	v, ok := s.Value(annotations.KeyMap)
	if !ok {
		return inherited
	}
	actions := maps.Clone(inherited)
	named := map[string]bool{}
	left, right := countFolded(keys(v.Items)), countFolded(values(v.Items))
	for _, item := range v.Items {
		m, action := item.Key, item.Value
		if !annotations.IsMethod(m.Value) && annotations.IsMethod(action.Value) {
			d := r.diags.Add(m.Pos, diag.Malformed, "METHOD:action expected in map, got %q; write %s:%s", m.Value+":"+action.Value, action.Value, m.Value)
			if left[action.Value] == 0 && right[action.Value] == 1 {
				fixReversed(d, item)
			}
			continue
		}
		if !r.settable(annotations.KeyMap, m, answered, left) {
			continue
		}
		if named[m.Value] {
			r.diags.Add(m.Pos, diag.Repeated, "method %s is repeated in map", m.Value)
		}
		named[m.Value] = true
		switch {
		case action.Value == "":
			r.diags.Add(action.Pos, diag.EmptyValue, "method %s is mapped to no action", m.Value)
		case !isPlainName(action.Value):
			r.diags.Add(action.Pos, diag.BadName, "action %q is not a name: %s", action.Value, nameForm)
		default:
			actions[m.Value] = action.Value
		}
	}
	actions["HEAD"] = actions["GET"]
	return actions
}

// settable reports whether a key can set a method: it is known, answered (unless
// answered is nil) and not HEAD. How often the same list has each method is in among.
func (r *resolver) settable(key string, m annotations.Text, answered []string, among map[string]int) bool {
	switch {
	case m.Value == "HEAD":
		r.diags.Add(m.Pos, diag.HeadNamed, "HEAD follows GET and cannot be set by %s", key)
		return false
	case !r.knownMethod(key, m):
		fixMethod(r.last(), key, m, among)
		return false
	}
	return answered == nil || r.answered(key, m, answered)
}

func (r *resolver) knownMethod(key string, m annotations.Text) bool {
	if annotations.IsMethod(m.Value) {
		return true
	}
	methods := annotations.Methods()
	if m.Value == "CONNECT" || m.Value == "TRACE" {
		r.diags.Add(m.Pos, diag.UnknownMethod, "method %s in %s is refused; allowed: %s", m.Value, key, strings.Join(methods, ", "))
	} else {
		r.diags.Add(m.Pos, diag.UnknownMethod, "unknown method %q in %s%s; allowed: %s",
			m.Value, key, annotations.Suggest(m.Value, methods), strings.Join(methods, ", "))
	}
	return false
}

// otherSeparator reports methods in a list that are not separated by commas, or
// are enclosed in brackets. It returns false if m is not of that kind.
func (r *resolver) otherSeparator(key string, m annotations.Text) bool {
	if annotations.IsMethod(m.Value) {
		return false
	}
	methods := strings.FieldsFunc(m.Value, func(c rune) bool { return strings.ContainsRune(";|/+&[](){}", c) })
	if len(methods) == 0 || slices.ContainsFunc(methods, func(s string) bool { return !annotations.IsMethod(s) }) {
		return false
	}
	instead := strings.Join(methods, ",")
	d := r.diags.Add(m.Pos, diag.UnknownMethod, "unknown method %q in %s; commas alone separate methods: write %s", m.Value, key, instead)
	m.SetFix(d, instead)
	return true
}

func (r *resolver) answered(key string, m annotations.Text, answered []string) bool {
	if slices.Contains(answered, m.Value) {
		return true
	}
	r.diags.Add(m.Pos, diag.NotAnswered, "%s names %s, which the resource does not answer; it answers %s",
		key, m.Value, strings.Join(answered, ", "))
	return false
}

// ownScopes resolves the scopes that the method map yields, with their texts.
func (r *resolver) ownScopes(res *resource) {
	if !res.OAuth2 {
		r.closedToOAuth2(res)
		return
	}
	res.Scopes = make([]Scope, 0, len(res.Methods))
	for _, m := range res.Methods {
		if slices.ContainsFunc(res.Scopes, func(s Scope) bool { return s.Action == m.Action }) {
			continue
		}
		res.Scopes = append(res.Scopes, Scope{
			ScopeRef: ScopeRef{Value: res.ScopeName + ":" + m.Action, Const: res.Base + "Scope" + pascal(m.Action)},
			Action:   m.Action,
		})
	}
	r.notWithAction(res)
	r.describes(res)
}

// notWithAction reports a scope name that is a complete scope by mistake.
func (r *resolver) notWithAction(res *resource) {
	name := res.written.Settings.Text(annotations.KeyScope)
	before, last, found := cutLastColon(name.Value)
	if found && (last == "" || slices.ContainsFunc(res.Scopes, func(s Scope) bool { return s.Action == last })) {
		r.diags.Add(name.Pos, diag.BadName, "scope %q is to be the scope name, without an action; write scope=%s", name.Value, before)
	}
}

func cutLastColon(s string) (before, after string, found bool) {
	if i := strings.LastIndexByte(s, ':'); i >= 0 {
		return s[:i], s[i+1:], true
	}
	return s, "", false
}

// describes gives the scopes their texts.
func (r *resolver) describes(res *resource) {
	for _, d := range res.written.Describes {
		i := slices.IndexFunc(res.Scopes, func(s Scope) bool { return s.Action == d.Action.Value })
		r.checkText(d.Text)
		switch {
		case i < 0 && res.mapRejected:
		case i < 0:
			var actions []string
			for _, s := range res.Scopes {
				actions = append(actions, s.Action)
			}
			r.diags.Add(d.Action.Pos, diag.UnknownAction, "type %s has no action %q%s; it has %s",
				res.Type, d.Action.Value, annotations.Suggest(d.Action.Value, actions), strings.Join(actions, ", "))
		case res.Scopes[i].Text != "":
			r.diags.Add(d.Action.Pos, diag.Repeated, "action %s is described already", d.Action.Value)
		default:
			res.Scopes[i].Text = d.Text.Value
		}
	}
}
