package webapi_test

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestStandardLibraryOnly checks that the runtime brings no module along: the
// first element of an import path of the standard library has no dot.
func TestStandardLibraryOnly(t *testing.T) {
	for _, pattern := range []string{"*.go", "webapitest/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil || names == nil {
			t.Fatalf("%s: found nothing, %v", pattern, err)
		}
		for _, name := range names {
			if !strings.HasSuffix(name, "_test.go") {
				checkImports(t, name)
			}
		}
	}
}

func checkImports(t *testing.T, name string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if path == "github.com/webapi-gen/webapi-gen/webapi" {
			continue
		}
		if root, _, _ := strings.Cut(path, "/"); strings.Contains(root, ".") {
			t.Errorf("%s imports %s", name, path)
		}
	}
}
