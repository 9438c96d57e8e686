package scaffold

import (
	"context"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// A Group is the routes of a collection and of the objects in it, /notes and /notes/{id},
// for which one resource is proposed.
type Group struct {
	Name    string // of the resource
	Type    string
	Declare bool     // the type stands for the resource only, and is still to be declared
	Methods []string // and named operations; nil: a route takes any method
	Key     string   // the path value that identifies an object; "" if it is not known
	Routes  []Route

	path []segment // that of the collection
}

// A Route is one without a guard.
type Route struct {
	Methods     []string // nil: any
	Pattern     string
	Router      routes.Router
	Pos         token.Position
	Permissions []string // what the server names beside the handler, such as notes:read
	Object      bool     // it is that of an object
	Operation   string   // the named operation that is proposed for it, such as POST/archive
	owner       string   // the type of the package whose method the handler is
}

// String returns the methods and the pattern.
func (r Route) String() string {
	if r.Methods == nil {
		return "any method " + r.Pattern
	}
	return strings.Join(r.Methods, ",") + " " + r.Pattern
}

// Found is what is known of the routes of the module.
type Found struct {
	Groups  []*Group
	Left    []string // routes in the package for which no resource is proposed, and why
	Others  []string // the folders of other packages that have routes without a guard
	Problem string   // why routes may be missing
}

// findRoutes reads the routes of the module and groups those that are registered in the
// package.
func (s *source) findRoutes(ctx context.Context) Found {
	var found Found
	cfg := generator.Config{Dir: s.root, Patterns: []string{"./..."}}
	folders, err := generator.Folders(ctx, cfg)
	if err != nil {
		found.Problem = err.Error()
		return found
	}
	for i, folder := range folders {
		folders[i] = filepath.Join(s.root, folder)
	}
	resolved, _ := generator.Packages(ctx, cfg) // if they are wrong, no route is known to be guarded
	for _, pkg := range resolved {
		pkg.Dir = filepath.Join(s.root, pkg.Dir)
	}
	table, err := routes.Read(ctx, s.start, folders, resolved)
	if err != nil {
		found.Problem = strings.Join(strings.Fields(err.Error()), " ") // what the go command says has lines
		return found
	}
	if len(table.Problems) > 0 {
		found.Problem = table.Problems[0]
	}
	var list []Route
	for _, r := range table.Routes {
		at := table.Fset.Position(r.Pos)
		if r.Server || r.State() != routes.Unguarded && r.State() != routes.Unknown || len(r.Guards) > 0 {
			continue
		}
		if dir := filepath.Dir(at.Filename); dir != s.dir {
			if dir = pattern(s.place.name(dir), "."); !slices.Contains(found.Others, dir) {
				found.Others = append(found.Others, dir)
			}
			continue
		}
		route := Route{Methods: answered(r.Methods), Pattern: r.Pattern, Router: r.Router, Pos: table.Position(r.Pos), Permissions: table.Permissions(r)}
		if fn, ok := r.Handler.Object.(*types.Func); ok && routes.ReceiverOf(fn) != nil && filepath.Dir(table.Fset.Position(fn.Pos()).Filename) == s.dir {
			route.owner = routes.ReceiverOf(fn).Name()
		}
		switch {
		case r.Pattern == "" || r.Unread != "" && r.State() != routes.Unknown:
			found.leave(route, r.Unread)
		case route.Methods != nil && len(route.Methods) == 0:
			found.leave(route, "it has no method that a resource can answer")
		case !slices.ContainsFunc(segments(route.Pattern), func(s segment) bool { return !s.wildcard }):
			found.leave(route, "its pattern names nothing")
		case route.Methods == nil && strings.HasSuffix(r.Pattern, "/*"):
			found.leave(route, "it takes any method and path")
		default:
			// A handler that may be one of several is one route here.
			if !slices.ContainsFunc(list, func(o Route) bool { return o.Pos == route.Pos && o.String() == route.String() }) {
				list = append(list, route)
			}
		}
	}
	for _, u := range table.Unread {
		if at := table.Position(u.Pos); u.Pos.IsValid() && filepath.Dir(table.Fset.Position(u.Pos).Filename) == s.dir {
			found.Left = append(found.Left, fmt.Sprintf("%s:%d: %s", at.Filename, at.Line, u.Reason))
		}
	}
	slices.Sort(found.Others)
	found.Groups = withOperations(merge(group(list)))
	s.nameGroups(found.Groups)
	return found
}

func (f *Found) leave(r Route, why string) {
	left := fmt.Sprintf("%s:%d: %s: %s", r.Pos.Filename, r.Pos.Line, strings.TrimSpace(r.String()), why)
	if !slices.Contains(f.Left, left) {
		f.Left = append(f.Left, left)
	}
}

// answered returns the methods that a resource can name: GET for HEAD, and none that is
// refused.
func answered(methods []string) []string {
	if methods == nil {
		return nil
	}
	if !slices.Contains(methods, "GET") && slices.Contains(methods, "HEAD") {
		methods = append([]string{"GET"}, methods...)
	}
	return slices.DeleteFunc(annotations.Methods(), func(m string) bool { return m == "HEAD" || !slices.Contains(methods, m) })
}

// A segment is a part of a path between slashes.
type segment struct {
	text     string // that of a literal, or the name of a wildcard
	wildcard bool
}

var wildcard = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:\{([^{}:.]*)(?:\.\.\.|:.*)?\}|[:*](\w*))$`)
})

// segments returns the parts of a pattern, in the notation of any router.
func segments(pattern string) []segment {
	var list []segment
	_, path, _ := strings.Cut(pattern, "/")
	for part := range strings.SplitSeq(path, "/") {
		if m := wildcard().FindStringSubmatch(part); m != nil {
			list = append(list, segment{m[1] + m[2], true})
		} else if part != "" && part != "{$}" {
			list = append(list, segment{part, false})
		}
	}
	if n := len(list); n > 0 && strings.HasSuffix(pattern, "/{$}") && list[n-1].wildcard && list[n-1].text == "$" {
		list = list[:n-1]
	}
	return list
}

// sameBegin reports whether a path begins with another one; names of wildcards do not
// count.
func sameBegin(path, begin []segment) bool {
	return len(path) >= len(begin) && slices.EqualFunc(path[:len(begin)], begin, func(a, b segment) bool {
		return a.wildcard && b.wildcard || a == b
	})
}

// group puts the routes of a collection and of its objects together.
func group(list []Route) []*Group {
	var groups []*Group
	keys := map[*Group][]string{}
	for _, r := range list {
		path, key := segments(r.Pattern), ""
		for len(path) > 0 && path[len(path)-1].wildcard {
			if key == "" {
				key = path[len(path)-1].text
			}
			path, r.Object = path[:len(path)-1], true
		}
		i := slices.IndexFunc(groups, func(g *Group) bool { return len(g.path) == len(path) && sameBegin(g.path, path) })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &Group{path: path})
		}
		groups[i].Routes = append(groups[i].Routes, r)
		if r.Object && !slices.Contains(keys[groups[i]], key) {
			keys[groups[i]] = append(keys[groups[i]], key)
		}
	}
	for g, names := range keys {
		if len(names) == 1 && token.IsIdentifier(names[0]) {
			g.Key = names[0]
		}
	}
	return groups
}

// merge puts the routes of a path below that of another group into that group, if the
// server names the same permissions beside the handlers of each method.
func merge(groups []*Group) []*Group {
	slices.SortStableFunc(groups, func(a, b *Group) int { return len(a.path) - len(b.path) })
	var list []*Group
	for _, g := range groups {
		var parent *Group
		for _, p := range list {
			if sameBegin(g.path, p.path) && (parent == nil || len(p.path) > len(parent.path)) {
				parent = p
			}
		}
		if parent == nil || slices.ContainsFunc(g.Routes, func(r Route) bool { return !parent.permits(r) }) {
			list = append(list, g)
			continue
		}
		for _, r := range g.Routes {
			r.Object = len(g.path) > len(parent.path) && g.path[len(parent.path)].wildcard
			parent.Routes = append(parent.Routes, r)
		}
	}
	for _, g := range list {
		g.Methods = g.methods()
	}
	return list
}

// withOperations makes named operations of the verbs of an object, such as
// POST /notes/{id}/archive: a path below that of the object with one route, of one method that
// is not GET.
func withOperations(groups []*Group) []*Group {
	return slices.DeleteFunc(groups, func(g *Group) bool {
		n := len(g.path) - 2
		if n < 0 || len(g.Routes) != 1 || len(g.Methods) != 1 || g.Methods[0] == "GET" || g.Routes[0].Object || !g.path[n].wildcard {
			return false
		}
		operation := g.Methods[0] + "/" + snake(g.path[n+1].text)
		below := func(other *Group) bool { return other != g && sameBegin(other.path, g.path) }
		if !annotations.IsOperation(operation) || slices.ContainsFunc(groups, below) {
			return false
		}
		i := slices.IndexFunc(groups, func(o *Group) bool {
			return len(o.path) == n && sameBegin(g.path, o.path) && o.Methods != nil && o.Key != "" && o.Key == g.path[n].text
		})
		if i < 0 || slices.Contains(groups[i].Methods, operation) {
			return false
		}
		r, object := g.Routes[0], groups[i]
		r.Object, r.Operation = true, operation
		object.Routes = append(object.Routes, r)
		object.Methods = append(object.Methods, operation)
		slices.SortFunc(object.Methods, annotations.CompareOperations)
		return true
	})
}

// permits reports whether all routes of the group with the methods of r name the
// permissions that r names.
func (g *Group) permits(r Route) bool {
	if len(r.Permissions) == 0 || r.Methods == nil {
		return false
	}
	for _, m := range r.Methods {
		if named, one := g.Permissions(m); !one || !sameSet(named, r.Permissions) {
			return false
		}
	}
	return true
}

// Permissions returns what the server names beside the handlers of a method, and whether
// all of them have the same, or nothing.
func (g *Group) Permissions(method string) (list []string, one bool) {
	first := true
	for _, r := range g.Routes {
		if !r.serves(method) {
			continue
		}
		if !first && !sameSet(list, r.Permissions) {
			return nil, false
		}
		list, first = r.Permissions, false
	}
	return list, !first
}

// serves reports whether the route is one of a method, or of a named operation.
func (r Route) serves(operation string) bool {
	if r.Operation != "" {
		return r.Operation == operation
	}
	return r.Methods == nil || slices.Contains(r.Methods, operation)
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// methods returns the methods of all routes; nil if a route takes any.
func (g *Group) methods() []string {
	all := []string{}
	for _, r := range g.Routes {
		if r.Methods == nil {
			return nil
		}
		all = append(all, r.Methods...)
	}
	return answered(all)
}

var prefix = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(api|rest|v[0-9]+)$`) })

// nameGroups gives each group a name that no other one has, after its path, and a type
// that is still free in the package.
func (s *source) nameGroups(groups []*Group) {
	taken := s.identifiers()
	names := map[string]bool{}
	for _, t := range s.propose() {
		names[snake(strings.TrimSuffix(t.Type, "Resource"))] = true
	}
	for _, g := range groups {
		path := g.path
		for len(path) > 1 && prefix().MatchString(path[0].text) && !path[1].wildcard {
			path = path[1:]
		}
		name := g.named(path)
		if names[name] {
			name = g.named(g.path)
		}
		unique := func(name string) bool { return !names[name] && !taken[camel(name)+"Guard"] }
		g.Name = name
		for n := 2; !unique(g.Name); n++ {
			g.Name = fmt.Sprintf("%s_%d", name, n)
		}
		names[g.Name] = true
		g.Type, g.Declare = camel(g.Name)+"Guard", true
	}
}

// named returns the name of a group after a path: its words, those before a path value
// in the singular.
func (g *Group) named(path []segment) string {
	var words []string
	for i, s := range path {
		if s.wildcard {
			continue
		}
		word := snake(s.text)
		last := i == len(path)-1
		if !last && path[i+1].wildcard || last && slices.ContainsFunc(g.Routes, func(r Route) bool { return r.Object }) {
			word = singular(word)
		}
		words = append(words, word)
	}
	name := strings.Trim(strings.Join(words, "_"), "_")
	if name == "" || !unicode.IsLetter(rune(name[0])) {
		name = "route_" + name
	}
	return strings.Trim(name, "_")
}

// snake returns a word in snake_case.
func snake(word string) string {
	var b strings.Builder
	lower := false
	for _, c := range word {
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
			b.WriteRune(c)
		case c >= 'A' && c <= 'Z':
			if lower {
				b.WriteByte('_')
			}
			b.WriteRune(unicode.ToLower(c))
		default:
			b.WriteByte('_')
		}
		lower = c >= 'a' && c <= 'z'
	}
	words := strings.FieldsFunc(b.String(), func(c rune) bool { return c == '_' })
	return strings.Join(words, "_")
}

// camel returns a name in mixed caps that begins with a small letter.
func camel(name string) string {
	words := strings.Split(name, "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

// singular returns a noun in the singular, if it looks like a plural.
func singular(word string) string {
	for _, ending := range []struct{ plural, one string }{
		{"ss", "ss"}, {"us", "us"}, {"is", "is"}, {"news", "news"}, {"series", "series"}, {"status", "status"},
		{"ies", "y"}, {"sses", "ss"}, {"shes", "sh"}, {"xes", "x"}, {"tches", "tch"}, {"s", ""},
	} {
		if stem, ok := strings.CutSuffix(word, ending.plural); ok && len(stem)+len(ending.one) > 1 {
			return stem + ending.one
		}
	}
	return word
}

// identifiers returns what the package declares.
func (s *source) identifiers() map[string]bool {
	all := map[string]bool{}
	for _, f := range s.files {
		for _, d := range f.tree.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				all[d.Name.Name] = true
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						all[spec.Name.Name] = true
					case *ast.ValueSpec:
						for _, id := range spec.Names {
							all[id.Name] = true
						}
					}
				}
			}
		}
	}
	return all
}

// join decides between types that look like resources and groups of routes. A type that
// serves all routes of one group and no others is the resource of the group, and answers the
// methods of these routes; one that serves some routes of several, as a type for the whole
// server does, is none.
func (f *Found) join(types []Proposal) []Proposal {
	var left []Proposal
	for _, p := range types {
		var owned []*Group
		for _, g := range f.Groups {
			if slices.ContainsFunc(g.Routes, func(r Route) bool { return r.owner == p.Type }) {
				owned = append(owned, g)
			}
		}
		switch {
		case len(owned) == 0:
			left = append(left, p)
		case len(owned) == 1 && p.Problem == "" && !slices.ContainsFunc(owned[0].Routes, func(r Route) bool { return r.owner != p.Type }):
			g := owned[0]
			g.Type, g.Declare = p.Type, false
			if g.Methods != nil {
				p.Methods, p.Key = g.Methods, g.Key
			}
			left = append(left, p)
		}
	}
	return left
}

// withoutType returns the groups that no type of the package serves alone.
func (f *Found) withoutType() []*Group {
	return slices.DeleteFunc(slices.Clone(f.Groups), func(g *Group) bool { return !g.Declare })
}

// Variable returns a name for a variable of the group's type.
func (g *Group) Variable() string {
	if name := camel(g.Name); token.IsIdentifier(name) {
		return name
	}
	return g.Type + "1"
}

// split returns the routes of an object and the others.
func (g *Group) split() (objects, others []Route) {
	for _, r := range g.Routes {
		if r.Object && g.Key != "" {
			objects = append(objects, r)
		} else {
			others = append(others, r)
		}
	}
	return objects, others
}

// A Mount is a line that mounts the guard of a group on one of its routes.
type Mount struct {
	Line   string
	Routes int // how many it is for
}

// Mounts returns a line for each kind of route that the group has.
func (g *Group) Mounts() []Mount {
	var list []Mount
	objects, others := g.split()
	for _, part := range []struct {
		routes []Route
		guard  string
	}{{others, "GuardList"}, {objects, "Guard"}} {
		if g.Key == "" {
			part.guard = "Guard"
		}
		counts := map[routes.Router]int{}
		for _, r := range part.routes {
			if r.Operation == "" {
				counts[r.Router]++
			}
		}
		for _, r := range part.routes {
			if r.Operation != "" {
				constant := (&model.Resource{Base: model.Base(g.Type)}).OperationConst(model.Method{Name: r.Operation})
				list = append(list, Mount{r.mount("GuardOperation(" + g.Variable() + ", " + constant + ")"), 1})
			} else if n := counts[r.Router]; n > 0 {
				list = append(list, Mount{r.mount(part.guard + "(" + g.Variable() + ")"), n})
				counts[r.Router] = 0
			}
		}
	}
	return list
}

// mount returns the line of the route with a guard.
func (r Route) mount(guard string) string {
	method, any, handle := "", "Any", "Handle"
	if len(r.Methods) > 0 {
		method = r.Methods[0]
		any, handle = method, method[:1]+strings.ToLower(method[1:])
	}
	switch runtime := "webapi." + guard; r.Router {
	case routes.Chi:
		return fmt.Sprintf("r.With(%s).%s(%q, ...)", runtime, handle, r.Pattern)
	case routes.Gin:
		return fmt.Sprintf("g.%s(%q, ginapi.%s, ...)", any, r.Pattern, guard)
	case routes.Echo:
		return fmt.Sprintf("e.%s(%q, ..., echoapi.%s)", any, r.Pattern, guard)
	case routes.Gorilla:
		line := fmt.Sprintf("r.Handle(%q, %s(...))", r.Pattern, runtime)
		if method != "" {
			line += fmt.Sprintf(".Methods(%q)", method)
		}
		return line
	case routes.HTTPRouter:
		return fmt.Sprintf("r.Handler(%q, %q, %s(...))", method, r.Pattern, runtime)
	case routes.ServeMux:
		return fmt.Sprintf("mux.Handle(%q, %s(...))", strings.TrimSpace(method+" "+r.Pattern), runtime)
	case routes.Huma, routes.Other:
	}
	return fmt.Sprintf("webapi.%s before %s", guard, r)
}
