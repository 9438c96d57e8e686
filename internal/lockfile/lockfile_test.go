package lockfile_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

func TestFormatAndParse(t *testing.T) {
	scope := func(value string) model.ScopeRef { return model.ScopeRef{Value: value} }
	packages := []*model.Package{
		{
			Dir:       ".",
			Resources: []*model.Resource{{Type: "Root", Name: "root", Policy: "top", Description: "key=id Serves.", Methods: []model.Method{{Name: "GET"}}}},
			Scopes:    []model.Scope{{ScopeRef: scope("admin"), Action: "admin", Text: "Full control"}},
		},
		{
			Dir: "api/v1.2",
			Resources: []*model.Resource{{
				Type: "Note", Name: "note", Policy: "note", Key: "id", Description: "Notes: key=value and more.", APITokens: true, OAuth2: true,
				Super: &model.Super{Base: &model.Resource{Policy: "top"}},
				Methods: []model.Method{
					{Name: "DELETE", Requires: model.Requirement{{scope("+"), scope("or")}, {scope("admin")}}},
					{Name: "GET", Anonymous: true, Requires: model.Requirement{{scope("note:read")}}},
					{Name: "GET/list", Authenticated: true},
					{Name: "POST", Public: true},
					{Name: "POST/archive", Requires: model.Requirement{{scope("note:archive")}}},
					{Name: "POST/reset", Requires: model.Requirement{{scope("acr=gold")}}, StepUp: model.StepUp{ACR: []string{"gold", "urn:x=y"}, MaxAge: 90 * time.Minute}},
				},
			}},
			Public: []model.Public{{Name: "Health:ServeHTTP", Reason: "for all"}},
			Scopes: []model.Scope{{ScopeRef: scope("note:read"), Action: "note:read"}},
		},
	}
	routes := &lockfile.Routes{
		Routes: []lockfile.Route{
			{Method: "GET", Pattern: "/a b", State: "public", Handler: ".health"},
			{Method: "DELETE", Pattern: "/notes/{id}", Guards: []lockfile.Guard{{Type: ".Root"}, {Type: "api/v1.2.Note", List: true}}, Handler: "api/v1.2.Note.remove"},
			{Method: "POST", Pattern: "/notes/{id}/archive", Guards: []lockfile.Guard{{Type: "api.Note", Operation: "POST/archive"}, {Type: ".Org", List: true, Operation: "?"}}, Handler: ".archive"},
			{Method: "GET", Pattern: "/old", Wrapper: `team "a" + b`, Guards: []lockfile.Guard{{Type: "?"}}, Handler: `"net/http/pprof".Index`},
			{Method: "*", Pattern: "/w", Wrapper: "gateway", Handler: ".main.func"},
			{Method: "?", Pattern: "?", State: "not-readable", Handler: "?", In: ".main", Reason: "no route is found: for it"},
		},
		Unmounted: []string{".Root"},
		Uses: []lockfile.Use{
			{What: "example.com/m => ../m v1", In: "go.mod", Count: 1},
			{What: "webapi.WithToken", In: ".login", Count: 2},
		},
	}
	got, gotRoutes, diags := lockfile.ParseAll("webapi.lock", lockfile.Format(packages, routes))
	if err := diags.Err(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(packages, got); diff != "" {
		t.Errorf("what was formatted is parsed otherwise (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(routes, gotRoutes); diff != "" {
		t.Errorf("routes that were formatted are parsed otherwise (-want +got):\n%s", diff)
	}
	if _, none, _ := lockfile.ParseAll("webapi.lock", lockfile.Format(packages, nil)); none != nil {
		t.Errorf("a file without lines of routes has %v", none)
	}
	if _, none, _ := lockfile.ParseAll("webapi.lock", lockfile.Format(nil, &lockfile.Routes{})); none == nil {
		t.Error("a module without routes has no line that says so")
	}
}

func TestParseErrors(t *testing.T) {
	const n = "resource .N name=n policy=p key=-\n"
	for text, want := range map[string]string{
		"<<<<<<< HEAD":                        `webapi.lock:1:1: FOLDER.TYPE, resource, public, scope, route or uses expected, got "<<<<<<<" [WA073]`,
		"\nNote GET closed":                   `webapi.lock:2:1: FOLDER.TYPE, resource, public, scope, route or uses expected, got "Note" [WA073]`,
		".Note get oauth2 a":                  `webapi.lock:1:7: METHOD ACCEPTED or METHOD/name ACCEPTED expected after the type; methods are GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE [WA073]`,
		".Note GET":                           `webapi.lock:1:7: METHOD ACCEPTED or METHOD/name ACCEPTED expected after the type; methods are GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE [WA073]`,
		".Note GET oauth a":                   `webapi.lock:1:11: "oauth" is not what a method accepts: a list of anonymous, apitokens, authenticated, oauth2, or public or closed, and then perhaps acr=VALUE and maxage=AGE [WA073]`,
		".Note GET closed,oauth2 a":           `webapi.lock:1:11: "closed,oauth2" is written "oauth2" [WA073]`,
		".Note GET oauth2,maxage=5 a":         `webapi.lock:1:11: "maxage=5" is not what a method accepts: a list of anonymous, apitokens, authenticated, oauth2, or public or closed, and then perhaps acr=VALUE and maxage=AGE [WA073]`,
		".Note GET oauth2,maxage=300s a":      `webapi.lock:1:11: "oauth2,maxage=300s" is written "oauth2,maxage=5m" [WA073]`,
		".Note GET oauth2,maxage=5m,acr=a a":  `webapi.lock:1:11: "oauth2,maxage=5m,acr=a" is written "oauth2,acr=a,maxage=5m" [WA073]`,
		".Note GET apitokens,maxage=5m":       `webapi.lock:1:11: "apitokens,maxage=5m" is written "closed,maxage=5m" [WA073]`,
		".Note GET public,maxage=5m":          `webapi.lock:1:11: "public,maxage=5m" is written "public" [WA073]`,
		".Note GET oauth2,acr=a| b":           `webapi.lock:1:11: "acr=a|" is not what a method accepts: a list of anonymous, apitokens, authenticated, oauth2, or public or closed, and then perhaps acr=VALUE and maxage=AGE [WA073]`,
		".Note GET oauth2,anonymous a":        `webapi.lock:1:11: "oauth2,anonymous" is written "anonymous,oauth2" [WA073]`,
		".Note GET oauth2":                    `webapi.lock:1:18: a requirement stands where oauth2 is accepted, and only there [WA073]`,
		".Note GET/List closed":               `webapi.lock:1:7: METHOD ACCEPTED or METHOD/name ACCEPTED expected after the type; methods are GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE [WA073]`,
		".Note GET public,oauth2 a":           `webapi.lock:1:11: "public,oauth2" is written "public" [WA073]`,
		".Note GET public a":                  `webapi.lock:1:18: a requirement stands where oauth2 is accepted, and only there [WA073]`,
		".Note GET authenticated,oauth2 a":    `webapi.lock:1:11: "authenticated,oauth2" is written "authenticated" [WA073]`,
		".Note GET authenticated a":           `webapi.lock:1:25: a requirement stands where oauth2 is accepted, and only there [WA073]`,
		".Note GET closed a":                  `webapi.lock:1:18: a requirement stands where oauth2 is accepted, and only there [WA073]`,
		".Note GET oauth2 a b":                `webapi.lock:1:18: "+" or "or" expected after scope "a", got "b" [WA073]`,
		".Note GET oauth2 a or":               `webapi.lock:1:18: scope expected after "or" [WA073]`,
		".Note GET oauth2 a  or b":            `webapi.lock:1:18: one blank stands between the words of a requirement [WA073]`,
		".N HEAD closed":                      `webapi.lock:1:4: HEAD is as GET, and has no line [WA073]`,
		n + ".N GET oauth2 a\n.N PUT closed":  `webapi.lock:3:1: .N PUT accepts other tokens than .N GET; the methods of a resource accept the same [WA073]`,
		"..N GET closed":                      `webapi.lock:1:1: FOLDER.TYPE, resource, public, scope, route or uses expected, got "..N" [WA073]`,
		n + ".N GET closed\n.N GET oauth2 a":  `webapi.lock:3:1: .N GET has a line already, line 2 [WA073]`,
		"resource .N name=n":                  `webapi.lock:1:19: policy=VALUE expected, got "" [WA073]`,
		"public api.Note":                     `webapi.lock:1:8: FOLDER.NAME REASON expected after public [WA073]`,
		"public .N a\npublic .N b":            `webapi.lock:2:1: public .N has a line already, line 1 [WA073]`,
		"resource .N name=n policy=p":         `webapi.lock:1:28: key=VALUE expected, got "" [WA073]`,
		"resource .N name=n policy=p A":       `webapi.lock:1:29: key=VALUE expected, got "A" [WA073]`,
		"resource N":                          `webapi.lock:1:10: FOLDER.TYPE expected after resource, got "N" [WA073]`,
		"resource .N name=n policy=p+q key=k": `webapi.lock:1:1: .N has policies p+q with keys k; there is a key for each policy, - for none [WA073]`,
		n + n:                                 `webapi.lock:2:1: resource .N has a line already, line 1 [WA073]`,
		".N GET closed\n.N PUT closed":        `webapi.lock:1:1: .N has no line that begins with resource .N [WA073]`,
		"scope api a \x1b[2J":                 `webapi.lock:1:13: the line has the character U+001B; all are visible [WA073]`,
		"route GET /a":                        `webapi.lock:1:7: METHOD PATTERN GUARD -> HANDLER expected after route [WA073]`,
		"route get /a public -> .h":           `webapi.lock:1:7: METHOD PATTERN GUARD -> HANDLER expected after route; "get" is no method [WA073]`,
		"route GET /a open -> .h":             `webapi.lock:1:7: METHOD PATTERN GUARD -> HANDLER expected after route; GUARD is FOLDER.TYPE, perhaps with an operation such as POST/archive, a list of these with + between them, public, unguarded or not-readable, got "open" [WA073]`,
		"route POST /a .N PST -> .h":          `webapi.lock:1:7: METHOD PATTERN GUARD -> HANDLER expected after route; GUARD is FOLDER.TYPE, perhaps with an operation such as POST/archive, a list of these with + between them, public, unguarded or not-readable, got ".N PST" [WA073]`,
		"route POST /a .N POST/A -> .h":       `webapi.lock:1:7: METHOD PATTERN GUARD -> HANDLER expected after route; GUARD is FOLDER.TYPE, perhaps with an operation such as POST/archive, a list of these with + between them, public, unguarded or not-readable, got ".N POST/A" [WA073]`,
		"route GET /a wrapper a -> .h":        `webapi.lock:1:7: a quoted text expected after wrapper [WA073]`,
		"route GET /a -> .h":                  `webapi.lock:1:7: METHOD PATTERN GUARD -> HANDLER expected after route [WA073]`,
		"route GET /a public -> .h in .m":     `webapi.lock:1:7: METHOD PATTERN GUARD -> HANDLER expected after route [WA073]`,
		"uses webapi.WithToken":               `webapi.lock:1:6: WHAT in FUNCTION expected after uses [WA073]`,
		"uses webapi.WithToken in .m (twice)": `webapi.lock:1:29: (N times) expected after the function [WA073]`,
		"scope api":                           `webapi.lock:1:10: FOLDER SCOPE [text] expected after scope [WA073]`,
	} {
		_, diags := lockfile.Parse("webapi.lock", []byte(text))
		if diff := cmp.Diff(want, diags.Error()); diff != "" {
			t.Errorf("%q: (-want +got):\n%s", text, diff)
		}
	}
}

// FuzzParse formats and parses again what was parsed without error.
func FuzzParse(f *testing.F) {
	f.Add("api.Note DELETE oauth2,acr=gold|silver,maxage=5m a\napi.Note GET apitokens,oauth2 b\nresource api.Note name=n policy=p key=-\n")
	f.Add("api.Note DELETE closed,maxage=1h30m\nresource api.Note name=n policy=p key=-\n")
	f.Add("api.Note GET/list apitokens,authenticated\napi.Note POST public\napi.Note POST/archive apitokens,oauth2 a\nresource api.Note name=n policy=p key=-\n")
	f.Add("api.Note GET anonymous,oauth2 a + b or c\nresource api.Note name=n policy=p+q key=k+- d\npublic api.Health why not\nscope api a text\nroute POST /b api.N POST/archive + api.N/list ? -> .h\nroute PUT /b api.N GET -> .h\nroute GET \"/a b\" wrapper \"x\" + api.N/list + ? -> ? in .m: it is\nroute none .N\nuses a b in c (2 times)\n")
	f.Fuzz(func(t *testing.T, text string) {
		first, firstRoutes, diags := lockfile.ParseAll("webapi.lock", []byte(text))
		if len(diags) > 0 {
			return
		}
		second, secondRoutes, diags := lockfile.ParseAll("webapi.lock", lockfile.Format(first, firstRoutes))
		if err := diags.Err(); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]any{first, firstRoutes}, []any{second, secondRoutes}); diff != "" {
			t.Errorf("(-first +second):\n%s", diff)
		}
	})
}
