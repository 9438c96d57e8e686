package routers

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

var frameworks = []string{"mux", "chi", "gins", "echo"}

var (
	tables = flag.Int("tables", 12, "how many tables to make for each router")
	seed   = flag.Uint64("seed", 1, "the seed of the tables")
	keep   = flag.String("keep", "", "the folder in which to leave the program")
)

// TestRouters compares what is read in random tables of routes with what the routers do
// that run them: the handler that answers a request, and the guards that it passes.
func TestRouters(t *testing.T) {
	dir := t.TempDir()
	if *keep != "" {
		dir = *keep
	}
	if err := os.CopyFS(dir, os.DirFS("testdata/app")); err != nil {
		t.Fatal(err)
	}
	module(t, dir)
	var all []*table
	for _, framework := range frameworks {
		list := fmt.Sprintf("package %s\n\nimport \"net/http\"\n\n// Tables returns the handler of each table.\nvar Tables = []func() http.Handler{", framework)
		for i := range *tables {
			tab := &table{Rand: rand.New(rand.NewPCG(*seed, uint64(i))), framework: framework, number: i}
			write(t, filepath.Join(dir, framework, fmt.Sprintf("t%d.go", i)), tab.source())
			all = append(all, tab)
			list += fmt.Sprintf("build%d,", i)
		}
		write(t, filepath.Join(dir, framework, "tables.go"), list+"}\n")
	}
	cfg := generator.Config{Dir: dir, Patterns: []string{"./..."}}
	result, err := generator.Generate(t.Context(), cfg)
	if err == nil {
		err = result.Write()
	}
	if err != nil {
		t.Fatal(err)
	}
	served := serve(t, dir, all)
	folders, err := generator.Folders(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	resolved, err := generator.Packages(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	found, err := routes.Read(t.Context(), dir, folders, resolved)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range found.Problems {
		t.Error(p)
	}
	for _, u := range found.Unread {
		if strings.HasPrefix(u.Reason, "no route is found for what ") { // a group without routes
			continue
		}
		t.Errorf("%s: not read: %s", found.Position(u.Pos), u.Reason)
	}
	compare(t, found, all, served)
}

// module writes the go.mod of the program: that of this module.
func module(t *testing.T, dir string) {
	t.Helper()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Fatal(err)
		}
		root, err := filepath.Abs("../..")
		if err != nil {
			t.Fatal(err)
		}
		mod := strings.ReplaceAll(string(text), "=> ../", "=> "+root+"/")
		write(t, filepath.Join(dir, name), strings.Replace(mod, "module github.com/webapi-gen/webapi-gen/example", "module example.com/app", 1))
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(name), 0o777)
	if err == nil {
		err = os.WriteFile(name, []byte(text), 0o666)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A request is one to a table, with what it has passed.
type request struct {
	table          *table
	method, target string
	passed         string // the guards and the handler; "" if none has answered
}

// serve runs the program.
func serve(t *testing.T, dir string, all []*table) []*request {
	t.Helper()
	var list []*request
	var in strings.Builder
	for _, tab := range all {
		asked := map[string]bool{}
		for _, target := range tab.targets {
			for _, method := range []string{"GET", "HEAD", "POST", "PUT", "DELETE"} {
				if line := fmt.Sprintf("%s/%d %s %s\n", tab.framework, tab.number, method, target); !asked[line] {
					asked[line] = true
					in.WriteString(line)
					list = append(list, &request{table: tab, method: method, target: target})
				}
			}
		}
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-o", "app.exe", ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	run := exec.CommandContext(t.Context(), filepath.Join(dir, "app.exe"))
	run.Stdin = strings.NewReader(in.String())
	var stderr bytes.Buffer
	run.Stderr = &stderr
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, stderr.Bytes())
	}
	lines := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(lines) != len(list) {
		t.Fatalf("got %d lines, want %d", len(lines), len(list))
	}
	refused := map[*table]string{}
	for i, line := range lines {
		status, passed, _ := strings.Cut(line, " ")
		if status == "-" {
			refused[list[i].table] = passed
		}
		if words := strings.Fields(passed); len(words) > 0 && strings.HasPrefix(words[len(words)-1], "h") {
			list[i].passed = passed
		}
	}
	for tab, why := range refused {
		t.Errorf("%s/%d: its router refuses it: %s", tab.framework, tab.number, why)
	}
	return list
}

var handlerID = regexp.MustCompile(`h\d+_\d+`)

// compare compares what requests have passed with what is found.
func compare(t *testing.T, found *routes.Table, all []*table, list []*request) {
	byTable := map[string][]*routes.Route{}
	for _, r := range found.Routes {
		name := filepath.ToSlash(found.Position(r.Pos).Filename)
		byTable[name] = append(byTable[name], r)
	}
	texts := map[string]string{}
	handler := func(r *routes.Route) string {
		if o := r.Handler.Object; o != nil {
			if id := handlerID.FindString(o.String()); id != "" { // of the function, or the type whose method it is
				return id
			}
		}
		if r.Handler.Node == nil {
			return "?"
		}
		return handlerID.FindString(text(t, found, texts, r.Handler.Node))
	}
	saw := map[string]int{}
	answered, failed := map[string]int{}, map[string]int{}
	for _, req := range list {
		name := fmt.Sprintf("%s/t%d.go", req.table.framework, req.table.number)
		var want []string
		for _, r := range routes.Match(byTable[name], req.method, req.target) {
			if !r.Answers(req.method) {
				continue
			}
			var passed []string
			for _, g := range r.Guards {
				guard := "?"
				if g.Resource != nil {
					guard = g.Resource.Name()
				}
				passed = append(passed, guard)
			}
			if r.Unread != "" {
				passed = append(passed, "("+r.Unread+")")
			}
			want = append(want, strings.Join(append(passed, handler(r)), " "))
		}
		slices.Sort(want)
		if req.passed != "" {
			answered[req.table.framework]++
		}
		if got := strings.Join(slices.Compact(want), " or "); got != req.passed {
			if req.table.framework == "gins" && req.passed == "" {
				continue // gin does not always try all patterns that match
			}
			failed[req.table.framework]++
			if saw[name]++; saw[name] == 1 {
				t.Errorf("%s: %s %s: is read as %q, and passes %q", name, req.method, req.target, got, req.passed)
			}
		}
	}
	for _, framework := range frameworks {
		if answered[framework] < (*tables)*10 {
			t.Errorf("%s: handlers answer only %d requests", framework, answered[framework])
		}
	}
	t.Logf("%d requests to %d tables; answered: %v; differences: %v", len(list), len(all), answered, failed)
}

// text returns the source of a node. The texts of files are kept.
func text(t *testing.T, found *routes.Table, texts map[string]string, n ast.Node) string {
	at, end := found.Fset.Position(n.Pos()), found.Fset.Position(n.End())
	if texts[at.Filename] == "" {
		data, err := os.ReadFile(at.Filename)
		if err != nil {
			t.Fatal(err)
		}
		texts[at.Filename] = string(data)
	}
	return texts[at.Filename][at.Offset:end.Offset]
}
