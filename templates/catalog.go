package templates

import (
	"github.com/dave/jennifer/jen"

	"github.com/webapi-gen/webapi-gen/model"
)

// packageScopes emits the constants of the scopes that the package declares itself.
func packageScopes(f *file, pkg *model.Package) {
	f.comment("Scopes of package " + pkg.Name + " besides those of its resources.")
	f.Const().DefsFunc(func(g *jen.Group) {
		for i, s := range pkg.Scopes {
			if i > 0 {
				g.Line()
			}
			g.Add(f.commentOf(packageScopeDoc(s)))
			g.Id(s.Const).Id("webapi.Scope").Op("=").Lit(s.Value)
		}
	})
}

func packageScopeDoc(s model.Scope) string {
	doc := s.Const + " is the scope " + s.Value
	if s.Text == "" {
		return doc + ", which another package declares."
	}
	return sentence(doc + ": " + s.Text)
}

// catalogFunc emits the function of the catalogue and the variable that it copies,
// since the compiler makes static data of a variable but code of a literal in the
// function. Scopes are strings, as a build may lack the file with their constants.
func catalogFunc(f *file, pkg *model.Package, listed []*model.Resource) {
	f.comment(model.CatalogFunc + " returns a description of the resources of package " + pkg.Name + ", sorted by name. The caller may change it.")
	f.Func().Id(model.CatalogFunc).Params().Index().Id("webapi.ResourceInfo").Block(
		jen.Return(jen.Id("webapi.CloneResources").Call(jen.Id(model.CatalogVar))),
	)
	f.Var().Id(model.CatalogVar).Op("=").Index().Id("webapi.ResourceInfo").CustomFunc(fields, func(g *jen.Group) {
		if infos := scopeInfos(pkg.Scopes); infos != nil {
			g.Custom(fields, jen.Id("Package").Op(":").Lit(pkg.Name), infos)
		}
		for _, r := range listed {
			g.Custom(fields, resourceInfo(pkg, r)...)
		}
	})
}

func resourceInfo(pkg *model.Package, r *model.Resource) []jen.Code {
	list := []jen.Code{
		jen.Id("Package").Op(":").Lit(pkg.Name),
		jen.Id("Type").Op(":").Lit(r.Type),
		jen.Id("Name").Op(":").Lit(r.Name),
	}
	if len(r.Scopes) > 0 {
		list = append(list, jen.Id("ScopeName").Op(":").Lit(r.ScopeName))
	}
	list = append(list, jen.Id("Policy").Op(":").Lit(r.Policy))
	if r.Key != "" {
		list = append(list, jen.Id("Key").Op(":").Lit(r.Key))
	}
	if r.Description != "" {
		list = append(list, jen.Id("Description").Op(":").Lit(r.Description))
	}
	list = append(list,
		jen.Id("OAuth2").Op(":").Lit(r.OAuth2),
		jen.Id("APITokens").Op(":").Lit(r.APITokens),
		jen.Id("Methods").Op(":").Index().Id("webapi.MethodInfo").CustomFunc(fields, func(g *jen.Group) {
			for _, m := range r.Methods {
				g.ValuesFunc(func(g *jen.Group) { methodInfo(g, m) })
			}
		}),
	)
	if infos := scopeInfos(r.Scopes); infos != nil {
		list = append(list, infos)
	}
	return list
}

func methodInfo(g *jen.Group, m model.Method) {
	g.Id("Method").Op(":").Lit(m.Name)
	g.Id("Action").Op(":").Lit(m.Action)
	if m.Public {
		g.Id("Public").Op(":").True()
	}
	if m.Anonymous {
		g.Id("Anonymous").Op(":").True()
	}
	if m.Authenticated {
		g.Id("Authenticated").Op(":").True()
	}
	if len(m.Declared()) > 0 {
		g.Id("Requires").Op(":").Id("webapi.Alternatives").ValuesFunc(func(g *jen.Group) {
			for _, all := range m.Declared() {
				g.ValuesFunc(func(g *jen.Group) {
					for _, s := range all {
						g.Lit(s.Value)
					}
				})
			}
		})
	}
	if len(m.StepUp.ACR) > 0 {
		g.Id("ACR").Op(":").Index().String().ValuesFunc(func(g *jen.Group) {
			for _, acr := range m.StepUp.ACR {
				g.Lit(acr)
			}
		})
	}
	if m.StepUp.MaxAge > 0 {
		g.Id("MaxAge").Op(":").Add(duration(m.StepUp.MaxAge))
	}
}

// scopeInfos returns the Scopes field, or nil if it would be empty. It leaves out
// scopes that another package declares: they have neither a text nor an action.
func scopeInfos(scopes []model.Scope) jen.Code {
	var list []jen.Code
	for _, s := range scopes {
		if s.Text == "" && s.Action == "" && len(s.Implies) == 0 {
			continue
		}
		info := []jen.Code{jen.Id("Scope").Op(":").Lit(s.Value)}
		if s.Text != "" {
			info = append(info, jen.Id("Description").Op(":").Lit(s.Text))
		}
		if len(s.Implies) > 0 {
			info = append(info, jen.Id("Implies").Op(":").Index().Id("webapi.Scope").ValuesFunc(func(g *jen.Group) {
				for _, scope := range s.Implies {
					g.Lit(scope)
				}
			}))
		}
		list = append(list, jen.Values(info...))
	}
	if list == nil {
		return nil
	}
	return jen.Id("Scopes").Op(":").Index().Id("webapi.ScopeInfo").Custom(fields, list...)
}
