package change

import (
	"maps"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

// resources compares what is said of resources besides their methods.
func (d *differ) resources() {
	old := resources(d.before)
	for _, r := range d.after.Resources {
		was, stays := old[d.was(r.Type)]
		if !stays {
			continue // each of its methods is new
		}
		c := Change{Subject: "resource " + r.Type, Before: was.String(), After: r.String()}
		var labels []Label
		if was.Type != r.Type || was.Name != r.Name {
			labels = append(labels, Renamed)
		}
		if d.takesAPITokens(r.Type) {
			if !covers(r.Policies, was.Policies) {
				labels = append(labels, Widened)
			}
			if !covers(was.Policies, r.Policies) {
				labels = append(labels, Narrowed)
			}
		}
		if labels == nil && was.String() != r.String() {
			labels = append(labels, Text)
		}
		d.add(c, labels...)
	}
}

// covers reports whether whoever the policies let through is let through by the
// others as well, whatever each allows: all of the others are among them.
func covers(policies, others []lockfile.Policy) bool {
	return !slices.ContainsFunc(others, func(p lockfile.Policy) bool { return !slices.Contains(policies, p) })
}

// takesAPITokens reports whether a method of the type accepted API tokens before
// and does now.
func (d *differ) takesAPITokens(typ string) bool {
	accepts := func(f *lockfile.File, typ string) bool {
		return slices.ContainsFunc(f.Access, func(a lockfile.Access) bool { return a.Type == typ && a.APITokens })
	}
	return accepts(d.after, typ) && accepts(d.before, d.was(typ))
}

// texts compares the texts of scopes, and says which have come and gone. A scope
// opens nothing by itself.
func (d *differ) texts() {
	old := texts(d.before)
	now := texts(d.after)
	for _, scope := range slices.Sorted(maps.Keys(now)) {
		was, stays := old[scope]
		c := Change{Subject: "scope " + scope, Before: was, After: now[scope]}
		from, renamed := d.scopes[scope]
		switch {
		case renamed:
			c.Before = old[from]
			delete(old, from)
			d.add(c, Renamed)
		case !stays:
			d.add(c, Added)
		case was != now[scope]:
			d.add(c, Text)
		}
		delete(old, scope)
	}
	for _, scope := range slices.Sorted(maps.Keys(old)) {
		d.add(Change{Subject: "scope " + scope, Before: old[scope]}, Removed)
	}
}

// texts returns the scopes of the catalogue with their texts. Packages that
// share one may each have a text.
func texts(f *lockfile.File) map[string]string {
	m := map[string]string{}
	for _, s := range f.Scopes {
		line := strings.TrimSpace(s.Value + " " + s.Text)
		if m[s.Value] != "" && m[s.Value] != line {
			line = m[s.Value] + " / " + s.Text
		}
		m[s.Value] = line
	}
	return m
}

// catalogue says which scopes have become useless and which requirements cannot
// be met any more.
func (d *differ) catalogue() {
	needed := map[string]bool{}
	for _, a := range d.before.Access {
		for _, all := range a.Requires {
			for _, s := range all {
				needed[s] = true
			}
		}
	}
	for _, s := range d.after.Scopes {
		if was := d.scopes[s.Value]; (needed[s.Value] || needed[was]) && len(users(d.after, s.Value)) == 0 {
			d.report.Unused = append(d.report.Unused, s.Value)
		}
	}
	meetable := map[string]bool{}
	for _, a := range d.before.Access {
		meetable[a.Type+" "+a.Method] = Meets(values(d.before), a.Requires)
	}
	catalogue := values(d.after)
	for _, a := range d.after.Access {
		before, answered := meetable[d.was(a.Type)+" "+a.Method]
		if a.OAuth2 && (before || !answered) && !Meets(catalogue, a.Requires) {
			d.report.Unmet = append(d.report.Unmet, a.Type+" "+a.Method)
		}
	}
}

// values returns the scopes of the catalogue.
func values(f *lockfile.File) []string {
	list := make([]string, len(f.Scopes))
	for i, s := range f.Scopes {
		list[i] = s.Value
	}
	return list
}

// publics compares what is unguarded on purpose. Whoever can reach it is let
// through, so what was a resource before is widened.
func (d *differ) publics() {
	old, now := publics(d.before), publics(d.after)
	for _, p := range d.after.Public {
		was, stays := old[p.Name]
		c := Change{Subject: "public " + p.Name, After: p.String()}
		switch {
		case !stays && d.wasResource(p.Name):
			d.add(c, Widened, Anonymous, Added)
		case !stays:
			d.add(c, Anonymous, Added)
		case was != p:
			c.Before = was.String()
			d.add(c, Text)
		}
	}
	for _, p := range d.before.Public {
		if _, stays := now[p.Name]; !stays {
			d.add(Change{Subject: "public " + p.Name, Before: p.String()}, Removed)
		}
	}
}

// wasResource reports whether a type, or that of a method, was a resource.
func (d *differ) wasResource(name string) bool {
	typ, _, _ := strings.Cut(name, ":")
	_, was := resources(d.before)[typ]
	return was
}

func publics(f *lockfile.File) map[string]lockfile.Public {
	m := map[string]lockfile.Public{}
	for _, p := range f.Public {
		m[p.Name] = p
	}
	return m
}
