// Package handroll tests scopes by hand.
package handroll

import (
	"net/http"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/webapi"
)

type Claims struct {
	Scope  string `json:"scope"`
	Scopes []string
	Name   string
}

func (c *Claims) GetScope() string { return c.Scope }

type accessToken interface{ Scopes() []string }

type form struct{ Scope string }

func test(c *Claims, t webapi.Token, access accessToken, claims map[string]any, f form, r *http.Request) {
	_ = strings.Contains(c.Scope, "note:read")                    // want `the scopes of a token are tested by strings.Contains; webapi.ParseScopes reads them, and Has compares them whole`
	_ = strings.HasPrefix(c.GetScope(), "note:")                  // want `strings.HasPrefix`
	_ = strings.EqualFold("note:read", c.Scope)                   // want `strings.EqualFold`
	_ = slices.Contains(c.Scopes, "note:read")                    // want `slices.Contains`
	_ = slices.Contains(access.Scopes(), "note:read")             // want `slices.Contains`
	_ = slices.Contains(strings.Fields(c.Scope), "note:read")     // want `slices.Contains`
	_ = slices.Contains(strings.Split(c.Scope, " "), "note:read") // want `slices.Contains`
	_ = strings.Contains(strings.ToLower(c.Scope), "note:read")   // want `strings.Contains`
	_ = strings.Contains(claims["scope"].(string), "note:read")   // want `strings.Contains`
	scope, _ := claims["scp"].(string)
	_ = strings.Contains(scope, "note:read")                                   // want `strings.Contains`
	_ = c.Scope == "note:read"                                                 // want `tested by ==`
	_ = t.Scopes.String() == "note:read"                                       // want `tested by ==`
	_ = strings.Contains(t.Scopes.String(), string(webapi.Scope("note:read"))) // want `strings.Contains`
	const read = "note:read"
	_ = strings.Contains(c.Scope, read) // want `strings.Contains`

	_ = strings.Contains(c.Scope, " ")
	_ = c.Scope == ""
	_ = strings.Contains(c.Scope, c.Name)
	_ = strings.Contains(c.Name, "note:read")
	_ = strings.Contains(f.Scope, "note:read")
	_ = strings.Contains(r.FormValue("scope"), "openid")
	_ = claims["sub"] == "note:read"
	_ = t.Scopes.Has("note:read")
}
