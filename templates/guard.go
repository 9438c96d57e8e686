package templates

import (
	"strings"
	"time"

	"github.com/dave/jennifer/jen"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/model"
)

// declareType emits the type of a resource that the package does not declare.
func declareType(f *file, r *model.Resource) {
	doc := r.Type + " is the resource " + r.Name
	if r.Description != "" {
		doc += ": " + r.Description
	}
	f.comment(sentence(doc))
	f.Type().Id(r.Type).Struct()
}

// scopes emits the constants of the scopes of a resource.
func scopes(f *file, r *model.Resource) {
	f.comment("The scopes of " + r.Type + ".")
	f.Const().DefsFunc(func(g *jen.Group) {
		doc := r.ScopeNameConst() + " is the prefix of these scopes, without the colon."
		if r.Format != annotations.DefaultFormat {
			doc = r.ScopeNameConst() + " is the scope name that these scopes are made of."
		}
		g.Add(f.commentOf(doc))
		g.Id(r.ScopeNameConst()).Op("=").Lit(r.ScopeName)
		for _, s := range r.Scopes {
			g.Line().Add(f.commentOf(scopeDoc(r, s)))
			g.Id(s.Const).Id("webapi.Scope").Op("=").Lit(s.Value)
		}
	})
}

// operations emits the constants of the named operations of a resource.
func operations(f *file, r *model.Resource, named []model.Method) {
	f.comment("The named operations of " + r.Type + ".")
	f.Const().DefsFunc(func(g *jen.Group) {
		for _, m := range named {
			g.Id(r.OperationConst(m)).Id("webapi.Operation").Op("=").Lit(m.Name)
		}
	})
}

// scopeDoc returns the comment of a scope: the methods that require it, and its
// description.
func scopeDoc(r *model.Resource, s model.Scope) string {
	by := "no method of " + r.Type
	if len(s.Methods) > 0 {
		by = series(s.Methods)
	}
	text := s.Const + " is required by " + by
	if s.Text != "" {
		text += ": " + s.Text
	}
	return sentence(text)
}

// receiver returns the receiver of a method. Type parameters have no names, which
// could shadow other names of the method.
func receiver(name string, r *model.Resource) *jen.Statement {
	s := jen.Op("*").Id(r.Type)
	if name != "" {
		s = jen.Id(name).Op("*").Id(r.Type)
	}
	if r.TypeParams > 0 {
		s.Index(jen.ListFunc(func(g *jen.Group) {
			for range r.TypeParams {
				g.Id("_")
			}
		}))
	}
	return s
}

// callMethodView emits the guard.
func callMethodView(f *file, r *model.Resource) {
	f.comment("CallMethodView calls view if r may call method of " + r.Type +
		", and returns its error. Otherwise it returns a *webapi.Error.")
	f.Func().Params(receiver("x", r)).Id("CallMethodView").Params(
		jen.Id("w").Id("http.ResponseWriter"),
		jen.Id("r").Op("*").Id("http.Request"),
		jen.Id("method").String(),
		jen.Id("view").Id("webapi.View"),
	).Error().Block(
		jen.Return(jen.Id("webapi.CallMethodView").Call(jen.Id("x"), jen.Id("w"), jen.Id("r"), jen.Id("method"), jen.Id("view"))),
	)
}

// requiredScopes emits the method with the requirement of each HTTP method.
func requiredScopes(f *file, r *model.Resource) {
	f.comment(requiredScopesDoc(r))
	f.Func().Params(receiver("", r)).Id("RequiredScopes").Params(
		jen.Id("method").String(),
	).Params(jen.Id("webapi.Requirement"), jen.Bool()).Block(
		jen.Switch(jen.Id("method")).BlockFunc(func(g *jen.Group) {
			for _, group := range r.Grouped() {
				body := jen.Return(requirementOf(r, group), jen.True())
				switch {
				case group.Public:
					body.Comment("// public")
				case group.Authenticated:
					body.Comment("// authenticated")
				}
				g.CaseFunc(func(g *jen.Group) { cases(g, group.Methods) }).Block(body)
			}
		}),
		jen.Return(jen.Id("webapi.Requirement").Values(), jen.False()),
	)
}

// cases emits the methods of a case: in one line if they are few, else each in a line of its
// own.
func cases(g *jen.Group, methods []string) {
	const few = 6
	for i, m := range methods {
		lit := jen.Lit(m)
		if len(methods) > few && i > 0 {
			lit = jen.Line().Lit(m)
		}
		g.Add(lit)
	}
}

func requiredScopesDoc(r *model.Resource) string {
	doc := "RequiredScopes returns the scopes that an OAuth2 token needs for method, and false if " + r.Type + " does not answer method."
	if !r.OAuth2 {
		doc += " No OAuth2 token is accepted (oauth2=deny)."
	}
	for _, open := range []struct {
		who, key string
		is       func(model.Method) bool
	}{
		{"Everybody", annotations.KeyPublic, isPublic},
		{"A request without credentials", annotations.KeyAnonymous, isAnonymous},
		{"Any valid token", annotations.KeyAuthenticated, isAuthenticated},
	} {
		if names := methodNames(r, open.is); len(names) > 0 {
			doc += " " + open.who + " may use " + series(names) + " (" + open.key + ")."
		}
	}
	return doc
}

// requirementOf returns the requirement of a group of methods.
func requirementOf(r *model.Resource, group model.Group) jen.Code {
	switch {
	case r.HasVar(group):
		return jen.Id(r.RequirementVar(group))
	case len(group.Declared()) == 1:
		return require(group.Declared())
	default:
		return jen.Id("webapi.Requirement").Values()
	}
}

// requirements emits the variables of compound requirements, so that no request
// allocates them.
func requirements(f *file, r *model.Resource) {
	for _, group := range r.Grouped() {
		if !r.HasVar(group) {
			continue
		}
		name := r.RequirementVar(group)
		doc := name + " is " + group.Declared().String() + "."
		value := require(group.Declared())
		for _, grant := range r.GrantsOf(group.Declared()) {
			doc += " " + grantDoc(grant)
			value.Op(".").Line().Id("GrantedBy").CallFunc(func(g *jen.Group) {
				g.Add(scopeRef(grant.Scope))
				for _, s := range grant.By {
					g.Add(scopeRef(s))
				}
				for _, a := range grant.Aliases {
					g.Lit(a.Old)
				}
			})
		}
		f.comment(doc)
		f.Var().Id(name).Op("=").Add(value)
	}
}

// grantDoc returns a sentence about what is accepted in place of a scope.
func grantDoc(g model.Grant) string {
	var clauses []string
	if len(g.By) > 0 {
		verb := " imply "
		if len(g.By) == 1 {
			verb = " implies "
		}
		clauses = append(clauses, series(model.Requirement{g.By}.Values()[0])+verb+g.Scope.Value)
	}
	for _, a := range g.Aliases {
		clause := a.Old + " is accepted for " + a.New
		if a.Until != "" {
			clause += " until " + a.Until
		}
		clauses = append(clauses, clause)
	}
	return strings.Join(clauses, "; ") + "."
}

// require returns a requirement as it is declared.
func require(q model.Requirement) *jen.Statement {
	if q.Compound() {
		return anyOf(q)
	}
	return jen.Id("webapi.Require").Call(scopeRef(q[0][0]))
}

// anyOf returns a compound requirement, with a line for each alternative if there
// are several.
func anyOf(q model.Requirement) *jen.Statement {
	call := jen.Options{Open: "(", Close: ")", Separator: ",", Multi: len(q) > 1}
	return jen.Id("webapi.AnyOf").CustomFunc(call, func(g *jen.Group) {
		for _, all := range q {
			g.Id("webapi.AllOf").CallFunc(func(g *jen.Group) {
				for _, s := range all {
					g.Add(scopeRef(s))
				}
			})
		}
	})
}

// scopeRef returns the constant of a scope, or its value if there is no constant
// in scope.
func scopeRef(s model.ScopeRef) jen.Code {
	if s.Const == "" {
		return jen.Lit(s.Value)
	}
	return jen.Id(s.Const)
}

// accessRules emits the rules of the guard besides scopes.
func accessRules(f *file, r *model.Resource) {
	doc := "AccessRules returns the rules of " + r.Type + " besides its scopes."
	recv := ""
	if r.Super != nil {
		doc += " The guard of " + r.Super.Field + " must allow the request as well."
		recv = "x"
	}
	f.comment(doc)
	f.Func().Params(receiver(recv, r)).Id("AccessRules").Params().Id("webapi.AccessRules").BlockFunc(func(g *jen.Group) {
		if r.Super != nil && r.Super.Pointer {
			g.If(jen.Id("x").Dot(r.Super.Field).Op("==").Nil()).Block(
				jen.Return(jen.Id("webapi.AccessRules").Values()).Comment("// denies every request"),
			)
		}
		list := ruleFields(r)
		if len(r.StepUps()) > 0 {
			list = append(list, jen.Id("StepUp").Op(":").Id(r.StepUpFunc()))
		}
		g.Return(jen.Id("webapi.AccessRules").Custom(fields, list...))
	})
}

// stepUp emits the function with what each method needs of the user's login, if one needs
// anything.
func stepUp(f *file, r *model.Resource) {
	groups := r.StepUps()
	if len(groups) == 0 {
		return
	}
	f.comment(r.StepUpFunc() + " returns what method of " + r.Type + " needs of the user's login.")
	f.Func().Id(r.StepUpFunc()).Params(jen.Id("method").String()).Id("webapi.StepUp").Block(
		jen.Switch(jen.Id("method")).BlockFunc(func(g *jen.Group) {
			for _, group := range groups {
				g.CaseFunc(func(g *jen.Group) { cases(g, group.Methods) }).Block(
					jen.Return(jen.Id("webapi.StepUp").ValuesFunc(func(g *jen.Group) {
						if len(group.ACR) > 0 {
							g.Id("ACR").Op(":").Lit(strings.Join(group.ACR, " "))
						}
						if group.MaxAge > 0 {
							g.Id("MaxAge").Op(":").Add(duration(group.MaxAge))
						}
					})),
				)
			}
		}),
		jen.Return(jen.Id("webapi.StepUp").Values()),
	)
}

// duration returns a duration of whole seconds in the largest unit of which it is a
// multiple.
func duration(d time.Duration) jen.Code {
	unit, name := time.Second, "time.Second"
	switch {
	case d%time.Hour == 0:
		unit, name = time.Hour, "time.Hour"
	case d%time.Minute == 0:
		unit, name = time.Minute, "time.Minute"
	}
	if d == unit {
		return jen.Id(name)
	}
	return jen.Lit(int(d / unit)).Op("*").Id(name)
}

// fields lays out a composite literal with one element on each line.
var fields = jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}

func ruleFields(r *model.Resource) []jen.Code {
	list := []jen.Code{
		jen.Id("Name").Op(":").Lit(r.Name),
		jen.Id("Policy").Op(":").Lit(r.Policy),
	}
	if r.Key != "" {
		list = append(list, jen.Id("Key").Op(":").Lit(r.Key))
	}
	list = append(list, jen.Id("Allow").Op(":").Lit(strings.Join(methodNames(r, func(m model.Method) bool { return !m.Named() }), ", ")))
	for _, open := range []struct {
		field string
		is    func(model.Method) bool
	}{{"Public", isPublic}, {"Anonymous", isAnonymous}, {"Authenticated", isAuthenticated}} {
		if names := methodNames(r, open.is); len(names) > 0 {
			list = append(list, jen.Id(open.field).Op(":").Lit(strings.Join(names, ", ")))
		}
	}
	list = append(list,
		jen.Id("OAuth2").Op(":").Lit(r.OAuth2),
		jen.Id("APITokens").Op(":").Lit(r.APITokens),
	)
	if s := r.Super; s != nil {
		super := jen.Id("x").Dot(s.Field)
		if !s.Pointer {
			super = jen.Op("&").Add(super)
		}
		list = append(list, jen.Id("Super").Op(":").Add(super))
	}
	return list
}

func isPublic(m model.Method) bool        { return m.Public }
func isAnonymous(m model.Method) bool     { return m.Anonymous }
func isAuthenticated(m model.Method) bool { return m.Authenticated }

// methodNames returns the names of those methods of a resource for which is returns true.
func methodNames(r *model.Resource, is func(model.Method) bool) []string {
	var names []string
	for _, m := range r.Methods {
		if is(m) {
			names = append(names, m.Name)
		}
	}
	return names
}
