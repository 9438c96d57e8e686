package analyzer

import "strings"

// What the analysis of a package tells those that import it. The drivers send
// facts from process to process with encoding/gob.

// A resourceFact says that a type is a resource.
type resourceFact struct{}

func (*resourceFact) AFact()         {}
func (*resourceFact) String() string { return "resource" }

// A publicFact says that a type or function is declared webapi:public.
type publicFact struct{}

func (*publicFact) AFact()         {}
func (*publicFact) String() string { return "public" }

// A guardFact says that a function goes through a guard: it asks one itself, or
// returns a handler that does.
type guardFact struct{}

func (*guardFact) AFact()         {}
func (*guardFact) String() string { return "guard" }

// A viewFact says that a method is a view of the resource that declares it.
type viewFact struct{}

func (*viewFact) AFact()         {}
func (*viewFact) String() string { return "view" }

// A scopesFact lists the scopes that a package declares.
type scopesFact struct{ Scopes []scope }

// A scope is a declared scope and its constant, which may be "".
type scope struct{ Value, Const string }

func (*scopesFact) AFact() {}

func (f *scopesFact) String() string {
	values := make([]string, len(f.Scopes))
	for i, s := range f.Scopes {
		values[i] = s.Value
	}
	return "scopes " + strings.Join(values, " ")
}
