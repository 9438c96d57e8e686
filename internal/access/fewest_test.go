package access

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// random returns requirements over scopes named a, b, c ..., in the style of what
// people write: mostly one scope or a few alternatives.
func random(r *rand.Rand, requirements, scopes int) []Requirement {
	list := make([]Requirement, 1+r.IntN(requirements))
	for i := range list {
		for range 1 + r.IntN(3) {
			var all []string
			for range 1 + r.IntN(3) {
				all = append(all, name(r.IntN(scopes)))
			}
			list[i] = append(list[i], all)
		}
	}
	return list
}

func name(i int) string { return fmt.Sprintf("s%03d", i) }

// bruteForce looks at all subsets. Those of the same size are compared by the
// first scope, in the order in which they are named, that only one of them has.
func bruteForce(list []Requirement) ([]string, bool) {
	var names []string
	for _, r := range list {
		for _, all := range r {
			for _, s := range all {
				if !slices.Contains(names, s) {
					names = append(names, s)
				}
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
			if slices.ContainsFunc(list, func(r Requirement) bool { return !r.Met(held) }) {
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
		list := random(r, 10, 2+r.IntN(9))
		if r.IntN(10) == 0 { // alternatives that ask for nothing
			i := r.IntN(len(list))
			list[i] = append(list[i][:r.IntN(len(list[i]))], nil)
		}
		want, wantOK := bruteForce(list)
		got, ok := Fewest(list)
		if ok != wantOK || ok && !slices.Equal(got.Scopes, want) || ok && !got.Least {
			t.Fatalf("seed %d: Fewest(%q) = %+v, %t; want %q, %t", seed, list, got, ok, want, wantOK)
		}
	}
}

func TestFewest(t *testing.T) {
	tests := []struct {
		name string
		list []Requirement
		want []string
		ok   bool
	}{
		{"nothing", nil, nil, true},
		{"one", []Requirement{{{"note:read"}}}, []string{"note:read"}, true},
		{"both of them", []Requirement{{{"note:write", "note:destroy"}}}, []string{"note:destroy", "note:write"}, true},
		{"the shorter alternative", []Requirement{{{"a", "b"}, {"admin"}}}, []string{"admin"}, true},
		{"the longer one where it is held anyway", []Requirement{{{"a", "b"}, {"admin"}}, {{"a"}}, {{"b"}}}, []string{"a", "b"}, true},
		{"one for all", []Requirement{{{"a"}, {"admin"}}, {{"b"}, {"admin"}}}, []string{"admin"}, true},
		{"the first of equals", []Requirement{{{"b"}, {"a"}}}, []string{"b"}, true},
		{"first named wins over later", []Requirement{{{"c"}, {"b"}}, {{"b"}, {"c"}}}, []string{"c"}, true},
		{"nobody", []Requirement{{{"a"}}, {}}, nil, false},
		{"an alternative that asks for nothing", []Requirement{{{}}}, nil, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := Fewest(tt.list)
			if want := (Solution{tt.want, tt.ok}); ok != tt.ok || !cmp.Equal(got, want) {
				t.Errorf("got %+v, %t, want %+v", got, ok, want)
			}
		})
	}
}

// TestBounded has so many ways to go that not all can be tried: the answer must
// be right all the same, and must say that it may not be the least.
func TestBounded(t *testing.T) {
	list := hard(120)
	got, ok := Fewest(list)
	if !ok || got.Least {
		t.Errorf("got %d scopes, least %t, %t", len(got.Scopes), got.Least, ok)
	}
	for _, r := range list {
		if !r.Met(got.Scopes) {
			t.Errorf("%q is not met by %q", r, got.Scopes)
		}
	}
	if again, _ := Fewest(list); !cmp.Equal(got, again) {
		t.Errorf("again: %+v, first %+v", again, got)
	}
	if got, _ := fewest(hard(20), 0); got.Least {
		t.Errorf("without any work: %+v", got)
	}
}

// hard returns requirements that neither reduce nor fall apart: a cover of the
// vertices of a random graph, of which each has some ten edges.
func hard(scopes int) []Requirement {
	r := rand.New(rand.NewPCG(1, 2))
	var list []Requirement
	for range 5 * scopes {
		list = append(list, Requirement{{name(r.IntN(scopes))}, {name(r.IntN(scopes)), name(r.IntN(scopes))}})
	}
	return list
}

func TestMissing(t *testing.T) {
	r := Requirement{{"a", "b"}, {"c"}, nil}
	tests := []struct {
		held, missing []string
	}{
		{nil, []string{"c"}},
		{[]string{"a"}, []string{"b"}},
		{[]string{"c"}, nil},
		{[]string{"a", "b", "x"}, nil},
	}
	for _, tt := range tests {
		missing, ok := r.Missing(tt.held)
		if !ok || !slices.Equal(missing, tt.missing) || r.Met(tt.held) != (len(tt.missing) == 0) {
			t.Errorf("%q: missing %q, %t, met %t; want missing %q", tt.held, missing, ok, r.Met(tt.held), tt.missing)
		}
	}
	if missing, ok := (Requirement{}).Missing([]string{"a"}); ok || (Requirement{}).Met(nil) {
		t.Errorf("nobody: missing %q, %t", missing, ok)
	}
	if got, want := r.Naming([]string{"x", "b"}), r[:1]; !cmp.Equal(got, want) {
		t.Errorf("naming x or b: %q, want %q", got, want)
	}
	if got := r.Naming([]string{"x"}); len(got) > 0 {
		t.Errorf("naming x: %q", got)
	}
	if got, want := r.Without([]string{"x", "b"}), r[1:]; !cmp.Equal(got, want) {
		t.Errorf("without x and b: %q, want %q", got, want)
	}
}

// BenchmarkFewest is over the calls of an API as people write one, of which a
// tenth has alternatives, and over one that takes all the work there may be.
func BenchmarkFewest(b *testing.B) {
	var plain []Requirement
	for i := range 300 {
		r := Requirement{{name(i)}}
		if i%10 == 0 {
			r = append(r, []string{"admin"}, []string{name(i + 1), "org:write"})
		}
		plain = append(plain, r)
	}
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			Fewest(plain)
		}
	})
	bounded := hard(120)
	b.Run("bounded", func(b *testing.B) {
		for b.Loop() {
			Fewest(bounded)
		}
	})
}
