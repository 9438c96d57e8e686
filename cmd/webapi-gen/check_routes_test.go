package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// TestCheckExamples checks that the wrong example of each code that check alone finds gives
// what the example says, and that the right one gives nothing.
func TestCheckExamples(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	for _, code := range []diag.Code{diag.NotMounted, diag.UnguardedRoute, diag.AliasOver, diag.StaleExport, diag.UnfitRoute} {
		example, ok := annotations.ExampleOf(code)
		if !ok {
			t.Fatalf("%s has no example", code)
		}
		check := strings.TrimPrefix(example.Wrong.Call, "webapi-gen ")
		run := func(files []annotations.ExampleFile) call {
			writeModule(t)
			for _, f := range files {
				writeFile(t, f.Name, f.Text)
			}
			runCall("")
			return runCall(check)
		}
		if got := run(example.Wrong.Files); got.code != exitWrongInput || !strings.HasPrefix(got.stderr, example.Errors+"\n") {
			t.Errorf("%s: the wrong example gives %d, want 1 and:\n%s\ngot:\n%s", code, got.code, example.Errors, got.stderr)
		}
		again := func() call {
			if example.Right.Call == "" {
				return run(example.Right.Files)
			}
			runCall(strings.TrimPrefix(example.Right.Call, "webapi-gen "))
			return runCall(check)
		}
		if got := again(); got.code != exitDone || got.stderr != "" {
			t.Errorf("%s: the right example gives %d:\n%s", code, got.code, got.stderr)
		}
	}
}

// runtimeDir is the folder of the runtime.
var runtimeDir, errRuntimeDir = filepath.Abs("../../webapi")

// writeModule makes a module that may import the runtime, and makes its folder the current
// one.
func writeModule(t *testing.T) {
	t.Helper()
	if errRuntimeDir != nil {
		t.Fatal(errRuntimeDir)
	}
	t.Setenv("GOWORK", "off")
	t.Chdir(t.TempDir())
	writeFile(t, "go.mod", "module example.com/notes\n\ngo 1.26\n\nrequire github.com/webapi-gen/webapi-gen/webapi v0.0.0\n\n"+
		"replace github.com/webapi-gen/webapi-gen/webapi => "+filepath.ToSlash(runtimeDir)+"\n")
}
