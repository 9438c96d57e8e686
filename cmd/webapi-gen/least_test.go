package main

import (
	"cmp"
	"fmt"
	"math"
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

// leastByBruteForce tries all subsets, and returns those that suffice and of which no scope
// can be left out, in their order.
func leastByBruteForce(list, others []model.Requirement) []choice {
	var names []string
	for _, r := range list {
		for _, s := range slices.Concat(r...) {
			names = append(names, s.Value)
		}
	}
	slices.Sort(names)
	names = slices.Compact(names)
	var all []choice
	var masks []int
	for size := range len(names) + 1 {
		for subset := range 1 << len(names) {
			if bits.OnesCount(uint(subset)) != size || slices.ContainsFunc(masks, func(m int) bool { return m&subset == m }) {
				continue
			}
			held := []string{}
			for i, s := range names {
				if subset&(1<<i) != 0 {
					held = append(held, s)
				}
			}
			lacks := func(r model.Requirement) bool { return !r.MetBy(held) }
			if slices.ContainsFunc(list, lacks) {
				continue
			}
			masks = append(masks, subset)
			all = append(all, choice{held, len(slices.DeleteFunc(slices.Clone(others), lacks))})
		}
	}
	slices.SortFunc(all, func(a, b choice) int {
		return cmp.Or(a.Opens-b.Opens, len(a.Scopes)-len(b.Scopes), slices.Compare(a.Scopes, b.Scopes))
	})
	return all
}

func TestLeastAgainstBruteForce(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 1))
	rounds := 2000
	if testing.Short() {
		rounds = 200
	}
	for range rounds {
		scopes := 2 + r.IntN(9)
		list, others := randomRequirements(r, 10, scopes), randomRequirements(r, 20, scopes+2)
		if r.IntN(10) == 0 { // an empty alternative
			i := r.IntN(len(list))
			list[i] = append(list[i][:r.IntN(len(list[i]))], nil)
		}
		want := leastByBruteForce(list, others)
		got, ok := leastScopes(list, others, none)
		if ok != (len(want) > 0) || ok && (!got.least || !got.all || !reflect.DeepEqual(got.sets, want)) {
			t.Fatalf("seed %d: leastScopes(%q, %q) = %+v, %t; want %+v", seed, list, others, got, ok, want)
		}
		_, p, ok := newProblem(list, others, none)
		if !ok {
			continue
		}
		s := solver{work: maxWork}
		if best, ok := s.best(p, nil, math.MaxInt); !ok || best.opens != want[0].Opens || len(best.held) != len(want[0].Scopes) {
			t.Fatalf("seed %d: %q and %q: best %+v, want %+v", seed, list, others, best, want[0])
		}
	}
}

func TestLeast(t *testing.T) {
	tests := []struct {
		name   string
		list   [][][]string
		others [][][]string
		want   []string
		opens  int
		ok     bool
	}{
		{"nothing", nil, nil, []string{}, 0, true},
		{"one", [][][]string{{{"note:read"}}}, nil, []string{"note:read"}, 0, true},
		{"both of them", [][][]string{{{"note:write", "note:destroy"}}}, nil, []string{"note:destroy", "note:write"}, 0, true},
		{"fewer scopes where none opens anything else", [][][]string{{{"a", "b"}, {"admin"}}}, nil, []string{"admin"}, 0, true},
		{"more scopes that open less", [][][]string{{{"a", "b"}, {"admin"}}}, [][][]string{{{"admin"}}}, []string{"a", "b"}, 0, true},
		{"what opens only together", [][][]string{{{"a", "b"}, {"admin"}}}, [][][]string{{{"a"}}, {{"a", "b"}}, {{"admin"}}}, []string{"admin"}, 1, true},
		{"what the token holds anyway", [][][]string{{{"a", "b"}, {"admin"}}, {{"admin"}}}, [][][]string{{{"admin"}}, {{"admin"}}}, []string{"admin"}, 2, true},
		{"all that are named for themselves", [][][]string{{{"a"}, {"admin"}}, {{"b"}, {"admin"}}}, [][][]string{{{"c"}, {"admin"}}}, []string{"a", "b"}, 0, true},
		{"the first of equals by name", [][][]string{{{"b"}, {"a"}}}, nil, []string{"a"}, 0, true},
		{"of equals a scope to be preferred", [][][]string{{{"a"}, {"z"}}}, nil, []string{"z"}, 0, true},
		{"nobody", [][][]string{{{"a"}}, {}}, nil, nil, 0, false},
		{"an alternative that asks for nothing", [][][]string{{{}}}, nil, nil, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := leastScopes(requirementsOf(tt.list), requirementsOf(tt.others), func(s string) bool { return s == "z" })
			if ok != tt.ok || ok && (!got.least || !reflect.DeepEqual(got.sets[0], choice{tt.want, tt.opens})) {
				t.Errorf("got %+v, %t, want %q that open %d", got, ok, tt.want, tt.opens)
			}
		})
	}
}

func none(string) bool { return false }

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

// TestLeastBounded has too many solutions to try: the answer must meet the
// requirements, and must not claim to be the least powerful.
func TestLeastBounded(t *testing.T) {
	list := hardRequirements(120)
	got, ok := leastScopes(list, list[:10], none)
	if !ok || got.least || got.all || len(got.sets) != 1 {
		t.Fatalf("got %d sets, least %t, %t", len(got.sets), got.least, ok)
	}
	for _, r := range list {
		if !r.MetBy(got.sets[0].Scopes) {
			t.Errorf("%q is not met by %q", r, got.sets[0].Scopes)
		}
	}
	if again, _ := leastScopes(list, list[:10], none); !reflect.DeepEqual(got, again) {
		t.Errorf("again: %+v, first %+v", again, got)
	}
	if got, _ := leastWithin(hardRequirements(20), nil, none, 0); got.least {
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

// BenchmarkLeast measures the calls of a plain API, of which a tenth has
// alternatives, and one whose search uses up its work.
func BenchmarkLeast(b *testing.B) {
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
			leastScopes(plain, nil, none)
		}
	})
	bounded := hardRequirements(50)
	b.Run("bounded", func(b *testing.B) {
		for b.Loop() {
			leastScopes(bounded, nil, none)
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

// TestLeastOfMany finds scopes for many calls. It would take minutes if it compared all with all.
func TestLeastOfMany(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for name, of := range many {
		list := of(10_000)
		got, ok := leastScopes(list, list, none)
		if !ok {
			t.Fatalf("%s: none", name)
		}
		met := map[int]bool{}
		for i := range model.NewIndex(list).MetBy(got.sets[0].Scopes) {
			met[i] = true
		}
		if len(met) != len(list) {
			t.Errorf("%s: %d of %d are met", name, len(met), len(list))
		}
		if name == "or admin" && (!got.least || !got.all || len(got.sets) != 2) {
			t.Errorf("%s: got %d scopes, least %t", name, len(got.sets[0].Scopes), got.least)
		}
	}
}

func BenchmarkLeastOfMany(b *testing.B) {
	for name, of := range many {
		for _, n := range []int{1_000, 10_000} {
			list := of(n)
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					leastScopes(list, list, none)
				}
			})
		}
	}
}
