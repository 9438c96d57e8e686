package scaffold

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// What the source does not say is a question in the spec: a comment that begins with
// "# ?". Permissions that the server names are comments too, so that no scope is
// required that nobody has asked for.

// questions writes what is asked of all resources that are proposed for routes.
func (w *specWriter) questions(f *Found) {
	if len(f.Groups)+len(f.Left) == 0 {
		return
	}
	w.line("")
	w.comment("The resources with routes are proposed: a path and that of its objects are one. Lines with",
		"a question mark ask what the source does not say. Take out what needs no token, such as a",
		"login, and mark its handler //"+annotations.Tool+":"+annotations.DirectivePublic+".")
	if f.Problem != "" {
		w.wrapped("# ?", "#  ", "Routes may be missing: "+f.Problem)
	}
	for _, left := range f.Left {
		w.wrapped("# ?", "#  ", "Which resource is it? "+left)
	}
}

// scopes writes the permissions that the server names, as they would be declared.
func (w *specWriter) scopes(f *Found) {
	var all []string
	for _, g := range f.Groups {
		for _, method := range g.required() {
			named, _ := g.Permissions(method)
			all = append(all, named...)
		}
	}
	mapped := f.mapped()
	all = slices.DeleteFunc(all, func(scope string) bool { return mapped[scope] })
	slices.Sort(all)
	if all = slices.Compact(all); len(all) == 0 {
		return
	}
	w.line("#")
	w.wrapped("# ?", "#  ", "These stand beside handlers. For those that are scopes, remove the # here and in the lines of require below, and say to people what they allow.")
	w.line("# scopes:")
	for _, scope := range all {
		w.line("#   %q: \"?\"", scope)
	}
}

// mapped returns the scopes that the resources have by their methods.
func (f *Found) mapped() map[string]bool {
	all := map[string]bool{}
	for _, g := range f.Groups {
		for _, m := range g.Methods {
			all[g.mapped(m)] = true
		}
	}
	return all
}

func (g *Group) mapped(method string) string {
	method, _ = annotations.CutOperation(method)
	return g.Name + ":" + annotations.DefaultAction(method)
}

// required returns the methods for which the server names permissions, the same for all
// routes, and others than the scope that the method has anyway.
func (g *Group) required() []string {
	return slices.DeleteFunc(slices.Clone(g.Methods), func(m string) bool {
		named, one := g.Permissions(m)
		return !one || len(named) == 0 || len(named) == 1 && named[0] == g.mapped(m)
	})
}

// group writes the resource of a group of routes.
func (w *specWriter) group(g *Group) {
	for _, r := range g.Routes {
		w.line("  # %s, %s:%d", r, filepath.Base(r.Pos.Filename), r.Pos.Line)
	}
	w.line("  - type: %s", Scalar(g.Type))
	if g.Declare {
		w.line("    declare: true")
		w.line("    name: %s", Scalar(g.Name))
	}
	if g.Methods != nil {
		w.line("    methods: [%s]", strings.Join(g.Methods, ", "))
	} else {
		w.line("    # ? methods: a route takes any method; which of them does its handler serve?")
	}
	w.key(g)
	w.require(g)
}

// key writes the path value that identifies an object, or asks for it.
func (w *specWriter) key(g *Group) {
	var names []string
	for _, r := range g.Routes {
		for _, s := range segments(r.Pattern) {
			if s.wildcard && s.text != "" && !slices.Contains(names, s.text) {
				names = append(names, s.text)
			}
		}
	}
	switch {
	case g.Key != "":
		w.line("    key: %s", Scalar(g.Key))
	case len(names) > 0:
		w.line("    # ? key: %s, if it identifies an object of this resource", strings.Join(names, " or "))
	}
}

// require proposes what methods require, by what the server names beside their handlers.
func (w *specWriter) require(g *Group) {
	begun := false
	for _, m := range g.required() {
		if !begun {
			w.line("    # require:")
			begun = true
		}
		named, _ := g.Permissions(m)
		line := "    #   " + m + ": [[" + strings.Join(named, ", ") + "]]"
		if len(named) > 1 {
			line += " # ? all of them; [[" + strings.Join(named, "], [") + "]] if one is enough"
		}
		w.line("%s", line)
	}
	for _, m := range g.Methods {
		if _, one := g.Permissions(m); one {
			continue
		}
		var parts []string
		for _, r := range g.Routes {
			if r.serves(m) {
				named := strings.Join(r.Permissions, ", ")
				if named == "" {
					named = "nothing"
				}
				parts = append(parts, r.Pattern+" names "+named)
			}
		}
		w.wrapped("    # ?", "    #  ", m+": "+strings.Join(parts, "; ")+". Are they one resource?")
	}
}
