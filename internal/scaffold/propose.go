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
		if t.Kind != annotations.Defined || t.File.Test || !found || known[t.Name.Value] {
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

// A handler is a method that serves requests: it takes a response writer and a
// request, whatever it takes and returns besides.
type handler struct {
	name     string
	answers  []string // HTTP methods; none for a ServeHTTP that does not show them
	passesOn bool     // a ServeHTTP that calls another, as routers and middleware do
}

// rank returns where a handler stands among those of its type: in the order of
// the HTTP methods, and ServeHTTP at the end.
func (h handler) rank(methods []string) int {
	if h.name == serveHTTP {
		return len(methods)
	}
	return slices.Index(methods, h.answers[0])
}

// methods returns the handlers of each type, by the name of the type. It leaves
// out those of tests.
func (s *source) methods() map[string][]handler {
	receivers := map[token.Position]string{}
	for _, m := range s.in.Package.Methods {
		if !m.File.Test {
			receivers[m.Name.Pos] = m.Receiver
		}
	}
	methods := map[string][]handler{}
	for _, f := range s.files {
		for _, decl := range f.tree.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			receiver, found := receivers[f.position(decl.Name.Pos())]
			if h, ok := handlerOf(f.tree, decl); ok && found {
				methods[receiver] = append(methods[receiver], h)
			}
		}
	}
	return methods
}

// handlerOf returns what a method serves, and whether it serves anything.
func handlerOf(tree *ast.File, decl *ast.FuncDecl) (handler, bool) {
	h := handler{name: decl.Name.Name}
	request, ok := requestOf(tree, decl.Type)
	if !ok {
		return h, false
	}
	if h.name == serveHTTP {
		h.look(decl.Body, request, packageNames(tree, "net/http"))
		return h, true
	}
	method, ok := answers[strings.ToLower(h.name)]
	if !ok {
		method, ok = answers[strings.ToLower(firstWord(h.name))]
	}
	h.answers = []string{method}
	return h, ok
}

// firstWord returns what stands before the second word of a name in mixed caps:
// Get of GetOrder, and Getter of Getter.
func firstWord(name string) string {
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			return name[:i]
		}
	}
	return name
}

// requestOf returns the name of the parameter that is the request, and whether
// there is one and a response writer.
func requestOf(tree *ast.File, x *ast.FuncType) (name string, ok bool) {
	http := packageNames(tree, "net/http")
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

// packageNames returns the names by which a file calls a package; "." if its
// names stand for themselves.
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

// isOf reports whether an expression is a name of a package.
func isOf(packages []string, x ast.Expr, name string) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		id, ok := x.X.(*ast.Ident)
		return ok && x.Sel.Name == name && slices.Contains(packages, id.Name)
	case *ast.Ident:
		return x.Name == name && slices.Contains(packages, ".")
	}
	return false
}

// look finds out what a ServeHTTP answers by a switch on the request's method.
func (h *handler) look(body *ast.BlockStmt, request string, http []string) {
	if body == nil {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == serveHTTP {
				h.passesOn = true
			}
		case *ast.SwitchStmt:
			if isMethodOf(n.Tag, request) {
				h.take(n.Body, http)
			}
		}
		return true
	})
}

// isMethodOf reports whether an expression is r.Method.
func isMethodOf(x ast.Expr, request string) bool {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Method" {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == request
}

// take takes the methods that the cases of a switch name.
func (h *handler) take(cases *ast.BlockStmt, http []string) {
	for _, stmt := range cases.List {
		clause, ok := stmt.(*ast.CaseClause)
		if !ok {
			continue
		}
		for _, x := range clause.List {
			if name := methodName(x, http); name != "" {
				h.answers = append(h.answers, name)
			}
		}
	}
}

// methodName returns the method that http.MethodGet or "GET" is, and GET for
// HEAD, which follows it; "" for anything else.
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
