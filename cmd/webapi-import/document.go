package main

import (
	"cmp"
	"fmt"
	"go/token"
	"slices"
)

// A document is what a description of an API says about who may call what, in the
// description's own words.
type document struct {
	path       string
	kind       string // the format, for example OpenAPI 3.1.0
	operations []*operation
	schemes    []*scheme
	ignored    []ignored
}

// An operation is a method of a path.
type operation struct {
	method, path string
	base         string // what the paths of the document begin with, "" if it is not in path
	id           string // operationId, "" if it has none
	tag          string // the first tag, or the resource of a discovery file
	pos          token.Position
	security     []alternative // of which one is enough; none if everybody may call it
}

// String returns the method and the path.
func (o *operation) String() string { return o.method + " " + o.path }

// An alternative is a security requirement: the schemes that are all needed. Without
// schemes it asks for no credentials.
type alternative []need

// A need is the list of scopes that an alternative asks of a scheme.
type need struct {
	scheme *scheme
	scopes []string
	pos    token.Position
}

// A scheme is a way in which a request says who it is from.
type scheme struct {
	name   string
	typ    string // type of the document: oauth2, openIdConnect, apiKey, http basic, http bearer, mutualTLS
	scopes map[string]string
	used   bool // some operation asks for it
	listed bool // some operation lists scopes of it
}

// An ignored operation is one that a guard cannot have, with the reason.
type ignored struct{ what, why string }

// A finding is an error of the document or of the answers to its questions.
type finding struct {
	pos token.Position
	msg string
}

// findings is a list of errors, sorted by position.
type findings []finding

func (f *findings) add(pos token.Position, format string, args ...any) {
	*f = append(*f, finding{pos, fmt.Sprintf(format, args...)})
}

func (f findings) sorted() findings {
	slices.SortStableFunc(f, func(a, b finding) int {
		return cmp.Or(cmp.Compare(a.pos.Filename, b.pos.Filename), cmp.Compare(a.pos.Line, b.pos.Line), cmp.Compare(a.pos.Column, b.pos.Column))
	})
	return slices.Compact(f)
}

func (f finding) String() string { return f.pos.String() + ": " + f.msg }

// undeclared returns the scopes that operations list and no scheme declares, and those
// that are declared and listed nowhere. A scheme that declares no scopes, such as
// openIdConnect or http bearer, does not count for the first.
func (d *document) undeclared() (undeclared, unused []string) {
	listed := map[string]bool{}
	for _, o := range d.operations {
		for _, alt := range o.security {
			for _, n := range alt {
				for _, s := range n.scopes {
					listed[s] = true
					if _, ok := n.scheme.scopes[s]; !ok && n.scheme.typ == "oauth2" {
						undeclared = append(undeclared, s)
					}
				}
			}
		}
	}
	for _, s := range d.schemes {
		for scope := range s.scopes {
			if !listed[scope] {
				unused = append(unused, scope)
			}
		}
	}
	slices.Sort(undeclared)
	slices.Sort(unused)
	return slices.Compact(undeclared), slices.Compact(unused)
}

// text returns the text of a scope, "" if the document has none.
func (d *document) text(scope string) string {
	for _, s := range d.schemes {
		if text := s.scopes[scope]; text != "" {
			return text
		}
	}
	return ""
}
