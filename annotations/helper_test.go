package annotations_test

import (
	"testing"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// annotated is a file with all directives.
const annotated = `// Package api serves things.
//
//webapi:defaults map=PATCH:write anonymous=GET apitokens=allow
//webapi:scope admin Full control
//webapi:scope org:read
package api

import "net/http"

// RepositoryResource serves /api/repositories/. It is stored.
//
//webapi:resource scope=repository methods=GET,POST,PUT,DELETE description="Source code, \"kept\""
//webapi:require DELETE repository:destroy
//webapi:require DELETE,PUT admin org:read
//webapi:describe read See your repositories
type RepositoryResource struct {
	*Base
	store http.Handler
}

//webapi:public reason="the health check has no secrets"
func (r *RepositoryResource) Health() {}

//webapi:public reason=static
type Base struct{}
`

// spec is a spec with all entries.
const spec = `version: 1
package: api
dir: sub
defaults: { map: { PATCH: write }, anonymous: [] }
scopes: { admin: Full control, "org:read": "" }
resources:
  - type: RepositoryResource
    declare: true
    name: repository
    scope: repository
    methods: [GET, POST, PUT, DELETE]
    require:
      DELETE: [[repository:destroy], [admin]]
    describe: { read: See your repositories }
  - &other
    type: OtherResource
    oauth2: deny
    description: "é: others"
  - <<: *other
    type: ThirdResource
`

// readGo reads one Go file.
func readGo(src string) ([]*annotations.Package, diag.List) {
	return annotations.ReadGo([]annotations.Source{{Path: "p/x.go", Data: []byte(src)}})
}

// readResource reads a Go file without mistakes that has one resource.
func readResource(t *testing.T, src string) annotations.Resource {
	t.Helper()
	packages, diags := readGo(src)
	if len(diags) > 0 {
		t.Fatalf("%v\nin %s", diags, src)
	}
	if len(packages) != 1 || len(packages[0].Resources) != 1 {
		t.Fatalf("no resource in %s", src)
	}
	return packages[0].Resources[0]
}

// readOne reads a Go file without mistakes.
func readOne(t *testing.T, name, src string) *annotations.Package {
	t.Helper()
	packages, diags := annotations.ReadGo([]annotations.Source{{Path: name, Data: []byte(src)}})
	if len(diags) > 0 || len(packages) != 1 {
		t.Fatalf("%d packages, %v\nin %s", len(packages), diags, src)
	}
	return packages[0]
}
