package webapitest

import (
	"errors"
	"fmt"
	"io"
	"net/http"
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
