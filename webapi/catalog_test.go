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
		{Scope: "admin", Description: "Full control"}, {Scope: "unused"}, {Scope: "repository:read", Description: "See your repositories"},
	}}
	c, err := webapi.NewCatalog([]webapi.ResourceInfo{scopes, repository(), closed}, []webapi.ResourceInfo{branch})
	if err != nil {
		t.Fatal(err)
	}
	want := []webapi.CatalogEntry{
		{Scope: "admin", Description: "Full control", Methods: []string{"DELETE"}, Resources: []string{"repository"}},
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
	third.Package, third.Scopes = "lib", []webapi.ScopeInfo{{Scope: "repository:read", Description: "Read"}, {Scope: "a b"}}
	_, err := webapi.NewCatalog([]webapi.ResourceInfo{repository(), other}, []webapi.ResourceInfo{third})
	want := strings.Join([]string{
		`webapi: catalog: package lib: an alternative of HEAD has no scope`,
		`webapi: catalog: package lib: "c\\d" is not a scope`,
		`webapi: catalog: package lib: "a b" is not a scope`,
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
	closed := webapi.ResourceInfo{Package: "api", Type: "T", Name: "token", Policy: "api_token"}
	c, err := webapi.NewCatalog([]webapi.ResourceInfo{repository(), closed, {Package: "api", Policy: "no type"}})
	if err != nil {
		t.Fatal(err)
	}
	good := policy(t, `{"resources": {"*": {"allow": ["*"]}, "repository": {"1": {"block": ["*"]}}, "api_token": {}}}`)
	if err := c.CheckPolicy(good); err != nil {
		t.Error(err)
	}
	bad := policy(t, `{"resources": {"repositry": {}, "no type": {}, "repository": {}}}`)
	want := `webapi: policy: no such resource: resources["no type"], resources.repositry`
	if err := c.CheckPolicy(bad); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
