package main

import (
	"encoding/json"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"strings"
	"testing"
)

// randomScopes is the number of scopes in TestScopeAgainstBruteForce: s0, s1 and so
// on. A set of them is a number with their bits.
const randomScopes = 6

// TestScopeAgainstBruteForce lists resources with random requirements for tokens
// with random scopes, and tries all sets of further scopes.
func TestScopeAgainstBruteForce(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	t.Chdir(t.TempDir())
	var source strings.Builder
	source.WriteString("// Package p has resources.\n//\n")
	for i := range randomScopes {
		fmt.Fprintf(&source, "//webapi:scope s%d Scope\n", i)
	}
	source.WriteString("package p\n")
	resources := map[string][]int{}
	for i := range 200 {
		name := fmt.Sprintf("r%d", i)
		resources[name] = randomAlternatives(r)
		fmt.Fprintf(&source, "\n//webapi:resource name=%s methods=DELETE\n", name)
		for _, all := range resources[name] {
			fmt.Fprintf(&source, "//webapi:require DELETE %s\n", strings.Join(scopeNames(all), " "))
		}
		fmt.Fprintf(&source, "type R%d struct{}\n", i)
	}
	writeFile(t, "p.go", source.String())
	for range 20 {
		checkScope(t, resources, 1+r.IntN(1<<randomScopes-1))
	}
}

// randomAlternatives returns some sets, none of which includes another.
func randomAlternatives(r *rand.Rand) []int {
	var list []int
	for range 1 + r.IntN(4) {
		set := 1 + r.IntN(1<<randomScopes-1)
		superfluous := false
		for _, other := range list {
			superfluous = superfluous || set&other == set || set&other == other
		}
		if !superfluous {
			list = append(list, set)
		}
	}
	return list
}

func scopeNames(set int) []string {
	var names []string
	for i := range randomScopes {
		if set&(1<<i) != 0 {
			names = append(names, fmt.Sprintf("s%d", i))
		}
	}
	return names
}

// checkScope checks which scopes list prints as missing for a token.
func checkScope(t *testing.T, resources map[string][]int, held int) {
	t.Helper()
	call := runCall("list --json --scope " + strings.Join(scopeNames(held), ","))
	var list struct {
		Methods []struct {
			Resource string
			Missing  []string
		}
	}
	if err := json.Unmarshal([]byte(call.stdout), &list); err != nil {
		t.Fatalf("%v: %+v", err, call)
	}
	shown := map[string]bool{}
	for _, m := range list.Methods {
		shown[m.Resource] = true
		missing := 0
		for _, s := range m.Missing {
			missing |= 1 << (s[1] - '0')
		}
		if !opens(resources[m.Resource], held|missing) || len(m.Missing) != fewestMissing(resources[m.Resource], held) {
			t.Errorf("a token with %q of %b lacks %q", scopeNames(held), resources[m.Resource], m.Missing)
		}
	}
	for name, alternatives := range resources {
		named := 0
		for _, all := range alternatives {
			named |= all
		}
		if shown[name] != (named&held != 0) {
			t.Errorf("a token with %q: %b is listed: %t", scopeNames(held), alternatives, shown[name])
		}
	}
}

func opens(alternatives []int, held int) bool {
	for _, all := range alternatives {
		if all&held == all {
			return true
		}
	}
	return false
}

// fewestMissing tries all sets of further scopes.
func fewestMissing(alternatives []int, held int) int {
	fewest := randomScopes + 1
	for more := range 1 << randomScopes {
		if opens(alternatives, held|more) {
			fewest = min(fewest, bits.OnesCount(uint(more)))
		}
	}
	return fewest
}
