package scaffold

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// A Proposal is a type that looks like a resource and is not declared to be one.
type Proposal struct {
	Pos     token.Position // of the type's name
	Type    string
	Has     []string // its methods that serve requests, in the order of HTTP methods
	Methods []string // the HTTP methods that they answer; nil if that cannot be seen
	Refused string   // why it cannot be a resource as it stands; "" if it can

	decl *annotations.Type
	at   node
}

// Directive returns the annotation that is proposed.
func (p Proposal) Directive() string {
	line := "//" + annotations.Tool + ":" + annotations.DirectiveResource
	if len(p.Methods) > 0 {
		line += " " + annotations.KeyMethods + "=" + strings.Join(p.Methods, ",")
	}
	return line
}

// Evidence says what the type looks like a resource for.
func (p Proposal) Evidence() string {
	last := len(p.Has) - 1
	if last == 0 {
		return "has " + p.Has[0]
	}
	return "has " + strings.Join(p.Has[:last], ", ") + " and " + p.Has[last]
}

// Writable returns the proposals that can be written as they are: of the others
// a person has to say something.
func (p *Plan) Writable() []Proposal {
	return slices.DeleteFunc(slices.Clone(p.Proposals), func(p Proposal) bool {
		return p.Refused != "" || p.Methods == nil
	})
}

// answers has for the names of methods, or their first word, in lower case, the
// HTTP method that they usually answer. HEAD is answered where GET is, and cannot be named alone.
var answers = map[string]string{
	"get": "GET", "list": "GET", "head": "GET",
	"options": "OPTIONS",
	"post":    "POST", "create": "POST",
	"put": "PUT", "update": "PUT",
	"patch":  "PATCH",
	"delete": "DELETE", "remove": "DELETE",
}

// serveHTTP is the method of a type that finds out itself what is asked for.
const serveHTTP = "ServeHTTP"

// A node is where a type is declared.
type node struct {
	file *file
	decl *ast.GenDecl
	spec *ast.TypeSpec
}

// propose returns the types that look like resources, by place.
func (s *source) propose() []Proposal {
	if s.in.Package == nil {
		return nil
	}
	known := s.declared()
	methods, nodes := s.methods(), s.nodes()
	var list []Proposal
	for _, t := range s.in.Package.Types {
		at, found := nodes[t.Name.Pos]
		if t.Form != annotations.Defined || t.File.Test || !found || known[t.Name.Value] {
			continue
		}
		p := Proposal{Pos: t.Name.Pos, Type: t.Name.Value, decl: t, at: at}
		if p.judge(methods[p.Type]); len(p.Has) > 0 {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Offset, b.Pos.Offset))
	})
	s.tryOut(list)
	return list
}

// inputs returns what was written of the package, in Go and in a spec.
func (s *source) inputs() []*annotations.Package {
	return slices.DeleteFunc([]*annotations.Package{s.in.Package, s.in.Spec}, func(p *annotations.Package) bool { return p == nil })
}

// resources returns how many resources the package has already.
func (s *source) resources() int {
	n := 0
	for _, p := range s.inputs() {
		n += len(p.Resources)
	}
	return n
}

// declared returns the types of which an annotation or a spec speaks already.
func (s *source) declared() map[string]bool {
	known := map[string]bool{}
	for _, p := range s.inputs() {
		for _, r := range p.Resources {
			known[r.Type.Value] = true
		}
		for _, public := range p.Public {
			known[public.Name.Value] = true
		}
	}
	return known
}

// nodes returns the declarations of types by the place of their names.
func (s *source) nodes() map[token.Position]node {
	nodes := map[token.Position]node{}
	for _, f := range s.files {
		for _, decl := range f.tree.Decls {
			decl, ok := decl.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range decl.Specs {
				if spec, ok := spec.(*ast.TypeSpec); ok {
					nodes[f.position(spec.Name.Pos())] = node{f, decl, spec}
				}
			}
		}
	}
	return nodes
}

// judge takes over what the handlers of the type say. A ServeHTTP that shows no
// methods counts if there is nothing else, and if it does not pass requests on.
func (p *Proposal) judge(handlers []handler) {
	all := annotations.Methods()
	slices.SortStableFunc(handlers, func(a, b handler) int { return cmp.Compare(a.rank(all), b.rank(all)) })
	answered := map[string]bool{}
	for _, h := range handlers {
		if h.name == serveHTTP && len(h.answers) == 0 && (len(p.Has) > 0 || h.passesOn) {
			continue
		}
		if !slices.Contains(p.Has, h.name) { // which another file has for other builds
			p.Has = append(p.Has, h.name)
		}
		for _, method := range h.answers {
			answered[method] = true
		}
	}
	for _, method := range all {
		if answered[method] {
			p.Methods = append(p.Methods, method)
		}
	}
}
