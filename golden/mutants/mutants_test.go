package mutants

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

var update = flag.Bool("update", false, "rewrite the table")

// A mutant is a mistake in one of the examples. Whoever makes it may generate
// again before anybody looks, or not.
type mutant struct {
	what       string
	file       string // below example/codereview, or below example/ for notes
	old, new   string // what is changed; all of the file if old is ""
	regenerate bool
}

// The files that are changed.
const (
	notesGo      = "notes/notes.go"
	notesGuard   = "notes/note_resource_webapi.go"
	docGo        = "api/doc.go"
	repositoryGo = "api/repository.go"
	reviewGo     = "api/review.go"
	requestGo    = "api/reviewrequest.go"
	auditGo      = "api/audit.go"
	auditGuard   = "api/audit_resource_webapi.go"
	userGo       = "api/user.go"
	routesGo     = "api/routes.go"
	infoGo       = "api/info.go"
	repoGuard    = "api/repository_resource_webapi.go"
)

var mutants = []mutant{
	// Annotations that are misspelt, or stand in the wrong place.
	{what: "a blank after the slashes", file: notesGo, old: "//webapi:resource", new: "// webapi:resource"},
	{what: "a capital", file: notesGo, old: "//webapi:require", new: "//webapi:Require"},
	{what: "a misspelt key", file: notesGo, old: "methods=GET", new: "method=GET"},
	{what: "a misspelt scope", file: notesGo, old: "DELETE note:destroy", new: "DELETE note:destory"},
	{what: "a misspelt method", file: reviewGo, old: "require POST", new: "require PSOT"},
	{what: "defaults that a blank line detaches", file: docGo, old: "package api", new: "\npackage api"},
	{what: "an annotation that a blank line detaches", file: userGo, old: "type UserResource", new: "\ntype UserResource"},
	{what: "a requirement of an open method", file: repositoryGo, old: "//webapi:require DELETE admin", new: "//webapi:require GET admin"},

	// Annotations that say something else, and nobody generates.
	{what: "a requirement less, not generated", file: notesGo, old: "//webapi:require DELETE note:destroy note:write\n"},
	{what: "a method more, not generated", file: userGo, old: "methods=GET", new: "methods=GET,DELETE"},

	// The same, generated: right to every tool but those that compare.
	{what: "an AND made an OR", file: notesGo, old: "DELETE note:destroy note:write", new: "DELETE note:destroy\n//webapi:require DELETE note:write", regenerate: true},
	{what: "an OR made an AND", file: repositoryGo, old: "repository:destroy\n//webapi:require DELETE admin", new: "repository:destroy admin", regenerate: true},
	{what: "the scope of a neighbour", file: reviewGo, old: "review:write review_request:read", new: "review_request:write", regenerate: true},
	{what: "an action changed", file: requestGo, old: "key=review_request", new: "key=review_request map=PATCH:destroy", regenerate: true},
	{what: "open to everybody", file: requestGo, old: "//webapi:resource", new: "//webapi:resource anonymous=GET", regenerate: true},
	{what: "open to OAuth2", file: auditGo, old: "oauth2=deny ", regenerate: true},
	{what: "open to API tokens", file: userGo, old: "methods=GET", new: "methods=GET apitokens=allow", regenerate: true},
	{what: "a policy ID changed", file: repositoryGo, old: "key=repository", new: "key=repository policy=repo scope=repository", regenerate: true},
	{what: "a method more", file: userGo, old: "methods=GET", new: "methods=GET,PUT", regenerate: true},

	// Generated files that are edited or gone.
	{what: "a guard that asks nobody", file: notesGuard, old: "return webapi.CallMethodView(x, w, r, method, view)", new: "return view(w, r)"},
	{what: "a guard with another scope", file: notesGuard, old: "return webapi.Require(NoteScopeWrite), true", new: "return webapi.Require(NoteScopeRead), true"},
	{what: "a scope constant edited", file: notesGuard, old: `= "note:destroy"`, new: `= "note:read"`},
	{what: "an alternative added to a guard", file: notesGuard, old: "webapi.AnyOf(webapi.AllOf(NoteScopeDestroy, NoteScopeWrite))", new: "webapi.AnyOf(webapi.AllOf(NoteScopeDestroy), webapi.AllOf(NoteScopeWrite))"},
	{what: "a rule edited", file: auditGuard, old: "OAuth2:    false", new: "OAuth2:    true"},
	{what: "a method answered by hand", file: repoGuard, old: `case "POST", "PUT":`, new: `case "POST", "PUT", "PATCH":`},
	{what: "a guard that is gone", file: notesGuard},

	// Code that goes around the guards.
	{what: "a route past the guard", file: routesGo, old: "\tmux.HandleFunc(\"GET /api/info\"", new: "\tmux.HandleFunc(\"GET /api/all\", func(w http.ResponseWriter, r *http.Request) { _ = users.list(w, r) })\n\tmux.HandleFunc(\"GET /api/info\""},
	{what: "a guard removed from a route", file: routesGo, old: "webapi.HandleList(audit, webapi.Views{\"GET\": audit.list})", new: "http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = audit.list(w, r) })"},
	{what: "a handler of no resource", file: routesGo, old: "\tmux.HandleFunc(\"GET /api/info\"", new: "\tmux.HandleFunc(\"GET /api/debug\", debug)\n\tmux.HandleFunc(\"GET /api/info\""},
	{what: "a public handler without its reason", file: infoGo, old: "//webapi:public reason=\"a client asks this before it has a token, to find out where to get one\"\n"},
	{what: "a view called by another resource", file: auditGo, old: "x.log.entries())\n}", new: "x.log.entries())\n}\n\nfunc shortcut(users *UserResource, w http.ResponseWriter, r *http.Request) error { return users.list(w, r) }"},
	{what: "a scope written out", file: notesGo, old: `"reader": webapi.MakeScopes(NoteScopeRead)`, new: `"reader": webapi.MakeScopes("note:read")`},
	{what: "a scope that nobody declares", file: notesGo, old: `"reader": webapi.MakeScopes(NoteScopeRead)`, new: `"reader": webapi.MakeScopes("note:raed")`},
	{what: "a scope tested by hand", file: auditGo, old: "// AuditLog keeps", new: "func mayRead(t webapi.Token) bool { return strings.Contains(t.Scopes.String(), \"review:read\") }\n\n// AuditLog keeps"},
}

// more are files that a mutant needs besides.
var more = map[string]map[string]string{
	"a handler of no resource": {"api/debug.go": "package api\n\nimport \"net/http\"\n\nfunc debug(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }\n"},
}

// TestMutants checks that each mutant is noticed, and by what: the table is
// README.md, which -update rewrites.
func TestMutants(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the examples in many variants")
	}
	m := newMutation(t)
	for i := range mutants {
		m.add(t, i)
	}
	m.analyse(t)
	m.contracts(t)
	var b strings.Builder
	b.WriteString("# Mutants\n\nMistakes that somebody could make in the examples, and what notices each. Written by\n`go test ./golden/mutants -update`.\n\n")
	b.WriteString("| mistake | generator | check | diff | webapi-vet | contract test |\n|---|---|---|---|---|---|\n")
	for i, mutant := range mutants {
		row := m.rows[i]
		if row.noticed() == 0 {
			t.Errorf("nothing notices the mutant %q", mutant.what)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", mutant.what, row.generator, row.check, row.diff, row.vet, row.contract)
	}
	const file = "README.md"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(readFile(t, file), b.String()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

// A row says who notices a mutant.
type row struct{ generator, check, diff, vet, contract string }

func (r row) noticed() int {
	n := 0
	for _, by := range []string{r.generator, r.check, r.diff, r.vet, r.contract} {
		if by != "" {
			n++
		}
	}
	return n
}

// A mutation is a copy of the module of the examples with all mutants in it.
type mutation struct {
	root string
	rows []row
}

// examplePath is the import path of the examples.
const examplePath = "github.com/webapi-gen/webapi-gen/example"

func newMutation(t *testing.T) *mutation {
	t.Helper()
	m := &mutation{root: t.TempDir(), rows: make([]row, len(mutants))}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		text := readFile(t, filepath.Join("../../example", name))
		writeFile(t, filepath.Join(m.root, name), strings.ReplaceAll(text, "=> ../", "=> "+root+"/"))
	}
	copyTree(t, "../../example/codereview/internal/store", filepath.Join(m.root, "codereview/internal/store"))
	return m
}

// dir returns the folder of a mutant: where its packages may use internal ones.
func (m *mutation) dir(i int) string {
	return filepath.Join(m.root, "codereview", fmt.Sprintf("m%02d", i))
}

// add makes a mutant, and asks those who look at it by itself.
func (m *mutation) add(t *testing.T, i int) {
	t.Helper()
	dir, mutant := m.dir(i), mutants[i]
	copyTree(t, "../../example/notes", filepath.Join(dir, "notes"))
	copyTree(t, "../../example/codereview/api", filepath.Join(dir, "api"))
	before := locked(t, dir)
	mutant.apply(t, dir)
	cfg := generator.Config{Dir: dir, Patterns: []string{"./..."}}
	result, err := generator.Generate(t.Context(), cfg)
	var diags diag.List
	switch {
	case errors.As(err, &diags):
		m.rows[i].generator = codes(diags)
		return
	case err != nil:
		t.Fatal(err)
	case mutant.regenerate:
		if err := result.Write(); err != nil {
			t.Fatal(err)
		}
	default:
		m.rows[i].check = codes(result.Stale())
	}
	report, err := change.Compare(t.Context(), change.Side{Packages: before}, change.Side{Packages: locked(t, dir), Source: os.DirFS(dir)})
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	for _, l := range report.Labels() {
		labels = append(labels, string(l))
	}
	m.rows[i].diff = strings.Join(labels, ", ")
}

func (mutant mutant) apply(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, mutant.file)
	for name, text := range more[mutant.what] {
		writeFile(t, filepath.Join(dir, name), text)
	}
	if mutant.old == "" {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
		return
	}
	text := readFile(t, file)
	if strings.Count(text, mutant.old) == 0 {
		t.Fatalf("mutant %q: %s has no %q", mutant.what, mutant.file, mutant.old)
	}
	text = strings.Replace(text, mutant.old, mutant.new, 1)
	if strings.Contains(mutant.new, "strings.") {
		text = strings.Replace(text, "import (", "import (\n\t\"strings\"", 1)
	}
	writeFile(t, file, text)
}

func locked(t *testing.T, dir string) []*model.Package {
	t.Helper()
	packages, err := generator.Packages(t.Context(), generator.Config{Dir: dir, Patterns: []string{"./..."}})
	if err != nil {
		t.Fatal(err)
	}
	locked, diags := lockfile.Parse("", lockfile.Format(packages))
	if err := diags.Err(); err != nil {
		t.Fatal(err)
	}
	return locked
}

// codes returns the codes of diagnostics, each once.
func codes(diags diag.List) string {
	seen := map[string]bool{}
	for _, d := range diags {
		seen[string(d.Code)] = true
	}
	return strings.Join(slices.Sorted(maps.Keys(seen)), " ")
}

// analyse runs webapi-vet over all mutants.
func (m *mutation) analyse(t *testing.T) {
	t.Helper()
	tool := filepath.Join(t.TempDir(), "webapi-vet")
	if out, err := exec.Command("go", "build", "-o", tool, "../../cmd/webapi-vet").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out := m.golang(t, "vet", "-json", "-vettool="+tool, "./...")
	// The documents stand between lines with the names of packages.
	documents := json.NewDecoder(strings.NewReader(regexp.MustCompile("(?m)^[^ \t{}].*$").ReplaceAllString(out, "")))
	for {
		var found map[string]map[string]json.RawMessage // by package and check
		if err := documents.Decode(&found); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for pkg, checks := range found {
			if i, ok := mutantOf(t, pkg); ok {
				m.rows[i].vet = strings.Join(append(strings.Fields(m.rows[i].vet), slices.Sorted(maps.Keys(checks))...), " ")
			}
		}
	}
}

// mutantOf returns the mutant that a package is of.
func mutantOf(t *testing.T, pkg string) (int, bool) {
	t.Helper()
	number := regexp.MustCompile(`^` + examplePath + `/codereview/m(\d+)/`).FindStringSubmatch(pkg)
	if number == nil {
		return 0, false
	}
	i, err := strconv.Atoi(number[1])
	if err != nil {
		t.Fatal(err)
	}
	return i, true
}

// contracts runs the contract tests of all mutants.
func (m *mutation) contracts(t *testing.T) {
	t.Helper()
	out := m.golang(t, "test", "-run", "TestWebAPIContract", "./...")
	for _, line := range regexp.MustCompile(`(?m)^FAIL\t(\S+)(.*)$`).FindAllStringSubmatch(out, -1) {
		i, ok := mutantOf(t, line[1])
		if !ok {
			continue
		}
		m.rows[i].contract = "fails"
		if strings.Contains(line[2], "build failed") {
			m.rows[i].contract = "does not compile"
		}
	}
}

// golang runs the go command in the copy, and returns what it prints.
func (m *mutation) golang(t *testing.T, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = m.root
	cmd.Env = append(os.Environ(), "GOWORK=off")
	out, _ := cmd.CombinedOutput() // that it fails is what is wanted
	return string(out)
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(path.Dir(filepath.ToSlash(name)), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
