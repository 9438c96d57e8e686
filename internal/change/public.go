package change

import (
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

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
