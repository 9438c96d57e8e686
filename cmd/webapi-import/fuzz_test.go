package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/model"
)

// FuzzImport checks that each description that is read has a spec that the tool takes, in
// which each of its operations has one guard, unless two names make one identifier or file.
func FuzzImport(f *testing.F) {
	files, err := filepath.Glob("testdata/documents/*.*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if data, err := os.ReadFile(file); err != nil {
			f.Fatal(err)
		} else if len(data) < 10_000 {
			f.Add(data, true, true)
		}
	}
	f.Add([]byte("swagger: \"2.0\"\nsecurityDefinitions: {o: {type: oauth2, scopes: {a: A}}}\nbasePath: /v1\npaths: {/a.b: {get: {security: [{o: [a]}]}}, \"/a/{x}:z\": {post: {}}}\n"), false, true)
	f.Add([]byte("openapi: 3.1.0\nsecurity: [{}, {b: []}]\ncomponents: {securitySchemes: {b: &b {type: http, scheme: bearer}, c: *b}}\npaths: {/1/é/{x}: {get: {tags: [\"1\"]}, query: {}, head: {security: [{b: [x]}]}}, /: {put: {}}}\n"), true, false)
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, all, byPaths bool) {
		parse := readOpenAPI
		if isDiscovery(data) {
			parse = readDiscovery
		}
		doc, errs, err := parse(filepath.Join(dir, "openapi.yaml"), data)
		if err != nil || len(errs) > 0 {
			return
		}
		ans := &answers{lists: listAny, roles: map[string]role{}}
		if all {
			ans.lists = listAll
		}
		for i, s := range doc.schemes {
			if ans.role(s) == "" {
				ans.roles[s.name] = roles[i%len(roles)]
			}
		}
		if err := ans.questions(doc); err != nil {
			t.Fatalf("asks what is answered: %v", err)
		}
		routes, _, errs := ans.routes(doc)
		if len(errs) > 0 {
			return
		}
		place := byTag
		if byPaths {
			place = byPath
		}
		place(routes)
		resources := group(routes)
		guarded := 0
		for _, r := range resources {
			for _, g := range r.operations {
				guarded += len(g.routes)
			}
		}
		if guarded != len(routes) {
			t.Fatalf("%d of %d operations have a guard", guarded, len(routes))
		}
		text := write("openapi.yaml", "api", doc, resources)
		spec, diags := annotations.ReadSpec(annotations.Source{Path: "webapi.yaml", Data: text})
		if len(diags) == 0 {
			_, diags = model.Resolve(nil, &spec.Package)
		}
		if slices.ContainsFunc(diags, func(d diag.Diagnostic) bool { return !isClash(d) }) {
			t.Fatalf("%v\n%s", diags, text)
		}
	})
}
