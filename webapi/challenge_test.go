package webapi_test

import (
	"slices"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// TestChallengeNamesScopes checks that a client is told all scopes of an operation at
// once, those of its Supers too, and none that would not help it.
func TestChallengeNamesScopes(t *testing.T) {
	page := func(super webapi.Resource) *resource {
		need := webapi.AnyOf(webapi.AllOf("page:all", "page:more"), webapi.AllOf("page:read"))
		return &resource{
			rules: webapi.AccessRules{Name: "page", Allow: "GET, POST, PUT", OAuth2: true, Authenticated: "POST", Public: "PUT", Super: super},
			needs: map[string]webapi.Requirement{"GET": need, "POST": {}, "PUT": {}, "GET/list": webapi.Require("page:list")},
		}
	}
	noOAuth2, nobody, offline := notes(), notes(), notes()
	noOAuth2.rules.OAuth2 = false
	nobody.needs["GET"] = webapi.AnyOf()
	offline.needs["GET"] = webapi.AnyOf(webapi.AllOf("offline_access", "note:read"))
	expired := holding("page:read")
	expired.Expires = past

	none, rejected := rejects(webapi.ErrNoCredentials), rejects(webapi.ErrLoginFailed)
	tests := []struct {
		name   string
		res    webapi.Resource
		method string
		auth   webapi.Authenticator
		want   string
	}{
		{"no credentials", notes(), "GET", none, `Bearer realm="api", scope="note:read"`},
		{"the alternative with the fewest scopes", notes(), "DELETE", none, `Bearer realm="api", scope="note:destroy"`},
		{"not the first if it has more", page(nil), "GET", none, `Bearer realm="api", scope="page:read"`},
		{"rejected", notes(), "POST", rejected, `Bearer realm="api", error="invalid_token", scope="note:write"`},
		{"expired", page(nil), "GET", grants(expired), `Bearer realm="api", error="invalid_token", scope="page:read"`},
		{"any token", page(nil), "POST", none, `Bearer realm="api"`},
		{"no OAuth2 tokens", noOAuth2, "GET", none, `Bearer realm="api"`},
		{"no OAuth2 tokens, rejected", noOAuth2, "GET", rejected, `Bearer realm="api", error="invalid_token"`},
		{"nothing grants it", nobody, "GET", none, `Bearer realm="api"`},
		{"offline_access", offline, "GET", none, `Bearer realm="api", scope="note:read"`},
		{"offline_access is missing", offline, "GET", grants(holding()), `Bearer realm="api", error="insufficient_scope", scope="note:read"`},

		{"with a super", page(notes()), "GET", none, `Bearer realm="api", scope="page:read note:read"`},
		{"with a super without the operation", page(notes()), "GET/list", none, `Bearer realm="api", scope="page:list note:read"`},
		{"any token, with a super", page(notes()), "POST", none, `Bearer realm="api", scope="note:write"`},
		{"public, with a super", page(&resource{rules: webapi.AccessRules{Name: "a", OAuth2: true}, needs: map[string]webapi.Requirement{"PUT": webapi.Require("a")}}),
			"PUT", none, `Bearer realm="api", scope="a"`},
		{"the super takes no OAuth2 tokens", page(noOAuth2), "GET", none, `Bearer realm="api"`},
		{"both lack scopes", page(notes()), "GET", grants(holding()), `Bearer realm="api", error="insufficient_scope", scope="page:read note:read"`},
		{"the super lacks one", page(notes()), "GET", grants(holding("page:read")), `Bearer realm="api", error="insufficient_scope", scope="page:read note:read"`},
		{"the super would deny any token", page(noOAuth2), "GET", grants(holding()), `Bearer realm="api", error="insufficient_scope", scope="page:read"`},
	}
	for _, test := range tests {
		ctx := contextOf(t, quiet(), test.auth)
		err := webapi.Decide(ctx, test.res, test.method, "7")
		if got := webapi.Challenge(ctx, err); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}

	err := asError(webapi.Decide(contextOf(t, quiet(), grants(holding("page:all"))), page(notes()), "GET", ""))
	if want := []webapi.Scope{"page:more", "note:read"}; !slices.Equal(err.Missing, want) {
		t.Errorf("got the missing scopes %q, want %q", err.Missing, want)
	}
	for _, a := range []webapi.Authenticator{rejects(&webapi.Error{Code: 104, Needed: []webapi.Scope{"admin"}}), rejects(webapi.ErrBadRequest)} {
		ctx, refusal := quiet().Authenticate(a)(t.Context(), nil)
		if err := webapi.Decide(ctx, page(nil), "POST", ""); len(asError(err).Needed) > 0 {
			t.Errorf("got the scopes %q (refusal %v), want none", asError(err).Needed, refusal)
		}
	}
}
