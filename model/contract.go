package model

import (
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// LetThrough is the answer of a guard that runs the view. Every other answer is
// the code with which it refuses.
const LetThrough = 0

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
				return LetThrough
			}
			return notLoggedIn
		}),
		r.always("WithUnscopedAccess, no token", LetThrough),
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
			case !m.Requires.metBy(held):
				return missingScope
			}
			return LetThrough
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
		r.always("API token, all allowed", LetThrough),
		r.always("API token, none allowed", permissionDenied),
		r.always("API token, only "+strings.Join(ids, " "), LetThrough),
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
