package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/go-yaml"
	"github.com/pb33f/libopenapi"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/internal/export"
	"github.com/webapi-gen/webapi-gen/model"
)

// TestRandomDocuments imports documents whose paths and scopes are alike in many ways. Each
// spec must be one that the tool takes, and decide as the document does. Then the routes of
// the spec are exported as an overlay of the document without security; the document with
// the overlay, imported again, must give the same spec.
func TestRandomDocuments(t *testing.T) {
	dir := t.TempDir()
	asked := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 1))
		doc := randomDocument(r)
		meaning := pick(r, listAll, listAny)
		args := []string{"--lists=" + meaning, "--group=" + pick(r, "path", "tag"), "--package=api", "--scheme=key=apitoken", "--scheme=cookie=login"}
		first := imported(t, dir, doc, args)
		asked += agrees(t, seed, doc, meaning, first)
		overlay, described := overlayOf(t, filepath.Join(dir, "webapi.yaml"))
		for path, item := range doc["paths"].(map[string]any) {
			for method, op := range item.(map[string]any) {
				if slices.Contains(described, strings.ToUpper(method)+" "+path) {
					op.(map[string]any)["security"] = []any{map[string]any{"cookie": []any{}}}
				}
			}
		}
		if len(described) == 0 { // an overlay has at least one action
			continue
		}
		result, err := libopenapi.ApplyOverlayFromBytesToSpecBytes(encoded(t, doc), []byte(overlay))
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, overlay)
		}
		if len(result.Warnings) > 0 {
			t.Errorf("seed %d: %v", seed, result.Warnings)
		}
		var again map[string]any
		if err := yaml.Unmarshal(result.Bytes, &again); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		// A list of the overlay means all.
		args[0] = "--lists=all"
		second := imported(t, dir, again, args)
		if _, spec, _ := bytes.Cut(second, []byte("DO NOT EDIT.")); !bytes.HasSuffix(first, spec) {
			t.Fatalf("seed %d: the document with the overlay gives another spec:\n%s\nwant:\n%s\noverlay:\n%s", seed, second, first, overlay)
		}
	}
	t.Logf("%d questions", asked)
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// randomDocument returns a document of OpenAPI.
func randomDocument(r *rand.Rand) map[string]any {
	segments := []string{"notes", "note", "Notes", "tags", "v1", "v2", "a.b", "a-b", "a_b", "é", "1", "list", "{id}", "{note-id}", "{x}", "{x}:go", "any_token"}
	paths := map[string]any{}
	for range 1 + r.IntN(12) {
		path := pick(r, "", "/api", "/v1")
		for range 1 + r.IntN(4) {
			path += "/" + pick(r, segments...)
		}
		item := map[string]any{}
		for range 1 + r.IntN(3) {
			op := map[string]any{"responses": map[string]any{}}
			if r.IntN(2) == 0 {
				op["operationId"] = pick(r, "getNote", "get", "list", "x", "2")
			}
			if r.IntN(3) > 0 {
				op["tags"] = []any{pick(r, "Notes", "notes", "A b", "é")}
			}
			if r.IntN(4) > 0 {
				op["security"] = randomSecurity(r)
			}
			item[pick(r, "get", "post", "put", "delete", "patch", "options")] = op
		}
		paths[path] = item
	}
	flow := map[string]any{"tokenUrl": "https://example.com/token", "scopes": map[string]any{"notes:read": "See # your: notes", "note:write": "- x"}}
	doc := map[string]any{
		"openapi": "3.1.0",
		"info":    map[string]any{"title": "Random", "version": "1"},
		"paths":   paths,
		"components": map[string]any{"securitySchemes": map[string]any{
			"oauth2": map[string]any{"type": "oauth2", "flows": map[string]any{"clientCredentials": flow}},
			"key":    map[string]any{"type": "apiKey", "in": "header", "name": "X-Key"},
			"cookie": map[string]any{"type": "apiKey", "in": "cookie", "name": "session"},
		}},
	}
	if r.IntN(2) == 0 {
		doc["security"] = randomSecurity(r)
	}
	return doc
}

func randomSecurity(r *rand.Rand) []any {
	list := []any{}
	for range r.IntN(4) {
		alt := map[string]any{}
		if r.IntN(3) > 0 {
			scopes := []any{}
			for range r.IntN(4) {
				scopes = append(scopes, pick(r, "notes:read", "note:write", "a_b:read", "https://example.com/x", "y", "1"))
			}
			alt["oauth2"] = scopes
		}
		if r.IntN(5) == 0 {
			alt["key"] = []any{}
		}
		if r.IntN(8) == 0 {
			alt["cookie"] = []any{}
		}
		list = append(list, alt)
	}
	return list
}

func encoded(t *testing.T, doc map[string]any) []byte {
	t.Helper()
	data, err := json.MarshalIndent(doc, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// imported returns the spec of a document.
func imported(t *testing.T, dir string, doc map[string]any, args []string) []byte {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "openapi.json"), encoded(t, doc), 0o666); err != nil {
		t.Fatal(err)
	}
	var out, errs bytes.Buffer
	out.Reset()
	args = append([]string{"-o", filepath.Join(dir, "webapi.yaml"), filepath.Join(dir, "openapi.json")}, args...)
	if code := run(args, &out, &errs); code != exitDone {
		t.Fatalf("exit code %d\n%s\n%s", code, &errs, encoded(t, doc))
	}
	spec, err := os.ReadFile(filepath.Join(dir, "webapi.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return spec
}

// resolved returns the resources of a spec.
func resolved(t *testing.T, text []byte) *model.Package {
	t.Helper()
	spec, diags := annotations.ReadSpec(annotations.Source{Path: "webapi.yaml", Data: text})
	pkg, more := model.Resolve(nil, &spec.Package)
	if diags = append(diags, more...); len(diags) > 0 {
		t.Fatalf("%v\n%s", diags, text)
	}
	return pkg
}

// agrees asks a spec what its document says, and returns the number of questions.
func agrees(t *testing.T, seed uint64, doc map[string]any, meaning string, text []byte) int {
	t.Helper()
	pkg := resolved(t, text)
	path := filepath.Join(t.TempDir(), "webapi.yaml")
	if err := os.WriteFile(path, text, 0o666); err != nil {
		t.Fatal(err)
	}
	guards, _ := mapping(t, path)
	asked := 0
	for path, item := range doc["paths"].(map[string]any) {
		for method, op := range item.(map[string]any) {
			security, ok := op.(map[string]any)["security"].([]any)
			if !ok {
				security, _ = doc["security"].([]any)
			}
			operation := strings.ToUpper(method) + " " + path
			guard, ok := guards[operation]
			if !ok {
				t.Fatalf("seed %d: %s has no guard\n%s", seed, operation, text)
			}
			res := pkg.Resources[slices.IndexFunc(pkg.Resources, func(r *model.Resource) bool { return r.Type == guard[0] })]
			m, _ := res.Method(guard[1])
			for _, q := range ask(operation, security, meaning) {
				asked++
				if allowed := allows(res, m, q); allowed != q.allowed {
					t.Fatalf("seed %d: %s, %s %s with %s %q: the guard says %t, the document %t\n%v\n%s",
						seed, operation, guard[0], guard[1], q.Kind, q.Scopes, allowed, q.allowed, security, text)
				}
			}
		}
	}
	return asked
}

func allows(res *model.Resource, m model.Method, q question) bool {
	switch {
	case m.Public:
		return true
	case q.Kind == "none":
		return m.Anonymous
	case q.Kind == "apitoken":
		return res.APITokens
	}
	return res.OAuth2 && (m.Authenticated || m.Requires.MetBy(q.Scopes))
}

// overlayOf returns the overlay of an API that mounts each operation of a spec at its paths,
// and the operations that the overlay describes.
func overlayOf(t *testing.T, path string) (overlay string, described []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	guards, _ := mapping(t, path)
	api := &export.API{}
	for _, r := range resolved(t, text).Resources {
		res := export.Resource{ID: r.Type, Name: r.Name, Type: r.Type, OAuth2: r.OAuth2, APITokens: r.APITokens}
		for _, m := range r.Methods {
			res.Operations = append(res.Operations, export.Operation{
				Name: m.Name, Public: m.Public, Anonymous: m.Anonymous, Authenticated: m.Authenticated,
				APITokens: r.APITokens, Requires: m.Declared().Values(),
			})
		}
		api.Resources = append(api.Resources, res)
	}
	var endpoints []export.Endpoint
	for operation, guard := range guards {
		method, path, _ := strings.Cut(operation, " ")
		route := export.Route{Methods: []string{method}, Pattern: path, Guard: export.Guarded, Guards: []export.Call{{Resource: guard[0], Operation: guard[1]}}}
		endpoints = append(endpoints, export.Endpoint{Path: path, Method: method, Routes: []export.Route{route}})
		described = append(described, operation)
	}
	slices.SortFunc(endpoints, func(a, b export.Endpoint) int { return strings.Compare(a.Path+a.Method, b.Path+b.Method) })
	overlay, exceptions, err := export.Overlay(api, endpoints, export.OverlayOptions{Scheme: "oauth2", APITokenScheme: "key"})
	if err != nil && !errors.Is(err, export.ErrNoAction) {
		t.Fatal(err)
	}
	for _, x := range exceptions {
		if x.Kind != export.Elsewhere { // no token opens it
			t.Errorf("%v", x)
		}
		described = slices.DeleteFunc(described, func(d string) bool { return d == fmt.Sprintf("%s %s", x.Method, x.Path) })
	}
	return overlay, described
}
