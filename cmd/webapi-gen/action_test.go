package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// An action has the fields of action.yml that the tests need.
type action struct {
	Inputs map[string]struct{ Default string }
	Runs   struct {
		Steps []struct {
			Name, Shell, Run string
			WorkingDirectory string `yaml:"working-directory"`
			Env              map[string]string
		}
	}
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
	t.Setenv("GITHUB_ACTION_PATH", root)
	t.Setenv("GITHUB_WORKSPACE", dir)
	t.Setenv("RUNNER_TEMP", t.TempDir())
	inputs := map[string]string{"working-directory": "api", "sarif": "webapi.sarif"}

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
	inputs["patterns"] = "./... $(touch hacked) `touch hacked`"
	a.run(t, inputs)
	writeFile(t, "more/notes.go", notes)
	for patterns, want := range map[string]string{
		".\n../more":     "file=more/note_resource_webapi.go",
		"\n. ../more\n":  "file=more/note_resource_webapi.go",
		"--lint=none\n.": "",
		"":               "::error::the input patterns is empty",
		" \n\t\n":        "::error::the input patterns is empty",
	} {
		inputs["patterns"] = patterns
		if out, ok := a.run(t, inputs); ok != (want == "") || !strings.Contains(out, want) {
			t.Errorf("patterns %q: passes %t, want %q:\n%s", patterns, ok, want, out)
		}
	}
	delete(inputs, "patterns")
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
		"main":                "::error title=widened%2C anonymous::widened, anonymous: .NoteResource GET",
		"":                    "--against is empty",
		"$(touch hacked)":     "no such git revision",
		"refs/heads/main --x": "no such git revision",
	} {
		inputs["against"] = against
		if out, ok := a.run(t, inputs); ok != (want == "") || !strings.Contains(out, want) {
			t.Errorf("against %q: passes %t, want %q:\n%s", against, ok, want, out)
		}
	}
	left, _ := filepath.Glob("api/*")
	want := []string{"api/note_resource_webapi.go", "api/notes.go", "api/webapi.sarif", "api/webapi_catalog.go"}
	if diff := cmp.Diff(want, left); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
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
