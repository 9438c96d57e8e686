package mutants

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	mutate = flag.Bool("mutants", false, "make the mutants, which takes ten minutes")
	update = flag.Bool("update", false, "make the mutants and rewrite the table")
	prove  = flag.Bool("prove", false, "make the mutants and send their proofs, which takes twice as long")
)

// A mutant is a change of one of the examples after which somebody may do more, or
// something else, than before. Whoever makes it generates again, if the change
// is one of annotations.
type mutant struct {
	what       string
	in         string // a key of examples; "" for the one that has the folder of file
	file       string // relative to the module
	old, new   string
	more       []edit
	regenerate bool
	broken     bool // does not compile
	contract   bool // changes what a guard answers, so that contract tests are run
	fork       bool // ./fork is a runtime that lets requests through
	own        bool // file is the go.mod of a module in its folder

	// proof is a request that the mutant answers and the example denies, or answers
	// with another status: method, path, the scopes of the token with "+" between them, or "-", and header fields.
	proof string
}

// An edit replaces old by new in a file. If old is "", it writes the file, and if
// new is "" as well, it removes it.
type edit struct{ file, old, new string }

func (m mutant) edits() []edit {
	return append([]edit{{m.file, m.old, m.new}}, m.more...)
}

// example returns the key of the mutant's example.
func (m mutant) example() string {
	if m.in != "" {
		return m.in
	}
	folder, _, _ := strings.Cut(m.file, "/")
	return folder
}

// An example is a part of the module of the examples, as a module of its own.
type example struct {
	root    string   // below ../../example
	folders []string // below root; the first is the package that mutants change
	edits   []edit   // before all mutants
	server  string   // an http.Handler, in a test of the package
	imports []string // of that test, besides those of proof
}

// TestMutants makes the mutants, one at a time, and checks that the tools report each,
// but for those in unnoticed. The table of what reports which is README.md, which -update
// rewrites.
func TestMutants(t *testing.T) {
	if !*mutate && !*update && !*prove {
		t.Skip("builds the examples in many variants; -mutants does it")
	}
	mutants := slices.Concat(declared, routes)
	b := newBench(t, mutants)
	rows := make([]row, len(mutants))
	next := make(chan int)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		dir := t.TempDir()
		workers.Go(func() {
			for i := range next {
				rows[i] = b.run(t, mutants[i], filepath.Join(dir, mutants[i].example()))
			}
		})
	}
	for i := range mutants {
		next <- i
	}
	close(next)
	workers.Wait()

	var table strings.Builder
	table.WriteString(header)
	known := map[string]bool{}
	for i, m := range mutants {
		if known[m.what] {
			t.Errorf("there are two mutants %q", m.what)
		}
		known[m.what] = true
		r := rows[i]
		switch listed := slices.Contains(unnoticed, m.what); {
		case r.noticed() && listed:
			t.Errorf("the mutant %q is noticed: remove it from unnoticed", m.what)
		case !r.noticed() && !listed:
			t.Errorf("nothing notices the mutant %q", m.what)
		}
		fmt.Fprintf(&table, "| %s | %s | %s | %s | %s | %s | %s |\n", m.what, r.generator, r.check, r.diff, r.lock, r.vet, r.contract)
	}
	for _, what := range unnoticed {
		if !known[what] {
			t.Errorf("unnoticed has %q, which is no mutant", what)
		}
	}
	const file = "README.md"
	if *update {
		writeFile(t, file, table.String())
		return
	}
	if diff := cmp.Diff(readFile(t, file), table.String()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", file, diff)
	}
}

const header = `# Mutants

Changes of the examples after which somebody may do more, or something else, than before, and what notices each: the
codes of webapi-gen and webapi-gen check, the labels of webapi-gen diff (in parentheses where --fail-on access lets them
pass), the lines of webapi.lock that webapi-gen lock removes and adds, the checks of webapi-vet, and the generated
contract tests. Written by ` + "`go test ./golden/mutants -update`" + `.

| mutant | webapi-gen | check | diff | lock | webapi-vet | contract test |
|---|---|---|---|---|---|---|
`

// A row says who notices a mutant.
type row struct{ generator, check, diff, lock, vet, contract string }

// noticed reports whether a tool notices the mutant. Contract tests do not count:
// not every package has them.
func (r row) noticed() bool {
	gate := r.diff != "" && !strings.HasPrefix(r.diff, "(")
	return r.generator != "" || r.check != "" || gate || r.lock != "" || r.vet != ""
}

// A bench has the tools, and the examples as they are before a mutant.
type bench struct {
	root   string                    // of the tree
	tools  string                    // the folder of the tools
	base   string                    // the folder of the examples
	found  map[string]map[string]int // what webapi-vet reports in them
	denied map[string]map[string]int // their answers to proofs
}

// newBench builds the tools and the examples, and sends the proofs of mutants to
// the examples.
func newBench(t *testing.T, mutants []mutant) *bench {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{root: root, tools: t.TempDir(), base: t.TempDir(), found: map[string]map[string]int{}, denied: map[string]map[string]int{}}
	if out, err := command(root, "go", "build", "-o", b.tools, "./cmd/webapi-gen", "./cmd/webapi-vet").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	proofs := map[string][]string{}
	for _, m := range mutants {
		if m.proof != "" {
			proofs[m.example()] = append(proofs[m.example()], m.proof)
		}
	}
	var ready sync.WaitGroup
	var mu sync.Mutex
	for name := range examples {
		ready.Go(func() {
			found, denied := b.prepare(t, name, proofs[name])
			mu.Lock()
			defer mu.Unlock()
			b.found[name], b.denied[name] = found, denied
		})
	}
	ready.Wait()
	return b
}

// prepare generates and locks an example, and returns what webapi-vet reports in it,
// and its answers to proofs, with -prove.
func (b *bench) prepare(t *testing.T, name string, proofs []string) (found, denied map[string]int) {
	t.Helper()
	dir := filepath.Join(b.base, name)
	b.create(t, examples[name], dir)
	for _, args := range [][]string{{"./..."}, {"lock"}, {"check", "./..."}} {
		if out, err := b.webapi(dir, args...).CombinedOutput(); err != nil {
			t.Errorf("%s: webapi-gen %s: %v\n%s", name, args, err, out)
		}
	}
	found = b.vet(t, dir)
	if !*prove {
		return found, nil
	}
	statuses, out := send(t, name, dir, proofs)
	if len(statuses) != len(proofs) {
		t.Errorf("%s: the proofs were not sent:\n%s", name, out)
		return found, nil
	}
	denied = map[string]int{}
	for i, proof := range proofs {
		denied[proof] = statuses[i]
	}
	return found, denied
}

// create writes an example to dir, with the modules of the tree that it needs
// replaced by those folders.
func (b *bench) create(t *testing.T, e example, dir string) {
	t.Helper()
	from := filepath.Join(b.root, "example")
	mod := readFile(t, filepath.Join(from, "go.mod"))
	mod = strings.Replace(mod, "/example\n", path.Join("/example", e.root)+"\n", 1)
	writeFile(t, filepath.Join(dir, "go.mod"), strings.ReplaceAll(mod, "=> ../", "=> "+filepath.ToSlash(b.root)+"/"))
	writeFile(t, filepath.Join(dir, "go.sum"), readFile(t, filepath.Join(from, "go.sum")))
	for _, folder := range e.folders {
		copySource(t, filepath.Join(from, e.root, folder), filepath.Join(dir, folder))
	}
	for _, edit := range e.edits {
		edit.apply(t, dir)
	}
}

// run makes a mutant in dir, and asks all who may notice it.
func (b *bench) run(t *testing.T, m mutant, dir string) (r row) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Error(err)
		return r
	}
	name := m.example()
	base := filepath.Join(b.base, name)
	if err := os.CopyFS(dir, os.DirFS(base)); err != nil {
		t.Error(err)
		return r
	}
	b.apply(t, m, dir)
	generates := true
	if m.regenerate {
		r.generator, generates = b.findings(t, m, dir, "--format=json", "./...")
	}
	if generates {
		r.check, _ = b.findings(t, m, dir, "check", "--format=json", "./...")
		r.diff = b.diff(t, m, base, dir)
		r.lock = b.lock(t, m, base, dir)
	}
	r.vet = b.new(t, m, dir)
	if m.contract {
		r.contract = b.contract(t, m, dir)
	}
	if *prove && m.proof != "" {
		b.prove(t, m, dir)
	}
	return r
}

// apply makes a mutant of the example in dir.
func (b *bench) apply(t *testing.T, m mutant, dir string) {
	t.Helper()
	runtime := filepath.Join(b.root, "webapi")
	mod := readFile(t, filepath.Join(dir, "go.mod"))
	edits := m.edits()
	switch {
	case m.fork:
		copySource(t, runtime, filepath.Join(dir, "fork"))
		edits = append(edits, edit{"fork/guard.go", "\ts := stateOf(r.Context())\n", "\tif r.Header.Get(\"X-Debug\") != \"\" {\n\t\treturn view(w, r)\n\t}\n\ts := stateOf(r.Context())\n"})
		if m.file == "go.mod" {
			edits[0] = edit{"go.mod", "/webapi => " + filepath.ToSlash(runtime), "/webapi => ./fork"}
		}
	case m.own:
		folder := path.Dir(m.file)
		module := strings.Fields(mod)[1]
		edits[0].new = strings.Replace(mod, module, module+"/"+folder, 1)
		edits = append(edits, edit{folder + "/go.sum", "", readFile(t, filepath.Join(dir, "go.sum"))})
	}
	for _, edit := range edits {
		edit.apply(t, dir)
	}
}

// findings runs webapi-gen, and returns the codes that it reports, each once, and
// whether it succeeds. A failure without a code is "fails".
func (b *bench) findings(t *testing.T, m mutant, dir string, args ...string) (codes string, ok bool) {
	t.Helper()
	cmd := b.webapi(dir, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var report struct{ Diagnostics []struct{ Code string } }
	if len(out) > 0 {
		if err := json.Unmarshal(out, &report); err != nil {
			t.Errorf("%s: %v\n%s", m.what, err, out)
		}
	}
	seen := map[string]bool{}
	for _, d := range report.Diagnostics {
		seen[d.Code] = true
	}
	if err != nil && len(seen) == 0 {
		t.Logf("%s: webapi-gen %s: %s", m.what, args, &stderr)
		return "fails", false
	}
	return strings.Join(slices.Sorted(maps.Keys(seen)), " "), err == nil
}

// diff returns the labels of the comparison with base.
func (b *bench) diff(t *testing.T, m mutant, base, dir string) string {
	t.Helper()
	out, err := b.webapi(dir, "diff", "--format=json", "--fail-on=access", base).Output()
	var report struct{ Changes []struct{ Labels []string } }
	if len(out) == 0 && err != nil {
		return "fails" // the input is wrong
	}
	if err := json.Unmarshal(out, &report); err != nil {
		t.Errorf("%s: diff: %v\n%s", m.what, err, out)
	}
	var labels []string
	for _, c := range report.Changes {
		for _, l := range c.Labels {
			if !slices.Contains(labels, l) {
				labels = append(labels, l)
			}
		}
	}
	list := strings.Join(labels, ", ")
	switch {
	case err != nil && list == "":
		return "fails"
	case err == nil && list != "":
		return "(" + list + ")"
	}
	return list
}

// lock returns how many lines of webapi.lock of base are gone, and how many are new.
func (b *bench) lock(t *testing.T, m mutant, base, dir string) string {
	t.Helper()
	if err := b.webapi(dir, "lock").Run(); err != nil {
		return "fails" // the input is wrong
	}
	before := strings.Split(readFile(t, filepath.Join(base, "webapi.lock")), "\n")
	after := strings.Split(readFile(t, filepath.Join(dir, "webapi.lock")), "\n")
	var text []string
	if n := without(before, after); n > 0 {
		text = append(text, fmt.Sprintf("-%d", n))
	}
	if n := without(after, before); n > 0 {
		text = append(text, fmt.Sprintf("+%d", n))
	}
	return strings.Join(text, " ")
}

// without returns how many lines are not in others.
func without(lines, others []string) int {
	return len(slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(others, line) }))
}

// new returns the checks of webapi-vet that report something in dir that they do
// not report without the mutant. A mutant must compile.
func (b *bench) new(t *testing.T, m mutant, dir string) string {
	t.Helper()
	var checks []string
	before := b.found[m.example()]
	for finding, n := range b.vet(t, dir) {
		check, _, _ := strings.Cut(finding, " ")
		if n <= before[finding] {
			continue
		}
		if check == notCompiled {
			if !m.broken {
				t.Errorf("%s: %s", m.what, finding)
			}
			continue
		}
		if !slices.Contains(checks, check) {
			checks = append(checks, check)
		}
	}
	slices.Sort(checks)
	return strings.Join(checks, " ")
}

const notCompiled = "does-not-compile"

var position = regexp.MustCompile(`:\d+:\d+`)

// vet returns how often webapi-vet reports what, by check, package, file and message.
func (b *bench) vet(t *testing.T, dir string) map[string]int {
	t.Helper()
	cmd := command(dir, filepath.Join(b.tools, "webapi-vet"), "-json", "./...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	found := map[string]int{}
	if err != nil {
		found[notCompiled+" "+stderr.String()]++
	}
	documents := json.NewDecoder(bytes.NewReader(out)) // one for each module
	for {
		var packages map[string]map[string]json.RawMessage // by package and check
		switch err := documents.Decode(&packages); {
		case errors.Is(err, io.EOF):
			return found
		case err != nil:
			t.Errorf("%v\n%s", err, out)
			return found
		}
		for pkg, checks := range packages {
			for check, text := range checks {
				var list []struct{ Posn, Message string }
				if err := json.Unmarshal(text, &list); err != nil {
					found[notCompiled+" "+string(text)]++
				}
				for _, d := range list {
					file := filepath.Base(position.ReplaceAllString(d.Posn, ""))
					found[strings.Join([]string{check, pkg, file, position.ReplaceAllString(d.Message, "")}, " ")]++
				}
			}
		}
	}
}

// contract runs the contract tests of a mutant.
func (b *bench) contract(t *testing.T, m mutant, dir string) string {
	t.Helper()
	out, err := command(dir, "go", "test", "-vet=off", "-run=^TestWebAPIContract", "./"+examples[m.example()].folders[0]).CombinedOutput()
	switch {
	case err == nil:
		return ""
	case bytes.Contains(out, []byte("build failed")):
		return "does not compile"
	}
	return "fails"
}

// prove sends the proof of a mutant.
func (b *bench) prove(t *testing.T, m mutant, dir string) {
	t.Helper()
	statuses, out := send(t, m.example(), dir, []string{m.proof})
	if len(statuses) != 1 {
		t.Errorf("%s: the proof was not sent:\n%s", m.what, out)
		return
	}
	if status := statuses[0]; status == b.denied[m.example()][m.proof] || slices.Contains([]int{401, 403, 405}, status) || status >= 500 {
		t.Errorf("%s: %q is answered with %d: the mutant opens nothing", m.what, m.proof, status)
	}
}

// send sends requests to the server of an example, and returns the statuses of the answers.
func send(t *testing.T, name, dir string, requests []string) (statuses []int, out []byte) {
	t.Helper()
	e := examples[name]
	folder := filepath.Join(dir, e.folders[0])
	file := filepath.Join(folder, "proof_test.go")
	writeFile(t, file, e.proof(requests))
	defer func() { _ = os.Remove(file) }()
	out, _ = command(folder, "go", "test", "-vet=off", "-v", "-run=^TestProof$", ".").CombinedOutput()
	for _, m := range regexp.MustCompile(`(?m)^answer (\d+)$`).FindAllSubmatch(out, -1) {
		status, _ := strconv.Atoi(string(m[1]))
		statuses = append(statuses, status)
	}
	return statuses, out
}

// proof returns a test that sends requests to the server.
func (e example) proof(requests []string) string {
	var imports strings.Builder
	for _, name := range append(e.imports, "context", "fmt", "net/http/httptest", "strings", "testing", runtimePath) {
		fmt.Fprintf(&imports, "\t%q\n", name)
	}
	pkg := path.Base(e.folders[0])
	if pkg == "notes" {
		pkg = "main"
	}
	return fmt.Sprintf(proofTest, pkg, &imports, requests, e.server)
}

const runtimePath = "github.com/webapi-gen/webapi-gen/webapi"

const proofTest = `package %s

import (
%s)

func TestProof(t *testing.T) {
	for _, request := range %#v {
		fields := strings.Fields(request)
		r, w := httptest.NewRequest(fields[0], fields[1], nil), httptest.NewRecorder()
		if fields[2] != "-" {
			r.Header.Set("Authorization", "Bearer "+strings.NewReplacer(":", ".").Replace(fields[2]))
		}
		for _, field := range fields[3:] {
			name, value, _ := strings.Cut(field, ":")
			r.Header.Set(name, value)
		}
		server := %s
		server.ServeHTTP(w, r)
		fmt.Printf("answer %%d\n", w.Code)
	}
}

var proofVerifier = webapi.VerifierFunc(func(_ context.Context, token string) (webapi.Token, error) {
	if objects, ok := strings.CutPrefix(token, "policy-"); ok { // everything but an object
		resource, object, _ := strings.Cut(objects, "-")
		policy, err := webapi.ParsePolicy([]byte(fmt.Sprintf("{\"resources\": {\"%%s\": {\"%%s\": {\"block\": [\"*\"]}}}}", resource, object)))
		return webapi.Token{Kind: webapi.APIToken, Policy: policy, NoExpiry: true}, err
	}
	scopes, err := webapi.ParseScopes(strings.NewReplacer(".", ":", "+", " ").Replace(token))
	return webapi.Token{Scopes: scopes, NoExpiry: true}, err
})
`

// webapi returns a run of webapi-gen in dir.
func (b *bench) webapi(dir string, args ...string) *exec.Cmd {
	return command(dir, filepath.Join(b.tools, "webapi-gen"), args...)
}

// command returns a run of a program in dir, without the flags of the go command that
// this test has: with -race, it would take twice as long. It has one processor, as the
// mutants take turns on all: with more, each run costs a quarter more.
func command(dir, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=", "GOMAXPROCS=1")
	return cmd
}

// std are the packages of the standard library that mutants need and whose import
// their edits leave out.
var std = []string{"context", "net/http", "net/http/httputil", "os", "strings"}

// apply changes a file.
func (e edit) apply(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(e.file))
	switch {
	case e.old == "" && e.new == "":
		if err := os.Remove(file); err != nil {
			t.Error(err)
		}
		return
	case e.old == "":
		writeFile(t, file, e.new)
		return
	}
	text := readFile(t, file)
	if !strings.Contains(text, e.old) {
		t.Errorf("%s has no %q", e.file, e.old)
	}
	text = strings.Replace(text, e.old, e.new, 1)
	if path.Ext(e.file) == ".go" {
		for _, name := range std {
			if used := regexp.MustCompile(`\b` + path.Base(name) + `\.[A-Z]`); used.MatchString(e.new) && !strings.Contains(text, strconv.Quote(name)) {
				text = strings.Replace(text, "import (", "import (\n\t"+strconv.Quote(name), 1)
			}
		}
	}
	writeFile(t, file, text)
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Error(err)
	}
	return string(data)
}

// copySource copies a folder without tests, apart from contract tests.
func copySource(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		if strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, "_contract_test.go") {
			return nil
		}
		relative, err := filepath.Rel(from, name)
		if err == nil {
			text := readFile(t, name)
			if first, rest, _ := strings.Cut(text, "\n"); strings.Contains(first, "Code generated by webapi-gen export") {
				text = rest // else check would notice all that changes a document
			}
			writeFile(t, filepath.Join(to, relative), text)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Error(err)
	}
}
