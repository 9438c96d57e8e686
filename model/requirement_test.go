package model_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/webapi-gen/webapi-gen/model"
)

func TestMissing(t *testing.T) {
	a, b, c := model.ScopeRef{Value: "a"}, model.ScopeRef{Value: "b"}, model.ScopeRef{Value: "c"}
	r := model.Requirement{{a, b}, {c}, nil}
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
		if !ok || !slices.Equal(missing, tt.missing) || r.MetBy(tt.held) != (len(tt.missing) == 0) {
			t.Errorf("%q: missing %q, %t, met %t; want missing %q", tt.held, missing, ok, r.MetBy(tt.held), tt.missing)
		}
	}
	if missing, ok := (model.Requirement{}).Missing([]string{"a"}); ok || (model.Requirement{}).MetBy(nil) {
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

// TestIndex compares an index with the requirements themselves.
func TestIndex(t *testing.T) {
	for seed := range uint64(2000) {
		rnd := rand.New(rand.NewPCG(seed, 3))
		random := func(n int) []model.ScopeRef {
			var all []model.ScopeRef
			for range n {
				all = append(all, model.ScopeRef{Value: string(rune('a' + rnd.IntN(5)))})
			}
			return all
		}
		requirements := make([]model.Requirement, rnd.IntN(6))
		for i := range requirements {
			for range rnd.IntN(4) {
				requirements[i] = append(requirements[i], random(rnd.IntN(4)))
			}
		}
		held := model.Requirement{random(rnd.IntN(5))}.Values()[0]
		got := slices.Compact(slices.Sorted(model.NewIndex(requirements).MetBy(held)))
		var want []int
		for i, q := range requirements {
			if q.MetBy(held) {
				want = append(want, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %q meets %v of %v, want %v", seed, held, got, requirements, want)
		}
	}
}
