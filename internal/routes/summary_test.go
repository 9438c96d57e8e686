package routes_test

import (
	"bytes"
	"cmp"
	"encoding/gob"
	"fmt"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// TestSummaries looks at each package alone, after those that it imports, with the summaries of
// these, as the analyzer does. Its cases are like those of TestFind. The summaries precede the
// routes of their package.
func TestSummaries(t *testing.T) { testCases(t, "testdata/summaries/*.txtar", findEach) }

// findEach returns what is found in each package of a module.
func findEach(t *testing.T, dir string) string {
	t.Helper()
	resolved, err := generator.Packages(t.Context(), generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	p := &routes.Program{Fset: token.NewFileSet()}
	loaded, err := packages.Load(&packages.Config{Context: t.Context(), Dir: dir, Fset: p.Fset, Mode: packages.LoadSyntax}, "./...")
	if err != nil {
		t.Fatal(err)
	}
	resources, public, guarded := map[types.Object]bool{}, map[types.Object]bool{}, map[types.Object]string{}
	p.IsResource = func(name *types.TypeName) bool { return resources[name] }
	p.IsPublic = func(obj types.Object) bool { return public[obj] }
	p.GuardedBy = func(obj types.Object) string { return guarded[obj] }
	encoded := map[*types.Func][]byte{}
	p.Summary = func(fn *types.Func) *routes.Summary {
		if encoded[fn] == nil {
			return nil
		}
		s := new(routes.Summary)
		if err := gob.NewDecoder(bytes.NewReader(encoded[fn])).Decode(s); err != nil {
			t.Error(err)
		}
		return s
	}
	position := func(pos token.Pos) string {
		at := p.Fset.Position(pos)
		name, err := filepath.Rel(dir, at.Filename)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("%s:%d", filepath.ToSlash(name), at.Line)
	}
	var b strings.Builder
	packages.Visit(loaded, nil, func(pkg *packages.Package) {
		if !slices.Contains(loaded, pkg) {
			return
		}
		for _, err := range pkg.Errors {
			t.Fatal(err)
		}
		for _, m := range resolved {
			if filepath.Join(dir, m.Dir) != filepath.Dir(pkg.GoFiles[0]) {
				continue
			}
			for _, r := range m.Catalogued() {
				resources[pkg.Types.Scope().Lookup(r.Type)] = true
			}
			for _, said := range m.Public {
				public[routes.Named(pkg.Types, said.Name)] = true
			}
			for _, said := range m.Guarded {
				guarded[routes.Named(pkg.Types, said.Name)] = said.By
			}
		}
		p.Packages = []*routes.Package{{Types: pkg.Types, Info: pkg.TypesInfo, Files: pkg.Syntax}}
		found := routes.Find(p)
		for _, fn := range slices.SortedFunc(maps.Keys(found.Summaries), func(f, g *types.Func) int {
			return cmp.Or(cmp.Compare(p.Fset.Position(f.Pos()).Filename, p.Fset.Position(g.Pos()).Filename), cmp.Compare(f.Pos(), g.Pos()))
		}) {
			s := found.Summaries[fn]
			fmt.Fprintf(&b, "%s: %s%s\n", position(fn.Pos()), fn.Name(), summarized(s))
			var buf bytes.Buffer
			if err := gob.NewEncoder(&buf).Encode(s); err != nil {
				t.Error(err)
			}
			encoded[fn] = buf.Bytes()
		}
		b.WriteString(describe(found, position))
	})
	return b.String()
}

// summarized describes a summary.
func summarized(s *routes.Summary) string {
	text := asks(s.Asks, s.By)
	if len(s.Before) > 0 {
		text += " before others" + asks(s.Before, "")
	}
	for _, r := range s.Routes {
		methods := "*"
		if r.Only != nil {
			methods = strings.Join(r.Only, ",")
		}
		if r.Methods != nil && !slices.Equal(r.Methods, r.Only) {
			methods += "/" + strings.Join(r.Methods, ",")
		}
		text += fmt.Sprintf("; registers %s %s", methods, r.Pattern)
		for _, param := range []struct {
			what string
			n    int
		}{{"router", r.Router}, {"handler", r.Handler}} {
			if param.n > 0 {
				text += fmt.Sprintf(" with %s %d", param.what, param.n)
			}
		}
		text += asks(r.Asks, r.By)
		if name := strings.Trim(r.Type+"."+r.Name, "."); name != "" {
			text += fmt.Sprintf(" -> %s.%s", r.Package, name)
		}
		if r.Settled {
			text += " settled"
		}
		if r.Public {
			text += " public"
		}
		if r.Unknown != "" {
			text += " (" + r.Unknown + ")"
		}
	}
	return text
}

func asks(list []routes.AskedGuard, by string) (text string) {
	for _, a := range list {
		text += " asks"
		if a.Param > 0 {
			text += fmt.Sprintf(" parameter %d", a.Param)
		}
		if a.Type != "" {
			text += " " + a.Package + "." + a.Type
		}
		if a.List {
			text += " list"
		}
		if a.Views {
			text += " views"
		}
		if a.Alone {
			text += " alone"
		}
		if a.Method != "" {
			text += " " + a.Method
		}
	}
	if by != "" {
		text += " by " + by
	}
	return text
}
