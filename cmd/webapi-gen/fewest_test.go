package main

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/webapi-gen/webapi-gen/model"
)

// randomRequirements returns requirements as people write them: mostly one scope
// or a few alternatives.
func randomRequirements(r *rand.Rand, requirements, scopes int) []model.Requirement {
	list := make([]model.Requirement, 1+r.IntN(requirements))
	for i := range list {
		for range 1 + r.IntN(3) {
			var all []model.ScopeRef
			for range 1 + r.IntN(3) {
				all = append(all, scopeRef(r.IntN(scopes)))
			}
			list[i] = append(list[i], all)
		}
	}
	return list
}

func scopeRef(i int) model.ScopeRef { return model.ScopeRef{Value: fmt.Sprintf("s%03d", i)} }

// fewestByBruteForce tries all subsets. It compares those of the same size by the
// first scope, in the order in which they are named, that only one of them has.
func fewestByBruteForce(list []model.Requirement) ([]string, bool) {
	var names []string
	for _, r := range list {
		for _, s := range slices.Concat(r...) {
			if !slices.Contains(names, s.Value) {
				names = append(names, s.Value)
			}
		}
	}
	var best []string
	found := false
	for size := 0; size <= len(names) && !found; size++ {
		var bestRanks []int
		for subset := range 1 << len(names) {
			if bits.OnesCount(uint(subset)) != size {
				continue
			}
			var held []string
			var ranks []int
			for i, s := range names {
				if subset&(1<<i) != 0 {
					held, ranks = append(held, s), append(ranks, i)
				}
			}
			if slices.ContainsFunc(list, func(r model.Requirement) bool { return !r.MetBy(held) }) {
				continue
			}
			if !found || slices.Compare(ranks, bestRanks) < 0 {
				best, bestRanks, found = held, ranks, true
			}
		}
	}
	slices.Sort(best)
	return best, found
}

func TestFewestAgainstBruteForce(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	rounds := 3000
	if testing.Short() {
		rounds = 300
	}
	for range rounds {
		list := randomRequirements(r, 10, 2+r.IntN(9))
		if r.IntN(10) == 0 { // an empty alternative
			i := r.IntN(len(list))
			list[i] = append(list[i][:r.IntN(len(list[i]))], nil)
		}
		want, wantOK := fewestByBruteForce(list)
		got, ok := fewestScopes(list)
		if ok != wantOK || ok && !slices.Equal(got.scopes, want) || ok && !got.least {
			t.Fatalf("seed %d: Fewest(%q) = %+v, %t; want %q, %t", seed, list, got, ok, want, wantOK)
		}
	}
}

func TestFewest(t *testing.T) {
	tests := []struct {
		name string
		list [][][]string
		want []string
		ok   bool
	}{
		{"nothing", nil, nil, true},
		{"one", [][][]string{{{"note:read"}}}, []string{"note:read"}, true},
		{"both of them", [][][]string{{{"note:write", "note:destroy"}}}, []string{"note:destroy", "note:write"}, true},
		{"the shorter alternative", [][][]string{{{"a", "b"}, {"admin"}}}, []string{"admin"}, true},
		{"the longer one where it is held anyway", [][][]string{{{"a", "b"}, {"admin"}}, {{"a"}}, {{"b"}}}, []string{"a", "b"}, true},
		{"one for all", [][][]string{{{"a"}, {"admin"}}, {{"b"}, {"admin"}}}, []string{"admin"}, true},
		{"the first of equals", [][][]string{{{"b"}, {"a"}}}, []string{"b"}, true},
		{"first named wins over later", [][][]string{{{"c"}, {"b"}}, {{"b"}, {"c"}}}, []string{"c"}, true},
		{"nobody", [][][]string{{{"a"}}, {}}, nil, false},
		{"an alternative that asks for nothing", [][][]string{{{}}}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := fewestScopes(requirementsOf(tt.list))
			if want := (solution{tt.want, tt.ok}); ok != tt.ok || !reflect.DeepEqual(got, want) {
				t.Errorf("got %+v, %t, want %+v", got, ok, want)
			}
		})
	}
}

func requirementsOf(list [][][]string) []model.Requirement {
	var requirements []model.Requirement
	for _, alternatives := range list {
		q := model.Requirement{}
		for _, all := range alternatives {
			var refs []model.ScopeRef
			for _, s := range all {
				refs = append(refs, model.ScopeRef{Value: s})
			}
			q = append(q, refs)
		}
		requirements = append(requirements, q)
	}
	return requirements
}

// TestFewestBounded has too many solutions to try: the answer must meet the
// requirements, and must not claim to be the smallest.
func TestFewestBounded(t *testing.T) {
	list := hardRequirements(120)
	got, ok := fewestScopes(list)
	if !ok || got.least {
		t.Errorf("got %d scopes, least %t, %t", len(got.scopes), got.least, ok)
	}
	for _, r := range list {
		if !r.MetBy(got.scopes) {
			t.Errorf("%q is not met by %q", r, got.scopes)
		}
	}
	if again, _ := fewestScopes(list); !reflect.DeepEqual(got, again) {
		t.Errorf("again: %+v, first %+v", again, got)
	}
	if got, _ := fewestWithin(hardRequirements(20), 0); got.least {
		t.Errorf("without any work: %+v", got)
	}
}

// hardRequirements returns requirements that neither reduce nor fall apart into
// components: a vertex cover of a random graph with about ten edges a vertex.
func hardRequirements(scopes int) []model.Requirement {
	r := rand.New(rand.NewPCG(1, 2))
	var list []model.Requirement
	for range 5 * scopes {
		list = append(list, model.Requirement{{scopeRef(r.IntN(scopes))}, {scopeRef(r.IntN(scopes)), scopeRef(r.IntN(scopes))}})
	}
	return list
}

// BenchmarkFewest measures the calls of a plain API, of which a tenth has
// alternatives, and one whose search uses up its work.
func BenchmarkFewest(b *testing.B) {
	var plain []model.Requirement
	for i := range 300 {
		r := model.Requirement{{scopeRef(i)}}
		if i%10 == 0 {
			r = append(r, []model.ScopeRef{{Value: "admin"}}, []model.ScopeRef{scopeRef(i + 1), {Value: "org:write"}})
		}
		plain = append(plain, r)
	}
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			fewestScopes(plain)
		}
	})
	bounded := hardRequirements(50)
	b.Run("bounded", func(b *testing.B) {
		for b.Loop() {
			fewestScopes(bounded)
		}
	})
}

// many are n requirements, or one with n alternatives, where comparing all with all would be slow.
var many = map[string]func(n int) []model.Requirement{
	"single": func(n int) []model.Requirement {
		return repeat(n, func(i int) model.Requirement { return model.Requirement{{scopeRef(i)}} })
	},
	"or admin": func(n int) []model.Requirement {
		return repeat(n, func(i int) model.Requirement { return model.Requirement{{scopeRef(i)}, {{Value: "admin"}}} })
	},
	"circle": func(n int) []model.Requirement {
		return repeat(n, func(i int) model.Requirement { return model.Requirement{{scopeRef(i)}, {scopeRef((i + 1) % n)}} })
	},
	"apart": func(n int) []model.Requirement {
		return repeat(n, func(i int) model.Requirement { return model.Requirement{{scopeRef(2 * i)}, {scopeRef(2*i + 1)}} })
	},
	"alternatives": func(n int) []model.Requirement {
		return []model.Requirement{repeat(n, func(i int) []model.ScopeRef { return []model.ScopeRef{scopeRef(2 * i), scopeRef(2*i + 1)} })}
	},
	"scopes": func(n int) []model.Requirement {
		return []model.Requirement{{repeat(n, scopeRef), {{Value: "admin"}}}}
	},
}

func repeat[T any](n int, of func(int) T) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = of(i)
	}
	return list
}

// TestFewestOfMany finds scopes for many calls. It would take minutes if it compared all with all.
func TestFewestOfMany(t *testing.T) {
	for name, of := range many {
		list := of(10_000)
		got, ok := fewestScopes(list)
		if !ok {
			t.Fatalf("%s: none", name)
		}
		met := map[int]bool{}
		for i := range model.NewIndex(list).MetBy(got.scopes) {
			met[i] = true
		}
		if len(met) != len(list) {
			t.Errorf("%s: %d of %d are met", name, len(met), len(list))
		}
		if name == "or admin" && (len(got.scopes) != 1 || !got.least) {
			t.Errorf("%s: got %d scopes, least %t", name, len(got.scopes), got.least)
		}
	}
}

func BenchmarkFewestOfMany(b *testing.B) {
	for name, of := range many {
		for _, n := range []int{1_000, 10_000} {
			list := of(n)
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					fewestScopes(list)
				}
			})
		}
	}
}
