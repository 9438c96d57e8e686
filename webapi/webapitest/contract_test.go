package webapitest_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"
)

// notesContract is what webapi-gen --tests would write for notes.
func notesContract() webapitest.Expect {
	return webapitest.Expect{
		Rules: webapi.AccessRules{Name: "note", Policy: "note", Key: "id", Allow: "GET, HEAD, POST, DELETE", OAuth2: true},
		Calls: []string{
			"GET  HEAD  OPTIONS  POST  PUT  PATCH  DELETE  caller",
			"103  103   405      103   405  405    103     no credentials",
			"yes  yes   405      yes   405  405    yes     WithUnscopedAccess, no token",
			"104  104   405      104   405  405    104     rejected token",
			"103  103   405      103   405  405    103     rejected session",
			"104  104   405      104   405  405    104     expired token with note:read note:write note:destroy admin",
			"103  103   405      103   405  405    103     expired session with note:read note:write note:destroy admin",
			"101  101   405      101   405  405    101     API token, all allowed",
			"112  112   405      112   405  405    112     token without scopes",
			"yes  yes   405      112   405  405    112     token with note:read",
			"112  112   405      yes   405  405    112     token with note:write",
			"112  112   405      112   405  405    112     token with note:destroy",
			"112  112   405      112   405  405    yes     token with admin",
			"112  112   405      yes   405  405    yes     token with note:write note:destroy",
			"yes  yes   405      yes   405  405    112     token with note:read note:write",
			"yes  yes   405      112   405  405    112     token with note:read note:destroy",
			"112  112   405      yes   405  405    yes     token with note:write note:destroy admin",
			"yes  yes   405      112   405  405    yes     token with note:read note:destroy admin",
			"yes  yes   405      yes   405  405    yes     token with note:read note:write note:destroy admin",
		},
	}
}

// contractReport returns what Contract reports, "" if nothing.
func contractReport(t *testing.T, res webapi.Resource, want webapitest.Expect) string {
	t.Helper()
	f := new(fake)
	webapitest.Contract(f, res, want)
	if f.fatal != "" || len(f.errors) > 1 {
		t.Fatalf("got %q and %q", f.fatal, f.errors)
	}
	return strings.Join(f.errors, "")
}

func TestContract(t *testing.T) {
	webapitest.Contract(t, notes(), notesContract())
}

// folders are notes that API tokens may use, below a super with another key.
func folders() *resource {
	super, res := notes(), notes()
	super.rules = webapi.AccessRules{Name: "folder", Policy: "folder", Key: "folder", Allow: "GET, HEAD, POST, DELETE", OAuth2: true, APITokens: true}
	res.rules.APITokens, res.rules.Super = true, super
	res.needs = map[string]webapi.Requirement{"GET": res.needs["GET"]}
	return res
}

func foldersContract(res *resource) webapitest.Expect {
	rules := notesContract().Rules
	rules.APITokens, rules.Super = true, res.rules.Super
	return webapitest.Expect{Rules: rules, Calls: []string{
		"GET  PUT  caller",
		"yes  405  API token, all allowed",
		"101  405  API token, none allowed",
		"yes  405  API token, only note folder",
		"101  405  API token, only note",
		"101  405  API token, all but note",
		"101  405  API token, all but folder",
		"101  405  API token, all but one of note",
		"101  405  API token, all but one of folder",
		"yes  405  API token, only one of note",
		"yes  405  API token, only one of folder",
		"yes  405  token with note:read",
		"112  405  token with note:write note:destroy admin",
	}}
}

func TestContractOfAPITokens(t *testing.T) {
	res := folders()
	webapitest.Contract(t, res, foldersContract(res))
	for name, mutate := range map[string]func(res, super *resource){
		"policy":              func(res, _ *resource) { res.rules.Policy = "notes" },
		"policy of the super": func(_, super *resource) { super.rules.Policy = "note" },
		"key of the super":    func(_, super *resource) { super.rules.Key = "" },
		"API tokens":          func(res, _ *resource) { res.rules.APITokens = false },
		"no super":            func(res, _ *resource) { res.rules.Super = nil },
		"another super":       func(res, _ *resource) { res.rules.Super = notes() },
	} {
		res := folders()
		want := foldersContract(res)
		mutate(res, res.rules.Super.(*resource))
		if contractReport(t, res, want) == "" {
			t.Errorf("%s: not noticed", name)
		}
	}
}

// TestContractMutations checks that Contract reports each change of the rules, and
// in which line.
func TestContractMutations(t *testing.T) {
	for want, mutate := range map[string]func(*resource){
		`"GET"     by token with note:write  want 112  got yes`: func(r *resource) {
			r.needs["GET"] = webapi.AnyOf(webapi.AllOf("note:read"), webapi.AllOf("note:write"))
		},
		`"HEAD"  by token with note:read  want yes  got 112`: func(r *resource) {
			r.needs["HEAD"] = webapi.AnyOf(webapi.AllOf("note:read", "admin"))
		},
		`"GET"  requires user:read  which the table does not have`: func(r *resource) {
			r.needs["GET"] = webapi.AnyOf(webapi.AllOf("note:read"), webapi.AllOf("user:read"))
		},
		`"TRACE"  by no credentials  want 405  got 103`:                      func(r *resource) { r.needs["TRACE"] = webapi.Require("note:read") },
		`"get"  by no credentials  want 405  got 103`:                        func(r *resource) { r.needs["get"] = webapi.Require("note:read") },
		`AccessRules  Allow  want "GET, HEAD, POST, DELETE"  got "GET"`:      func(r *resource) { r.rules.Allow = "GET" },
		`AccessRules  Name  want "note"  got "memo"`:                         func(r *resource) { r.rules.Name = "memo" },
		`AccessRules  Policy  want "note"  got "memo"`:                       func(r *resource) { r.rules.Policy = "memo" },
		`AccessRules  Key  want "id"  got "note"`:                            func(r *resource) { r.rules.Key = "note" },
		`"POST"  by no credentials  want 103  got yes`:                       func(r *resource) { r.rules.Anonymous = "POST" },
		`"POST"  by API token, all allowed  want 101  got yes`:               func(r *resource) { r.rules.APITokens = true },
		`"POST"  by token with note:write  want yes  got 113`:                func(r *resource) { r.rules.OAuth2 = false },
		`AccessRules  Super  want <nil>  got (*webapitest_test.resource)(0x`: func(r *resource) { r.rules.Super = notes() },
	} {
		res := notes()
		mutate(res)
		got := contractReport(t, res, notesContract())
		if !strings.Contains(strings.Join(strings.Fields(got), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("got\n%s\nwant a line %s", got, want)
		}
	}
}

// TestContractBrokenGuards has guards that do not go by their rules.
func TestContractBrokenGuards(t *testing.T) {
	guard := notes()
	for want, call := range map[string]func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error{
		"want 103 got the view 1 times, then <nil>": func(w http.ResponseWriter, r *http.Request, _ string, view webapi.View) error {
			_ = view(w, r)
			return nil
		},
		"want 103 got yes, and from Decide 103": func(w http.ResponseWriter, r *http.Request, _ string, view webapi.View) error { return view(w, r) },
		"want yes got <nil> without the view, and from Decide yes": func(http.ResponseWriter, *http.Request, string, webapi.View) error {
			return nil
		},
		"want yes got the view 2 times, then webapitest: the view": func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			_ = guard.CallMethodView(w, r, method, view)
			return guard.CallMethodView(w, r, method, view)
		},
		"want yes got the view 1 times, then the store is away": func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			return guard.CallMethodView(w, r, method, func(w http.ResponseWriter, r *http.Request) error {
				_ = view(w, r)
				return errors.New("the store is away")
			})
		},
		"want 112 got 112 with status 200": func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			err := guard.CallMethodView(w, r, method, view)
			var denied *webapi.Error
			if errors.As(err, &denied) {
				denied.Status = http.StatusOK
			}
			return err
		},
		`"DELETE" by token with note:read want 112 got yes`: func(w http.ResponseWriter, r *http.Request, _ string, view webapi.View) error {
			return guard.CallMethodView(w, r, "GET", view)
		},
		`"QUERY" by no credentials want 405 got yes, and from Decide 405`: func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			if method == "QUERY" {
				return view(w, r)
			}
			return guard.CallMethodView(w, r, method, view)
		},
		`"DELETE" by no credentials, as a request of that method want 103 got yes, and from Decide 103`: func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			if r.Method == method {
				return view(w, r)
			}
			return guard.CallMethodView(w, r, method, view)
		},
		`"DELETE" by no credentials, without a path value want 103 got yes, and from Decide 103`: func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			if r.PathValue("id") == "" {
				return view(w, r)
			}
			return guard.CallMethodView(w, r, method, view)
		},
		`"GET" by token with note:read want yes got 405`: func(w http.ResponseWriter, r *http.Request, _ string, view webapi.View) error {
			return guard.CallMethodView(w, r, r.Method, view)
		},
	} {
		got := strings.Join(strings.Fields(contractReport(t, &around{guard, call}, notesContract())), " ")
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %s", got, want)
		}
	}
}

// TestContractOfCollection has a guard that takes the path value of a parent for
// an object of its own.
func TestContractOfCollection(t *testing.T) {
	res := folders()
	res.rules.Super = nil
	want := webapitest.Expect{Rules: res.rules, Calls: []string{"GET  caller", "101  API token, all but one of note", "yes  token with note:read"}}
	webapitest.Contract(t, res, want)
	guard := &around{resource: res}
	guard.call = func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
		if err := webapi.Decide(r.Context(), res, method, r.PathValue("id")); err != nil {
			return err
		}
		return view(w, r)
	}
	got := strings.Join(strings.Fields(contractReport(t, guard, want)), " ")
	if line := `"GET" by API token, all but one of note, of the collection want yes got 101, and from Decide yes`; !strings.Contains(got, line) {
		t.Errorf("got\n%s\nwant %s", got, line)
	}
}

func TestMalformedContracts(t *testing.T) {
	for want, calls := range map[string][]string{
		`the table has no calls`: {"GET caller"},
		`head of the table "GET  DELETE": want methods, and then the word caller`:                             {"GET  DELETE", "yes yes no credentials"},
		`head of the table "caller": want methods, and then the word caller`:                                  {"caller", "no credentials"},
		`line "yes": want 1 answers and a caller`:                                                             {"GET caller", "yes"},
		`line "no no credentials": answer "no"; want one of yes, 101, 103, 104, 112, 113, 401, 405`:           {"GET caller", "no no credentials"},
		`line "yes token": "token" is no caller`:                                                              {"GET caller", "yes token"},
		`line "yes bearer with a b": "bearer with a b" is no caller`:                                          {"GET caller", "yes bearer with a b"},
		`line "yes API token, some allowed": "some allowed" is no policy`:                                     {"GET caller", "yes API token, some allowed"},
		`line "yes token with é": scopes "é": webapi: scope list: "\xc3" at byte 0 cannot be part of a scope`: {"GET caller", "yes token with é"},
		`line "yes no credentials at all": "no credentials at all" is no caller`:                              {"GET caller", "yes no credentials at all"},
	} {
		f := new(fake)
		webapitest.Contract(f, notes(), webapitest.Expect{Calls: calls})
		if f.fatal != "webapitest: "+want {
			t.Errorf("got %q\nwant %q", f.fatal, "webapitest: "+want)
		}
	}
}
