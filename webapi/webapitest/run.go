package webapitest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Run sends every route of the table to handler with every kind of token: none,
// an expired one, that of an expired session, API tokens, and OAuth2 tokens with
// another scope, with each alternative, with each less one of its scopes, and
// with everything but one scope. Methods that are not listed are sent as well.
// What differs from the table is one error of t, as a small table.
//
// The token is put into the request's context by [webapi.WithToken]; the handler
// may have [webapi.Config.Middleware] in front or not. A view that is let through
// does run. It may answer anything but 401, 403, 405 and 5xx, and must not panic.
func Run(t testing.TB, handler http.Handler, table Table) {
	t.Helper()
	rules, err := table.rules()
	if err != nil {
		t.Fatalf("webapitest: %v", err)
		return
	}
	var all []webapi.Scope
	for _, r := range rules {
		all = append(all, r.scopes()...)
	}
	all = slices.Compact(slices.Sorted(slices.Values(all)))

	var report strings.Builder
	lines := tabwriter.NewWriter(&report, 0, 8, 2, ' ', 0)
	differ, asked := 0, 0
	for _, rule := range rules {
		for _, req := range table.requests(rule, all) {
			asked++
			got := ask(handler, table.newRequest(rule, req.token))
			if !req.want.is(got, rule.method) {
				differ++
				_, _ = fmt.Fprintf(lines, "  %s %s\twith %s\twant %s\tgot %s\n", rule.method, rule.path, req.name, req.want, got)
			}
		}
	}
	_ = lines.Flush() // into memory
	if differ > 0 {
		t.Errorf("%d of %d requests differ from the table:\n%s", differ, asked, &report)
	}
}

// Token returns an OAuth2 token that never expires and has the scopes of the
// first alternative of what method of res requires, and of its Supers. It stops
// the test if there is no such token.
func Token(t testing.TB, res webapi.Resource, method string) webapi.Token {
	t.Helper()
	var scopes []webapi.Scope
	for r, depth := res, 0; r != nil; r, depth = r.AccessRules().Super, depth+1 {
		required, _ := r.RequiredScopes(method)
		alternatives := required.Alternatives()
		if len(alternatives) == 0 || !r.AccessRules().OAuth2 || depth > maxSuper {
			t.Fatalf("webapitest: no OAuth2 token may call %s of %s", method, res.AccessRules().Name)
			return webapi.Token{}
		}
		scopes = append(scopes, alternatives[0]...)
	}
	return webapi.Token{Scopes: webapi.MakeScopes(scopes...), NoExpiry: true, Subject: "webapitest"}
}

// maxSuper is how many Supers a guard looks behind.
const maxSuper = 32

// WithToken returns r with token as that of the request.
func WithToken(r *http.Request, token webapi.Token) *http.Request {
	return r.WithContext(webapi.WithToken(r.Context(), token))
}

func (t Table) newRequest(rule rule, token *webapi.Token) *http.Request {
	var r *http.Request
	if t.Request != nil {
		r = t.Request(rule.method, rule.path)
	} else {
		r = httptest.NewRequest(rule.method, rule.path, nil)
	}
	if token != nil {
		r = WithToken(r, *token)
	}
	return r
}
