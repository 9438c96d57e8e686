package webapi_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// repository is what the generator writes of a resource of package api.
func repository() webapi.ResourceInfo {
	return webapi.ResourceInfo{
		Package: "api", Type: "RepositoryResource", Name: "repository", ScopeName: "repository", Policy: "repository", OAuth2: true,
		Methods: []webapi.MethodInfo{
			{Method: "HEAD", Action: "read", Requires: webapi.Alternatives{{"repository:read"}}},
			{Method: "GET", Action: "read", Requires: webapi.Alternatives{{"repository:read"}}},
			{Method: "PUT", Action: "write", Requires: webapi.Alternatives{{"repository:write"}}},
			{Method: "DELETE", Action: "destroy", Requires: webapi.Alternatives{{"repository:destroy", "repository:write"}, {"admin"}}},
		},
		Scopes: []webapi.ScopeInfo{
			{Scope: "repository:read", Description: "See your repositories"},
			{Scope: "repository:write"}, {Scope: "repository:destroy"},
		},
	}
}

func TestCatalog(t *testing.T) {
	branch := webapi.ResourceInfo{
		Package: "vcs", Type: "BranchResource", Name: "branch", ScopeName: "repository", Policy: "branch", OAuth2: true,
		Methods: []webapi.MethodInfo{
			{Method: "POST", Requires: webapi.Alternatives{{"repository:write"}}},
			{Method: "OPTIONS", Requires: webapi.Alternatives{{"repository:read"}}},
		},
		Scopes: []webapi.ScopeInfo{{Scope: "repository:write"}, {Scope: "repository:read"}},
	}
	closed := webapi.ResourceInfo{
		Package: "api", Type: "SecretResource", Name: "secret", Policy: "secret",
		Methods: []webapi.MethodInfo{{Method: "GET", Requires: webapi.Alternatives{{"secret:read"}}}},
		Scopes:  []webapi.ScopeInfo{{Scope: "secret:read", Description: "See secrets"}},
	}
	scopes := webapi.ResourceInfo{Package: "api", Scopes: []webapi.ScopeInfo{
		{Scope: "admin", Description: "Full control", Implies: []webapi.Scope{"repository:write", "repository:read"}}, {Scope: "unused"}, {Scope: "repository:read", Description: "See your repositories"},
	}}
	c, err := webapi.NewCatalog([]webapi.ResourceInfo{scopes, repository(), closed}, []webapi.ResourceInfo{branch})
	if err != nil {
		t.Fatal(err)
	}
	want := []webapi.CatalogEntry{
		{Scope: "admin", Description: "Full control", Methods: []string{"DELETE"}, Resources: []string{"repository"},
			Implies: []webapi.Scope{"repository:read", "repository:write"}},
		{Scope: "repository:destroy", Description: "Ability to perform HTTP DELETE on the repository resource",
			Methods: []string{"DELETE"}, Resources: []string{"repository"}},
		{Scope: "repository:read", Description: "See your repositories",
			Methods: []string{"GET", "HEAD", "OPTIONS"}, Resources: []string{"branch", "repository"}},
		{Scope: "repository:write", Description: "Ability to perform HTTP DELETE, POST, PUT on the branch and repository resources",
			Methods: []string{"DELETE", "POST", "PUT"}, Resources: []string{"branch", "repository"}},
		{Scope: "unused", Description: "unused"},
	}
	if got := c.All(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	for _, entry := range want {
		if got, ok := c.Lookup(entry.Scope); !ok || !reflect.DeepEqual(got, entry) {
			t.Errorf("got %+v, want %+v", got, entry)
		}
	}
	if got, ok := c.Lookup("secret:read"); ok {
		t.Errorf("got %+v of a resource that takes no OAuth2 tokens", got)
	}

	// What it returns can be changed without an effect.
	c.All()[0].Methods[0] = "changed"
	e, _ := c.Lookup("admin")
	e.Resources[0] = "changed"
	if got := c.All(); !reflect.DeepEqual(got, want) {
		t.Errorf("the catalogue has changed: %+v", got)
	}
}

// TestCatalogDefaultText holds the text of Djblets.
func TestCatalogDefaultText(t *testing.T) {
	info := repository()
	info.Scopes[0].Description = ""
	c, err := webapi.NewCatalog([]webapi.ResourceInfo{info})
	if err != nil {
		t.Fatal(err)
	}
	e, _ := c.Lookup("repository:read")
	if want := "Ability to perform HTTP GET, HEAD on the repository resource"; e.Description != want {
		t.Errorf("got %q, want %q", e.Description, want)
	}
}

func TestCatalogConflicts(t *testing.T) {
	other, third := repository(), repository()
	other.Package, other.Type, other.Scopes[0].Description = "vcs", "MirrorResource", "See mirrors"
	third.Package, third.Type = "", ""
	third.Methods[0].Requires = webapi.Alternatives{{"c\\d"}, {"c\\d"}, {}}
	third.Package, third.Scopes = "lib", []webapi.ScopeInfo{{Scope: "a b"}, {Scope: "repository:read", Description: "Read"}, {Scope: "é"}}
	_, err := webapi.NewCatalog([]webapi.ResourceInfo{repository(), other}, []webapi.ResourceInfo{third})
	want := strings.Join([]string{
		`webapi: catalog: package lib: an alternative of HEAD has no scope`,
		`webapi: catalog: package lib: "c\\d" is not a scope`,
		`webapi: catalog: package lib: "a b" is not a scope`,
		`webapi: catalog: package lib: "é" is not a scope`,
		`webapi: catalog: scope repository:read is "See your repositories" in api.RepositoryResource but "See mirrors" in vcs.MirrorResource`,
		`webapi: catalog: scope repository:read is "See your repositories" in api.RepositoryResource but "Read" in package lib`,
	}, "\n")
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	if _, err := webapi.NewCatalog([]webapi.ResourceInfo{repository()}, []webapi.ResourceInfo{repository()}); err != nil {
		t.Errorf("the same twice: %v", err)
	}
}

func TestEmptyCatalog(t *testing.T) {
	empty, err := webapi.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*webapi.Catalog{nil, {}, empty, empty.Catalog()} {
		if _, ok := c.Lookup("a"); ok || len(c.All()) > 0 || len(webapi.ScopesSupported(c)) > 0 {
			t.Error("an empty catalogue has a scope")
		}
		if c.CheckPolicy(webapi.Policy{}) != nil || c.CheckPolicy(policy(t, `{"resources": {"a": {}}}`)) == nil {
			t.Error("an empty catalogue knows a policy ID")
		}
	}
}

func TestScopesSupported(t *testing.T) {
	c, err := webapi.NewCatalog([]webapi.ResourceInfo{repository()})
	if err != nil {
		t.Fatal(err)
	}
	own := []string{"profile", "openid", "repository:read"}
	got := webapi.ScopesSupported(c, own...)
	want := []string{"admin", "openid", "profile", "repository:destroy", "repository:read", "repository:write"}
	if !slices.Equal(got, want) || own[0] != "profile" {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := webapi.ScopesSupported(nil, own...); !slices.Equal(got, []string{"openid", "profile", "repository:read"}) || own[0] != "profile" {
		t.Errorf("got %q from %q", got, own)
	}
}

func TestCheckPolicy(t *testing.T) {
	info := func(typ, policy, key string, apiTokens bool) webapi.ResourceInfo {
		return webapi.ResourceInfo{Package: "api", Type: typ, Name: typ, Policy: policy, Key: key, APITokens: apiTokens}
	}
	c, err := webapi.NewCatalog([]webapi.ResourceInfo{
		info("Repository", "repository", "id", true), info("Status", "status", "", true), info("Secret", "secret", "id", false),
		info("BranchList", "branch", "", true), info("Branch", "branch", "id", true),
		info("KeyList", "key", "", true), info("Key", "key", "id", false), info("None", "", "id", true),
		{Package: "api", Policy: "no type", APITokens: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		policy string
		want   []string
	}{
		{`{}`, nil},
		{`{"resources": {"*": {"allow": ["*"]}, "repository": {"1": {"block": ["*"]}}, "branch": {"1": {"block": ["*"]}}, "status": {"*": {"block": ["*"]}}}}`, nil},
		{`{"resources": {"repositry": {}, "no type": {}, "repository": {}}}`, []string{
			`resources["no type"]: no such resource`, `resources.repositry: no such resource`,
		}},
		{`{"resources": {"secret": {"*": {"block": ["*"]}, "1": {"allow": ["GET"]}}}}`, []string{`resources.secret: the resource accepts no API tokens`}},
		{`{"resources": {"unknown": {"1": {"allow": ["GET"]}}}}`, []string{`resources.unknown: no such resource`}},
		{`{"resources": {"secret": {}}}`, []string{`resources.secret: the resource accepts no API tokens`}},
		{`{"resources": {"status": {"*": {"allow": ["*"]}, "b.c": {"block": ["*"]}, "a": {"allow": ["GET"]}}, "key": {"1": {"block": ["GET"]}}, "x": {}}}`, []string{
			`resources.key.1: the resource has no key, so it cannot tell its objects apart; want "*"`,
			`resources.status.a: the resource has no key, so it cannot tell its objects apart; want "*"`,
			`resources.status["b.c"]: the resource has no key, so it cannot tell its objects apart; want "*"`,
			`resources.x: no such resource`,
		}},
	}
	for _, test := range tests {
		got := ""
		if err := c.CheckPolicy(policy(t, test.policy)); err != nil {
			got = err.Error()
		}
		want := ""
		for i, line := range test.want {
			want += strings.Repeat("\n", min(i, 1)) + "webapi: policy: " + line
		}
		if got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.policy, got, want)
		}
	}
}
