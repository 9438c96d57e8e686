package golden

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/internal/change"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/model"
)

// TestImplicationsAgainstBruteForce compares what the tool says about random implications and
// aliases with a plain model of them, for each set of scopes that a token can have: the
// requirement and its scopes that are missing, and those that a lock file has. Another
// implication is no change, or one that is widened and not narrowed.
func TestImplicationsAgainstBruteForce(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	const packages = 10_000
	refused := 0
	for seed := range uint64(packages) {
		h := randomHierarchy(rand.New(rand.NewPCG(seed, 1)))
		pkg, diags := h.resolve(t)
		if err := diags; err != "" {
			if !strings.Contains(err, "nobody can review more") {
				t.Fatalf("seed %d:\n%s\n%s", seed, h.source("p"), err)
			}
			refused++
			continue
		}
		locked, lockDiags := lockfile.Parse(lockfile.Name, lockfile.Format([]*model.Package{pkg}, nil))
		if err := lockDiags.Err(); err != nil {
			t.Fatal(err)
		}
		r := pkg.Resources[0]
		for held := range subsets(slices.Concat(everyScope, everyAlias)) {
			granted := h.grants(held)
			for _, op := range operations {
				m, _ := r.Method(op)
				l, _ := locked[0].Resources[0].Method(op)
				want := h.meets(op, granted)
				missing := r.Missing(m, held)
				if got, gotLock := m.Requires.MetBy(held), l.Requires.MetBy(held); got != want || gotLock != want || want != (len(missing) == 0) {
					t.Fatalf("seed %d: %s with %v: met %t, by the lock file %t, missing %v; want %t\n%s", seed, op, held, got, gotLock, missing, want, h.source("p"))
				}
				h.checkMissing(t, op, held, granted, missing)
			}
		}
		from, to := everyScope[rand.IntN(len(everyScope))], ownScopes[rand.IntN(len(ownScopes))]
		if more := h.with(from, to); more != nil {
			after, diags := more.resolve(t)
			if diags != "" {
				continue
			}
			report, err := change.Compare(t.Context(), lockedSide(t, pkg), lockedSide(t, after))
			if err != nil {
				t.Fatal(err)
			}
			widened := h.widenedBy(more)
			for _, c := range report.Changes {
				op := strings.TrimPrefix(c.Subject, ".T ")
				if c.Has(change.Narrowed) || c.Has(change.Removed) || c.Has(change.Widened) && !widened[op] {
					t.Fatalf("seed %d: %s implies %s is %v of %s\n%s", seed, from, to, c.Labels, c.Subject, h.source("p"))
				}
				delete(widened, op)
			}
			if len(widened) > 0 {
				t.Fatalf("seed %d: %s implies %s is not said to widen %v\n%s", seed, from, to, widened, h.source("p"))
			}
		}
	}
	if refused > packages/10 {
		t.Errorf("%d of %d packages were refused", refused, packages)
	}
}

// TestGuardsOfImplications compares generated guards, compiled, with the plain model.
func TestGuardsOfImplications(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the go command")
	}
	dir := newModule(t)
	writeFiles(t, dir, []annotations.ExampleFile{{Name: "go.mod", Text: "module notes\n\ngo 1.26\n"}, {Name: "go.work", Text: fmt.Sprintf("go 1.26\n\nuse (\n\t.\n\t%q\n)\n", runtimeDir(t))}})
	var imports, calls strings.Builder
	var hierarchies []hierarchy
	for seed := uint64(0); len(hierarchies) < 40; seed++ {
		h := randomHierarchy(rand.New(rand.NewPCG(seed, 2)))
		if _, diags := h.resolve(t); diags != "" {
			continue
		}
		name := fmt.Sprintf("p%d", len(hierarchies))
		hierarchies = append(hierarchies, h)
		writeFiles(t, dir, []annotations.ExampleFile{{Name: name + "/p.go", Text: h.source(name)}})
		fmt.Fprintf(&imports, "\t%q\n", "notes/"+name)
		fmt.Fprintf(&calls, "\tprint(%q, new(%s.T))\n", name, name)
	}
	main := fmt.Sprintf(guardsMain, imports.String(), operations, slices.Concat(everyScope, everyAlias), calls.String())
	writeFiles(t, dir, []annotations.ExampleFile{{Name: "main.go", Text: main}})
	if err := mustGenerate(t, dir, "webapi-gen ./...").Write(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "run", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOWORK=", "GOFLAGS=-mod=readonly")
	got, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, got)
	}
	var want bytes.Buffer
	for i, h := range hierarchies {
		for _, op := range operations {
			for held := range subsets(slices.Concat(everyScope, everyAlias)) {
				fmt.Fprintln(&want, fmt.Sprintf("p%d", i), op, held, h.meets(op, h.grants(held)))
			}
		}
	}
	lines := strings.Split(string(got), "\n")
	for i, line := range lines {
		answer, missing, _ := strings.Cut(line, " missing ")
		if lines[i] = answer; missing != "" {
			fields := strings.Fields(answer)
			var index int
			fmt.Sscanf(fields[0], "p%d", &index)
			held := strings.Fields(strings.Trim(answer[strings.Index(answer, "["):strings.Index(answer, "]")], "["))
			h := hierarchies[index]
			h.checkMissing(t, fields[1], held, h.grants(held), strings.Fields(missing))
		}
	}
	if diff := cmp.Diff(want.String(), strings.Join(lines, "\n")); diff != "" {
		t.Errorf("(-model +guards):\n%s", diff)
	}
}

const guardsMain = `package main

import (
	"fmt"
	"strings"

	"github.com/webapi-gen/webapi-gen/webapi"
%s)

func main() {
%[4]s}

func print(name string, r webapi.Resource) {
	for _, op := range %#[2]v {
		q, _ := r.RequiredScopes(op)
		all := %#[3]v
		for bits := range 1 << len(all) {
			var list []string
			for i, s := range all {
				if bits>>i&1 == 1 {
					list = append(list, s)
				}
			}
			held, err := webapi.ParseScopes(strings.Join(list, " "))
			if err != nil {
				panic(err)
			}
			fmt.Print(name, " ", op, " ", list, " ", q.Met(held))
			for i, s := range q.Missing(held) {
				if i == 0 {
					fmt.Print(" missing")
				}
				fmt.Print(" ", s)
			}
			fmt.Println()
		}
	}
}
`

var (
	operations = []string{"GET", "POST", "PUT"}
	ownScopes  = []string{"t:a", "t:b", "t:c", "admin"}
	everyScope = append(ownScopes, "org")
	everyAlias = []string{"old", "older"}
)

// A hierarchy is what a package says of the scopes t:a, t:b, t:c and admin, and of org, which
// another package declares.
type hierarchy struct {
	implies  map[string][]string
	aliases  map[string]string
	requires map[string][][]string // by operation
}

func randomHierarchy(rnd *rand.Rand) hierarchy {
	h := hierarchy{map[string][]string{}, map[string]string{}, map[string][][]string{}}
	order := rnd.Perm(len(everyScope))
	for i, from := range order {
		for _, to := range order[i+1:] {
			if s := everyScope[to]; s != "org" && rnd.IntN(3) == 0 {
				h.implies[everyScope[from]] = append(h.implies[everyScope[from]], s)
			}
		}
	}
	for _, old := range everyAlias {
		if rnd.IntN(2) == 0 {
			h.aliases[old] = ownScopes[rnd.IntN(len(ownScopes))]
		}
	}
	for _, op := range operations {
		var q [][]string
		for range 1 + rnd.IntN(2) {
			var all []string
			for _, i := range rnd.Perm(len(everyScope))[:1+rnd.IntN(2)] {
				all = append(all, everyScope[i])
			}
			comparable := func(other []string) bool { return includes(all, other) || includes(other, all) }
			if !slices.ContainsFunc(q, comparable) { // which is an error
				q = append(q, all)
			}
		}
		h.requires[op] = q
	}
	return h
}

// with returns the hierarchy with one more implication, and nil if that makes no sense.
func (h hierarchy) with(from, to string) *hierarchy {
	if h.grants([]string{to})[from] || slices.Contains(h.implies[from], to) {
		return nil
	}
	implies := maps.Clone(h.implies)
	implies[from] = append(slices.Clone(implies[from]), to)
	return &hierarchy{implies, h.aliases, h.requires}
}

func includes(all, other []string) bool {
	return !slices.ContainsFunc(other, func(s string) bool { return !slices.Contains(all, s) })
}

// source returns a package with the resource T, which has an operation for each scope too, so
// that all exist.
func (h hierarchy) source(pkg string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "// Package %s is.\n//\n//webapi:scope admin Full control\n//webapi:scope org\n", pkg)
	for _, from := range slices.Sorted(maps.Keys(h.implies)) {
		fmt.Fprintf(&b, "//webapi:implies %s %s\n", from, strings.Join(h.implies[from], " "))
	}
	for _, old := range slices.Sorted(maps.Keys(h.aliases)) {
		fmt.Fprintf(&b, "//webapi:alias %s %s\n", old, h.aliases[old])
	}
	fmt.Fprintf(&b, "package %s\n\n//webapi:resource methods=GET,POST,PUT,GET/a,GET/b,GET/c map=GET/a:a,GET/b:b,GET/c:c\n", pkg)
	for _, op := range operations {
		for _, all := range h.requires[op] {
			fmt.Fprintf(&b, "//webapi:require %s %s\n", op, strings.Join(all, " "))
		}
	}
	b.WriteString("type T struct{}\n")
	return b.String()
}

// resolve returns the package that the tool makes of the source, and the errors.
func (h hierarchy) resolve(t *testing.T) (*model.Package, string) {
	t.Helper()
	written, diags := annotations.ReadGo([]annotations.Source{{Path: "p.go", Data: []byte(h.source("p"))}})
	if err := diags.Err(); err != nil {
		t.Fatal(err)
	}
	pkg, diags := model.Resolve(written[0], nil)
	pkg.Dir = "."
	if err := diags.Err(); err != nil {
		return nil, err.Error()
	}
	return pkg, ""
}

// grants returns the scopes that a token counts as having.
func (h hierarchy) grants(held []string) map[string]bool {
	granted := map[string]bool{}
	var add func(s string)
	add = func(s string) {
		granted[s] = true
		for _, implied := range h.implies[s] {
			add(implied)
		}
		if name, ok := h.aliases[s]; ok {
			add(name)
		}
	}
	for _, s := range held {
		add(s)
	}
	return granted
}

// meets reports whether a token that counts as having the granted scopes opens an operation.
func (h hierarchy) meets(op string, granted map[string]bool) bool {
	return slices.ContainsFunc(h.requires[op], func(all []string) bool {
		return !slices.ContainsFunc(all, func(s string) bool { return !granted[s] })
	})
}

// checkMissing checks the scopes that a token lacks for an operation: with them it opens it,
// without one of them it does not, and none of them is an alias, granted already, or stronger
// than one that is required.
func (h hierarchy) checkMissing(t *testing.T, op string, held []string, granted map[string]bool, missing []string) {
	t.Helper()
	if len(missing) == 0 {
		return
	}
	if !h.meets(op, h.grants(slices.Concat(held, missing))) {
		t.Fatalf("%s with %v: %v are not all that is missing\n%s", op, held, missing, h.source("p"))
	}
	for i, s := range missing {
		without := slices.Concat(held, missing[:i], missing[i+1:])
		required := slices.ContainsFunc(h.requires[op], func(all []string) bool { return slices.Contains(all, s) })
		if slices.Contains(everyAlias, s) || granted[s] || !required || h.meets(op, h.grants(without)) {
			t.Fatalf("%s with %v: %s of %v is too much\n%s", op, held, s, missing, h.source("p"))
		}
	}
}

// widenedBy returns the operations that more tokens open in the other hierarchy.
func (h hierarchy) widenedBy(more *hierarchy) map[string]bool {
	widened := map[string]bool{}
	for op, q := range map[string][][]string{"GET/a": {{"t:a"}}, "GET/b": {{"t:b"}}, "GET/c": {{"t:c"}}} {
		h.requires[op] = q
		defer delete(h.requires, op)
	}
	for held := range subsets(slices.Concat(everyScope, everyAlias)) {
		before, after := h.grants(held), more.grants(held)
		for op := range h.requires {
			if !h.meets(op, before) && more.meets(op, after) {
				widened[op] = true
			}
		}
	}
	return widened
}

// subsets calls yield with each subset of a list.
func subsets(list []string) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		for bits := range 1 << len(list) {
			var subset []string
			for i, s := range list {
				if bits>>i&1 == 1 {
					subset = append(subset, s)
				}
			}
			if !yield(subset) {
				return
			}
		}
	}
}

// lockedSide returns a package as its lock file has it.
func lockedSide(t *testing.T, pkg *model.Package) change.Side {
	t.Helper()
	packages, diags := lockfile.Parse(lockfile.Name, lockfile.Format([]*model.Package{pkg}, nil))
	if err := diags.Err(); err != nil {
		t.Fatal(err)
	}
	return change.Side{Packages: packages}
}
