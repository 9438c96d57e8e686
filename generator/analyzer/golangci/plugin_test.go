package golangci_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/golangci/plugin-module-register/register"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/go/analysis/analysistest"

	_ "github.com/webapi-gen/webapi-gen/generator/analyzer/golangci"
)

// newPlugin makes the plugin as golangci-lint does, from what it has decoded.
func newPlugin(t *testing.T, settings any) (register.LinterPlugin, error) {
	t.Helper()
	create, err := register.GetPlugin("webapi")
	if err != nil {
		t.Fatal(err)
	}
	return create(settings)
}

func names(t *testing.T, settings any) []string {
	t.Helper()
	plugin, err := newPlugin(t, settings)
	if err != nil {
		t.Fatal(err)
	}
	if mode := plugin.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %q", mode)
	}
	analyzers, err := plugin.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, a := range analyzers {
		list = append(list, a.Name)
	}
	return list
}

func TestSettings(t *testing.T) {
	all := []string{"unguarded", "undeclared", "bypass", "literal", "stale", "handroll"}
	for _, test := range []struct {
		settings any
		want     []string
	}{
		{nil, all},
		{map[string]any{}, all},
		{map[string]any{"disable": []any{"undeclared", "stale"}}, []string{"unguarded", "bypass", "literal", "handroll"}},
	} {
		if diff := cmp.Diff(test.want, names(t, test.settings)); diff != "" {
			t.Errorf("checks with %v (-want +got):\n%s", test.settings, diff)
		}
	}
}

func TestWrongSettings(t *testing.T) {
	for want, settings := range map[string]any{
		`linter webapi: unknown check "unguardd" in disable (did you mean "unguarded"?); allowed: unguarded, undeclared, bypass, literal, stale, handroll`: map[string]any{"disable": []any{"unguardd"}},
		`linter webapi: decoding settings: json: unknown field "enable"`: map[string]any{"enable": []any{"stale"}},
	} {
		if _, err := newPlugin(t, settings); err == nil || err.Error() != want {
			t.Errorf("New(%v): %v, want %s", settings, err, want)
		}
	}
}

// The analyzers of the plugin find what those of the package do.
func TestRun(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	const source = `package api // want "webapi_catalog.go is missing"

// NoteResource serves notes.
//
//webapi:resource methods=GET
type NoteResource struct{} // want "note_resource_webapi.go is missing"
`
	for name, text := range map[string]string{"go.mod": "module example.com\n\ngo 1.26\n", "api.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	plugin, err := newPlugin(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	analyzers, err := plugin.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range analyzers {
		if a.Name == "stale" {
			analysistest.Run(t, dir, a, ".")
		}
	}
}
