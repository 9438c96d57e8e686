package golden

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// A mutation is an edit of one file by hand that the contract tests must notice.
type mutation struct {
	name     string
	of       string // the case, or the runtime
	file     string
	old, new string // a text that the file has once, and what stands there instead
}

const (
	andOr   = "contract-and-or"
	rules   = "contract-rules"
	super   = "contract-super"
	runtime = "../webapi"

	noteGuard  = "note_resource_webapi.go"
	replyGuard = "reply_resource_webapi.go"

	call = "webapi.CallMethodView(x, w, r, method, view)"
)

// open returns the body of CallMethodView that runs the view without a guard
// where a condition holds.
func open(condition string) string {
	return "if " + condition + " {\n\t\treturn view(w, r)\n\t}\n\treturn " + call
}

var mutations = []mutation{
	{"AND made OR", andOr, noteGuard, "AllOf(NoteScopeDestroy, NoteScopeWrite)", "AllOf(NoteScopeDestroy), webapi.AllOf(NoteScopeWrite)"},
	{"OR made AND", andOr, noteGuard, "NoteScopeWrite),\n\twebapi.AllOf(ScopeAdmin),", "NoteScopeWrite, ScopeAdmin),"},
	{"a scope less in an AND", andOr, noteGuard, "NoteScopeDestroy, NoteScopeWrite", "NoteScopeDestroy"},
	{"a scope more in an AND", andOr, noteGuard, "NoteScopeDestroy, NoteScopeWrite", "NoteScopeDestroy, NoteScopeWrite, NoteScopeRead"},
	{"an alternative less", andOr, noteGuard, "\twebapi.AllOf(ScopeAdmin, ScopeOrgOwner),\n", ""},
	{"an alternative more", andOr, noteGuard, "webapi.AllOf(ScopeAdmin),", "webapi.AllOf(ScopeAdmin), webapi.AllOf(NoteScopeRead, ScopeOrgOwner),"},
	{"an alternative more, of a stranger", andOr, noteGuard, "webapi.AllOf(ScopeAdmin),", `webapi.AllOf(ScopeAdmin), webapi.AllOf("user:read"),`},
	{"a neighbour's scope", andOr, noteGuard, "Require(NoteScopeRead)", "Require(NoteScopeWrite)"},
	{"another value of a constant", andOr, noteGuard, `"note:read"`, `"note:reed"`},
	{"a method in another case", andOr, noteGuard, ", \"HEAD\":\n\t\treturn webapi.Require(NoteScopeRead), true\n\tcase \"POST\":",
		":\n\t\treturn webapi.Require(NoteScopeRead), true\n\tcase \"POST\", \"HEAD\":"},
	{"a method more", andOr, noteGuard, `case "POST":`, `case "POST", "PUT":`},
	{"a method less", andOr, noteGuard, "\tcase \"POST\":\n\t\treturn noteRequiresPost, true\n", ""},
	{"a method in lower case", andOr, noteGuard, `case "POST":`, `case "POST", "post":`},
	{"answered is false", andOr, noteGuard, "Require(NoteScopeRead), true", "Require(NoteScopeRead), false"},
	{"answered is true of all others", andOr, noteGuard, "webapi.Requirement{}, false", "webapi.Require(NoteScopeRead), true"},
	{"no guard, and no view", andOr, noteGuard, "return " + call, "return nil"},
	{"no guard", andOr, noteGuard, call, "view(w, r)"},
	{"no guard for a method of WebDAV", andOr, noteGuard, "return " + call, open(`method == "PROPFIND"`)},
	{"no guard for a method of 2025", andOr, noteGuard, "return " + call, open(`method == "QUERY"`)},
	{"no guard for a method of caches", andOr, noteGuard, "return " + call, open(`r.Method == "PURGE"`)},
	{"no guard for what is no method", andOr, noteGuard, "return " + call, open(`method == "Delete" || method == "DELETE "`)},
	{"no guard for methods that nobody knows", andOr, noteGuard, "return " + call, open(`method >= "X"`)},
	{"no guard for a method of the request", andOr, noteGuard, "return " + call, open(`r.Method == "DELETE"`)},
	{"no guard without a path value", andOr, noteGuard, "return " + call, open(`r.PathValue("id") == ""`)},
	{"no guard with a path value", andOr, noteGuard, "return " + call, open(`r.PathValue("id") != ""`)},
	{"the object for the collection", rules, noteGuard, "return " + call, "if err := webapi.Decide(r.Context(), x, method, r.PathValue(\"id\")); err != nil {\n\t\treturn err\n\t}\n\treturn view(w, r)"},
	{"no view", andOr, noteGuard, call, "webapi.Decide(r.Context(), x, method, r.PathValue(\"id\"))"},
	{"the error of the view is dropped", andOr, noteGuard, "return " + call, "_ = " + call + "; return nil"},
	{"the method of the request", andOr, noteGuard, call, strings.Replace(call, "method", "r.Method", 1)},
	{"any method is GET", andOr, noteGuard, call, strings.Replace(call, "method", `"GET"`, 1)},
	{"another key", andOr, noteGuard, `"id"`, `"note"`},
	{"another Allow", andOr, noteGuard, `"GET, HEAD, POST, DELETE"`, `"GET, HEAD"`},
	{"another name", andOr, noteGuard, `Name:      "note"`, `Name:      "memo"`},
	{"another policy", rules, noteGuard, `Policy:    "memo"`, `Policy:    "note"`},
	{"one method more is anonymous", rules, noteGuard, `Anonymous: "GET, HEAD"`, `Anonymous: "GET, HEAD, PUT"`},
	{"HEAD is not anonymous", rules, noteGuard, `Anonymous: "GET, HEAD"`, `Anonymous: "GET"`},
	{"API tokens are denied", rules, noteGuard, "APITokens: true", "APITokens: false"},
	{"API tokens are accepted", rules, "key_resource_webapi.go", "APITokens: false", "APITokens: true"},
	{"OAuth2 tokens are accepted", rules, "audit_resource_webapi.go", "OAuth2:    false", "OAuth2:    true"},
	{"no super", super, replyGuard, "Super:     x.RequestResource,", ""},
	{"no look at a nil super", super, replyGuard, "x.RequestResource == nil", "false"},
	{"a scope of the super less", super, replyGuard, "AllOf(ReplyScopeRead, RequestScopeRead)", "AllOf(ReplyScopeRead)"},

	{"missing scopes are forgiven", runtime, "decide.go", "!required.met(&token.Scopes)", "false"},
	{"expiry is forgotten", runtime, "bearer.go", "return !now.Before(t.Expires)", "return false"},
	{"a policy is not asked", runtime, "decide.go", "policy.Allows(rules.Policy, c.method, id)", "id != s.token.Subject+\"-\""},
	{"a policy is not asked without a key", runtime, "decide.go", "policy.allowsEvery(rules.Policy, c.method)", "true"},
	{"a super is not asked", runtime, "decide.go", "denied != nil || rules.Super == nil", "true"},
}

// TestMutations edits the guards of some cases, and the runtime, in many ways,
// and checks that their contract tests fail.
func TestMutations(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	m := mutants{dir: t.TempDir()}
	names := map[string]string{}
	for _, of := range []string{andOr, rules, super} {
		m.add(t, of, of)
	}
	for i, edit := range mutations {
		if edit.of != runtime {
			pkg := fmt.Sprint("edited", i)
			m.add(t, pkg, edit.of)
			edit.write(t, filepath.Join(m.dir, pkg, edit.file), filepath.Join(m.dir, pkg, edit.file))
			names[pkg] = edit.name
		}
	}
	m.finish(t)
	failed := m.run(t)
	for _, pkg := range m.packages {
		fails, ran := failed[pkg]
		switch name := names[pkg]; {
		case !ran:
			t.Errorf("the contract tests of %s have not run", pkg)
		case fails && name == "":
			t.Errorf("%s fails unedited", pkg)
		case !fails && name != "":
			t.Errorf("%s: not noticed", name)
		}
	}
	for _, edit := range mutations {
		if edit.of == runtime {
			overlay := edit.overlay(t, filepath.Join(runtimeDir(t), edit.file), m.dir)
			if failed := m.run(t, "-overlay", overlay, "-run=/contract-"); !slices.Contains(slices.Collect(maps.Values(failed)), true) {
				t.Errorf("%s: not noticed", edit.name)
			}
		}
	}
}

// write writes a file with the edit made.
func (m mutation) write(t *testing.T, file, to string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(data), m.old); n != 1 {
		t.Fatalf("%s: %s has %q %d times, want once", m.name, m.file, m.old, n)
	}
	writeText(t, to, strings.Replace(string(data), m.old, m.new, 1))
}

// overlay returns a file for the go command that puts the edit in the place of
// another file.
func (m mutation) overlay(t *testing.T, file, dir string) string {
	t.Helper()
	to := filepath.Join(dir, "overlay.go.txt")
	m.write(t, file, to)
	data, err := json.Marshal(map[string]any{"Replace": map[string]string{file: to}})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "overlay.json")
	writeText(t, path, string(data))
	return path
}

// mutants is a module with copies of cases. Their contract tests are no test
// files in it, so that one test calls all of them: a test of each package would
// be linked by itself, which takes a second.
type mutants struct {
	dir      string
	packages []string
	imports  strings.Builder
	calls    strings.Builder
}

var contractFunc = regexp.MustCompile(`(?m)^func (TestWebAPIContract_\w+)\(`)

// add adds a copy of a case as a package.
func (m *mutants) add(t *testing.T, pkg, of string) {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("cases", of+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.Files {
		if base, ok := strings.CutSuffix(f.Name, "_contract_test.go"); ok {
			archive.Files[i].Name = base + "_contract.go"
			for _, found := range contractFunc.FindAllSubmatch(f.Data, -1) {
				fmt.Fprintf(&m.calls, "\tt.Run(%q, func(t *testing.T) { t.Run(\"\", p%d.%s) })\n", pkg, len(m.packages), found[1])
			}
		}
	}
	fmt.Fprintf(&m.imports, "\tp%d \"mutants/%s\"\n", len(m.packages), pkg)
	m.packages = append(m.packages, pkg)
	unpack(t, archive, inputsOf(archive)[0], filepath.Join(m.dir, pkg))
	unpack(t, archive, want, filepath.Join(m.dir, pkg))
}

// finish writes what makes a module of the packages.
func (m *mutants) finish(t *testing.T) {
	t.Helper()
	writeText(t, filepath.Join(m.dir, "go.mod"), "module mutants\n\ngo 1.26\n")
	writeText(t, filepath.Join(m.dir, "go.work"), fmt.Sprintf("go 1.26\n\nuse (\n\t.\n\t%q\n)\n", runtimeDir(t)))
	writeText(t, filepath.Join(m.dir, "all_test.go"), fmt.Sprintf("package all\n\nimport (\n\t\"testing\"\n\n%s)\n\nfunc TestAll(t *testing.T) {\n%s}\n",
		&m.imports, &m.calls))
}

var outcome = regexp.MustCompile(`(?m)^ +--- (PASS|FAIL): TestAll/([\w-]+?)(?:#\d+)? \(`)

// run runs the contract tests, and returns of which packages one fails.
func (m *mutants) run(t *testing.T, args ...string) map[string]bool {
	t.Helper()
	cmd := exec.Command("go", append(append([]string{"test", "-vet=off", "-v"}, args...), ".")...)
	cmd.Dir = m.dir
	cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS=-mod=readonly")
	out, err := cmd.CombinedOutput()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	failed := map[string]bool{}
	for _, found := range outcome.FindAllSubmatch(out, -1) {
		pkg := string(found[2])
		failed[pkg] = failed[pkg] || string(found[1]) == "FAIL"
	}
	if len(failed) == 0 {
		t.Fatalf("no contract test has run: %v\n%s", err, out)
	}
	return failed
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
