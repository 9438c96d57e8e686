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

// Run sends requests to handler for every route of the table with each kind of
// token: none, an expired one, an expired session, API tokens, and OAuth2 tokens
// with another scope, with each alternative, with each alternative without one of
// its scopes, and with all scopes but one. For a route in Table.StepUp they have a login
// that suffices, and there are tokens without one and with one that does not. It also
// sends the methods that the table does not list. It reports all responses that differ from the table as one
// error of t.
//
// Run puts the token into the request's context with [webapi.WithToken]. The
// handler may include [webapi.Config.Middleware]. The views run. A view may respond
// with any status but 401, 403, 405 and 5xx, and must not panic. Where a response is
// not in one of the forms of [webapi.WriteError], its status alone counts.
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

	var differ report
	sent := 0
	for _, rule := range rules {
		for _, req := range table.requests(rule, all) {
			sent++
			got := send(handler, table.newRequest(rule, req.token))
			if !req.want.is(got, rule.method) {
				differ.add("%s %s\twith %s\twant %s\tgot %s", rule.method, rule.path, req.name, req.want, got)
			}
		}
	}
	if len(differ) > 0 {
		t.Errorf("%d of %d requests differ from the table:\n%s", len(differ), sent, differ)
	}
}

// report is the lines of an error, with tabs between columns.
type report []string

func (r *report) add(format string, args ...any) { *r = append(*r, fmt.Sprintf(format, args...)) }

// String returns the lines with aligned columns.
func (r report) String() string {
	var b strings.Builder
	lines := tabwriter.NewWriter(&b, 0, 8, 2, ' ', 0)
	for _, line := range r {
		_, _ = fmt.Fprintf(lines, "  %s\n", line)
	}
	_ = lines.Flush() // a strings.Builder returns no error
	return b.String()
}

// Token returns an OAuth2 token that never expires. It has the scopes of the first
// alternative that method of res requires, which may be a [webapi.Operation], and those of
// its Supers, and has a login of now with an acr value that they accept, the first of res.
// If no OAuth2 token may call the method, Token calls t.Fatalf.
func Token(t testing.TB, res webapi.Resource, method string) webapi.Token {
	t.Helper()
	var scopes []webapi.Scope
	var acrs []string // that all accept; any if there is none
	for r, depth := res, 0; r != nil; r, depth = r.AccessRules().Super, depth+1 {
		required, answered := r.RequiredScopes(method)
		if of, _, named := strings.Cut(method, "/"); named && !answered && r != res { // a Super
			method = of
			required, answered = r.RequiredScopes(method)
		}
		if accepted := acrsOf(r, method); len(acrs) == 0 {
			acrs = accepted
		} else if len(accepted) > 0 {
			acrs = slices.DeleteFunc(acrs, func(acr string) bool { return !slices.Contains(accepted, acr) })
		}
		alternatives := required.Alternatives()
		if len(alternatives) == 0 && answered && open(r, method) {
			continue
		}
		if len(alternatives) == 0 || !r.AccessRules().OAuth2 || depth > maxSuper {
			t.Fatalf("webapitest: no OAuth2 token may call %s of %s", method, res.AccessRules().Name)
			return webapi.Token{}
		}
		scopes = append(scopes, alternatives[0]...)
	}
	token := oauth2(webapi.MakeScopes(scopes...))
	if token.AuthTime = time.Now(); len(acrs) > 0 {
		token.ACR = acrs[0]
	}
	return token
}

// acrsOf returns the acr values that a method accepts, none if any will do.
func acrsOf(res webapi.Resource, method string) []string {
	if stepUp := res.AccessRules().StepUp; stepUp != nil {
		return strings.Fields(stepUp(method).ACR)
	}
	return nil
}

// maxSuper is the maximum length of a chain of Supers, as in package webapi.
const maxSuper = 32

// WithToken returns a copy of r with token in its context.
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

// Table is the required access to some routes, usually those of one resource.
type Table struct {
	// Routes are the routes with their scopes. For any other method of their
	// paths, the response must have status 405. HEAD has the scopes of GET,
	// unless it is listed.
	Routes Routes
	// Public lists further routes that everybody may call, and Authenticated those that
	// every OAuth2 token may call, such as "GET /me".
	Public, Authenticated []string
	// Anonymous lists the methods that a request without credentials may call.
	Anonymous []string
	// StepUp has what routes need of the user's login, such as "DELETE /notes/7".
	StepUp map[string]webapi.StepUp
	// NoOAuth2 means that OAuth2 tokens are denied (oauth2=deny). The routes then
	// have no scopes, and none is in Authenticated.
	NoOAuth2 bool
	// APITokens means that API tokens are accepted (apitokens=allow).
	APITokens bool
	// Request returns a request without credentials, for views that need a body
	// or a header. If it is nil, [httptest.NewRequest] is used, without a body.
	Request func(method, path string) *http.Request
}

// Routes are the required scopes of routes, by method and path, such as
// "GET /notes/7". Each string is an alternative: a list of scopes that are all
// needed, with spaces between them.
type Routes map[string][]string

// methods are the methods that Run sends for each path.
var methods = []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

// rule is the required access to a method of a path.
type rule struct {
	method, path string
	answered     bool
	anonymous    bool
	public       bool
	anyToken     bool // it is authenticated
	stepUp       webapi.StepUp
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

// rules returns the rules of all methods of all paths of the table, in order. A
// malformed table is an error.
func (t Table) rules() ([]rule, error) {
	listed := map[string]map[string]rule{} // by path, by method
	add := func(route string, r rule) error {
		var ok bool
		r.method, r.path, ok = strings.Cut(route, " ")
		if !ok || !slices.Contains(methods, r.method) || !strings.HasPrefix(r.path, "/") {
			return fmt.Errorf("route %q: want a method and a path, such as %q", route, "GET /notes/7")
		}
		if _, twice := listed[r.path][r.method]; twice {
			return fmt.Errorf("route %q is listed twice", route)
		}
		if listed[r.path] == nil {
			listed[r.path] = map[string]rule{}
		}
		r.answered, r.anonymous, r.stepUp = true, slices.Contains(t.Anonymous, r.method), t.StepUp[route]
		listed[r.path][r.method] = r
		return nil
	}
	for route, alternatives := range t.Routes {
		var r rule
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
		if err := add(route, r); err != nil {
			return nil, err
		}
	}
	for _, route := range t.Public {
		if err := add(route, rule{public: true}); err != nil {
			return nil, err
		}
	}
	for _, route := range t.Authenticated {
		if t.NoOAuth2 {
			return nil, fmt.Errorf("route %q is in Authenticated, in spite of NoOAuth2", route)
		}
		if err := add(route, rule{anyToken: true}); err != nil {
			return nil, err
		}
	}
	for route, stepUp := range t.StepUp {
		method, path, _ := strings.Cut(route, " ")
		if r := listed[path][method]; !r.answered || r.public || r.anonymous || stepUp == (webapi.StepUp{}) {
			return nil, fmt.Errorf("route %q is in StepUp; want one that is listed and needs a token, and something that it needs", route)
		}
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

// everyMethod returns the listed rules and those of all other methods: HEAD as GET,
// others as not answered.
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

// answer is a response, or a required one. The zero value requires that the view
// runs.
type answer struct {
	status int
	code   int  // err.code of the body, 0 if there is none
	panics bool // the view panicked
}

var allowed = answer{}

// denied returns the answer with a code of [webapi.Error].
func denied(code int) answer {
	status := http.StatusForbidden
	switch code {
	case 103, 104, 401:
		status = http.StatusUnauthorized
	case http.StatusMethodNotAllowed:
		status = code
	}
	return answer{status: status, code: code}
}

// send returns the answer of handler to r.
func send(handler http.Handler, r *http.Request) (got answer) {
	w := httptest.NewRecorder()
	defer func() {
		if recover() != nil {
			got = answer{panics: true}
		}
	}()
	handler.ServeHTTP(w, r)
	got.status = w.Code
	var body struct {
		Stat string
		Err  struct{ Code int }
		Code int // of a problem
	}
	switch err := json.Unmarshal(w.Body.Bytes(), &body); {
	case err != nil:
	case body.Stat == "fail":
		got.code = body.Err.Code
	case w.Header().Get("Content-Type") == "application/problem+json":
		got.code = body.Code
	}
	return got
}

// is reports whether got is the required answer a. A view may respond with any
// status that a guard does not use. The response to HEAD has no body, a router has its
// own body for 405, and a framework or Config.WriteError has one for every error.
func (a answer) is(got answer, method string) bool {
	switch {
	case a == allowed:
		return !got.denies() && !got.panics && got.status < 500
	case method == http.MethodHead || a.status == http.StatusMethodNotAllowed:
		return got.status == a.status
	}
	return got == a || got == answer{status: a.status}
}

// denies reports whether the status is one that a guard uses.
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

// otherScope is a scope that no table has.
const otherScope webapi.Scope = "webapitest:other"

// request is a request for a rule.
type request struct {
	name  string
	token *webapi.Token // nil for none
	want  answer
}

// requests returns the requests for a rule. all is the scopes of the table.
func (t Table) requests(r rule, all []webapi.Scope) []request {
	everything := webapi.MakeScopes(all...)
	list := []request{
		{"no token", nil, r.withoutToken()},
		{"an expired token", pointer(expired(everything, false)), denied(104)},
		{"an expired session", pointer(expired(everything, true)), denied(103)},
		{"an API token", pointer(apiToken(allowAll())), t.withAPIToken(r)},
		{"an API token without a policy", pointer(apiToken(webapi.Policy{})), denied(101)},
		t.oauth2(r, "another scope", webapi.MakeScopes(otherScope)),
		t.oauth2(r, "no scope", webapi.Scopes{}),
		t.oauth2(r, "every scope", webapi.MakeScopes(append(all, otherScope)...)),
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
	if r.stepUp != (webapi.StepUp{}) {
		for i := range list {
			if token := list[i].token; token != nil {
				token.AuthTime = time.Now()
				token.ACR, _, _ = strings.Cut(r.stepUp.ACR, " ")
			}
		}
		list = append(list, t.logins(r, everything)...)
	}
	for i := range list {
		switch {
		case !r.answered:
			list[i].want = answer{status: http.StatusMethodNotAllowed}
		case r.public:
			list[i].want = allowed
		}
	}
	return list
}

func (t Table) oauth2(r rule, name string, scopes webapi.Scopes) request {
	want := allowed
	switch {
	case t.NoOAuth2:
		want = denied(113)
	case !r.met(scopes) && !r.anyToken:
		want = denied(112)
	}
	return request{name, pointer(oauth2(scopes)), want}
}

// logins returns the requests with logins for a rule that needs one, with every scope.
func (t Table) logins(r rule, everything webapi.Scopes) []request {
	add := func(name, acr string, at time.Time, want int) request {
		req := t.oauth2(r, "every scope, "+name, everything)
		if req.token.ACR, req.token.AuthTime = acr, at; req.want == allowed && want != 0 {
			req.want = denied(want)
		}
		return req
	}
	list := []request{add("no login", "", time.Time{}, 401)}
	acrs := append(strings.Fields(r.stepUp.ACR), "")
	if acrs[0] != "" {
		list = append(list, add("no acr", "", time.Now(), 401))
		for _, acr := range acrs[1 : len(acrs)-1] {
			list = append(list, add("acr "+acr, acr, time.Now(), 0))
		}
	}
	if r.stepUp.MaxAge > 0 {
		list = append(list, add("a login that is too old", acrs[0], time.Now().Add(-r.stepUp.MaxAge-time.Second), 401))
	}
	return list
}

func (t Table) withAPIToken(r rule) answer {
	if t.APITokens && r.stepUp == (webapi.StepUp{}) {
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

func oauth2(scopes webapi.Scopes) webapi.Token {
	return webapi.Token{Scopes: scopes, NoExpiry: true, Subject: "webapitest"}
}

func expired(scopes webapi.Scopes, session bool) webapi.Token {
	return webapi.Token{Scopes: scopes, Expires: time.Unix(1, 0), Session: session, Subject: "webapitest"}
}

func apiToken(policy webapi.Policy) webapi.Token {
	return webapi.Token{Kind: webapi.APIToken, NoExpiry: true, Policy: policy, Subject: "webapitest"}
}

func pointer(token webapi.Token) *webapi.Token { return &token }

// allowAll returns the policy that allows everything.
func allowAll() webapi.Policy {
	policy, _ := webapi.ParsePolicy([]byte(`{}`))
	return policy
}

// without returns the scopes of set except some.
func without(set webapi.Scopes, except ...webapi.Scope) webapi.Scopes {
	rest := slices.Collect(set.All())
	return webapi.MakeScopes(slices.DeleteFunc(rest, func(s webapi.Scope) bool { return slices.Contains(except, s) })...)
}
