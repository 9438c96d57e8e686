package main

import (
	"encoding/json"

	"github.com/webapi-gen/webapi-gen/internal/access"
)

// needsJSON is what needs --json prints.
type needsJSON struct {
	Scopes []string   `json:"scopes"`
	Least  bool       `json:"least"`
	Calls  []callJSON `json:"calls"`
	Closed []callJSON `json:"closed"`
}

// callJSON is a method of a resource, as needs and list print it.
type callJSON struct {
	Package   string             `json:"package"`
	Dir       string             `json:"dir"`
	Resource  string             `json:"resource"`
	Type      string             `json:"type"`
	Method    string             `json:"method"`
	Anonymous bool               `json:"anonymous"`
	OAuth2    bool               `json:"oauth2"`
	Requires  access.Requirement `json:"requires"`
}

func callsJSON(calls []methodCall) []callJSON {
	list := make([]callJSON, len(calls))
	for i, c := range calls {
		list[i] = c.json()
	}
	return list
}

func (c methodCall) json() callJSON {
	return callJSON{
		Package: c.pkg.Name, Dir: c.pkg.Dir, Resource: c.Name, Type: c.Type,
		Method: c.method.Name, Anonymous: c.method.Anonymous, OAuth2: c.OAuth2, Requires: access.Of(c.method.Requires),
	}
}

// printJSON prints a value as people can read it too.
func (a *app) printJSON(v any) error {
	e := json.NewEncoder(a.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// nonNil returns a list that JSON does not write as null.
func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
