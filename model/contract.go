package model

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// Allowed is the answer of a guard that runs the view. Every other answer is
// the code of the denial.
const Allowed = 0

// The codes of denials, as in the runtime.
const (
	permissionDenied = 101
	notLoggedIn      = 103
	loginFailed      = 104
	missingScope     = 112
	accessDenied     = 113
	otherLogin       = 401
	methodNotAllowed = 405
)

// A Call is a row of a contract test: the answers of a guard to a caller, one for
// each of [Resource.ContractMethods].
type Call struct {
	Caller  string // as package webapitest parses it
	Answers []int
}

// Contracted returns the resources that can have a contract test.
func (p *Package) Contracted() []*Resource {
	return slices.DeleteFunc(slices.Clone(p.Resources), func(r *Resource) bool { return !r.hasContract() })
}

// ContractMethods returns the methods of the contract test: all of [annotations.Methods], and
// the named operations.
func (r *Resource) ContractMethods() []string {
	methods := annotations.Methods()
	for _, m := range r.Operations() {
		methods = append(methods, m.Name)
	}
	return methods
}

// hasContract reports whether a test can make a value of the resource and its
// supers without knowing type arguments.
func (r *Resource) hasContract() bool {
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

// ContractTest is the prefix of the names of contract tests.
const ContractTest = "TestWebAPIContract_"

// Contract returns the name of the contract test of a guard:
// <type>_webapi_contract_test.go, or <type>_webapi_test_contract_test.go for a
// type of a test file, since the package may declare a type whose file would have
// the same name. The platform suffix of the guard's file is kept.
func (f File) Contract() string {
	base := strings.TrimSuffix(strings.TrimSuffix(f.Name, ".go"), "_test")
	end := strings.LastIndex(base, "_webapi") + len("_webapi")
	what := "_contract"
	if f.Test {
		what = "_test_contract"
	}
	return base[:end] + what + base[end:] + "_test.go"
}

// Contract returns the answers that the guard must give. The rows of OAuth2
// tokens determine the requirement of each method, unless it has many
// alternatives: no other requirement of the same scopes gives all of the answers.
func (r *Resource) Contract() []Call {
	all := r.namedScopes()
	calls := []Call{
		r.answer("no credentials", func(m Method) int {
			if m.Public || m.Anonymous {
				return Allowed
			}
			return notLoggedIn
		}),
		r.unscoped(Login{}),
		r.always("rejected token", loginFailed),
		r.always("rejected session", notLoggedIn),
		r.always("expired token"+with(all), loginFailed),
		r.always("expired session"+with(all), notLoggedIn),
	}
	calls = append(calls, r.apiTokens()...)
	requirements := make([]Requirement, len(r.Methods))
	number := map[string]int{}
	for i, m := range r.Methods {
		requirements[i], number[m.Name] = m.Requires, i
	}
	index := NewIndex(requirements)
	token := func(held []ScopeRef, l Login) {
		met := map[int]bool{}
		for i := range index.MetBy(scopeValues(held)) {
			met[i] = true
		}
		calls = append(calls, r.answer("token"+l.words()+with(held), func(m Method) int {
			switch {
			case m.Public:
				return Allowed
			case !r.OAuth2:
				return accessDenied
			case !m.Authenticated && !met[number[m.Name]]:
				return missingScope
			case !m.StepUp.Accepts(l):
				return otherLogin
			}
			return Allowed
		}))
	}
	for _, held := range r.tokenScopes(all) {
		token(held, Login{})
	}
	logins, sessions := r.logins()
	for _, l := range logins {
		token(all, l)
	}
	if len(logins) > 0 && len(all) > 0 {
		token(nil, logins[0])
	}
	for _, l := range sessions {
		calls = append(calls, r.unscoped(l))
	}
	return calls
}

// unscoped returns the row of a login without a token.
func (r *Resource) unscoped(l Login) Call {
	return r.answer("WithUnscopedAccess"+l.words()+", no token", func(m Method) int {
		if !m.StepUp.Accepts(l) {
			return otherLogin
		}
		return Allowed
	})
}

// ContractWithoutSuper returns the answers that the guard must give if the
// embedded pointer to its super is nil: it denies all.
func (r *Resource) ContractWithoutSuper() []Call {
	denied := func(Method) int { return permissionDenied }
	return []Call{
		r.answer("no credentials", denied),
		r.answer("WithUnscopedAccess, no token", denied),
		r.answer("API token, all allowed", denied),
		r.answer("token"+with(r.namedScopes()), denied),
	}
}

// answer returns the row of a caller. A method that the resource does not answer
// is denied to all callers.
func (r *Resource) answer(caller string, of func(Method) int) Call {
	call := Call{Caller: caller}
	for _, name := range r.ContractMethods() {
		answer := methodNotAllowed
		if m, ok := r.Method(name); ok {
			answer = of(m)
		}
		call.Answers = append(call.Answers, answer)
	}
	return call
}

// always returns the row of a caller who gets the same answer to all operations, apart from
// public ones.
func (r *Resource) always(caller string, answer int) Call {
	return r.answer(caller, func(m Method) int {
		if m.Public {
			return Allowed
		}
		return answer
	})
}

// apiTokens returns the rows of API tokens. If the resource accepts them, their
// policy must allow the resource and each of its supers.
func (r *Resource) apiTokens() []Call {
	if !r.APITokens {
		return []Call{r.always("API token, all allowed", permissionDenied)}
	}
	var ids, keyed []string // policy IDs: all, and those of resources with a key
	add := func(r *Resource) {
		if !slices.Contains(ids, r.Policy) {
			ids = append(ids, r.Policy)
		}
		if r.Key != "" && !slices.Contains(keyed, r.Policy) {
			keyed = append(keyed, r.Policy)
		}
	}
	add(r)
	for s := r.Super; s != nil; s = s.Base.Super {
		add(s.Base)
	}
	calls := []Call{
		r.apiToken("all allowed"),
		r.always("API token, none allowed", permissionDenied),
		r.apiToken("only " + strings.Join(ids, " ")),
	}
	for _, id := range ids {
		calls = append(calls, r.always("API token, all but "+id, permissionDenied))
	}
	for _, id := range keyed {
		calls = append(calls, r.always("API token, all but one of "+id, permissionDenied), r.apiToken("only one of "+id))
	}
	return calls
}

// apiToken returns the row of an API token whose policy allows everything that is asked
// for.
func (r *Resource) apiToken(policy string) Call {
	return r.answer("API token, "+policy, func(m Method) int {
		if m.StepUp.Needed() {
			return permissionDenied
		}
		return Allowed
	})
}

// namedScopes returns the scopes of the resource and those that it requires.
func (r *Resource) namedScopes() []ScopeRef {
	var all []ScopeRef
	for _, s := range r.Scopes {
		all = append(all, s.ScopeRef)
	}
	known := map[ScopeRef]bool{}
	for _, s := range all {
		known[s] = true
	}
	for _, m := range r.Methods {
		for _, s := range slices.Concat(m.Requires...) {
			if !known[s] {
				known[s] = true
				all = append(all, s)
			}
		}
	}
	return all
}

// tokenScopes returns the scopes of the tokens of a contract test, from all scopes
// that the resource names. To tell its requirements from all others, it has each
// alternative, and each largest set that meets none. For the reader it has the
// empty set, each scope alone, each alternative less each of its first scopes, and
// all scopes.
func (r *Resource) tokenScopes(all []ScopeRef) [][]ScopeRef {
	rank := map[ScopeRef]int{}
	for i, s := range all {
		rank[s] = i
	}
	byRank := func(s, t ScopeRef) int { return cmp.Compare(rank[s], rank[t]) }
	var list [][]ScopeRef
	known := map[string]bool{}
	add := func(held ...ScopeRef) {
		slices.SortFunc(held, byRank)
		if key := fmt.Sprint(held); !known[key] {
			known[key] = true
			list = append(list, held)
		}
	}
	add()
	for _, one := range all {
		add(one)
	}
	for _, group := range r.Grouped() {
		for _, required := range group.Requires {
			add(slices.Clone(required)...)
			for i := range required[:min(len(required), maxAlternatives)] {
				add(slices.Concat(required[:i], required[i+1:])...)
			}
		}
		for _, lacking := range group.Requires.blockers() {
			add(slices.DeleteFunc(slices.Clone(all), func(s ScopeRef) bool { return slices.Contains(lacking, s) })...)
		}
	}
	add(slices.Clone(all)...)
	slices.SortStableFunc(list, func(a, b []ScopeRef) int {
		return cmp.Or(cmp.Compare(len(a), len(b)), slices.CompareFunc(a, b, byRank))
	})
	return list
}

// blockers returns the minimal sets of scopes such that a token without one of
// the sets does not meet q. It returns none if there are more than
// maxAlternatives, or q has more.
func (q Requirement) blockers() Requirement {
	if len(q) > maxAlternatives {
		return nil
	}
	sets := Requirement{nil}
	for _, required := range q {
		if len(sets)*len(required) > maxAlternatives*maxAlternatives {
			return nil
		}
		var next Requirement
		for _, lacking := range sets {
			if slices.ContainsFunc(required, func(s ScopeRef) bool { return slices.Contains(lacking, s) }) {
				next = append(next, lacking)
				continue
			}
			for _, s := range required {
				next = append(next, append(slices.Clone(lacking), s))
			}
		}
		if sets = next.minimal(); len(sets) > maxAlternatives {
			return nil
		}
	}
	return sets
}

// with returns the scopes of a token as package webapitest parses them.
func with(held []ScopeRef) string {
	if len(held) == 0 {
		return " without scopes"
	}
	return " with " + strings.Join(scopeValues(held), " ")
}
