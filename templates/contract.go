package templates

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/webapi-gen/webapi-gen/model"
)

// testingPath is the import path of the package that contract tests call.
const testingPath = runtimePath + "/webapitest"

// explanation explains the table to its readers.
const (
	explanation = "The answer is yes if the view runs, else the code of the error: 101 permission denied, " +
		"103 not logged in, 104 credentials rejected, 112 missing scope, 113 no OAuth2 tokens accepted, %s405 method not allowed. webapitest.Expect describes the callers."
	stepUpCode = "401 another login needed, "
)

// Contract returns the file of a test that compares the guard of a resource with
// its declaration.
func Contract(pkg *model.Package, r *model.Resource) (File, error) {
	f := newFile(pkg, r.File.Constraint)
	f.Id("import").Defs(jen.Lit("testing"), jen.Line(), jen.Lit(runtimePath), jen.Lit(testingPath))
	contract(f, r)
	if r.Super != nil && r.Super.Pointer {
		contractWithoutSuper(f, r)
	}
	return f.render(r.File.Contract())
}

// contract emits the test of a complete value.
func contract(f *file, r *model.Resource) {
	name := model.ContractTest + r.Type
	code := ""
	if len(r.StepUps()) > 0 {
		code = stepUpCode
	}
	f.comment(name + " calls the guard of " + r.Type + " with every method as every kind of caller. " + fmt.Sprintf(explanation, code))
	f.Func().Id(name).Params(jen.Id("t").Op("*").Id("testing.T")).BlockFunc(func(g *jen.Group) {
		value := jen.New(jen.Id(r.Type))
		if r.Super != nil {
			g.Id("x").Op(":=").Add(value)
			embedded(g, r)
			value = jen.Id("x")
		}
		expect(g, value, r.ContractMethods(), r.Contract(), ruleFields(r)...)
	})
}

// contractWithoutSuper emits the test of a value whose embedded pointer is nil.
func contractWithoutSuper(f *file, r *model.Resource) {
	name := model.ContractTest + r.Type + "_nil"
	f.comment(name + " checks that the guard of " + r.Type + " denies every request if its " + r.Super.Field + " is nil.")
	f.Func().Id(name).Params(jen.Id("t").Op("*").Id("testing.T")).BlockFunc(func(g *jen.Group) {
		expect(g, jen.New(jen.Id(r.Type)), r.ContractMethods(), r.ContractWithoutSuper())
	})
}

// embedded emits the assignments of the embedded pointers to each super.
func embedded(g *jen.Group, r *model.Resource) {
	path := jen.Id("x")
	for s := r.Super; s != nil; s = s.Base.Super {
		path = path.Clone().Dot(s.Field)
		if s.Pointer {
			g.Add(path).Op("=").New(jen.Id(s.Field))
		}
	}
}

// expect emits the call of webapitest.Contract for a value.
func expect(g *jen.Group, value jen.Code, methods []string, calls []model.Call, rules ...jen.Code) {
	list := jen.Id("webapi.AccessRules").Values()
	if len(rules) > 0 {
		list = jen.Id("webapi.AccessRules").Custom(fields, rules...)
	}
	g.Id("webapitest.Contract").Call(jen.Id("t"), value, jen.Id("webapitest.Expect").Custom(fields,
		jen.Id("Rules").Op(":").Add(list),
		jen.Id("Calls").Op(":").Index().String().CustomFunc(fields, func(g *jen.Group) {
			g.Lit(row(methods, methods, "caller"))
			for _, call := range calls {
				g.Lit(row(methods, answers(call), call.Caller))
			}
		}),
	))
}

// row returns a line of the table: a column for each method, and the caller.
func row(methods, cells []string, caller string) string {
	var b strings.Builder
	for i, cell := range cells {
		fmt.Fprintf(&b, "%-*s  ", len(methods[i]), cell)
	}
	return b.String() + caller
}

func answers(call model.Call) []string {
	cells := make([]string, len(call.Answers))
	for i, answer := range call.Answers {
		if cells[i] = fmt.Sprint(answer); answer == model.Allowed {
			cells[i] = "yes"
		}
	}
	return cells
}
