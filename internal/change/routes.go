package change

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

// compareRoutes compares the routes, if those of both sides are known. A route whose
// line is the same allows what the methods of its guards allow, which are compared by
// themselves.
func (d *differ) compareRoutes(before, after *lockfile.Routes) {
	if before == nil || after == nil {
		return
	}
	old := map[string][]lockfile.Route{}      // by subject
	handlers := map[string][]lockfile.Route{} // of before, by handler
	for _, b := range before.Routes {
		old[b.Subject()] = append(old[b.Subject()], b)
		handlers[b.Handler] = append(handlers[b.Handler], b)
	}
	var changed []lockfile.Route
	for _, a := range after.Routes {
		was := d.oldRoute(a)
		same := func(b lockfile.Route) bool { return b.Answer() == was.Answer() }
		if i := slices.IndexFunc(old[a.Subject()], same); i >= 0 {
			old[a.Subject()] = slices.Delete(old[a.Subject()], i, i+1)
		} else {
			changed = append(changed, a)
		}
	}
	// A route is compared with the one that had its handler, else with any of its pattern.
	partner := make([]*lockfile.Route, len(changed))
	for _, sameHandler := range []bool{true, false} {
		for i, a := range changed {
			if partner[i] != nil || a.Pattern == "?" && !sameHandler {
				continue
			}
			handler := d.oldName(a.Handler)
			found := slices.IndexFunc(old[a.Subject()], func(b lockfile.Route) bool {
				return !sameHandler || b.Handler == handler && handler != "?"
			})
			if found >= 0 {
				b := old[a.Subject()][found]
				partner[i] = &b
				old[a.Subject()] = slices.Delete(old[a.Subject()], found, found+1)
			}
		}
	}
	for i, a := range changed {
		c, labels := Change{Subject: "route " + a.Subject(), After: a.Answer()}, []Label{Added}
		if b := partner[i]; b != nil {
			c.Before = b.Answer()
			c.Examples, labels = d.changeOfRoute(*b, a)
		} else {
			labels = append(labels, labelsOfNew(a)...)
		}
		if !slices.ContainsFunc(c.Examples, Example.isAllowed) {
			if more, than := d.reached(a, handlers[d.oldName(a.Handler)]); more != nil {
				labels = append(labels, labelsOf(more)...)
				c.Examples = append(more, c.Examples...)
				if than != strings.TrimSpace(a.Subject()+" "+c.Before) {
					c.Before = strings.TrimPrefix(c.Before+" / "+than, " / ")
				}
			}
		}
		if len(labels) > 1 {
			labels = slices.DeleteFunc(labels, func(l Label) bool { return l == Text })
		}
		d.add(c, labels...)
	}
	for _, list := range old {
		for _, b := range list {
			d.add(Change{Subject: "route " + b.Subject(), Before: b.Answer()}, Removed)
		}
	}
	d.compareUses(before.Uses, after.Uses)
}

// oldName returns the name that a type of after, or a method of it, had before.
func (d *differ) oldName(name string) string {
	if was := d.types[name]; was != "" {
		return was
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		if was := d.types[name[:i]]; was != "" {
			return was + name[i:]
		}
	}
	return name
}

// oldRoute returns a route of after with the names of before.
func (d *differ) oldRoute(r lockfile.Route) lockfile.Route {
	r.Handler, r.Guards = d.oldName(r.Handler), slices.Clone(r.Guards)
	for i := range r.Guards {
		r.Guards[i].Type = d.oldName(r.Guards[i].Type)
	}
	return r
}

// isOpen reports whether nothing that is known denies a request.
func isOpen(r lockfile.Route) bool {
	return len(r.Guards) == 0 && r.State != lockfile.NotReadable
}

// labelsOfNew returns the labels of a route that is added, besides Added.
func labelsOfNew(r lockfile.Route) []Label {
	var labels []Label
	if isOpen(r) {
		labels = append(labels, Anonymous)
	}
	if r.State == lockfile.Unguarded {
		labels = append(labels, Unguarded)
	}
	if r.Wrapper != "" || r.State == lockfile.NotReadable || hasUnknown(r) {
		labels = append(labels, Unchecked)
	}
	return labels
}

func hasUnknown(r lockfile.Route) bool {
	return slices.ContainsFunc(r.Guards, func(g lockfile.Guard) bool { return g.Type == "?" || g.Operation == "?" })
}

// changeOfRoute returns what a change of a route means: requests whose answer it
// changes, and labels.
func (d *differ) changeOfRoute(b, a lockfile.Route) ([]Example, []Label) {
	was := d.oldRoute(a)
	if was.Before() == b.Before() {
		return nil, []Label{Text} // another handler, or place
	}
	var labels []Label
	if a.Wrapper != b.Wrapper {
		labels = append(labels, Unchecked)
	}
	examples := d.routeExamples(b, a)
	for _, e := range examples {
		if e.Now && a.State == lockfile.Unguarded {
			labels = append(labels, Unguarded)
		}
	}
	labels = append(labels, labelsOf(examples)...)
	loses := slices.ContainsFunc(b.Guards, func(g lockfile.Guard) bool { return !slices.Contains(was.Guards, g) })
	switch hadStranger := d.before.hasStranger(b); {
	case labels == nil && hadStranger && a.State == lockfile.Unguarded:
		labels = []Label{Unguarded, Unchecked}
	case a.State == lockfile.NotReadable || hasUnknown(a),
		a.State == lockfile.Unguarded && labels == nil,
		hadStranger && loses && labels == nil,
		d.after.hasStranger(a) && (loses || !d.before.hasStranger(was)) && labels == nil:
		labels = append(labels, Unchecked)
	case len(labels) == 0:
		labels = append(labels, Text)
	}
	return examples, labels
}

// hasStranger reports whether a guard of a route is that of a resource of another module, so that
// what it allows is not known.
func (x index) hasStranger(r lockfile.Route) bool {
	return slices.ContainsFunc(r.Guards, func(g lockfile.Guard) bool { return g.Type != "?" && x.resources[g.Type] == nil })
}

// routeExamples returns requests whose answers by two routes differ.
func (d *differ) routeExamples(b, a lockfile.Route) []Example {
	var list []Example
	for _, op := range d.operations(b, a) {
		was, wasKnown := d.before.guardOf(b, op)
		is, isKnown := d.after.guardOf(a, op)
		if !wasKnown || !isKnown {
			continue
		}
		for _, e := range guardExamples(was, is) {
			e.Pattern = a.Pattern
			if !slices.ContainsFunc(list, func(other Example) bool { return other.Now == e.Now && other.Credentials == e.Credentials }) {
				list = append(list, e)
			}
		}
	}
	return list
}

// operations returns the methods of requests that get to a route, or to one that it
// replaces: those that the resources of its guards answer, if it has any method.
func (d *differ) operations(b, a lockfile.Route) []string {
	if a.Method != "*" {
		return []string{a.Method}
	}
	var list []string
	for _, side := range []struct {
		index  index
		guards []lockfile.Guard
	}{{d.before, b.Guards}, {d.after, a.Guards}} {
		for _, g := range side.guards {
			if r := side.index.resources[g.Type]; r != nil {
				for _, m := range r.Methods {
					name, _, _ := strings.Cut(m.Name, "/")
					list = append(list, name)
				}
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// A guarded is what the guards of a route allow for a method, together.
type guarded struct {
	method
	open     bool // there is no guard
	policies []policy
}

// guardOf returns what stands before the handler of a route for a method, and false if
// that is not known.
func (x index) guardOf(r lockfile.Route, name string) (guarded, bool) {
	g := guarded{method: method{Method: model.Method{Name: name, Public: true}, resource: &model.Resource{APITokens: true, OAuth2: true}}}
	if len(r.Guards) == 0 {
		g.open = true
		return g, r.State != lockfile.NotReadable
	}
	for _, guard := range r.Guards {
		res := x.resources[guard.Type]
		if res == nil || guard.Operation == "?" {
			return g, false
		}
		i := slices.IndexFunc(res.Methods, func(m model.Method) bool { return m.Name == operationOf(guard, res, name) })
		if i < 0 || r.Method == "-" { // it denies all
			g.Method, g.resource = model.Method{Name: name, StepUp: noLogin}, &model.Resource{}
			return g, true
		}
		m := res.Methods[i]
		if m.Public {
			continue
		}
		g.Method = g.and(m)
		g.resource = &model.Resource{APITokens: g.resource.APITokens && res.APITokens, OAuth2: g.resource.OAuth2 && res.OAuth2}
		for _, p := range policies(res) {
			if guard.List { // no object is asked for
				p.key = ""
			}
			g.policies = append(g.policies, p)
		}
	}
	return g, true
}

// noLogin accepts no login.
var noLogin = model.StepUp{MaxAge: -1}

// operationOf returns the operation of a resource that a guard is asked for by requests with
// a method.
func operationOf(g lockfile.Guard, res *model.Resource, method string) string {
	if annotations.IsMethod(g.Operation) {
		method = g.Operation
	}
	if method == "HEAD" {
		method = "GET"
	}
	const list = "GET/list"
	_, listed := res.Method(list)
	switch {
	case strings.Contains(g.Operation, "/"):
		return g.Operation
	case g.List && method == "GET" && listed:
		return list
	}
	return method
}

// and returns what two guards allow together, of which m is not public.
func (g guarded) and(m model.Method) model.Method {
	both := model.Method{
		Name:          g.Name,
		Anonymous:     (g.Public || g.Anonymous) && m.Anonymous,
		Authenticated: g.takesAnyToken() && m.Authenticated,
	}
	var possible bool
	if both.StepUp, possible = g.StepUp.And(m.StepUp); !possible {
		return model.Method{Name: g.Name, StepUp: noLogin}
	}
	switch {
	case g.takesAnyToken():
		both.Requires = m.Requires
	case m.Authenticated:
		both.Requires = g.Requires
	default:
		for _, all := range g.Requires {
			for _, more := range m.Requires {
				both.Requires = append(both.Requires, slices.Concat(all, more))
			}
		}
		both.Requires = both.Requires.Canonical()
	}
	return both
}

// guardExamples is [examples] for the guards of routes.
func guardExamples(b, a guarded) []Example {
	switch {
	case b.open && a.open:
		return nil
	case b.open || a.open:
		e := Example{Method: a.Name, Credentials: NoCredentials, Now: a.open}
		guard := a
		if a.open {
			guard = b
		}
		switch {
		case guard.Public:
			return nil // the guard lets everybody through
		case guard.Anonymous:
			e.Credentials = OAuth2Token // one without scopes
		}
		return []Example{e}
	}
	list := examples(b.method, a.method)
	if b.takesAPITokens() && a.takesAPITokens() {
		if !covers(a.policies, b.policies) {
			list = append(list, Example{Method: a.Name, Credentials: APIToken, Now: true})
		}
		if !covers(b.policies, a.policies) {
			list = append(list, Example{Method: a.Name, Credentials: APIToken})
		}
	}
	return list
}

// reached returns requests that get to the handler of a route and that did not get to it
// by any of the routes that it had before, and one of those.
func (d *differ) reached(a lockfile.Route, before []lockfile.Route) (allowed []Example, than string) {
	if len(before) == 0 || a.Handler == "?" || strings.HasSuffix(a.Handler, ".func") {
		return nil, ""
	}
	was := guarded{method: method{resource: &model.Resource{}, Method: model.Method{StepUp: noLogin}}} // all of them together
	for _, b := range before {
		for _, op := range d.operations(b, b) {
			g, known := d.before.guardOf(b, op)
			if !known || g.open {
				return nil, ""
			}
			was.Public = was.Public || g.Public
			was.Anonymous = was.Anonymous || g.Anonymous
			was.Authenticated = was.Authenticated || g.Authenticated
			was.resource.APITokens = was.resource.APITokens || g.takesAPITokens()
			was.StepUp = was.StepUp.Or(g.StepUp)
			was.Requires = slices.Concat(was.Requires, g.Requires)
		}
	}
	for _, op := range d.operations(a, a) {
		is, known := d.after.guardOf(a, op)
		if !known {
			continue
		}
		is.policies = nil // was has none either
		for _, e := range guardExamples(was, is) {
			if e.Now {
				e.Handler = a.Handler
				return []Example{e}, before[0].String()
			}
		}
	}
	if isOpen(a) && a.Method == "*" {
		return []Example{{Method: a.Method, Credentials: NoCredentials, Handler: a.Handler, Now: true}}, before[0].String()
	}
	return nil, ""
}

// compareUses compares the functions that decide who a request is or what it may do, or that may.
func (d *differ) compareUses(before, after []lockfile.Use) {
	type place struct{ what, in string }
	old := map[place]lockfile.Use{}
	for _, b := range before {
		old[place{b.What, b.In}] = b
	}
	for _, a := range after {
		b, known := old[place{a.What, a.In}]
		delete(old, place{a.What, a.In})
		c := Change{Subject: "uses " + a.What + " in " + a.In, After: a.String()}
		switch {
		case !known:
			d.add(c, Unchecked, Added)
		case a.Count > b.Count:
			c.Before = b.String()
			d.add(c, Unchecked)
		case a.Count < b.Count:
			c.Before = b.String()
			d.add(c, labelsOfLess(b)...)
		}
	}
	for _, b := range old {
		labels := labelsOfLess(b)
		if labels[0] == Unchecked {
			labels = append(labels, Removed)
		}
		d.add(Change{Subject: "uses " + b.What + " in " + b.In, Before: b.String()}, labels...)
	}
}

// labelsOfLess returns what it means that a use is gone, or made less often.
func labelsOfLess(use lockfile.Use) []Label {
	switch {
	case strings.Contains(use.What, " => "): // another runtime
		return []Label{Removed}
	case strings.HasPrefix(use.What, `"`): // middleware of another module may have denied requests
		return []Label{Unchecked}
	}
	return []Label{Narrowed}
}
