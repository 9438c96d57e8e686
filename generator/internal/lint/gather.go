package lint

import (
	"go/token"

	"github.com/webapi-gen/webapi-gen/generator/sieve"
)

// gathered is what the checks go by. Nearly all that the packages have is harmless:
// only what may collide is gathered, and only what somebody asks is answered.
type gathered struct {
	spellings       [kinds]spellings
	nearly          nearNames // scope names that others may be nearly the same as
	names, policies bearers
	texts           bearers // of scopes
	required        answers // does a requirement name a scope?
	known           answers // does a package yield a scope, or declare it with a text?
	keys            []sameKey
}

// A sameKey is a resource that has the key of its super by default.
type sameKey struct {
	pos        token.Position
	typ, super string
}

// A kind is one of names: each is compared with those of the same kind.
type kind byte

const (
	scopeNames kind = iota
	policyIDs
	resourceNames
	scopes
	kinds
)

func newGathered() gathered {
	g := gathered{
		nearly: nearNames{},
		names:  bearers{}, policies: bearers{}, texts: bearers{},
		required: answers{}, known: answers{},
	}
	for kind := range g.spellings {
		g.spellings[kind] = spellings{}
	}
	return g
}

// A gatherer looks at everything twice: at what is there more than once, and what
// is asked, and then at who has it, and what the answer is.
type gatherer struct {
	gathered
	sieve    *sieve.Sieve
	round    int
	key      []byte
	patterns patterns
}

// gather gathers from all packages. That nothing is missing of a name, its first
// place for instance, is so because all who have it pass the sieve, or none.
func (r *run) gather() {
	const size = 12 // bytes of a package for each thing that goes into the sieve, about
	things := 0
	for _, p := range r.packages {
		things += len(p.packed) / size
	}
	g := gatherer{gathered: newGathered(), sieve: sieve.New(things)}
	for g.round = range g.sieve.Rounds() {
		for p := range r.opened() {
			g.contents(&p.contents)
			for res := range p.resources() {
				g.resource(&p.contents, res)
			}
		}
	}
	r.gathered = g.gathered
}

func (g *gatherer) contents(c *contents) {
	for _, s := range c.known {
		g.known.affirm(s)
	}
	for _, s := range c.foreign {
		g.required.affirm(s)
	}
	for _, s := range c.declared {
		switch {
		case s.text != "":
			g.declared(c, s)
		case c.whole: // it is spelt as where it is declared, or nowhere
			g.known.ask(s.value)
		}
	}
}

// declared adds a scope that a package declares with a text.
func (g *gatherer) declared(c *contents, s declared) {
	if c.whole {
		g.required.ask(s.value)
	}
	if g.passes(scopes, s.value) {
		g.spellings[scopes].add(spelling{s.value, s.pos, ""})
		g.texts.add(s.value, bearer{folder: c.folder, pos: s.pos, text: s.text})
	}
}

func (g *gatherer) resource(c *contents, res *resource) {
	b := bearer{c.folder, res.pos, res.typ, res.saidScope, res.saidPolicy, ""}
	if g.passes(scopeNames, res.scopeName) {
		g.spellings[scopeNames].add(spelling{res.scopeName, res.pos, ""})
		g.names.add(res.scopeName, b)
	}
	if g.passes(policyIDs, res.policy) {
		g.spellings[policyIDs].add(spelling{res.policy, res.pos, ""})
		g.policies.add(res.policy, b)
	}
	if g.passes(resourceNames, res.name) {
		g.spellings[resourceNames].add(spelling{res.name, res.pos, ""})
	}
	if res.super != "" && g.round == 2 {
		g.keys = append(g.keys, sameKey{res.pos, res.typ, res.super})
	}
	if g.passesNear(res.scopeName) {
		g.nearly.add(res.scopeName, b)
	}
	for _, s := range res.scopes {
		g.known.affirm(s.value)
		switch {
		case s.required:
			g.required.affirm(s.value)
		case c.whole:
			g.required.ask(s.value)
		}
		g.scope(s, res.scopeName, b)
	}
}

// scope adds a scope that a resource yields.
func (g *gatherer) scope(s scope, name string, b bearer) {
	if !g.passes(scopes, s.value) {
		return
	}
	g.spellings[scopes].add(spelling{s.value, b.pos, name})
	if s.text != "" {
		b.text = s.text
		g.texts.add(s.value, b)
	}
}

// passes reports whether there may be a name of a kind more than once, if case and
// separators are left out of it. Names that are shared are among them.
func (g *gatherer) passes(k kind, name string) bool {
	g.key = appendFolded(append(g.key[:0], byte(k)), name)
	return name != "" && g.sieve.Passes(g.key)
}

// passesNear reports whether there may be a scope name that is nearly the same.
func (g *gatherer) passesNear(name string) bool {
	passes := false
	for pattern := range g.patterns.of(name) {
		g.key = append(append(g.key[:0], byte(kinds)), pattern...)
		passes = g.sieve.Passes(g.key) || passes // all of them are counted
	}
	return passes
}
