package lint

import "iter"

func (w *writer) contents(c *contents) {
	w.flags(c.whole, false)
	w.text(c.folder)
	w.number(len(c.aside))
	for _, a := range c.aside {
		w.pos(a.Pos)
		w.text(a.Why)
	}
	w.texts(c.known)
	w.texts(c.foreign)
	w.number(len(c.declared))
	for _, s := range c.declared {
		w.pos(s.pos)
		w.text(s.value)
		w.text(s.constant)
		w.text(s.text)
	}
}

// contents reads into c, and uses its memory.
func (r *reader) contents(c *contents) {
	c.whole, _ = r.flags()
	c.folder = r.text()
	c.aside = c.aside[:0]
	for range r.number() {
		c.aside = append(c.aside, Aside{Pos: r.pos(), Why: r.text()})
	}
	c.known = r.texts(c.known[:0])
	c.foreign = r.texts(c.foreign[:0])
	c.declared = c.declared[:0]
	for range r.number() {
		c.declared = append(c.declared, declared{pos: r.pos(), value: r.text(), constant: r.text(), text: r.text()})
	}
}

// The scopes of a resource come first, since names are found in them.
func (w *writer) resource(res *resource) {
	w.from = len(w.data)
	w.pos(res.pos)
	w.flags(res.saidScope, res.saidPolicy)
	w.number(len(res.scopes))
	for _, s := range res.scopes {
		w.flags(s.required, s.text != "")
		w.text(s.value)
		if s.text != "" {
			w.text(s.text)
		}
		if !s.required {
			w.text(s.constant)
			w.text(s.mapped)
		}
	}
	w.text(res.typ)
	w.name(res.name)
	w.name(res.scopeName)
	w.name(res.policy)
	w.text(res.super)
}

// resource reads into res, and uses its memory.
func (r *reader) resource(res *resource) {
	res.pos = r.pos()
	res.saidScope, res.saidPolicy = r.flags()
	res.scopes = res.scopes[:0]
	for range r.number() {
		var s scope
		var hasText bool
		s.required, hasText = r.flags()
		s.value = r.text()
		if hasText {
			s.text = r.text()
		}
		if !s.required {
			s.constant, s.mapped = r.text(), r.text()
		}
		res.scopes = append(res.scopes, s)
	}
	res.typ, res.name, res.scopeName, res.policy, res.super = r.text(), r.name(), r.name(), r.name(), r.text()
}

// An open package is one that is being read. What it returns is valid until the
// next resource or package is read, apart from texts.
type open struct {
	contents
	reader reader // at the first resource
	res    resource
}

// opened returns the packages of the run, one after the other.
func (r *run) opened() iter.Seq[*open] {
	return func(yield func(*open) bool) {
		var p open
		for _, pkg := range r.packages {
			p.reader = reader{data: pkg.packed}
			p.reader.contents(&p.contents)
			if !yield(&p) {
				return
			}
		}
	}
}

// resources returns the resources of the package, one after the other.
func (p *open) resources() iter.Seq[*resource] {
	return func(yield func(*resource) bool) {
		for r := p.reader; r.at < len(r.data); {
			r.resource(&p.res)
			if !yield(&p.res) {
				return
			}
		}
	}
}
