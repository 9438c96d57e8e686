package export

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTypeScript compiles modules of random APIs and compares opens with Resource.Opens.
func TestTypeScript(t *testing.T) {
	tsc, noCompiler := exec.LookPath("tsc")
	node, noNode := exec.LookPath("node")
	if noCompiler != nil || noNode != nil {
		t.Skip("there is no tsc, or no node")
	}
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	var held [][]string
	for _, c := range callers()[2:] {
		held = append(held, c.held)
	}
	sets, err := json.Marshal(held)
	if err != nil {
		t.Fatal(err)
	}
	main := "declare const console: { log(text: string): void };\n"
	var want []string
	const modules = 8
	for n := range modules {
		api := randomRoutes(rand.New(rand.NewPCG(uint64(n), 4)), true)
		for _, s := range testScopes {
			api.Scopes = append(api.Scopes, Scope{Name: s, Text: "It's */ \"all\" \\ of ${it}"})
		}
		if n == 0 {
			api = &API{} // nothing at all
		}
		write(fmt.Sprintf("m%d.ts", n), TypeScript(api))
		main += fmt.Sprintf("import * as m%d from \"./m%[1]d\";\nfor (const set of %s) for (const o of Object.keys(m%[1]d.operations)) console.log([%[1]d, o, set.join(), m%[1]d.opens(set, o as m%[1]d.Operation)].join(\" \"));\n", n, strings.ReplaceAll(string(sets), "null", "[]"))
		for _, set := range held {
			for i := range api.Resources {
				r := &api.Resources[i]
				for k := range r.Operations {
					want = append(want, fmt.Sprintf("%d %s:%s %s %t", n, r.Operations[k].Name, r.ID, strings.Join(set, ","), r.Opens(&r.Operations[k], set)))
				}
			}
		}
	}
	write("main.ts", main)
	compile := exec.Command(tsc, "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--target", "es2020", "--module", "commonjs", "--types", "", "main.ts")
	compile.Dir = dir
	if out, err := compile.CombinedOutput(); err != nil {
		t.Fatalf("tsc: %v\n%s", err, out)
	}
	out, err := exec.Command(node, filepath.Join(dir, "main.js")).Output()
	if err != nil {
		t.Fatalf("node: %v", err)
	}
	got := strings.Split(strings.TrimSpace(string(out)), "\n")
	if len(got) != len(want) {
		t.Fatalf("got %d answers, want %d", len(got), len(want))
	}
	slices.Sort(got)
	slices.Sort(want)
	for i := range got {
		if got[i] != want[i] {
			t.Errorf("got %s, want %s", got[i], want[i])
		}
	}
}
