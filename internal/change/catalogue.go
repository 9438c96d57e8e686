package change

import (
	"maps"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

// compareResources compares the resources apart from their methods.
func (d *differ) compareResources() {
	for typ, r := range d.after.resources {
		oldType := d.oldType(typ)
		was := d.before.resources[oldType]
		if was == nil {
			continue // each of its methods is new
		}
		c := Change{Subject: "resource " + typ, Before: lockfile.Resource(oldType, was), After: lockfile.Resource(typ, r)}
		var labels []Label
		if oldType != typ || was.Name != r.Name {
			labels = append(labels, Renamed)
		}
		if was.APITokens && r.APITokens {
			old, now := policies(was), policies(r)
			if !covers(now, old) {
				labels = append(labels, Widened)
			}
			if !covers(old, now) {
				labels = append(labels, Narrowed)
			}
		}
		if labels == nil && c.Before != c.After {
			labels = append(labels, Text)
		}
		d.add(c, labels...)
	}
}

// A policy is what the policy of an API token must allow.
type policy struct{ id, key string }

// policies returns the policies of a resource and of those that it has as its
// super. All must allow a request with an API token.
func policies(r *model.Resource) []policy {
	list := []policy{{r.Policy, r.Key}}
	for r.Super != nil {
		r = r.Super.Base
		list = append(list, policy{r.Policy, r.Key})
	}
	return list
}

// covers reports whether the policies include all others, so that they allow no
// request that the others deny.
func covers(policies, others []policy) bool {
	has := map[policy]bool{}
	for _, p := range policies {
		has[p] = true
	}
	return !slices.ContainsFunc(others, func(p policy) bool { return !has[p] })
}

// compareTexts compares the scopes of the catalogues and their texts. A scope gives
// no access by itself.
func (d *differ) compareTexts() {
	old, now := d.before.texts(), d.after.texts()
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
	for scope, was := range old {
		d.add(Change{Subject: "scope " + scope, Before: was}, Removed)
	}
}

// texts returns the scopes of the catalogue with their texts. Packages that share
// one may each have a text.
func (x index) texts() map[string]string {
	lists := map[string][]string{}
	seen := map[[2]string]bool{}
	for _, s := range x.scopes {
		list := lists[s.Value]
		if key := [2]string{s.Value, s.Text}; s.Text != "" && !seen[key] {
			seen[key] = true
			list = append(list, s.Text)
		}
		lists[s.Value] = list
	}
	m := map[string]string{}
	for value, texts := range lists {
		m[value] = strings.TrimSpace(value + " " + strings.Join(texts, " / "))
	}
	return m
}

// compareCatalogues finds the scopes that no method requires any more, and the
// requirements that cannot be met any more.
func (d *differ) compareCatalogues() {
	for _, s := range d.after.values() {
		required := d.before.users[s] != nil || d.before.users[d.scopes[s]] != nil
		if required && d.after.users[s] == nil {
			d.report.Unused = append(d.report.Unused, s)
		}
	}
	old, now := d.before.declared(), d.after.declared()
	unmet := map[string]bool{}
	for _, b := range d.before.methods {
		unmet[b.subject()] = !b.takesAnyToken() && !canBeMet(b.Requires, old)
	}
	for _, a := range d.after.methods {
		if a.resource.OAuth2 && !a.takesAnyToken() && !unmet[d.oldType(a.typ)+" "+a.Name] && !canBeMet(a.Requires, now) {
			d.report.Unmet = append(d.report.Unmet, a.subject())
		}
	}
}

// canBeMet reports whether all scopes of an alternative are declared.
func canBeMet(q model.Requirement, declared map[string]bool) bool {
	return slices.ContainsFunc(q, func(all []model.ScopeRef) bool {
		return !slices.ContainsFunc(all, func(s model.ScopeRef) bool { return !declared[s.Value] })
	})
}

func (x index) declared() map[string]bool {
	m := map[string]bool{}
	for _, s := range x.scopes {
		m[s.Value] = true
	}
	return m
}

// values returns the scopes of the catalogue.
func (x index) values() []string {
	list := make([]string, len(x.scopes))
	for i, s := range x.scopes {
		list[i] = s.Value
	}
	return list
}

// comparePublic compares what is unguarded on purpose. It allows every request, so
// a former resource is widened.
func (d *differ) comparePublic() {
	for name, reason := range d.after.public {
		was, stays := d.before.public[name]
		c := Change{Subject: "public " + name, After: lockfile.Public(name, reason)}
		typ, _, _ := strings.Cut(name, ":") // of a method
		switch {
		case !stays && d.before.resources[name] != nil && d.after.resources[name] == nil:
			d.add(c, Unguarded, Widened, Anonymous, Added)
		case !stays && d.before.resources[typ] != nil:
			d.add(c, Widened, Anonymous, Added)
		case !stays:
			d.add(c, Anonymous, Added)
		case was != reason:
			c.Before = lockfile.Public(name, was)
			d.add(c, Text)
		}
	}
	for name, reason := range d.before.public {
		if _, stays := d.after.public[name]; !stays {
			d.add(Change{Subject: "public " + name, Before: lockfile.Public(name, reason)}, Removed)
		}
	}
}
