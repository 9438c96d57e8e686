package webapitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

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

// Table says who may do what on some routes, usually those of one resource.
type Table struct {
	// Routes are the methods that are answered. A method that a path is not
	// listed with is expected to be refused with 405; HEAD is answered where
	// GET is, by the same scopes, unless it is listed.
	Routes Routes
	// Anonymous lists the methods that are open to a request without
	// credentials.
	Anonymous []string
	// NoOAuth2 says that no OAuth2 token is accepted (oauth2=deny). The routes
	// then have no scopes.
	NoOAuth2 bool
	// APITokens says that API tokens are accepted (apitokens=allow).
	APITokens bool
	// Request makes the request for a method and a path, for views that want
	// a body or a header. It must not have credentials. Nil means that of
	// [httptest.NewRequest] without a body.
	Request func(method, path string) *http.Request
}

// Routes has the scopes that a route requires, by method and path, such as
// "GET /notes/7". Each string is an alternative: a list of scopes, with a space
// between them, that are all needed.
type Routes map[string][]string

// methods are those that every path is asked for.
var methods = []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

// rule is what the table says of one method of one path.
type rule struct {
	method, path string
	answered     bool
	anonymous    bool
	alternatives []webapi.Scopes
}

// met reports whether held meets an alternative.
func (r rule) met(held webapi.Scopes) bool {
	return slices.ContainsFunc(r.alternatives, func(a webapi.Scopes) bool {
		for s := range a.All() {
			if !held.Has(s) {
				return false
			}
		}
		return a.Len() > 0
	})
}

// rules returns the rules of every method of every path of the table, in
// order. The error says what of the table is malformed.
func (t Table) rules() ([]rule, error) {
	listed := map[string]map[string]rule{} // by path, by method
	for route, alternatives := range t.Routes {
		method, path, ok := strings.Cut(route, " ")
		if !ok || !slices.Contains(methods, method) || !strings.HasPrefix(path, "/") {
			return nil, fmt.Errorf("route %q: want a method and a path, such as %q", route, "GET /notes/7")
		}
		r := rule{method: method, path: path, answered: true, anonymous: slices.Contains(t.Anonymous, method)}
		for _, list := range alternatives {
			scopes, err := webapi.ParseScopes(list)
			if err != nil || scopes.Len() == 0 {
				return nil, fmt.Errorf("route %q: %q is no list of scopes", route, list)
			}
			r.alternatives = append(r.alternatives, scopes)
		}
		if t.NoOAuth2 != (len(r.alternatives) == 0) {
			return nil, fmt.Errorf("route %q: want scopes, or NoOAuth2 and none", route)
		}
		if listed[path] == nil {
			listed[path] = map[string]rule{}
		}
		listed[path][method] = r
	}
	if len(listed) == 0 {
		return nil, errors.New("no routes")
	}
	for _, method := range t.Anonymous {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(t.Routes)), func(route string) bool { return strings.HasPrefix(route, method+" ") }) {
			return nil, fmt.Errorf("%q is anonymous, but no route has that method", method)
		}
	}
	return everyMethod(listed), nil
}

// everyMethod adds the methods that are not listed: HEAD as GET, others as not
// answered.
func everyMethod(listed map[string]map[string]rule) []rule {
	var all []rule
	for _, path := range slices.Sorted(maps.Keys(listed)) {
		for _, method := range methods {
			r, ok := listed[path][method]
			if get, answered := listed[path]["GET"]; !ok && method == "HEAD" && answered {
				r = get
			}
			r.method, r.path = method, path
			all = append(all, r)
		}
	}
	return all
}

// answer is what a server said, or is to say: let through, or an error with a
// status and a code. The zero value is let through.
type answer struct {
	status int
	code   int  // err.code of the body; 0 if there is none
	panics bool // the view did
}

var allowed = answer{}

// denied returns the answer with a code of Djblets.
func denied(code int) answer {
	status := http.StatusForbidden
	if code == 103 || code == 104 {
		status = http.StatusUnauthorized
	}
	return answer{status: status, code: code}
}

// ask returns the answer of handler to r.
func ask(handler http.Handler, r *http.Request) (got answer) {
	w := httptest.NewRecorder()
	defer func() {
		if recover() != nil {
			got = answer{panics: true}
		}
	}()
	handler.ServeHTTP(w, r)
	got.status = w.Code
	var body struct {
		Err  struct{ Code int }
		Code int // of a problem
	}
	if json.Unmarshal(w.Body.Bytes(), &body) == nil {
		got.code = max(body.Err.Code, body.Code)
	}
	return got
}

// is reports whether got is the answer a that the table wants. A view that is
// let through may answer anything that a guard does not. Nobody answers HEAD
// with a body, and a router answers 405 with a body of its own.
func (a answer) is(got answer, method string) bool {
	switch {
	case a == allowed:
		return !got.denies() && !got.panics && got.status < 500
	case method == http.MethodHead || a.status == http.StatusMethodNotAllowed:
		return got.status == a.status
	}
	return got == a
}

// denies reports whether a guard gives such an answer.
func (a answer) denies() bool {
	return a.status == http.StatusUnauthorized || a.status == http.StatusForbidden || a.status == http.StatusMethodNotAllowed
}

func (a answer) String() string {
	switch {
	case a.panics:
		return "panic"
	case a == allowed:
		return "let through"
	case a.code != 0 && a.code != a.status:
		return fmt.Sprintf("%d, code %d", a.status, a.code)
	}
	return fmt.Sprint(a.status)
}

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
