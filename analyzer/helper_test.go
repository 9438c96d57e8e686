package analyzer_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/webapi-gen/webapi-gen/generator"
)

// replaced are the modules of routers, by path, and the stub packages that replace them.
var replaced = map[string]string{
	"github.com/go-chi/chi/v5":    "chi",
	"github.com/gorilla/mux":      "mux",
	"github.com/gin-gonic/gin":    "gin",
	"github.com/labstack/echo/v4": "echo4",
	"github.com/labstack/echo/v5": "echo5",
}

// workspace returns a module with the packages of testdata and their guards, in
// a folder without symbolic links. Tests that write no file share it.
func workspace(t *testing.T) string {
	t.Helper()
	dir, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var temp string // removed by TestMain

func TestMain(m *testing.M) {
	code := m.Run()
	if temp != "" {
		_ = os.RemoveAll(temp)
	}
	os.Exit(code)
}

var shared = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "analyzer")
	if err != nil {
		return "", err
	}
	temp = dir
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", err
	}
	return dir, newModule(dir)
})

// newModule makes dir a module with the packages of testdata.
func newModule(dir string) error {
	if err := os.CopyFS(dir, os.DirFS("testdata")); err != nil {
		return err
	}
	for _, folder := range replaced {
		if err := os.CopyFS(filepath.Join(dir, "_stubs", folder), os.DirFS(filepath.Join("../internal/routes/testdata/stubs", folder))); err != nil {
			return err
		}
	}
	mod, err := goMod()
	if err != nil {
		return err
	}
	for path, folder := range replaced {
		major := "v0.0.0"
		if i := strings.LastIndex(path, "/v"); i >= 0 {
			major = path[i+1:] + ".0.0"
		}
		mod += "require " + path + " " + major + "\nreplace " + path + " => ./_stubs/" + folder + "\n"
		if err := writeFile(filepath.Join(dir, "_stubs", folder, "go.mod"), "module "+path+"\n"); err != nil {
			return err
		}
	}
	if err := writeFile(filepath.Join(dir, "go.mod"), mod); err != nil {
		return err
	}
	if err := generate(dir); err != nil {
		return err
	}
	// The generator would ask for its spec.
	former := filepath.Join(dir, "former", "spec_webapi")
	return os.Rename(former+".txt", former+".go")
}

// goMod returns the go.mod of a module that needs the runtime.
func goMod() (string, error) {
	dir, err := filepath.Abs("../webapi")
	const path = "github.com/webapi-gen/webapi-gen/webapi"
	return "module example.com\ngo 1.26\nrequire " + path + " v0.0.0\nreplace " + path + " => " + dir + "\n", err
}

// generate writes the guards of a module.
func generate(dir string) error {
	result, err := generator.Generate(context.Background(), generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		return err
	}
	return result.Write()
}

func writeFile(path, text string) error { return os.WriteFile(path, []byte(text), 0o666) }
