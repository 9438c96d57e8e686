package webapitest

import (
	"fmt"
	"net/http"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// stranger is a scope that no table has.
const stranger webapi.Scope = "webapitest:other"

// request is one cell of the matrix: a token, nil for none, and what the table
// says of it.
type request struct {
	name  string
	token *webapi.Token
	want  answer
}

// requests returns the requests of a rule; all are the scopes of the whole table.
func (t Table) requests(r rule, all []webapi.Scope) []request {
	everything := webapi.MakeScopes(all...)
	list := []request{
		{"no token", nil, r.withoutToken()},
		{"an expired token", expired(everything, false), denied(104)},
		{"an expired session", expired(everything, true), denied(103)},
		{"an API token", apiToken(allowAll()), t.withAPIToken()},
		{"an API token without a policy", apiToken(webapi.Policy{}), denied(101)},
		t.oauth2(r, "another scope", webapi.MakeScopes(stranger)),
		t.oauth2(r, "no scope", webapi.Scopes{}),
		t.oauth2(r, "every scope", webapi.MakeScopes(append(all, stranger)...)),
	}
	if others := without(everything, r.scopes()...); others.Len() > 0 && len(r.alternatives) > 0 {
		list = append(list, t.oauth2(r, "every other scope", others))
	}
	for _, a := range r.alternatives {
		list = append(list, t.oauth2(r, a.String(), a))
		for s := range a.All() {
			if a.Len() > 1 {
				list = append(list, t.oauth2(r, fmt.Sprintf("%s, less %s", a, s), without(a, s)))
			}
			list = append(list, t.oauth2(r, "every scope less "+string(s), without(everything, s)))
		}
	}
	for i := range list {
		if !r.answered {
			list[i].want = answer{status: http.StatusMethodNotAllowed}
		}
	}
	return list
}

func (t Table) oauth2(r rule, name string, scopes webapi.Scopes) request {
	want := allowed
	switch {
	case t.NoOAuth2:
		want = denied(113)
	case !r.met(scopes):
		want = denied(112)
	}
	return request{name, &webapi.Token{Scopes: scopes, NoExpiry: true, Subject: "webapitest"}, want}
}

func (t Table) withAPIToken() answer {
	if t.APITokens {
		return allowed
	}
	return denied(101)
}

func (r rule) withoutToken() answer {
	if r.anonymous {
		return allowed
	}
	return denied(103)
}

// scopes returns the scopes of every alternative.
func (r rule) scopes() (list []webapi.Scope) {
	for _, a := range r.alternatives {
		for s := range a.All() {
			list = append(list, s)
		}
	}
	return list
}

func expired(scopes webapi.Scopes, session bool) *webapi.Token {
	return &webapi.Token{Scopes: scopes, Expires: time.Unix(1, 0), Session: session, Subject: "webapitest"}
}

func apiToken(policy webapi.Policy) *webapi.Token {
	return &webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy, Subject: "webapitest"}
}

// allowAll returns the policy that allows everything.
func allowAll() webapi.Policy {
	policy, _ := webapi.ParsePolicy([]byte(`{}`))
	return policy
}

// without returns the scopes of set except some.
func without(set webapi.Scopes, except ...webapi.Scope) webapi.Scopes {
	gone, kept := webapi.MakeScopes(except...), []webapi.Scope{}
	for s := range set.All() {
		if !gone.Has(s) {
			kept = append(kept, s)
		}
	}
	return webapi.MakeScopes(kept...)
}
