package main

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

var update = flag.Bool("update", false, "rewrite what the scripts compare")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"webapi-gen": main})
}

// TestScripts runs the scripts of testdata/script, each in a folder of its own.
// $ROOT is the root of this module, $BIN is a folder that has webapi-gen alone, and "publish" makes the go command find the
// modules of this tree as version v0.1.0.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	goEnv := goEnvironment(t)
	tool, err := exec.LookPath("webapi-gen")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"publish": publish},
		Setup: func(env *testscript.Env) error {
			env.Setenv("ROOT", root)
			env.Setenv("BIN", filepath.Dir(tool))
			for name, value := range goEnv {
				env.Setenv(name, value)
			}
			return nil
		},
	})
}

// publish writes a module proxy with the tool and the runtime as they are in this
// tree. The other modules are those of the module cache.
func publish(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: publish")
	}
	const version = "v0.1.0"
	proxy := ts.MkAbs("../proxy")
	for _, path := range []string{"github.com/webapi-gen/webapi-gen", "github.com/webapi-gen/webapi-gen/webapi"} {
		dir := filepath.Join(ts.Getenv("ROOT"), strings.TrimPrefix(path, "github.com/webapi-gen/webapi-gen"))
		to := filepath.Join(proxy, path, "@v")
		ts.Check(os.MkdirAll(to, 0o777))
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		ts.Check(err)
		for name, text := range map[string]string{
			"list": version + "\n", version + ".info": `{"Version":"` + version + `"}`, version + ".mod": string(mod),
		} {
			ts.Check(os.WriteFile(filepath.Join(to, name), []byte(text), 0o666))
		}
		archive, err := os.Create(filepath.Join(to, version+".zip"))
		ts.Check(err)
		ts.Check(zip.CreateFromDir(archive, module.Version{Path: path, Version: version}, dir))
		ts.Check(archive.Close())
	}
	compileOnce(ts)
	cache := filepath.Join(ts.Getenv("GOMODCACHE"), "cache", "download")
	ts.Setenv("GOPROXY", "file://"+filepath.ToSlash(proxy)+",file://"+filepath.ToSlash(cache))
	ts.Setenv("GOMODCACHE", ts.MkAbs("../modcache"))
	ts.Setenv("GOFLAGS", "-modcacherw -trimpath") // what is compiled in one folder serves in others
	ts.Setenv("GOSUMDB", "off")
}

// compileOnce compiles what the tool requires, so that the scripts that build it from modules
// do not do that at the same time.
func compileOnce(ts *testscript.TestScript) {
	compile.Do(func() {
		cmd := exec.Command("go", "build", "-trimpath", "-o", os.DevNull, "./cmd/webapi-gen")
		cmd.Dir, cmd.Env = ts.Getenv("ROOT"), append(os.Environ(), "GOWORK=off", "GOFLAGS=")
		out, err := cmd.CombinedOutput()
		if err != nil {
			ts.Fatalf("%v\n%s", err, out)
		}
	})
}

var compile sync.Once

// goEnvironment returns the variables with which the go command of a script finds
// its caches, outside of the workspace of this tree.
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
