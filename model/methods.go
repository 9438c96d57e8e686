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
	methods   []string // nil if the package does not write them
	actions   map[string]string
	open      openTo
	oauth2    bool
	apiTokens bool
	key       string
	format    string

	mapRejected bool
}

// openTo has the operations that need no scope, by the key that opens them.
type openTo map[string][]string

type openKey struct{ name, says string }

// openKeys are the keys of openTo, each with what it says of an operation.
var openKeys = []openKey{
	{annotations.KeyPublic, "open to everybody"},
	{annotations.KeyAnonymous, "open to requests without credentials"},
	{annotations.KeyAuthenticated, "open to any valid token"},
}

// resolveDefaults returns the package's defaults over those of the annotations.
func (r *resolver) resolveDefaults() defaults {
	d := defaults{actions: map[string]string{}, oauth2: true, format: annotations.DefaultFormat}
	for _, m := range annotations.Methods() {
		d.actions[m] = annotations.DefaultAction(m)
	}
	if len(r.written.Defaults) == 0 {
		return d
	}
	w := r.written.Defaults[0]
	for _, again := range r.written.Defaults[1:] {
		r.diags.Add(again.Pos, diag.Repeated, "the package's defaults are written already, see %s; put all keys in one place", w.Pos)
	}
	d.methods = r.methodSet(w.Settings, nil)
	before := len(r.diags)
	d.actions = r.actions(w.Settings, d.actions, nil)
	d.mapRejected = len(r.diags) > before
	d.open = r.openTo(w.Settings, nil, d.methods)
	d.oauth2 = r.choice(w.Settings, annotations.KeyOAuth2, d.oauth2)
	d.apiTokens = r.choice(w.Settings, annotations.KeyAPITokens, d.apiTokens)
	d.key = r.pathKey(w.Settings, d.key)
	d.format = r.format(w.Settings, d.format)
	return d
}

// unansweredDefaults reports the named operations of the package's defaults that no resource
// answers: a misspelt one would have no effect.
func (r *resolver) unansweredDefaults() {
	if len(r.written.Defaults) == 0 {
		return
	}
	answered := map[string]bool{}
	for _, res := range r.resources {
		for _, m := range res.Methods {
			answered[m.Name] = true
		}
	}
	var known []string
	for m := range answered {
		if _, name := annotations.CutOperation(m); name != "" {
			known = append(known, m)
		}
	}
	slices.SortFunc(known, annotations.CompareOperations)
	for _, setting := range r.written.Defaults[0].Settings {
		for _, item := range setting.Items {
			operation := item.Key
			if !operation.Written() {
				operation = item.Value
			}
			_, name := annotations.CutOperation(operation.Value)
			if name != "" && annotations.IsOperation(operation.Value) && !answered[operation.Value] {
				r.diags.Add(operation.Pos, diag.NotAnswered, "%s of the package's defaults names %s, which no resource of the package answers%s",
					setting.Key, operation.Value, annotations.Suggest(operation.Value, known))
			}
		}
	}
}

// methods resolves the operations that a resource answers, with their actions.
func (r *resolver) methods(res *resource) {
	s := res.written.Settings
	before := len(r.diags)
	answered := r.methodSet(s, r.defaults.methods)
	if len(r.diags) > before {
		res.written.Incomplete, r.written.Incomplete = true, true
	}
	before = len(r.diags)
	actions := r.actions(s, r.defaults.actions, answered)
	switch {
	case answered != nil:
	case len(actions) == len(annotations.Methods()):
		answered = annotations.Methods()
	default:
		answered = slices.SortedFunc(maps.Keys(actions), annotations.CompareOperations)
	}
	res.mapRejected = r.defaults.mapRejected || len(r.diags) > before
	open := r.openTo(s, r.defaults.open, answered)
	ups := r.stepUps(s, open, answered)
	res.Methods = make([]Method, 0, len(answered))
	for _, operation := range answered {
		method, _ := annotations.CutOperation(operation)
		action, mapped := actions[operation]
		if !mapped {
			res.unmapped = append(res.unmapped, operation)
			action = actions[method]
		}
		m := Method{
			Name:          operation,
			Action:        action,
			Public:        slices.Contains(open[annotations.KeyPublic], operation),
			Anonymous:     slices.Contains(open[annotations.KeyAnonymous], operation),
			Authenticated: slices.Contains(open[annotations.KeyAuthenticated], operation),
		}
		m.StepUp = stepUp(m, ups)
		res.Methods = append(res.Methods, m)
	}
}

// methodSet resolves methods=, in canonical order and with HEAD where GET is. It returns
// inherited if the key is not written.
func (r *resolver) methodSet(s annotations.Settings, inherited []string) []string {
	v, ok := s.Value(annotations.KeyMethods)
	if !ok {
		return inherited
	}
	before := len(r.diags)
	list := r.methodList(annotations.KeyMethods, v, nil)
	if len(r.diags) > before {
		return slices.Concat(annotations.Methods(), list) // to avoid cascading errors
	}
	return list
}

// openTo resolves the keys of operations that need no scope. An operation that is written
// under one key is not inherited under another. An inherited list may name operations that
// are not answered; an explicit one may not.
func (r *resolver) openTo(s annotations.Settings, inherited openTo, answered []string) openTo {
	if !slices.ContainsFunc(openKeys, func(k openKey) bool { _, written := s.Value(k.name); return written }) {
		return inherited
	}
	open, by := openTo{}, map[string]openKey{}
	for _, key := range openKeys {
		v, written := s.Value(key.name)
		if !written || s.Text(key.name).Value == annotations.None {
			continue
		}
		for _, operation := range r.methodList(key.name, v, answered) {
			if other, twice := by[operation]; twice && operation != "HEAD" {
				r.diags.Add(s.Method(key.name, operation).Pos, diag.Contradiction, "%s names %s, which %s names too: it is %s",
					key.name, operation, other.name, other.says)
				continue
			}
			by[operation] = key
			open[key.name] = append(open[key.name], operation)
		}
	}
	for _, key := range openKeys {
		if _, written := s.Value(key.name); !written {
			open[key.name] = slices.DeleteFunc(slices.Clone(inherited[key.name]), func(operation string) bool { return by[operation].name != "" })
		}
	}
	return open
}

// methodList returns a written list of operations in canonical order, with HEAD
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
		case key != annotations.KeyMethods && m.Value == annotations.None:
			r.diags.Add(m.Pos, diag.Contradiction, "%q in %s stands by itself, not among operations", annotations.None, key)
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
	return slices.DeleteFunc(slices.SortedFunc(maps.Keys(named), annotations.CompareOperations),
		func(operation string) bool { return !annotations.IsOperation(operation) })
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
		if !annotations.IsOperation(m.Value) && annotations.IsOperation(action.Value) {
			d := r.diags.Add(m.Pos, diag.Malformed, "OPERATION:action expected in map, got %q; write %s:%s", m.Value+":"+action.Value, action.Value, m.Value)
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
	if annotations.IsOperation(m.Value) {
		return true
	}
	methods := annotations.Methods()
	method, name := annotations.CutOperation(m.Value)
	switch {
	case method == "HEAD":
		r.diags.Add(m.Pos, diag.HeadNamed, "HEAD follows GET and has no operation of its own; name GET/%s in %s", name, key)
	case annotations.IsMethod(method):
		like := method + "/" + snake(strings.ReplaceAll(name, "-", "_"))
		if !annotations.IsOperation(like) {
			like = method + "/archive"
		}
		r.diags.Add(m.Pos, diag.UnknownMethod, "unknown operation %q in %s; after the slash stands a name in snake_case, in small letters, as in %s",
			m.Value, key, like)
	case method == "" && m.Value != "":
		r.diags.Add(m.Pos, diag.UnknownMethod, "unknown operation %q in %s; before the slash stands its method, as in POST%s", m.Value, key, m.Value)
	case method == "CONNECT" || method == "TRACE":
		r.diags.Add(m.Pos, diag.UnknownMethod, "method %s in %s is refused; allowed: %s", method, key, strings.Join(methods, ", "))
	default:
		r.diags.Add(m.Pos, diag.UnknownMethod, "unknown method %q in %s%s; allowed: %s",
			method, key, annotations.Suggest(method, methods), strings.Join(methods, ", "))
	}
	return false
}

// otherSeparator reports methods in a list that are not separated by commas, or
// are enclosed in brackets. It returns false if m is not of that kind.
func (r *resolver) otherSeparator(key string, m annotations.Text) bool {
	if annotations.IsOperation(m.Value) {
		return false
	}
	const separators = ";|+&[](){}"
	operations := strings.FieldsFunc(m.Value, func(c rune) bool { return strings.ContainsRune(separators, c) })
	if len(operations) == 1 && !annotations.IsOperation(operations[0]) { // GET/POST
		operations = strings.Split(operations[0], "/")
	}
	if len(operations) == 0 || slices.ContainsFunc(operations, func(s string) bool { return !annotations.IsOperation(s) }) {
		return false
	}
	instead := strings.Join(operations, ",")
	d := r.diags.Add(m.Pos, diag.UnknownMethod, "unknown method %q in %s; commas alone separate methods: write %s", m.Value, key, instead)
	m.SetFix(d, instead)
	return true
}

func (r *resolver) answered(key string, m annotations.Text, answered []string) bool {
	if slices.Contains(answered, m.Value) {
		return true
	}
	hint := ""
	if _, name := annotations.CutOperation(m.Value); name != "" {
		hint = annotations.Suggest(m.Value, answered)
	}
	r.diags.Add(m.Pos, diag.NotAnswered, "%s names %s, which the resource does not answer%s; it answers %s",
		key, m.Value, hint, strings.Join(answered, ", "))
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
		value := formatScope(res.Format, res.ScopeName, m.Action)
		if i := slices.IndexFunc(res.Scopes, func(s Scope) bool { return s.Value == value }); i >= 0 && !res.nameRejected {
			r.diags.Add(res.Pos, diag.SharedScope, "actions %s and %s of type %s have the same scope, %s; format %q does not tell them apart",
				res.Scopes[i].Action, m.Action, res.Type, value, res.Format)
		}
		res.Scopes = append(res.Scopes, Scope{
			ScopeRef: ScopeRef{Value: value, Const: res.Base + "Scope" + pascal(m.Action)},
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
