package scaffold

import (
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// A Proposal is a type that looks like a resource and is not declared to be one.
type Proposal struct {
	Pos      token.Position // of the type's name
	Type     string
	Handlers []string // its methods that serve requests, in the order of HTTP methods
	Methods  []string // the operations that they answer; nil if the source does not show them
	Key      string   // the path value that identifies an object; "" if it is not known
	Problem  string   // why it cannot be a resource as it stands; "" if it can

	decl *annotations.Type
	at   node
}

// Directive returns the annotation that is proposed.
func (p Proposal) Directive() string {
	line := "//" + annotations.Tool + ":" + annotations.DirectiveResource
	if len(p.Methods) > 0 {
		line += " " + annotations.KeyMethods + "=" + strings.Join(p.Methods, ",")
	}
	if p.Key != "" {
		line += " " + annotations.KeyKey + "=" + p.Key
	}
	return line
}

// Evidence returns why the type looks like a resource: "has Get and Post".
func (p Proposal) Evidence() string {
	last := len(p.Handlers) - 1
	if last == 0 {
		return "has " + p.Handlers[0]
	}
	return "has " + strings.Join(p.Handlers[:last], ", ") + " and " + p.Handlers[last]
}

// Complete reports whether the proposal can be written as it is. Otherwise the
// author has to solve the problem or to name the methods.
func (p Proposal) Complete() bool { return p.Problem == "" && p.Methods != nil }

// complete returns the proposals that can be written as they are.
func (p *Plan) complete() []Proposal {
	return slices.DeleteFunc(slices.Clone(p.Proposals), func(p Proposal) bool { return !p.Complete() })
}

// answers has the HTTP method that a Go method usually answers, by the name of the
// method, or its first word, in lower case. HEAD is answered where GET is, and cannot be named alone.
var answers = map[string]string{
	"get": "GET", "list": "GET", "head": "GET",
	"options": "OPTIONS",
	"post":    "POST", "create": "POST",
	"put": "PUT", "update": "PUT",
	"patch":  "PATCH",
	"delete": "DELETE", "remove": "DELETE",
}

// serveHTTP is the method of a type that reads the HTTP method of a request itself.
const serveHTTP = "ServeHTTP"

// A node is the declaration of a type.
type node struct {
	file *file
	decl *ast.GenDecl
	spec *ast.TypeSpec
}

// propose returns the types that look like resources, by position.
func (s *source) propose() []Proposal {
	if s.in.Package == nil {
		return nil
	}
	declared := s.declared()
	nodes, handlers := s.nodes()
	var list []Proposal
	for _, t := range s.in.Package.Types {
		at, found := nodes[t.Name.Pos]
		if t.Kind != annotations.Defined || t.File.Test || !found || declared[t.Name.Value] {
			continue
		}
		p := Proposal{Pos: t.Name.Pos, Type: t.Name.Value, decl: t, at: at}
		if p.add(handlers[p.Type]); len(p.Handlers) > 0 {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(a.Pos.Filename, b.Pos.Filename), cmp.Compare(a.Pos.Offset, b.Pos.Offset))
	})
	s.findProblems(list)
	return list
}

// inputs returns what the Go files and the spec declare.
func (s *source) inputs() []*annotations.Package {
	return slices.DeleteFunc([]*annotations.Package{s.in.Package, s.in.Spec}, func(p *annotations.Package) bool { return p == nil })
}

func (s *source) resources() int {
	n := 0
	for _, p := range s.inputs() {
		n += len(p.Resources)
	}
	return n
}

// declared returns the types that are resources or public.
func (s *source) declared() map[string]bool {
	declared := map[string]bool{}
	for _, p := range s.inputs() {
		for _, r := range p.Resources {
			declared[r.Type.Value] = true
		}
		for _, public := range p.Public {
			declared[public.Name.Value] = true
		}
	}
	return declared
}

// nodes returns the declarations of types, by the position of the name, and the
// handlers of each type, apart from those in tests.
func (s *source) nodes() (map[token.Position]node, map[string][]handler) {
	receivers := map[token.Position]string{}
	for _, m := range s.in.Package.Methods {
		if !m.File.Test {
			receivers[m.Name.Pos] = m.Receiver
		}
	}
	nodes, handlers := map[token.Position]node{}, map[string][]handler{}
	for _, f := range s.files {
		for _, decl := range f.tree.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				receiver, found := receivers[f.position(decl.Name.Pos())]
				if h, ok := handlerOf(f.tree, decl); ok && found {
					handlers[receiver] = append(handlers[receiver], h)
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok {
						nodes[f.position(spec.Name.Pos())] = node{f, decl, spec}
					}
				}
			}
		}
	}
	return nodes, handlers
}

// add adds the handlers of the type. It leaves out a ServeHTTP that does not show
// its methods if there are other handlers, or if it calls another ServeHTTP.
func (p *Proposal) add(handlers []handler) {
	all := annotations.Methods()
	slices.SortStableFunc(handlers, func(a, b handler) int { return cmp.Compare(a.rank(all), b.rank(all)) })
	var answered []string
	for _, h := range handlers {
		if h.name == serveHTTP && len(h.answers) == 0 && (len(p.Handlers) > 0 || h.delegates) {
			continue
		}
		if !slices.Contains(p.Handlers, h.name) { // a file for another build may have it too
			p.Handlers = append(p.Handlers, h.name)
		}
		answered = append(answered, h.answers...)
	}
	for _, method := range all {
		if slices.Contains(answered, method) {
			p.Methods = append(p.Methods, method)
		}
	}
}

// A handler is a method that serves requests: it has a response writer and a
// request among its parameters.
type handler struct {
	name      string
	answers   []string // HTTP methods; none for a ServeHTTP that does not show them
	delegates bool     // a ServeHTTP that calls another, as routers and middleware do
}

// rank returns the place of a handler among those of its type: in the order of
// the HTTP methods, and ServeHTTP last.
func (h handler) rank(methods []string) int {
	if h.name == serveHTTP {
		return len(methods)
	}
	return slices.Index(methods, h.answers[0])
}

// handlerOf returns what a method serves, and whether it is a handler.
func handlerOf(tree *ast.File, decl *ast.FuncDecl) (handler, bool) {
	h := handler{name: decl.Name.Name}
	http := packageNames(tree, "net/http")
	request, ok := requestOf(decl.Type, http)
	if !ok {
		return h, false
	}
	if h.name == serveHTTP {
		h.inspect(decl.Body, request, http)
		return h, true
	}
	method, ok := answers[strings.ToLower(h.name)]
	if !ok {
		method, ok = answers[strings.ToLower(firstWord(h.name))]
	}
	h.answers = []string{method}
	return h, ok
}

// firstWord returns the first word of a name in mixed caps: Get of GetOrder, and
// Getter of Getter.
func firstWord(name string) string {
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			return name[:i]
		}
	}
	return name
}

// requestOf returns the name of the parameter that is the request, and whether
// there is one and a response writer. Http has the names of the package net/http.
func requestOf(x *ast.FuncType, http []string) (name string, ok bool) {
	var writer, request bool
	for _, field := range x.Params.List {
		t := ast.Unparen(field.Type)
		if star, ok := t.(*ast.StarExpr); ok && isOf(http, star.X, "Request") {
			request = true
			if len(field.Names) > 0 {
				name = field.Names[0].Name
			}
		}
		writer = writer || isOf(http, t, "ResponseWriter")
	}
	return name, writer && request
}

func packageNames(tree *ast.File, path string) []string {
	var names []string
	for _, spec := range tree.Imports {
		switch imported, err := strconv.Unquote(spec.Path.Value); {
		case err != nil || imported != path:
		case spec.Name != nil:
			names = append(names, spec.Name.Name)
		default:
			names = append(names, path[strings.LastIndexByte(path, '/')+1:])
		}
	}
	return names
}

// isOf reports whether an expression selects a name from a package or variable,
// which has one of the names in from. A name alone is one of ".".
func isOf(from []string, x ast.Expr, name string) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		id, ok := x.X.(*ast.Ident)
		return ok && x.Sel.Name == name && slices.Contains(from, id.Name)
	case *ast.Ident:
		return x.Name == name && slices.Contains(from, ".")
	}
	return false
}

// inspect finds what a ServeHTTP answers: the cases of a switch on the request's
// method.
func (h *handler) inspect(body *ast.BlockStmt, request string, http []string) {
	if body == nil {
		return
	}
	for n := range ast.Preorder(body) {
		switch n := n.(type) {
		case *ast.CallExpr:
			if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == serveHTTP {
				h.delegates = true
			}
		case *ast.SwitchStmt:
			if !isOf([]string{request}, n.Tag, "Method") {
				break
			}
			for _, clause := range n.Body.List {
				for _, x := range clause.(*ast.CaseClause).List {
					if name := methodName(x, http); name != "" {
						h.answers = append(h.answers, name)
					}
				}
			}
		}
	}
}

// methodName returns the method that http.MethodGet or "GET" is, GET for HEAD, and
// "" for anything else.
func methodName(x ast.Expr, http []string) string {
	name := ""
	if lit, ok := ast.Unparen(x).(*ast.BasicLit); ok && lit.Kind == token.STRING {
		name, _ = strconv.Unquote(lit.Value)
	}
	for _, m := range annotations.Methods() {
		if name == m || isOf(http, x, "Method"+m[:1]+strings.ToLower(m[1:])) {
			if m == "HEAD" {
				return "GET"
			}
			return m
		}
	}
	return ""
}

// findProblems sets why the tool would reject some of the proposals. One may depend
// on another, as a type does that embeds another one, so those that are rejected
// are tried again while any of them is accepted. The declarations of a type in
// files for different builds are tried together.
func (s *source) findProblems(list []Proposal) {
	groups := map[string][]*Proposal{}
	var rest []string // types
	for i := range list {
		p := &list[i]
		if groups[p.Type] == nil {
			rest = append(rest, p.Type)
		}
		groups[p.Type] = append(groups[p.Type], p)
	}
	var accepted []annotations.Resource
	for {
		var rejected []string
		for _, name := range rest {
			attempt, problem := slices.Clip(accepted), ""
			for _, p := range groups[name] {
				attempt = append(attempt, p.resource())
			}
			if diags := s.in.Check(attempt); len(diags) > 0 {
				problem = diags[0].Message
				rejected = append(rejected, name)
			} else {
				accepted = attempt
			}
			for _, p := range groups[name] {
				p.Problem = problem
			}
		}
		if len(rejected) == 0 || len(rejected) == len(rest) {
			return
		}
		rest = rejected
	}
}

// resource returns what the annotation would declare.
func (p Proposal) resource() annotations.Resource {
	r := annotations.Resource{Pos: p.Pos, Type: annotations.Text{Pos: p.Pos, Value: p.Type}, Decl: p.decl}
	if len(p.Methods) > 0 {
		v := annotations.Value{Pos: p.Pos}
		for _, m := range p.Methods {
			v.Items = append(v.Items, annotations.Item{Value: annotations.Text{Pos: p.Pos, Value: m}})
		}
		r.Settings = annotations.Settings{{Key: annotations.KeyMethods, Value: v}}
	}
	return r
}
