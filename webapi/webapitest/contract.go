package webapitest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
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
	//	login without a token            by webapi.WithUnscopedAccess
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
// Contract also asks for methods that the table does not name, which must be
// refused with 405. It reports a requirement that names a scope which no token
// of the table has: nothing is known of that.
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
		if got := c.ask(res); got != c.want {
			differ++
			_, _ = fmt.Fprintf(lines, "  %q\tby %s\twant %s\tgot %s\n", c.method, c.caller.name, c.want, got)
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
	for i := range g.NumField() {
		if a, b := g.Field(i).Interface(), w.Field(i).Interface(); a != b {
			differ++
			_, _ = fmt.Fprintf(report, "  AccessRules\t%s\twant %s\tgot %s\n", g.Type().Field(i).Name, ruleText(b), ruleText(a))
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

// errView is what the view returns: whoever returns it has called the view or
// knows this package.
var errView = errors.New("webapitest: the view")

// ask returns the answer of res, "yes" or the code of a refusal; any other text
// says what else it did.
func (c contractCall) ask(res webapi.Resource) string {
	r := c.caller.request()
	for s, depth := res, 0; s != nil && depth <= maxSuper; s, depth = s.AccessRules().Super, depth+1 {
		key := s.AccessRules().Key
		r.SetPathValue(key, object)
		r = r.WithContext(webapi.WithObjectID(r.Context(), key, object))
	}
	ran := 0
	err := res.CallMethodView(httptest.NewRecorder(), r, c.method, func(http.ResponseWriter, *http.Request) error {
		ran++
		return errView
	})
	var id string
	if res.AccessRules().Key != "" {
		id = object
	}
	got, decided := answerOf(err, ran), yes
	if err := webapi.Decide(r.Context(), res, c.method, id); err != nil {
		decided = answerOf(err, 0)
	}
	if got != decided {
		return got + ", and from Decide " + decided
	}
	required, _ := res.RequiredScopes(c.method)
	switch met := required.Met(c.caller.scopes); {
	case c.caller.byScopes && got == yes && !met:
		return got + ", and from RequiredScopes 112"
	case c.caller.byScopes && got == "112" && met:
		return got + ", and from RequiredScopes yes"
	}
	return got
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
