package webapitest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Expect is the contract of a resource: everything that its guard must answer.
// webapi-gen --tests writes one for each resource, from the declaration.
type Expect struct {
	// Rules are what AccessRules must return.
	Rules webapi.AccessRules
	// Calls is a table. The first line has the heads of its columns: methods, and
	// then the word caller. Every other line has an answer to each method, and
	// then who calls. The answer is yes if the view must run, else the code of the
	// refusal. The callers are
	//
	//	no credentials
	//	WithUnscopedAccess, no token     a login by other means than a token
	//	rejected token                   that its verifier does not know
	//	rejected session                 whose token has been deleted
	//	token with SCOPE ...             an OAuth2 token; or "without scopes"
	//	expired token with SCOPE ...     or "without scopes"
	//	expired session with SCOPE ...   or "without scopes"
	//	API token, all allowed           by its policy
	//	API token, none allowed
	//	API token, only ID ...           the resources with these IDs in policies
	//	API token, all but ID
	//	API token, all but one of ID     the object that is asked for
	Calls []string
}

// Contract makes every call of a table and reports, as one error of t, those that
// are answered otherwise. CallMethodView of res must run the view once and
// return its error, or not run it and return the refusal; [webapi.Decide] must
// say the same, and so must RequiredScopes where an OAuth2 token is let through
// or lacks a scope. The object that is asked for is 7, by the Key of res and of each
// of its Supers.
//
// Each call is made in several ways: by a request with a method that nobody
// answers, since a guard goes by the method that it is given; by one with the
// method of the call, as in a server; by one without path values; and by one for
// the collection, as behind [webapi.HandleList]. In the latter two the policy of
// an API token is asked for something else than the object, so of those tokens
// only this is known: CallMethodView must say what [webapi.Decide] says.
//
// Contract also asks for methods that the table does not name, which must be
// refused with 405: those of the IANA registry and some others, and words that
// are no method. It reports a requirement that names a scope which no token
// of the table has: nothing is known of that.
//
// The requests differ in nothing else. A guard that goes by a header, the query,
// the path, the body or the subject of the token, or by a method that nobody has
// heard of, passes if it does what it should otherwise.
func Contract(t testing.TB, res webapi.Resource, want Expect) {
	t.Helper()
	table, err := readContract(want.Calls)
	if err != nil {
		t.Fatalf("webapitest: %v", err)
		return
	}
	var report strings.Builder
	lines := tabwriter.NewWriter(&report, 0, 8, 2, ' ', 0)
	differ := compareRules(lines, res.AccessRules(), want.Rules)
	differ += table.compareScopes(lines, res)
	for _, c := range table.calls {
		for _, way := range ways {
			if want, got := c.ask(res, way); got != want {
				differ++
				_, _ = fmt.Fprintf(lines, "  %q\tby %s%s\twant %s\tgot %s\n", c.method, c.caller.name, way.name, want, got)
				break // the other ways would say the same again
			}
		}
	}
	_ = lines.Flush() // into memory
	if differ > 0 {
		t.Errorf("%T breaks its contract (%d calls were made):\n%s", res, len(table.calls), &report)
	}
}

// compareRules reports the fields that differ.
func compareRules(report io.Writer, got, want webapi.AccessRules) (differ int) {
	g, w := reflect.ValueOf(got), reflect.ValueOf(want)
	for _, field := range reflect.VisibleFields(g.Type()) {
		if !field.IsExported() {
			continue // it says nothing
		}
		if a, b := g.FieldByIndex(field.Index).Interface(), w.FieldByIndex(field.Index).Interface(); a != b {
			differ++
			_, _ = fmt.Fprintf(report, "  AccessRules\t%s\twant %s\tgot %s\n", field.Name, ruleText(b), ruleText(a))
		}
	}
	return differ
}

// ruleText returns the value of a rule for people: a Super by its type and address.
func ruleText(v any) string {
	if _, ok := v.(webapi.Resource); ok {
		return fmt.Sprintf("(%T)(%[1]p)", v)
	}
	return fmt.Sprintf("%#v", v)
}

// compareScopes reports the scopes in requirements of res that no token has.
func (table contract) compareScopes(report io.Writer, res webapi.Resource) (differ int) {
	for _, method := range table.methods {
		required, _ := res.RequiredScopes(method)
		for _, scopes := range required.Alternatives() {
			for _, s := range scopes {
				if !table.scopes[s] {
					differ++
					_, _ = fmt.Fprintf(report, "  %q\trequires %s\twhich the table does not have\n", method, s)
				}
			}
		}
	}
	return differ
}

// answerOf returns what a guard did that ran the view so many times and returned
// err.
func answerOf(err error, ran int) string {
	refusal, ok := errors.AsType[*webapi.Error](err)
	switch {
	case ran == 1 && errors.Is(err, errView):
		return yes
	case ran > 0:
		return fmt.Sprintf("the view %d times, then %v", ran, err)
	case !ok:
		return fmt.Sprintf("%v without the view", err)
	case refusal.Code != http.StatusMethodNotAllowed && denied(refusal.Code).status != refusal.Status,
		refusal.Code == http.StatusMethodNotAllowed && refusal.Status != refusal.Code:
		return fmt.Sprintf("%d with status %d", refusal.Code, refusal.Status)
	}
	return strconv.Itoa(refusal.Code)
}

// A way is what the request of a call is like.
type way struct {
	name   string // as the report has it
	served bool   // it has the method of the call, as one of a server has
	object bool   // it is for an object, which is known
	list   bool   // it is for the collection
}

// ways are those in which each call is made. That of the collection has path
// values, which name a parent.
var ways = []way{
	{object: true},
	{name: ", as a request of that method", served: true, object: true},
	{name: ", without a path value", served: true},
	{name: ", of the collection", served: true, list: true},
}

// errView is what the view returns: whoever returns it has called the view or
// knows this package.
var errView = errors.New("webapitest: the view")

// ask returns what res must answer and what it answers, "yes" or the code of a
// refusal; any other text says what else it did.
func (c contractCall) ask(res webapi.Resource, way way) (want, got string) {
	r := c.request(res, way)
	ran := 0
	err := res.CallMethodView(httptest.NewRecorder(), r, c.method, func(http.ResponseWriter, *http.Request) error {
		ran++
		return errView
	})
	got, decided := answerOf(err, ran), yes
	if err := c.decide(r, res, way); err != nil {
		decided = answerOf(err, 0)
	}
	if want = c.want; c.caller.byPolicy && !way.object {
		want = decided
	}
	if got != decided {
		return want, got + ", and from Decide " + decided
	}
	required, _ := res.RequiredScopes(c.method)
	switch met := required.Met(c.caller.scopes); {
	case c.caller.byScopes && got == yes && !met:
		return want, got + ", and from RequiredScopes 112"
	case c.caller.byScopes && got == "112" && met:
		return want, got + ", and from RequiredScopes yes"
	}
	return want, got
}

// request returns the request of a call.
func (c contractCall) request(res webapi.Resource, way way) *http.Request {
	r := c.caller.request()
	if way.list {
		r = ofCollection(r, res)
	}
	if way.served {
		r.Method = c.method
	}
	if !way.object && !way.list {
		return r
	}
	for s, depth := res, 0; s != nil && depth <= maxSuper; s, depth = s.AccessRules().Super, depth+1 {
		key := s.AccessRules().Key
		r.SetPathValue(key, object)
		r = r.WithContext(webapi.WithObjectID(r.Context(), key, object))
	}
	return r
}

// decide returns what the runtime decides of the request of a call.
func (c contractCall) decide(r *http.Request, res webapi.Resource, way way) error {
	if way.list {
		return webapi.DecideList(r.Context(), res, c.method)
	}
	id := ""
	if way.object && res.AccessRules().Key != "" {
		id = object
	}
	return webapi.Decide(r.Context(), res, c.method, id)
}

// ofCollection returns a request as [webapi.HandleList] passes it to the guard of a
// resource.
func ofCollection(r *http.Request, res webapi.Resource) *http.Request {
	p := passing{rules: res.AccessRules()}
	views := webapi.Views{r.Method: func(http.ResponseWriter, *http.Request) error { return nil }}
	webapi.HandleList(&p, views).ServeHTTP(httptest.NewRecorder(), r)
	return p.r
}

// passing is a resource with the rules of another one, whose guard keeps the request.
type passing struct {
	rules webapi.AccessRules
	r     *http.Request
}

func (p *passing) CallMethodView(_ http.ResponseWriter, r *http.Request, _ string, _ webapi.View) error {
	p.r = r
	return nil
}

func (*passing) RequiredScopes(string) (webapi.Requirement, bool) { return webapi.Requirement{}, true }

func (p *passing) AccessRules() webapi.AccessRules { return p.rules }

// object is the ID of the object that is asked for.
const object = "7"

// caller is who asks.
type caller struct {
	name    string
	scopes  webapi.Scopes // of its token
	request func() *http.Request

	byScopes bool // it has an OAuth2 token that has not expired
	byPolicy bool // it has an API token
}

// readCaller reads how a caller is written in the table of an Expect.
func readCaller(name string) (caller, error) {
	c := caller{name: name, request: newRequest}
	switch name {
	case "no credentials":
		return c, nil
	case "WithUnscopedAccess, no token":
		c.request = func() *http.Request {
			r := newRequest()
			return r.WithContext(webapi.WithUnscopedAccess(r.Context()))
		}
		return c, nil
	case "rejected token":
		c.request = func() *http.Request { return rejected(webapi.ErrLoginFailed) }
		return c, nil
	case "rejected session":
		c.request = func() *http.Request { return rejected(webapi.ErrNotLoggedIn) }
		return c, nil
	}
	token, err := readToken(name)
	c.scopes = token.Scopes
	c.byScopes = token.Kind == webapi.OAuth2 && token.NoExpiry
	c.byPolicy = token.Kind == webapi.APIToken
	c.request = func() *http.Request { return WithToken(newRequest(), token) }
	return c, err
}

// readToken reads how a token is written.
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
		return webapi.Token{Scopes: scopes, NoExpiry: true, Subject: "webapitest"}, nil
	case with && kind == "expired token":
		return *expired(scopes, false), nil
	case with && kind == "expired session":
		return *expired(scopes, true), nil
	}
	return webapi.Token{}, fmt.Errorf("%q is no caller", name)
}

// entry is an entry of a policy, as [webapi.ParsePolicy] reads it.
type entry map[string][]string

// readAPIToken reads what the policy of an API token is.
func readAPIToken(text string) (webapi.Token, error) {
	block, allow := entry{"block": {"*"}}, entry{"allow": {"*"}}
	resources := map[string]any{}
	only, isOnly := strings.CutPrefix(text, "only ")
	but, isBut := strings.CutPrefix(text, "all but ")
	one, isOne := strings.CutPrefix(but, "one of ")
	switch {
	case text == "all allowed":
		return *apiToken(allowAll()), nil
	case text == "none allowed":
		return *apiToken(webapi.Policy{}), nil
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
	return *apiToken(policy), err
}

// newRequest returns a request without credentials. Its own method is none that
// a resource answers: a guard goes by the one that it is given.
func newRequest() *http.Request { return httptest.NewRequest("PROPFIND", "/", nil) }

// rejected returns a request whose credentials a middleware has rejected.
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

// unanswered returns methods that no resource of a table with the methods
// answers: those that are registered, none, some words that a fixed seed makes
// up, and those of the table in another case or with a blank, as methods are
// compared byte by byte.
func unanswered(methods []string) []string {
	list := append([]string{""}, strings.Fields(registered)...)
	for _, m := range methods {
		list = append(list, strings.ToLower(m), m[:1]+strings.ToLower(m[1:]), m+" ")
	}
	list = append(list, madeUp()...)
	return slices.DeleteFunc(list, func(m string) bool { return slices.Contains(methods, m) })
}

// madeUp returns words that look like methods: one that begins with each letter.
func madeUp() []string {
	r := rand.New(rand.NewPCG(1, 1))
	var words []string
	for first := 'A'; first <= 'Z'; first++ {
		word := []rune{first}
		for range 2 + r.IntN(20) {
			word = append(word, 'A'+r.Int32N(26))
		}
		words = append(words, string(word))
	}
	return words
}

// yes is the answer of a guard that runs the view. The others are codes.
const yes = "yes"

// answersOf are the answers that can be wanted.
var answersOf = []string{yes, "101", "103", "104", "112", "113", "405"}

// contract is a table that was read.
type contract struct {
	methods []string // those of the head, and others that nobody answers
	scopes  map[webapi.Scope]bool
	calls   []contractCall
}

// contractCall is one cell of a table.
type contractCall struct {
	method string
	caller caller
	want   string
}

// readContract reads the table of an Expect. The error says what of it is
// malformed: a test that asks less than it says must not pass.
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
		who, err := readCaller(strings.Join(row[n:], " "))
		if err != nil {
			return table, fmt.Errorf("line %q: %w", line, err)
		}
		for s := range who.scopes.All() {
			table.scopes[s] = true
		}
		for i, want := range row[:n] {
			if !slices.Contains(answersOf, want) {
				return table, fmt.Errorf("line %q: answer %q; want one of %s", line, want, strings.Join(answersOf, ", "))
			}
			table.calls = append(table.calls, contractCall{methods[i], who, want})
		}
		for _, m := range other {
			table.calls = append(table.calls, contractCall{m, who, "405"})
		}
	}
	return table, nil
}
