package main

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/webapi-gen/webapi-gen/generator"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"webapi-vet": main})
}

// TestScripts runs the scripts of testdata/script, each in a folder of its own.
// $VETTOOL is the path of this command. "generate" writes the guards of all packages
// of the folder, and "findings FILE" compares the lines that the last command has
// written to stderr, in any order, since drivers guarantee none.
func TestScripts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	mod := goMod(t)
	goEnv := goEnvironment(t)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"generate": generate,
			"findings": findings,
		},
		Setup: func(env *testscript.Env) error {
			for name, value := range goEnv {
				env.Setenv(name, value)
			}
			for _, dir := range filepath.SplitList(env.Getenv("PATH")) {
				if found, err := exec.LookPath(filepath.Join(dir, "webapi-vet")); err == nil {
					env.Setenv("VETTOOL", found)
					break
				}
			}
			return os.WriteFile(filepath.Join(env.WorkDir, "go.mod"), []byte(mod), 0o666)
		},
	})
}

// goMod returns the go.mod of a module that needs the runtime.
func goMod(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../../webapi")
	if err != nil {
		t.Fatal(err)
	}
	const path = "github.com/webapi-gen/webapi-gen/webapi"
	return "module example.com\ngo 1.26\nrequire " + path + " v0.0.0\nreplace " + path + " => " + dir + "\n"
}

func generate(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: generate")
	}
	result, err := generator.Generate(context.Background(), generator.Config{Dir: ts.MkAbs("."), Patterns: []string{"./..."}})
	ts.Check(err)
	ts.Check(result.Write())
}

func findings(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: findings FILE")
	}
	sorted := func(file string) string {
		text := strings.ReplaceAll(ts.ReadFile(file), "$WORK", ts.Getenv("WORK"))
		return strings.Join(slices.Sorted(strings.Lines(text)), "")
	}
	if got, want := sorted("stderr"), sorted(args[0]); got != want {
		ts.Fatalf("stderr has other lines than %s (-want +got):\n%s", args[0], cmp.Diff(want, got))
	}
}

// goEnvironment returns the variables by which the go command of a script finds its
// caches, and leaves the workspace of this tree.
func goEnvironment(t *testing.T) map[string]string {
	t.Helper()
	out, err := exec.Command("go", "env", "-json", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOSUMDB").Output()
	if err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{"GOWORK": "off", "GORACE": os.Getenv("GORACE")}
	if err := json.Unmarshal(out, &vars); err != nil {
		t.Fatal(err)
	}
	return vars
}
