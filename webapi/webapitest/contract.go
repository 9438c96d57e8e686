package webapitest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Expect is the contract of a resource: the required answers of its guard.
// webapi-gen --tests generates one for each resource from the declaration.
type Expect struct {
	// Rules is the required result of AccessRules.
	Rules webapi.AccessRules
	// Calls is a table. The first line has the methods and named operations, such as
	// POST/archive, and then the word caller.
	// Each other line has the answer to each method and then the caller. The
	// answer is yes if the view must run, else the code of the [webapi.Error].
	// The callers are
	//
	//	no credentials
	//	WithUnscopedAccess, no token     a login without a token; or with words about it
	//	rejected token                   one that its verifier rejects
	//	rejected session                 one whose token has been deleted
	//	token with SCOPE ...             an OAuth2 token; or "without scopes"
	//	expired token with SCOPE ...     or "without scopes"
	//	expired session with SCOPE ...   or "without scopes"
	//	API token, all allowed           by its policy
	//	API token, none allowed
	//	API token, only ID ...           the resources with these policy IDs
	//	API token, all but ID
	//	API token, all but one of ID     the object of the request
	//	API token, only one of ID        the same; other resources are allowed
	//
	// After the first word, a caller may have words about the login of its user: acr=VALUE,
	// and login=AGE for one that old, such as login=5m. By a token without them nobody has
	// logged in. For example
	//
	//	token, acr=gold, login=5m with note:destroy
	//	WithUnscopedAccess, login=5m, no token
	Calls []string
}

// Contract makes every call of the table and reports all wrong answers as one error
// of t. CallMethodView of res must call the view once and return its error, or
// not call it and return the *[webapi.Error]. [webapi.Decide] must give the same
// answer, and so must RequiredScopes if an OAuth2 token is allowed or lacks a
// scope. The ID of the object is 7, for the Key of res and of each of its Supers.
//
// Contract makes each call with several requests: with a method that no resource
// answers, since the guard must use the method that it is given; with the method
// of the call, as in a server; without path values; and for the collection, as
// behind [webapi.HandleList]. The table has no answers for API tokens in the
// latter two, since their policy is for the object: there CallMethodView must give
// the answer of [webapi.Decide].
//
// The requests for a named operation have its method, and HEAD as well if that is GET.
// With any other method the answer must be 405. The operation GET/list is always called
// for the collection.
//
// Contract also calls methods that the table does not have, for which the answer
// must be 405: those of the IANA registry, some others, and words that are not a
// method. It reports a requirement with a scope that no token of the table has.
//
// The requests differ in nothing else. Contract cannot find a mistake of a guard
// that depends on a header, the query, the path, the body, the subject of the
// token, or any other method.
func Contract(t testing.TB, res webapi.Resource, want Expect) {
	t.Helper()
	table, err := readContract(want.Calls)
	if err != nil {
		t.Fatalf("webapitest: %v", err)
		return
	}
	var r report
	r.compareRules(res.AccessRules(), want.Rules)
	r.compareScopes(table, res)
	for _, c := range table.calls {
		for _, v := range variants {
			if !v.appliesTo(c.method) {
				continue
			}
			if want, got := c.ask(res, v); got != want {
				r.add("%q\tby %s%s\twant %s\tgot %s", c.method, c.caller.name, v.name, want, got)
				break // the other variants would repeat it
			}
		}
	}
	if len(r) > 0 {
		t.Errorf("%T breaks its contract (%d calls were made):\n%s", res, len(table.calls), r)
	}
}

// compareRules reports the fields that differ.
func (r *report) compareRules(got, want webapi.AccessRules) {
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for _, field := range reflect.VisibleFields(g.Type()) {
		if field.Type.Kind() == reflect.Func {
			continue // StepUp, which the calls show
		}
		if a, b := g.FieldByIndex(field.Index).Interface(), w.FieldByIndex(field.Index).Interface(); a != b {
			r.add("AccessRules\t%s\twant %s\tgot %s", field.Name, ruleText(b), ruleText(a))
		}
	}
}

// ruleText returns the text of a rule's value. That of a Super is its type and address.
func ruleText(v any) string {
	if _, ok := v.(webapi.Resource); ok {
		return fmt.Sprintf("(%T)(%[1]p)", v)
	}
	return fmt.Sprintf("%#v", v)
}

// compareScopes reports the scopes in requirements of res that no token has.
func (r *report) compareScopes(table contract, res webapi.Resource) {
	for _, method := range table.methods {
		required, _ := res.RequiredScopes(method)
		for _, s := range slices.Concat(required.Alternatives()...) {
			if !table.scopes[s] {
				r.add("%q\trequires %s\twhich the table does not have", method, s)
			}
		}
	}
}

// answerOf returns the answer of a guard that called the view ran times and
// returned err.
func answerOf(err error, ran int) string {
	var e *webapi.Error
	switch {
	case ran == 1 && errors.Is(err, errView):
		return yes
	case ran > 0:
		return fmt.Sprintf("the view %d times, then %v", ran, err)
	case !errors.As(err, &e):
		return fmt.Sprintf("%v without the view", err)
	case e.Status != denied(e.Code).status:
		return fmt.Sprintf("%d with status %d", e.Code, e.Status)
	}
	return strconv.Itoa(e.Code)
}

// A variant is a kind of request with which each call is made.
type variant struct {
	name   string // in the report
	served bool   // the request has the method of the call
	object bool   // the request is for an object and has path values
	list   bool   // the request is for the collection and has path values, of a parent
	head   bool   // the request is a HEAD request, for an operation of GET
	other  bool   // the request has another method than that of the operation
}

var variants = []variant{
	{object: true},
	{name: ", as a request of that method", served: true, object: true},
	{name: ", without a path value", served: true},
	{name: ", of the collection", served: true, list: true},
	{name: ", as a request of HEAD", object: true, head: true},
	{name: ", as a request of another method", object: true, other: true},
}

// appliesTo reports whether a method or an operation is called with requests of kind v.
func (v variant) appliesTo(method string) bool {
	of, _, named := strings.Cut(method, "/")
	return !v.head && !v.other || named && (v.other || of == http.MethodGet)
}

// listOperation is the operation that is of the collection, as in package webapi.
const listOperation = "GET/list"

// errView is the error of the view.
var errView = errors.New("webapitest: the view")

// ask makes the call. It returns the required answer and the answer of res, which
// may be a text about what is wrong with it.
func (c contractCall) ask(res webapi.Resource, v variant) (want, got string) {
	if c.method == listOperation {
		v.object, v.list = false, true
	}
	r := c.request(res, v)
	ran := 0
	err := res.CallMethodView(httptest.NewRecorder(), r, c.method, func(http.ResponseWriter, *http.Request) error {
		ran++
		return errView
	})
	id := ""
	if v.object && res.AccessRules().Key != "" {
		id = object
	}
	got, decided := answerOf(err, ran), yes
	if v.other { // which Decide does not know
		return "405", got
	}
	if err := webapi.Decide(r.Context(), res, c.method, id); err != nil {
		decided = answerOf(err, 0)
	}
	if want = c.want; c.caller.byPolicy && !v.object {
		want = decided
	}
	if got != decided {
		return want, got + ", and from Decide " + decided
	}
	required, _ := res.RequiredScopes(c.method)
	switch met := required.Met(c.caller.scopes) || len(required.Alternatives()) == 0 && open(res, c.method); {
	case c.caller.byScopes && got == yes && !met:
		return want, got + ", and from RequiredScopes 112"
	case c.caller.byScopes && got == "112" && met:
		return want, got + ", and from RequiredScopes yes"
	}
	return want, got
}

// request returns the request of a call.
func (c contractCall) request(res webapi.Resource, v variant) *http.Request {
	r := c.caller.request()
	if v.list {
		r = ofCollection(r, res)
	}
	method, _, named := strings.Cut(c.method, "/")
	switch {
	case v.other:
	case v.head:
		r.Method = http.MethodHead
	case v.served, named:
		r.Method = method
	}
	if !v.object && !v.list {
		return r
	}
	for s, depth := res, 0; s != nil && depth <= maxSuper; s, depth = s.AccessRules().Super, depth+1 {
		key := s.AccessRules().Key
		r.SetPathValue(key, object)
		r = r.WithContext(webapi.WithObjectID(r.Context(), key, object))
	}
	return r
}

// open reports whether a resource has a method or an operation for which a token needs no
// scopes.
func open(res webapi.Resource, method string) bool {
	rules := res.AccessRules()
	return slices.Contains(strings.Split(rules.Public+", "+rules.Authenticated, ", "), method)
}

// ofCollection returns r as [webapi.HandleList] passes it to the guard of res.
func ofCollection(r *http.Request, res webapi.Resource) *http.Request {
	recorder := requestRecorder{rules: res.AccessRules()}
	views := webapi.Views{r.Method: func(http.ResponseWriter, *http.Request) error { return nil }}
	webapi.HandleList(&recorder, views).ServeHTTP(httptest.NewRecorder(), r)
	return recorder.r
}

// requestRecorder is a resource whose guard records the request.
type requestRecorder struct {
	rules webapi.AccessRules
	r     *http.Request
}

func (p *requestRecorder) CallMethodView(_ http.ResponseWriter, r *http.Request, _ string, _ webapi.View) error {
	p.r = r
	return nil
}

func (*requestRecorder) RequiredScopes(string) (webapi.Requirement, bool) {
	return webapi.Requirement{}, true
}

func (p *requestRecorder) AccessRules() webapi.AccessRules { return p.rules }

// object is the ID of the object of the requests.
const object = "7"

// caller is a client of a kind that the table of an Expect describes.
type caller struct {
	name    string
	scopes  webapi.Scopes // of its token
	request func() *http.Request

	byScopes bool // it has an OAuth2 token that has not expired
	byPolicy bool // it has an API token
}

// readCaller parses the description of a caller.
func readCaller(name string) (caller, error) {
	c := caller{name: name, request: newRequest}
	plain, user, err := cutLogin(name)
	if err != nil {
		return c, err
	}
	switch plain {
	case "WithUnscopedAccess, no token":
		c.request = func() *http.Request {
			r := newRequest()
			ctx := webapi.WithLogin(atNow(r.Context()), user.acr, user.time)
			return r.WithContext(webapi.WithUnscopedAccess(ctx))
		}
		return c, nil
	}
	switch name {
	case "no credentials":
		return c, nil
	case "rejected token":
		c.request = func() *http.Request { return rejected(webapi.ErrLoginFailed) }
		return c, nil
	case "rejected session":
		c.request = func() *http.Request { return rejected(webapi.ErrNotLoggedIn) }
		return c, nil
	}
	token, err := readToken(plain)
	token.ACR, token.AuthTime = user.acr, user.time
	c.scopes = token.Scopes
	c.byScopes = token.Kind == webapi.OAuth2 && token.NoExpiry
	c.byPolicy = token.Kind == webapi.APIToken
	c.request = func() *http.Request {
		r := newRequest()
		return WithToken(r.WithContext(atNow(r.Context())), token)
	}
	return c, err
}

// A login is how and when a user has logged in.
type login struct {
	acr  string
	time time.Time
}

// cutLogin returns the description of a caller without the words about a login.
func cutLogin(name string) (plain string, user login, err error) {
	first, rest, found := strings.Cut(name, ", ")
	for plain = first; found; {
		var word, after string
		end := strings.IndexAny(rest, ", ")
		if end < 0 {
			end = len(rest)
		}
		word, after = rest[:end], rest[end:]
		if acr, ok := strings.CutPrefix(word, "acr="); ok {
			user.acr = acr
		} else if text, ok := strings.CutPrefix(word, "login="); ok {
			age, err := time.ParseDuration(text)
			if err != nil {
				return "", login{}, fmt.Errorf("%q is no age of a login, such as login=5m", word)
			}
			user.time = now.Add(-age)
		} else {
			plain += ", " + rest
			break
		}
		if rest, found = strings.CutPrefix(after, ", "); !found {
			plain += after
		}
	}
	return plain, user, nil
}

// now is the time of all calls, so that the age of a login is exact.
var now = time.Unix(1_700_000_000, 0)

// atNow returns a context with a configuration by whose clock it is now.
func atNow(ctx context.Context) context.Context {
	cfg := webapi.Config{Now: func() time.Time { return now }}
	ctx, _ = cfg.Authenticate()(ctx, nil) // which fails for an Authorization header only
	return ctx
}

// readToken parses the description of a token.
func readToken(name string) (webapi.Token, error) {
	if policy, ok := strings.CutPrefix(name, "API token, "); ok {
		return readAPIToken(policy)
	}
	kind, list, with := strings.Cut(name, " with ")
	if !with {
		kind, with = strings.CutSuffix(name, " without scopes")
	}
	scopes, err := webapi.ParseScopes(list)
	switch {
	case err != nil:
		return webapi.Token{}, fmt.Errorf("scopes %q: %w", list, err)
	case with && kind == "token":
		return oauth2(scopes), nil
	case with && kind == "expired token":
		return expired(scopes, false), nil
	case with && kind == "expired session":
		return expired(scopes, true), nil
	}
	return webapi.Token{}, fmt.Errorf("%q is no caller", name)
}

// readAPIToken parses the description of the policy of an API token.
func readAPIToken(text string) (webapi.Token, error) {
	type entry map[string][]string // of a policy, see [webapi.ParsePolicy]
	block, allow := entry{"block": {"*"}}, entry{"allow": {"*"}}
	resources := map[string]any{}
	only, isOnly := strings.CutPrefix(text, "only ")
	onlyOne, isOnlyOne := strings.CutPrefix(only, "one of ")
	but, isBut := strings.CutPrefix(text, "all but ")
	one, isOne := strings.CutPrefix(but, "one of ")
	switch {
	case text == "all allowed":
		return apiToken(allowAll()), nil
	case text == "none allowed":
		return apiToken(webapi.Policy{}), nil
	case isOnlyOne:
		resources[onlyOne] = map[string]entry{object: allow, "*": block}
	case isOnly:
		resources["*"] = block
		for id := range strings.FieldsSeq(only) {
			resources[id] = map[string]entry{"*": allow}
		}
	case isOne:
		resources[one] = map[string]entry{object: block}
	case isBut:
		resources[but] = map[string]entry{"*": block}
	default:
		return webapi.Token{}, fmt.Errorf("%q is no policy", text)
	}
	data, err := json.Marshal(map[string]any{"resources": resources})
	if err != nil {
		return webapi.Token{}, err
	}
	policy, err := webapi.ParsePolicy(data)
	return apiToken(policy), err
}

// newRequest returns a request without credentials, with a method that no resource
// answers: a guard must use the method that it is given.
func newRequest() *http.Request { return httptest.NewRequest("PROPFIND", "/", nil) }

// rejected returns a request whose credentials the middleware has rejected with
// why.
func rejected(why error) (passed *http.Request) {
	reject := webapi.AuthenticatorFunc(func(*http.Request) (webapi.Token, error) { return webapi.Token{}, why })
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { passed = r })
	new(webapi.Config).Middleware(reject)(next).ServeHTTP(httptest.NewRecorder(), newRequest())
	return passed
}

// registered are the methods of the HTTP Method Registry of the IANA (RFC 9110,
// section 16.1.1), and then QUERY and those of caches and of UPnP.
const registered = `* ACL BASELINE-CONTROL BIND CHECKIN CHECKOUT CONNECT COPY DELETE GET HEAD LABEL
	LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MKREDIRECTREF MKWORKSPACE MOVE OPTIONS ORDERPATCH
	PATCH POST PRI PROPFIND PROPPATCH PUT REBIND REPORT SEARCH TRACE UNBIND UNCHECKOUT UNLINK UNLOCK
	UPDATE UPDATEREDIRECTREF VERSION-CONTROL
	QUERY BAN PURGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE`

// unanswered returns methods that no resource answers whose table has the given
// methods: the empty method, registered ones, a word for each first letter, and
// the given ones in lower or mixed case, with a space, or as those of an operation.
func unanswered(methods []string) []string {
	list := append([]string{""}, strings.Fields(registered)...)
	for _, m := range methods {
		list = append(list, strings.ToLower(m), m[:1]+strings.ToLower(m[1:]), m+" ", m+"/webapitest")
	}
	for first := 'A'; first <= 'Z'; first++ {
		list = append(list, string(first)+"WORD")
	}
	return slices.DeleteFunc(list, func(m string) bool { return slices.Contains(methods, m) })
}

// yes is the answer of a guard that calls the view. The others are codes.
const yes = "yes"

// answers are the answers that a table may have.
var answers = []string{yes, "101", "103", "104", "112", "113", "401", "405"}

// contract is a parsed table.
type contract struct {
	methods []string // those of the table and unanswered ones
	scopes  map[webapi.Scope]bool
	calls   []contractCall
}

// contractCall is a cell of a table.
type contractCall struct {
	method string
	caller caller
	want   string
}

// readContract parses the table of an Expect. A malformed line is an error, since a
// test must not pass because it has no calls.
func readContract(lines []string) (contract, error) {
	table := contract{scopes: map[webapi.Scope]bool{}}
	if len(lines) < 2 {
		return table, errors.New("the table has no calls")
	}
	head := strings.Fields(lines[0])
	n := len(head) - 1
	if n < 1 || head[n] != "caller" {
		return table, fmt.Errorf("head of the table %q: want methods, and then the word caller", lines[0])
	}
	methods, other := head[:n], unanswered(head[:n])
	table.methods = slices.Concat(methods, other)
	for _, line := range lines[1:] {
		row := strings.Fields(line)
		if len(row) <= n {
			return table, fmt.Errorf("line %q: want %d answers and a caller", line, n)
		}
		caller, err := readCaller(strings.Join(row[n:], " "))
		if err != nil {
			return table, fmt.Errorf("line %q: %w", line, err)
		}
		for s := range caller.scopes.All() {
			table.scopes[s] = true
		}
		for i, want := range row[:n] {
			if !slices.Contains(answers, want) {
				return table, fmt.Errorf("line %q: answer %q; want one of %s", line, want, strings.Join(answers, ", "))
			}
			table.calls = append(table.calls, contractCall{methods[i], caller, want})
		}
		for _, m := range other {
			table.calls = append(table.calls, contractCall{m, caller, "405"})
		}
	}
	return table, nil
}
