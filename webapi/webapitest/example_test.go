package webapitest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"
)

// The table has the scopes of each route.
func ExampleRun() {
	TestAccess := func(t testing.TB) {
		webapitest.Run(t, server(notes()), webapitest.Table{
			Routes: webapitest.Routes{
				"GET /notes":      {"note:read"},
				"POST /notes":     {"note:write"},
				"GET /notes/7":    {"note:read"},
				"DELETE /notes/7": {"note:destroy note:write", "admin"},
			},
		})
	}
	TestAccess(printer{})
	// Output:
}

// The test fails if a guard changes. Here the scope note:write suffices to delete
// a note.
func ExampleRun_failure() {
	changed := notes()
	changed.needs["DELETE"] = webapi.Require("note:write")

	webapitest.Run(printer{}, server(changed), webapitest.Table{
		Routes: webapitest.Routes{
			"GET /notes/7":    {"note:read"},
			"DELETE /notes/7": {"note:destroy note:write"},
		},
	})
	// Output:
	// 2 of 68 requests differ from the table:
	//   DELETE /notes/7  with note:destroy note:write, less note:destroy  want 403, code 112  got 200
	//   DELETE /notes/7  with every scope less note:destroy               want 403, code 112  got 200
}

// What webapi-gen --tests writes is such a table. Here the guard has been edited
// by hand.
func ExampleContract() {
	edited := notes()
	edited.needs["DELETE"] = webapi.AnyOf(webapi.AllOf("note:destroy"), webapi.AllOf("note:write"))

	webapitest.Contract(printer{}, edited, webapitest.Expect{
		Rules: webapi.AccessRules{Name: "note", Policy: "note", Key: "id", Allow: "GET, HEAD, POST, DELETE", OAuth2: true},
		Calls: []string{
			"GET  HEAD  POST  PUT  DELETE  caller",
			"103  103   103   405  103     no credentials",
			"yes  yes   112   405  112     token with note:read",
			"112  112   yes   405  112     token with note:write",
			"112  112   yes   405  yes     token with note:write note:destroy",
		},
	})
	// Output:
	// *webapitest_test.resource breaks its contract (376 calls were made):
	//   "DELETE"  by token with note:write  want 112  got yes
}

// The test of a view uses a token that the guard allows.
func ExampleToken() {
	TestView := func(t testing.TB) {
		res := notes()
		r := httptest.NewRequest("DELETE", "/notes/7", nil)
		r = webapitest.WithToken(r, webapitest.Token(t, res, "DELETE"))
		w := httptest.NewRecorder()
		server(res).ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("got %d", w.Code)
		}
		fmt.Println(w.Body)
	}
	TestView(printer{})
	// Output: ok
}

// printer stands for the *testing.T of a test.
type printer struct{ testing.TB }

func (printer) Helper()                      {}
func (printer) Errorf(s string, args ...any) { fmt.Printf(s, args...) }
