package webapitest_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
	"github.com/webapi-gen/webapi-gen/webapi/webapitest"
)

// withOperations are notes that have named operations, and methods that need no scope.
func withOperations() *resource {
	res := notes()
	res.rules = webapi.AccessRules{
		Name: "note", Policy: "note", Key: "id", Allow: "GET, HEAD, POST", OAuth2: true, APITokens: true,
		Public: "PUT/seen", Authenticated: "GET, HEAD, POST/react",
	}
	res.needs = map[string]webapi.Requirement{
		"GET": {}, "HEAD": {}, "GET/list": webapi.Require("note:list"), "GET/export": webapi.Require("note:read"),
		"POST": webapi.Require("note:write"), "POST/archive": webapi.Require("note:archive"), "POST/react": {}, "PUT/seen": {},
	}
	return res
}

func operationsContract() webapitest.Expect {
	return webapitest.Expect{
		Rules: webapi.AccessRules{
			Name: "note", Policy: "note", Key: "id", Allow: "GET, HEAD, POST", OAuth2: true, APITokens: true,
			Public: "PUT/seen", Authenticated: "GET, HEAD, POST/react",
		},
		Calls: []string{
			"GET  HEAD  PUT  GET/list  GET/export  POST  POST/archive  POST/react  PUT/seen  caller",
			"103  103   405  103       103         103   103           103         yes       no credentials",
			"yes  yes   405  yes       yes         yes   yes           yes         yes       WithUnscopedAccess, no token",
			"104  104   405  104       104         104   104           104         yes       rejected token",
			"103  103   405  103       103         103   103           103         yes       rejected session",
			"104  104   405  104       104         104   104           104         yes       expired token with note:archive",
			"yes  yes   405  yes       yes         yes   yes           yes         yes       API token, all allowed",
			"101  101   405  101       101         101   101           101         yes       API token, none allowed",
			"101  101   405  101       101         101   101           101         yes       API token, all but one of note",
			"yes  yes   405  112       112         112   112           yes         yes       token without scopes",
			"yes  yes   405  yes       112         112   112           yes         yes       token with note:list",
			"yes  yes   405  112       yes         112   112           yes         yes       token with note:read",
			"yes  yes   405  112       112         yes   112           yes         yes       token with note:write",
			"yes  yes   405  112       112         112   yes           yes         yes       token with note:archive",
		},
	}
}

func TestContractOfOperations(t *testing.T) {
	webapitest.Contract(t, withOperations(), operationsContract())
	for want, mutate := range map[string]func(*resource){
		`"POST/archive" by token with note:write want 112 got yes`:                           func(r *resource) { r.needs["POST/archive"] = r.needs["POST"] },
		`"PUT/seen" by no credentials want yes got 103`:                                      func(r *resource) { r.rules.Public = "" },
		`"PUT/seen" by rejected token want yes got 104`:                                      func(r *resource) { r.rules.Public, r.rules.Anonymous = "", "PUT/seen" },
		`"POST/react" by token without scopes want yes got 112`:                              func(r *resource) { r.rules.Authenticated = "GET, HEAD" },
		`"POST/react" by no credentials want 103 got yes`:                                    func(r *resource) { r.rules.Anonymous = "POST/react" },
		`"GET/list" by token without scopes want 112 got yes`:                                func(r *resource) { r.rules.Authenticated = "GET, HEAD, POST/react, GET/list" },
		`"GET/webapitest" by no credentials want 405 got 103`:                                func(r *resource) { r.needs["GET/webapitest"] = webapi.Require("note:read") },
		`"POST/archive" by no credentials want 103 got 405`:                                  func(r *resource) { delete(r.needs, "POST/archive") },
		`"POST/react" by token without scopes want yes got yes, and from RequiredScopes 112`: func(r *resource) { r.needs["POST/react"] = webapi.Require("note:write") },
	} {
		res := withOperations()
		mutate(res)
		if got := strings.Join(strings.Fields(contractReport(t, res, operationsContract())), " "); !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %s", got, want)
		}
	}
}

// TestContractOfOperationsByMethod has guards that do not look at the method of the request,
// or that look at it too closely.
func TestContractOfOperationsByMethod(t *testing.T) {
	res := withOperations()
	for want, call := range map[string]func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error{
		`"POST/archive" by token with note:archive, as a request of another method want 405 got yes`: func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			if err := webapi.Decide(r.Context(), res, method, r.PathValue("id")); err != nil {
				return err
			}
			return view(w, r)
		},
		`"GET/export" by token with note:read, as a request of HEAD want yes got 405`: func(w http.ResponseWriter, r *http.Request, method string, view webapi.View) error {
			if strings.HasPrefix(method, "GET/") && r.Method != "GET" {
				return webapi.ErrMethodNotAllowed
			}
			return res.CallMethodView(w, r, method, view)
		},
	} {
		got := strings.Join(strings.Fields(contractReport(t, &around{res, call}, operationsContract())), " ")
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %s", got, want)
		}
	}
}

// operationServer has a route for each operation.
func operationServer(res webapi.Resource) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/notes", webapi.HandleList(res, webapi.Views{"GET": ok, "POST": ok}))
	mux.Handle("/notes/{id}", webapi.Handle(res, webapi.Views{"GET": ok}))
	mux.Handle("/notes/{id}/export", webapi.HandleOperation(res, "GET/export", ok))
	mux.Handle("/notes/{id}/archive", webapi.HandleOperation(res, "POST/archive", ok))
	mux.Handle("/notes/{id}/react", webapi.HandleOperation(res, "POST/react", ok))
	mux.Handle("/notes/{id}/seen", webapi.HandleOperation(res, "PUT/seen", ok))
	return mux
}

func operationsTable() webapitest.Table {
	return webapitest.Table{
		APITokens: true,
		Routes: webapitest.Routes{
			"GET /notes": {"note:list"}, "POST /notes": {"note:write"}, "GET /notes/7/export": {"note:read"}, "POST /notes/7/archive": {"note:archive"},
		},
		Public:        []string{"PUT /notes/7/seen"},
		Authenticated: []string{"GET /notes/7", "POST /notes/7/react"},
	}
}

func TestRunOfOperations(t *testing.T) {
	webapitest.Run(t, operationServer(withOperations()), operationsTable())
	for want, mutate := range map[string]func(*resource){
		"PUT /notes/7/seen with no token want let through got 401, code 103":         func(r *resource) { r.rules.Public = "" },
		"POST /notes/7/react with no scope want let through got 403, code 112":       func(r *resource) { r.rules.Authenticated = "GET, HEAD" },
		"POST /notes/7/react with no token want 401, code 103 got 200":               func(r *resource) { r.rules.Public = "PUT/seen, POST/react" },
		"GET /notes with another scope want 403, code 112 got 200":                   func(r *resource) { r.rules.Authenticated += ", GET/list" },
		"POST /notes/7/archive with note:archive want let through got 403, code 112": func(r *resource) { r.needs["POST/archive"] = webapi.Require("note:write") },
		"POST /notes/7/archive with note:archive want let through got 405":           func(r *resource) { delete(r.needs, "POST/archive") },
	} {
		res := withOperations()
		mutate(res)
		if got := strings.Join(strings.Fields(run(t, operationServer(res), operationsTable())), " "); !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant %s", got, want)
		}
	}
	for want, table := range map[string]webapitest.Table{
		`route "GET": want a method and a path, such as "GET /notes/7"`:   {Public: []string{"GET"}},
		`route "get /": want a method and a path, such as "GET /notes/7"`: {Authenticated: []string{"get /"}},
		`route "GET /" is listed twice`:                                   {Public: []string{"GET /"}, Routes: webapitest.Routes{"GET /": {"a"}}},
		`route "GET /" is in Authenticated, in spite of NoOAuth2`:         {NoOAuth2: true, Authenticated: []string{"GET /"}},
	} {
		f := new(fake)
		webapitest.Run(f, operationServer(withOperations()), table)
		if f.fatal != "webapitest: "+want {
			t.Errorf("got %q, want %q", f.fatal, want)
		}
	}
}

func TestTokenOfOperations(t *testing.T) {
	res := withOperations()
	res.rules.Super = notes() // without operations
	for operation, want := range map[string]string{"POST/archive": "note:archive note:write", "POST/react": "note:write", "GET": "note:read"} {
		if got := webapitest.Token(t, res, operation).Scopes.String(); got != want {
			t.Errorf("%s: got %q, want %q", operation, got, want)
		}
	}
}
