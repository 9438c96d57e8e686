package model_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/model"
)

// diagnose returns the diagnostics of a package that an txtar-like text describes: files with
// names of their own after lines "-- NAME", and x.go before them.
func diagnose(t *testing.T, src string) []string {
	t.Helper()
	var sources []annotations.Source
	var spec *annotations.Package
	for i, file := range strings.Split("-- x.go\n"+src, "-- ") {
		name, data, _ := strings.Cut(file, "\n")
		switch {
		case i == 0:
		case strings.HasSuffix(name, ".yaml"):
			read, diags := annotations.ReadSpec(annotations.Source{Path: "p/" + name, Data: []byte(data)})
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			spec = &read.Package
		default:
			sources = append(sources, annotations.Source{Path: "p/" + name, Data: []byte(data)})
		}
	}
	packages, diags := annotations.ReadGo(sources)
	if len(diags) > 0 || len(packages) != 1 {
		t.Fatalf("%d packages, %v\nin %s", len(packages), diags, src)
	}
	_, diags = model.Resolve(packages[0], spec)
	var list []string
	for _, d := range diags {
		fix := ""
		if d.Fix != nil {
			fix = "(" + d.Fix.Message + ") "
		}
		list = append(list, fmt.Sprintf("%d: %s%s", d.Pos.Line, fix, d.Message))
	}
	return list
}

// TestDiagnostics has what is reported, and what is not, where several mistakes or several
// causes meet. A want is the beginning of a diagnostic, after its line and its fix.
func TestDiagnostics(t *testing.T) {
	types := strings.Fields("A B C D E F G H I J K L M")
	sharing, shared := "package p\n", []string{}
	for i, typ := range types {
		sharing += "//webapi:resource name=note\ntype " + typ + " struct{}\n"
		others := slices.Delete(slices.Clone(types), i, i+1)
		shared = append(shared, fmt.Sprintf("%d: type %s has the scope name note, and so have %s and 2 more;", 2*i+2, typ, strings.Join(others[:10], ", ")))
	}
	declared := ""
	for i := range 19 {
		declared += fmt.Sprintf("//webapi:scope s%02d S\n", i)
	}
	tests := []struct {
		name, src string
		want      []string
	}{
		{"a clash of a package with as many scopes as resources", `//webapi:scope admin A
package p

//webapi:resource
type Note struct{}

const NoteScopeRead = 1
`, []string{"4: identifier NoteScopeRead, to be generated for type Note"}},
		{"the scope name of a type without scopes", "package p\n\n//webapi:resource oauth2=deny\ntype Note struct{}\n\nconst NoteScopeName = 1\n", nil},
		{"a public method with the name of a resource", `package p

//webapi:resource
type Note struct{}

type Page struct{}

//webapi:public reason=open
func (Page) Note() {}
`, nil},
		{"a scope name of many", sharing, shared},
		{"two circles of one scope", `//webapi:implies note:read note:write note:destroy
//webapi:implies note:write note:read
//webapi:implies note:destroy note:write note:read
package p

//webapi:resource
type Note struct{}
`, []string{
			"1: scopes cannot imply one another: note:write implies note:read implies note:write",
			"1: scopes cannot imply one another: note:destroy implies note:write implies note:read implies note:destroy",
		}},
		{"an alias that is wrong in two ways", `//webapi:alias é note:read until=soon
//webapi:alias note:write note:read until=soon
//webapi:alias notes note:read
//webapi:alias notes note:write until=soon
package p

//webapi:resource
type Note struct{}
`, []string{`1: alias "é" is not a scope token`, "2: alias note:write is a scope that the package declares", "4: alias notes is declared already"}},
		{"an operation of the defaults that no resource answers", `//webapi:defaults methods=GET,POST/archive
package p

//webapi:resource methods=GET
type Note struct{}
`, []string{"1: methods of the package's defaults names POST/archive"}},
		{"separators within elements", `package p

//webapi:resource methods=GET/POST;PUT
type Note struct{}

//webapi:resource methods=[POST/archive]
type Page struct{}
`, []string{`3: unknown operation "GET/POST;PUT" in methods; after the slash`, `6: (write POST/archive) unknown method "[POST/archive]" in methods; commas alone separate methods: write POST/archive`}},
		{"an action of a wrong map that is described twice", `package p

//webapi:resource methods=GET,POST map=GET:read,POST:1
//webapi:describe read Read
//webapi:describe read Again
type Note struct{}
`, []string{`3: action "1" is not a name`, "5: action read is described already"}},
		{"several scopes that cannot be declared", `//webapi:scope é A
//webapi:scope : B
//webapi:scope a C
//webapi:scope a D
package p
`, []string{"1: scope \"é\" is not a scope token", `2: scope ":" has no letter`, "4: scope a is declared already"}},
		{"a scope of a type that nothing requires, declared by the package", `//webapi:scope note:destroy D
package p

//webapi:resource methods=GET,DELETE
//webapi:require DELETE note:read
type Note struct{}
`, nil},
		{"an implied scope that only a rejected line requires", `//webapi:scope admin A
//webapi:implies admin note:write
package p

//webapi:resource methods=GET,POST
//webapi:require POST note:read
//webapi:require GET note:write nothing
type Note struct{}
`, []string{`7: undeclared scope "nothing"`}},
		{"redundant alternatives", `//webapi:scope a A
//webapi:scope b B
//webapi:scope c C
package p

//webapi:resource methods=GET,POST,PUT
//webapi:require GET a
//webapi:require GET a b
//webapi:require GET b
//webapi:require POST a
//webapi:require POST b
//webapi:require POST a b
//webapi:require POST c
//webapi:require POST c b
//webapi:require PUT a
//webapi:require PUT a b
//webapi:require PUT a b
type Note struct{}
`, []string{
			`8: alternative "a and b" of GET has no effect beside "a"`,
			`12: alternative "a and b" of POST has no effect beside "a"`,
			`14: alternative "c and b" of POST has no effect beside "b"`,
			`16: alternative "a and b" of PUT has no effect beside "a"`,
			`17: alternative "a and b" of PUT has no effect beside "a"`,
		}},
		{"as many scopes as a message lists", declared + `package p

//webapi:resource methods=GET
//webapi:require GET nothing
type Note struct{}
`, []string{`23: undeclared scope "nothing"; declared: note:read, s00`}},
		{"a value of acr= that is repeated with its operation", `package p

//webapi:resource methods=GET,DELETE acr=GET:gold,GET:gold,BREW:
type Note struct{}
`, []string{"3: method GET is repeated in acr", `3: unknown method "BREW" in acr`}},
		{"an operation of acr= in another case, with two values", `package p
-- webapi.yaml
version: 1
package: p
resources:
  - {type: Page, declare: true, methods: [GET], acr: {get: [gold, silver]}}
`, []string{`4: (write GET) unknown method "get" in acr`}},
		{"none in capitals", `package p

//webapi:resource methods=NONE
type Note struct{}

//webapi:resource public=NONE
type Page struct{}
`, []string{`3: unknown method "NONE" in methods`, `6: (write none) unknown method "NONE" in public`}},
		{"a map in reverse, in quotes", `package p
-- webapi.yaml
version: 1
package: p
resources:
  - {type: Note, declare: true, map: {read: GET}}
  - {type: Page, declare: true, map: {"read": GET}}
  - {type: Tag, declare: true, map: {read: "GET"}}
`, []string{`4: (write the method first) OPERATION:action expected`, `5: OPERATION:action expected`, `6: OPERATION:action expected`}},
		{"files of two pairs of types", `package p

//webapi:resource name=a
type Note struct{}

//webapi:resource name=b
type note struct{}

//webapi:resource name=c
type Page struct{}

//webapi:resource name=d
type page struct{}
`, []string{"6: file note_webapi.go", "12: file page_webapi.go"}},
		{"a scope name that a type of two builds shares with another", `package p

//webapi:resource name=note
type Page struct{}
-- a_linux.go
package p

//webapi:resource name=note
type Note struct{}
-- a_windows.go
package p

//webapi:resource name=note
type Note struct{}
`, []string{"3: type Note has the scope name note", "3: type Page has the scope name note"}},
		{"a type without a name, and two with the same scopes", `package p

//webapi:resource name=1
type Bad struct{}

//webapi:resource name=note methods=GET format={action}
type Note struct{}

//webapi:resource name=page methods=GET format={action}
type Page struct{}
`, []string{`3: name "1" is not a name`, "9: type Page has the scope read, and so has Note"}},
		{"a scope of a type whose methods are wrong", `package p

//webapi:resource methods=GET,BREW map=BREW:purge
type Page struct{}

//webapi:resource methods=GET
//webapi:require GET page:purge
type Note struct{}
`, []string{`3: unknown method "BREW" in methods`, `3: unknown method "BREW" in map`}},
		{"a type that cannot be a resource in two builds", `package p
-- a_linux.go
package p

type Page interface{}
-- a_windows.go
package p

type Page *int
-- webapi.yaml
version: 1
package: p
resources:
  - {type: Page}
`, []string{"4: type Page cannot be a resource: it is a pointer type", "4: type Page cannot be a resource: it is an interface"}},
		{"guards that types in a circle take over", `package p

//webapi:resource
type Note struct{}

type A struct {
	*B
	Note
}

type B struct{ *A }
`, []string{"8: type A takes over the guard of Note", "11: type B takes over the guard of Note"}},
		{"a type that is made of a resource", `package p

//webapi:resource
type Note struct{}

type T Note

type Page struct{ T }
`, nil},
		{"a type that is an alias of a resource in one build", `package p

//webapi:resource
type Note struct{}

type Page struct{ T }
-- a_linux.go
package p

type T struct{}
-- a_windows.go
package p

type T = Note
`, []string{"6: type Page takes over the guard of Note through T"}},
		{"the least age", "package p\n\n//webapi:resource methods=GET maxage=GET:1s\ntype Note struct{}\n", nil},
		{"no age", "package p\n\n//webapi:resource methods=GET maxage=GET:0s\ntype Note struct{}\n", []string{"3: maxage of GET must be a number of hours"}},
		{"a guard that comes after a type of another package", `package p

import "net/http"

//webapi:resource
type Note struct{}

type Page struct {
	http.Handler
	Note
}
`, []string{"10: type Page takes over the guard of Note"}},
		{"the last letters of the alphabet", "//webapi:scope !a~ S\npackage p\n\n//webapi:resource name=Zz policy=azZ\ntype Note struct{}\n", nil},
		{"a type of a spec that requires the scope of another build", `//webapi:scope x X
package p
-- unix.go
//go:build unix

package p

//webapi:resource methods=GET
type Note struct{}
-- webapi.yaml
version: 1
package: p
resources:
  - {type: Page, declare: true, methods: [GET], require: {GET: [["note:read"]]}}
`, nil},
	}
	for _, tt := range tests {
		got := diagnose(t, tt.src)
		if !slices.EqualFunc(got, tt.want, strings.HasPrefix) {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}
