package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// An action has the fields of action.yml that the tests need.
type action struct {
	Inputs map[string]struct {
		Default  string
		Required bool
	}
	Runs struct{ Steps []step }
}

type step struct {
	Name, Shell, Run string
	WorkingDirectory string `yaml:"working-directory"`
	Env              map[string]string
}

// TestAction runs the steps of the GitHub action as a runner does, on a package
// whose outputs are missing and then up to date.
func TestAction(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the tool")
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	var a action
	data, err := os.ReadFile(filepath.Join(root, "action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &a); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	t.Chdir(dir)
	writeFile(t, "api/notes.go", notes)
	const runtime = "github.com/webapi-gen/webapi-gen/webapi"
	requires := "\n\ngo 1.26\n\nrequire " + runtime + " v0.0.0\n\nreplace " + runtime + " => " + filepath.Join(root, "webapi") + "\n"
	writeFile(t, "go.mod", "module example.com/server"+requires)
	t.Setenv("GITHUB_ACTION_PATH", root)
	t.Setenv("GITHUB_WORKSPACE", dir)
	t.Setenv("RUNNER_TEMP", t.TempDir())
	inputs := map[string]string{"working-directory": "api", "sarif": "webapi.sarif", "against": "none"}

	out, ok := a.run(t, inputs)
	if ok {
		t.Errorf("the action passes where outputs are missing")
	}
	if want := "::error file=api/note_resource_webapi.go,"; !strings.Contains(out, want) {
		t.Errorf("the action has not printed %q:\n%s", want, out)
	}
	if sarif, err := os.ReadFile("api/webapi.sarif"); err != nil || !strings.Contains(string(sarif), `"WA070"`) {
		t.Errorf("the SARIF file has no WA070 (%v):\n%s", err, sarif)
	}
	if got := runCall("-C api"); got.code != exitDone {
		t.Fatal(got)
	}
	if out, ok := a.run(t, inputs); !ok {
		t.Errorf("the action fails where all is up to date:\n%s", out)
	}
	quick := a // webapi-vet takes long, and has no input
	quick.Runs.Steps = slices.DeleteFunc(slices.Clone(a.Runs.Steps), func(s step) bool {
		return strings.Contains(s.Run, "/webapi-vet") && !strings.Contains(s.Run, "go build")
	})
	inputs["patterns"] = "./... $(touch hacked) `touch hacked`"
	quick.run(t, inputs)
	writeFile(t, "more/notes.go", notes)
	for patterns, want := range map[string]string{
		".\n../more":     "file=more/note_resource_webapi.go",
		"\n. ../more\n":  "file=more/note_resource_webapi.go",
		"--lint=none\n.": "",
	} {
		inputs["patterns"] = patterns
		if out, ok := quick.run(t, inputs); ok != (want == "") || !strings.Contains(out, want) {
			t.Errorf("patterns %q: passes %t, want %q:\n%s", patterns, ok, want, out)
		}
	}
	delete(inputs, "patterns")

	// An empty variable switches nothing off, and neither does an input that is left out.
	for _, name := range []string{"patterns", "working-directory", "against"} {
		before := inputs[name]
		for _, empty := range []string{"", " ", " \n\t\n"} {
			inputs[name] = empty
			if out, ok := quick.run(t, inputs); ok || out != "::error::the input "+name+" is empty\n" {
				t.Errorf("the input %s is empty: passes %t:\n%s", name, ok, out)
			}
		}
		if inputs[name] = before; before == "" {
			delete(inputs, name)
		}
	}
	if against := a.Inputs["against"]; !against.Required || against.Default != "" {
		t.Error("a workflow that says nothing of against is not told to")
	}

	// webapi-vet looks at the modules below as well.
	writeFile(t, "api/worker/go.mod", "module example.com/worker"+requires)
	writeFile(t, "api/worker/main.go", worker)
	if out, ok := a.run(t, inputs); ok || !strings.Contains(out, "main.go:12:") {
		t.Errorf("the action passes a route without a guard in another module:\n%s", out)
	}
	if err := os.RemoveAll("api/worker"); err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{
		"GIT_CONFIG_GLOBAL": os.DevNull, "GIT_CONFIG_SYSTEM": os.DevNull,
		"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com",
	} {
		t.Setenv(name, value)
	}
	runGit(t, "init", "-q", "-b", "main")
	runGit(t, "add", ".")
	runGit(t, "commit", "-q", "-m", "x")
	writeFile(t, "api/notes.go", strings.Replace(notes, "//webapi:resource", "//webapi:resource anonymous=GET", 1))
	if got := runCall("-C api"); got.code != exitDone {
		t.Fatal(got)
	}
	for against, want := range map[string]string{
		"none":                "",
		"main":                "::error title=widened%2C anonymous::widened, anonymous: api.NoteResource GET",
		"$(touch hacked)":     "no such git revision",
		"refs/heads/main --x": "no such git revision",
	} {
		inputs["against"] = against
		if out, ok := quick.run(t, inputs); ok != (want == "") || !strings.Contains(out, want) {
			t.Errorf("against %q: passes %t, want %q:\n%s", against, ok, want, out)
		}
	}
	left, _ := filepath.Glob("api/*")
	want := []string{"api/note_resource_webapi.go", "api/notes.go", "api/webapi.sarif", "api/webapi_catalog.go"}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// worker has a route that is not guarded, in a package that is checked.
const worker = `// Worker serves what is to be done.
//
//webapi:defaults oauth2=allow
package main

import "net/http"

func list(w http.ResponseWriter, r *http.Request) {}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /tasks", list)
	_ = http.ListenAndServe("localhost:8080", mux)
}
`

// TestHooks runs the hooks of pre-commit as they are, in a module without resources and in one
// whose outputs are missing.
func TestHooks(t *testing.T) {
	var hooks []struct {
		ID, Entry string
		Args      []string
	}
	data, err := os.ReadFile("../../.pre-commit-hooks.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(data, &hooks); err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	writeFile(t, "go.mod", "module example.com/server\n")
	writeFile(t, "api/notes.go", notes)
	want := map[string]string{
		"webapi-gen-check": "is missing", "webapi-gen-diff": "is in no git repository", "webapi-vet": "", "webapi-gen": "2 files written",
	}
	for _, hook := range hooks {
		answer, ok := want[hook.ID]
		if delete(want, hook.ID); !ok {
			t.Errorf("hook %s has no test", hook.ID)
		}
		tool, words, _ := strings.Cut(hook.Entry, " ")
		if tool == "webapi-vet" { // TestAction runs it with these arguments
			if diff := cmp.Diff([]string{"./..."}, hook.Args); diff != "" || words != "" {
				t.Errorf("%s %s: arguments (-want +got):\n%s", hook.ID, hook.Entry, diff)
			}
			continue
		}
		got := runCall(strings.Join(append(strings.Fields(words), hook.Args...), " "))
		if !strings.Contains(got.stdout+got.stderr, answer) {
			t.Errorf("hook %s: want %q, got %v", hook.ID, answer, got)
		}
	}
	if len(want) > 0 {
		t.Errorf("there is no hook %v", want)
	}
}

// ciBlock matches a block of docs/ci.md that shows how to use the action or the hooks.
var ciBlock = regexp.MustCompile("(?s)<!-- checked by cmd/webapi-gen/action_test.go -->\n```yaml\n(.*?)```")

// TestPageOfCI checks that docs/ci.md uses the action and the hooks as they are.
func TestPageOfCI(t *testing.T) {
	read := func(name string, into any) {
		data, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.Unmarshal(data, into); err != nil {
			t.Fatal(err)
		}
	}
	var a action
	read("action.yml", &a)
	var known []struct{ ID string }
	read(".pre-commit-hooks.yaml", &known)
	page, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := ciBlock.FindAllSubmatch(page, -1)
	if len(blocks) != 2 {
		t.Fatalf("docs/ci.md has %d such blocks, want 2", len(blocks))
	}

	type use struct {
		Uses string
		With map[string]string
	}
	var steps []use
	if err := yaml.Unmarshal(blocks[0][1], &steps); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(steps, func(u use) bool { return strings.HasPrefix(u.Uses, "webapi-gen/webapi-gen@") })
	if i < 0 {
		t.Fatal("docs/ci.md does not use the action")
	}
	for name := range steps[i].With {
		if _, ok := a.Inputs[name]; !ok {
			t.Errorf("the action has no input %s", name)
		}
	}
	for name, input := range a.Inputs {
		if input.Required && steps[i].With[name] == "" {
			t.Errorf("docs/ci.md does not set the input %s", name)
		}
	}

	var config struct {
		Repos []struct{ Hooks []struct{ ID string } }
	}
	if err := yaml.Unmarshal(blocks[1][1], &config); err != nil {
		t.Fatal(err)
	}
	for _, hook := range config.Repos[0].Hooks {
		if !slices.Contains(known, hook) {
			t.Errorf("there is no hook %s", hook.ID)
		}
	}
}

var expression = regexp.MustCompile(`\$\{\{ inputs\.([a-z-]+) \}\}`)

// run runs the steps up to the first that fails, and reports whether none did.
func (a action) run(t *testing.T, inputs map[string]string) (string, bool) {
	t.Helper()
	expand := func(text string) string {
		return expression.ReplaceAllStringFunc(text, func(e string) string {
			name := expression.FindStringSubmatch(e)[1]
			if value, ok := inputs[name]; ok {
				return value
			}
			return a.Inputs[name].Default
		})
	}
	var all strings.Builder
	for _, step := range a.Runs.Steps {
		if expression.MatchString(step.Run) {
			t.Errorf("step %q has an input in its script, where it could be code", step.Name)
		}
		cmd := exec.Command(step.Shell, "--noprofile", "--norc", "-eo", "pipefail", "-c", step.Run)
		cmd.Dir = expand(step.WorkingDirectory)
		cmd.Env = os.Environ()
		for name, value := range step.Env {
			cmd.Env = append(cmd.Env, name+"="+expand(value))
		}
		out, err := cmd.CombinedOutput()
		all.Write(out)
		if err != nil {
			return all.String(), false
		}
	}
	return all.String(), true
}
