package change_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
)

func sideOf(t *testing.T, text string) change.Side {
	t.Helper()
	packages, routes, diags := lockfile.ParseAll("webapi.lock", []byte(text+missingResources(text)))
	if err := diags.Err(); err != nil {
		t.Fatal(err)
	}
	return change.Side{Packages: packages, Routes: routes}
}

func TestCompareRoutes(t *testing.T) {
	const resources = `api.Note DELETE oauth2 note:destroy
api.Note GET oauth2 note:read
api.Note GET/list oauth2 note:list
api.Note POST oauth2 note:write
api.Note POST/archive oauth2 note:archive
api.Note POST/login public
api.Draft DELETE oauth2 draft:destroy
api.Draft GET anonymous,oauth2 draft:read
api.Org DELETE oauth2 org:admin
api.Org GET oauth2 org:read
api.Key GET apitokens,oauth2 key:read
api.Key DELETE oauth2,maxage=5m key:destroy
api.Old DELETE oauth2,acr=gold,maxage=1h key:destroy
api.Free DELETE apitokens,oauth2 key:destroy
resource api.Key name=key policy=key key=id
api.Old GET apitokens,oauth2 key:read
resource api.Old name=old policy=old key=-
`
	tests := []struct{ name, before, after, want string }{
		{"nothing", "route GET /a api.Note -> .a", "route GET /a api.Note -> .a", ""},
		{"not known before", "", "route GET /a unguarded -> .a", ""},
		{
			"another guard", "route DELETE /notes/{id} api.Note -> .remove", "route DELETE /notes/{id} api.Draft -> .remove", `[widened narrowed] route DELETE /notes/{id}
	a token with draft:destroy alone could not DELETE /notes/{id}, now can
	a token with note:destroy alone could DELETE /notes/{id}, now cannot
`,
		},
		{
			"a guard with anonymous", "route GET /notes/{id} api.Note -> .get", "route GET /notes/{id} api.Draft -> .get", `[widened anonymous narrowed] route GET /notes/{id}
	a request without credentials could not GET /notes/{id}, now can
	a token with draft:read alone could not GET /notes/{id}, now can
	a token with note:read alone could GET /notes/{id}, now cannot
`,
		},
		{
			"no guard", "route DELETE /notes/{id} api.Note -> .remove", "route DELETE /notes/{id} unguarded -> .remove", `[unguarded widened anonymous] route DELETE /notes/{id}
	a request without credentials could not DELETE /notes/{id}, now can
`,
		},
		{
			"an older login", "route DELETE /k api.Key -> .a", "route DELETE /k api.Old -> .a", `[widened narrowed] route DELETE /k
	a token with key:destroy alone, from a login with acr gold, 1h old, could not DELETE /k, now can
	a token with key:destroy alone, from a login without acr, 5m old, could DELETE /k, now cannot
`,
		},
		{
			"no login needed", "route DELETE /k api.Key -> .a", "route DELETE /k api.Free -> .a", `[widened] route DELETE /k
	an API token whose policy allows it could not DELETE /k, now can
	a token with key:destroy alone, from a login 10m old, could not DELETE /k, now can
`,
		},
		{
			"both logins", "route DELETE /k api.Key + api.Old -> .a", "route DELETE /k api.Old -> .a", `[widened] route DELETE /k
	a token with key:destroy alone, from a login with acr gold, 1h old, could not DELETE /k, now can
`,
		},
		{
			"a further route without the login", "route DELETE /k api.Key -> .a", "route DELETE /k api.Key -> .a\nroute DELETE /l api.Free -> .a", `[widened added] route DELETE /l
	an API token whose policy allows it could not reach .a, now can
`,
		},
		{"a further route of another login", "route DELETE /k api.Free -> .a", "route DELETE /k api.Free -> .a\nroute DELETE /l api.Key -> .a", "[added] route DELETE /l\n"},
		{"a route that denies all", "route DELETE /k api.Key -> .a", "route - /k api.Key -> .a", "[removed] route DELETE /k\n[added] route - /k\n"},
		{"an operation", "route POST /a api.Note POST/archive -> .a", "route POST /a api.Note POST/archive -> .a", ""},
		{
			"an operation instead of its method", "route POST /notes/{id} api.Note -> .a", "route POST /notes/{id} api.Note POST/archive -> .a", `[widened narrowed] route POST /notes/{id}
	a token with note:archive alone could not POST /notes/{id}, now can
	a token with note:write alone could POST /notes/{id}, now cannot
`,
		},
		{
			"a public operation", "route POST /login api.Note -> .a", "route POST /login api.Note POST/login -> .a", `[widened anonymous] route POST /login
	a request without credentials could not POST /login, now can
	a request with a token that is rejected could not POST /login, now can
	an API token whose policy allows it could not POST /login, now can
	a token without scopes could not POST /login, now can
`,
		},
		{
			"an operation of another method", "route POST /a api.Note POST/archive -> .a", "route - /a api.Note POST/archive -> .a", `[removed] route POST /a
[added] route - /a
`,
		},
		{
			"an operation that is not known", "route POST /a api.Note POST/archive -> .a", "route POST /a api.Note ? -> .a", `[unchecked] route POST /a
`,
		},
		{
			"an operation that the resource does not have", "route POST /a api.Note POST/archive -> .a", "route POST /a api.Note POST/restore -> .a", `[narrowed] route POST /a
	a token with note:archive alone could POST /a, now cannot
`,
		},
		{
			"the operation of a collection", "route GET /notes api.Note -> .a", "route GET /notes api.Note/list -> .a", `[widened narrowed] route GET /notes
	a token with note:list alone could not GET /notes, now can
	a token with note:read alone could GET /notes, now cannot
`,
		},
		{
			"an operation of any method", "route * /a api.Note -> .a", "route * /a api.Note POST/archive -> .a", `[widened narrowed] route * /a
	a token with note:archive alone could not DELETE /a, now can
	a token with note:destroy alone could DELETE /a, now cannot
`,
		},
		{
			"public", "route DELETE /notes/{id} api.Note -> .remove", "route DELETE /notes/{id} public -> .remove", `[widened anonymous] route DELETE /notes/{id}
	a request without credentials could not DELETE /notes/{id}, now can
`,
		},
		{
			"wrapped", "route DELETE /notes/{id} api.Note -> .remove", `route DELETE /notes/{id} wrapper "team" -> .remove`, `[widened anonymous unchecked] route DELETE /notes/{id}
	a request without credentials could not DELETE /notes/{id}, now can
`,
		},
		{
			"no guard where it was anonymous", "route GET /d api.Draft -> .get", "route GET /d unguarded -> .get", `[unguarded widened] route GET /d
	a token without scopes could not GET /d, now can
`,
		},
		{
			"guarded at last", "route GET /notes unguarded -> .list", "route GET /notes api.Note/list -> .list", `[narrowed] route GET /notes
	a request without credentials could GET /notes, now cannot
`,
		},
		{
			"one guard of two", "route GET /n api.Org + api.Note -> .get", "route GET /n api.Note -> .get", `[widened] route GET /n
	a token with note:read alone could not GET /n, now can
`,
		},
		{
			"a guard more", "route GET /n api.Note -> .get", "route GET /n api.Org + api.Note -> .get", `[narrowed] route GET /n
	a token with note:read alone could GET /n, now cannot
`,
		},
		{
			"any method", "route * /n api.Note -> .n", "route * /n api.Org -> .n", `[widened narrowed] route * /n
	a token with org:admin alone could not DELETE /n, now can
	a token with note:destroy alone could DELETE /n, now cannot
`,
		},
		{
			"any method, unguarded", "route * /n api.Note -> .n", "route * /n unguarded -> .n", `[unguarded widened anonymous] route * /n
	a request without credentials could not DELETE /n, now can
`,
		},
		{
			"policy", "route GET /k api.Key -> .k", "route GET /k api.Old -> .k", `[widened narrowed] route GET /k
	an API token whose policy allows it could not GET /k, now can
	an API token whose policy allows it could GET /k, now cannot
`,
		},
		{
			"the object of a policy", "route GET /k/{id} api.Key -> .k", "route GET /k/{id} api.Key/list -> .k", `[widened narrowed] route GET /k/{id}
	an API token whose policy allows it could not GET /k/{id}, now can
	an API token whose policy allows it could GET /k/{id}, now cannot
`,
		},
		{"another handler", "route GET /a api.Note -> .a", "route GET /a api.Note -> .b", "[text] route GET /a\n"},
		{
			"views are swapped", "route DELETE /a api.Note -> .remove\nroute POST /a api.Note -> .create", "route DELETE /a api.Note -> .create\nroute POST /a api.Note -> .remove", `[widened] route DELETE /a
	a token with note:destroy alone could not reach .create, now can
[widened] route POST /a
	a token with note:write alone could not reach .remove, now can
`,
		},
		{
			"another way to a handler", "route DELETE /a api.Note -> .remove", "route DELETE /a api.Note -> .remove\nroute POST /a/remove api.Note -> .remove", `[widened added] route POST /a/remove
	a token with note:write alone could not reach .remove, now can
`,
		},
		{
			"an open way to a handler", "route DELETE /a api.Note -> .remove", "route DELETE /a api.Note -> .remove\nroute * /b unguarded -> .remove", `[unguarded widened anonymous added] route * /b
	a request without credentials could not reach .remove, now can
`,
		},
		{"a new route", "route none", "route GET /a api.Note -> .a", "[added] route GET /a\n"},
		{"a new route without a guard", "route none", "route GET /a unguarded -> .a", "[unguarded anonymous added] route GET /a\n"},
		{"a second one", "route GET /a api.Note -> .a", "route GET /a api.Note -> .a\nroute GET /a unguarded -> .b", "[unguarded anonymous added] route GET /a\n"},
		{"a new public route", "route none", "route GET /a public -> .a", "[anonymous added] route GET /a\n"},
		{"a new wrapper", "route none", `route GET /a wrapper "x" -> .a`, "[anonymous unchecked added] route GET /a\n"},
		{"a wrapper around a guard", "route GET /a api.Note -> .a", `route GET /a wrapper "x" + api.Note -> .a`, "[unchecked] route GET /a\n"},
		{"not readable", "route GET /a api.Note -> .a", "route GET /a not-readable -> ? in .m: its handler is computed", "[unchecked] route GET /a\n"},
		{"a guard that is not known", "route GET /a api.Note -> .a", "route GET /a ? -> .a in .m: the resource is not known", "[unchecked] route GET /a\n"},
		{
			"another place that is not readable", "route ? ? not-readable -> ? in .m: a", "route ? ? not-readable -> ? in .n: b", `[unchecked added] route ? ?
[removed] route ? ?
`,
		},
		{"a guard of another module is lost", `route GET /a "x.org/lib".Tag -> .a`, "route GET /a unguarded -> .a", "[unguarded unchecked] route GET /a\n"},
		{"a guard of another module is lost, with a reason", `route GET /a "x.org/lib".Tag -> .a`, "route GET /a public -> .a", "[unchecked] route GET /a\n"},
		{"a guard of another module is replaced", `route GET /a "x.org/lib".Tag -> .a`, "route GET /a api.Note -> .a", "[unchecked] route GET /a\n"},
		{"a guard beside one of another module is lost", `route GET /a api.Note + "x.org/lib".Tag -> .a`, `route GET /a "x.org/lib".Tag -> .a`, "[unchecked] route GET /a\n"},
		{"another handler behind a guard of another module", `route GET /a "x.org/lib".Tag -> .a`, `route GET /a "x.org/lib".Tag -> .b`, "[text] route GET /a\n"},
		{"a guard of another module is added", "route GET /a api.Note -> .a", `route GET /a api.Note + "x.org/lib".Tag -> .a`, "[text] route GET /a\n"},
		{"a guard of another module instead", "route GET /a api.Note -> .a", `route GET /a "x.org/lib".Tag -> .a`, "[unchecked] route GET /a\n"},
		{"removed", "route GET /a api.Note -> .a", "route none", "[removed] route GET /a\n"},
		{"public no more", "route GET /a public -> .a", "route GET /a unguarded -> .a", "[unchecked] route GET /a\n"},
		{"said to be public", "route GET /a unguarded -> .a", "route GET /a public -> .a", "[text] route GET /a\n"},
		{
			"uses", "route none\nuses webapi.WithToken in .a\nuses webapi.WithToken in .b (3 times)\nuses x => y in go.mod",
			"route none\nuses webapi.WithToken in .b (2 times)\nuses webapi.WithToken in .c\nuses x => z in go.mod", `[unchecked added] uses webapi.WithToken in .c
[unchecked added] uses x => z in go.mod
[narrowed] uses webapi.WithToken in .a
[narrowed] uses webapi.WithToken in .b
[removed] uses x => y in go.mod
`,
		},
		{"middleware of another module", "route none\nuses \"x.org/a\".Auth in .m\nuses \"x.org/b\".Log in .m (2 times)", "route none\nuses \"x.org/b\".Log in .m\nuses \"x.org/c\".Files in .m",
			"[unchecked removed] uses \"x.org/a\".Auth in .m\n[unchecked] uses \"x.org/b\".Log in .m\n[unchecked added] uses \"x.org/c\".Files in .m\n"},
		{"a use more", "route none\nuses webapi.WithToken in .a", "route none\nuses webapi.WithToken in .a (2 times)", "[unchecked] uses webapi.WithToken in .a\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			report, err := change.Compare(t.Context(), sideOf(t, resources+tt.before+"\n"), sideOf(t, resources+tt.after+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, describe(report)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A type that is renamed leaves its routes as they are.
func TestRenamedTypeKeepsItsRoutes(t *testing.T) {
	before := sideOf(t, "api.Note GET oauth2 note:read\nresource api.Note name=note policy=note key=-\nroute GET /a api.Note -> api.Note.get\n")
	after := sideOf(t, "api.Memo GET oauth2 note:read\nresource api.Memo name=note policy=note key=-\nroute GET /a api.Memo -> api.Memo.get\n")
	report, err := change.Compare(t.Context(), before, after)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("[renamed] resource api.Memo\nunknown api.Note\n", describe(report)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
