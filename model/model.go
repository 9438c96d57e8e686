// Package model says what is meant by what was written: it fills in defaults,
// derives names, checks everything and leaves nothing to be checked after it.
package model

import (
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// A Package is what is to be generated for one Go package.
type Package struct {
	Dir       string
	Name      string
	External  bool        // a package of external tests, which has no catalogue
	Resources []*Resource // by name, then type, then output file
	Scopes    []Scope     // declared by the package itself, by value
	Public    []Public    // unguarded on purpose, by name; those of tests are left out
}

// A Public is a type or function that is unguarded on purpose.
type Public struct {
	Name   string // TYPE, FUNCTION or TYPE:METHOD
	Reason string
}

// A Resource is a guard to be generated. A type that is declared in several
// files of different build constraints has one for each of them; they differ
// in File only.
type Resource struct {
	Pos          token.Position // where it is declared
	File         File
	Type         string
	TypeParams   int
	Declare      bool // the type itself is to be declared
	Name         string
	ScopeName    string
	Policy       string
	Key          string
	Description  string
	OAuth2       bool
	APITokens    bool
	Methods      []Method
	Scopes       []Scope // its own, one for each action
	Super        *Super
	Base         string   // what its constants begin with
	ExplicitKeys []string // the keys that the user wrote, in order
}

// A File is where a guard goes.
type File struct {
	Name       string // without the folder
	Constraint string // without "//go:build "
	Test       bool
}

// A Method is an HTTP method that a resource answers.
type Method struct {
	Name      string
	Action    string
	Anonymous bool
	Requires  Requirement
}

// A Scope is a constant to be generated.
type Scope struct {
	ScopeRef
	Pos     token.Position // of a scope that the package declares itself: where
	Action  string         // of a resource's scope
	Methods []string       // of a resource's scope: those whose requirement names it
	Text    string         // for people; may be ""
}

// A Super is the embedded field whose guard must let through as well.
type Super struct {
	Field   string
	Pointer bool
	Base    *Resource // the resource that the field is
}

// Catalogued returns one resource for each type that the catalogue lists.
func (p *Package) Catalogued() []*Resource {
	var list []*Resource
	for _, r := range p.Resources {
		if r.File.Test || len(list) > 0 && list[len(list)-1].Type == r.Type {
			continue
		}
		list = append(list, r)
	}
	return list
}

// HasCatalog reports whether the package has a catalogue.
func (p *Package) HasCatalog() bool {
	return !p.External && (len(p.Scopes) > 0 || slices.ContainsFunc(p.Resources, func(r *Resource) bool { return !r.File.Test }))
}

// Contracted returns the resources of which there can be a contract test.
func (p *Package) Contracted() []*Resource {
	var list []*Resource
	for _, r := range p.Resources {
		if r.HasContract() {
			list = append(list, r)
		}
	}
	return list
}

// Method returns the method of that name, if the resource answers it.
func (r *Resource) Method(name string) (Method, bool) {
	for _, m := range r.Methods {
		if m.Name == name {
			return m, true
		}
	}
	return Method{}, false
}

// Allowed is the answer of a guard that runs the view. Every other answer is
// the code of the denial.
const Allowed = 0

// The codes with which a guard refuses.
const (
	permissionDenied = 101
	notLoggedIn      = 103
	loginFailed      = 104
	missingScope     = 112
	accessDenied     = 113
	methodNotAllowed = 405
)

// A Call is what a guard answers a caller, for each method of the language in
// canonical order.
type Call struct {
	Caller  string // as package webapitest writes it
	Answers []int
}

// HasContract reports whether a contract test can be made for the resource: a
// test can make a value of its type without knowing type arguments.
func (r *Resource) HasContract() bool {
	if r.TypeParams > 0 {
		return false
	}
	for s := r.Super; s != nil; s = s.Base.Super {
		if s.Pointer && s.Base.TypeParams > 0 {
			return false
		}
	}
	return true
}

// Contract returns the file of the contract test of a guard:
// <type>_webapi_contract_test.go, with what binds the guard's file to a
// platform, and <type>_webapi_test_contract_test.go for a type of the tests, of
// which the package itself may have a namesake.
func (f File) Contract() string {
	base := strings.TrimSuffix(strings.TrimSuffix(f.Name, ".go"), "_test")
	end := strings.LastIndex(base, "_webapi") + len("_webapi")
	what := "_contract"
	if f.Test {
		what = "_test_contract"
	}
	return base[:end] + what + base[end:] + "_test.go"
}

// Contract returns what the guard must answer. The OAuth2 tokens settle the
// requirement of each method: no other requirement that names the same scopes
// answers all of them alike.
func (r *Resource) Contract() []Call {
	all := r.named()
	calls := []Call{
		r.answer("no credentials", func(m Method) int {
			if m.Anonymous {
				return Allowed
			}
			return notLoggedIn
		}),
		r.always("WithUnscopedAccess, no token", Allowed),
		r.always("rejected token", loginFailed),
		r.always("rejected session", notLoggedIn),
		r.always("expired token"+with(all), loginFailed),
		r.always("expired session"+with(all), notLoggedIn),
	}
	calls = append(calls, r.apiTokens()...)
	for _, held := range r.holders(all) {
		calls = append(calls, r.answer("token"+with(held), func(m Method) int {
			switch {
			case !r.OAuth2:
				return accessDenied
			case !m.Requires.MetBy(scopeValues(held)):
				return missingScope
			}
			return Allowed
		}))
	}
	return calls
}

// ContractWithoutSuper returns what the guard must answer where the embedded
// pointer to its super is nil: it lets nobody through.
func (r *Resource) ContractWithoutSuper() []Call {
	return []Call{
		r.always("no credentials", permissionDenied),
		r.always("WithUnscopedAccess, no token", permissionDenied),
		r.always("API token, all allowed", permissionDenied),
		r.always("token"+with(r.named()), permissionDenied),
	}
}

// answer returns the call of a caller. A method that the resource does not
// answer is refused whoever calls.
func (r *Resource) answer(caller string, of func(Method) int) Call {
	call := Call{Caller: caller}
	for _, name := range annotations.Methods() {
		answer := methodNotAllowed
		if m, ok := r.Method(name); ok {
			answer = of(m)
		}
		call.Answers = append(call.Answers, answer)
	}
	return call
}

func (r *Resource) always(caller string, answer int) Call {
	return r.answer(caller, func(Method) int { return answer })
}

// apiTokens returns the calls of API tokens. Where they are accepted, the policy
// must allow the resource and each of its supers.
func (r *Resource) apiTokens() []Call {
	if !r.APITokens {
		return []Call{r.always("API token, all allowed", permissionDenied)}
	}
	var ids, keyed []string
	for res := r; res != nil; res = res.base() {
		if !slices.Contains(ids, res.Policy) {
			ids = append(ids, res.Policy)
		}
		if res.Key != "" && !slices.Contains(keyed, res.Policy) {
			keyed = append(keyed, res.Policy)
		}
	}
	calls := []Call{
		r.always("API token, all allowed", Allowed),
		r.always("API token, none allowed", permissionDenied),
		r.always("API token, only "+strings.Join(ids, " "), Allowed),
	}
	for _, id := range ids {
		calls = append(calls, r.always("API token, all but "+id, permissionDenied))
	}
	for _, id := range keyed {
		calls = append(calls, r.always("API token, all but one of "+id, permissionDenied))
	}
	return calls
}

// base returns the super's resource, or nil.
func (r *Resource) base() *Resource {
	if r.Super == nil {
		return nil
	}
	return r.Super.Base
}
