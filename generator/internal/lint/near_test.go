package lint

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestTraits checks that words that are probably one share a trait if they begin
// alike, for without one they are not compared.
func TestTraits(t *testing.T) {
	r := newRandomNames(rand.New(rand.NewPCG(1, 1)))
	compared := 0
	for range 200_000 {
		var word []byte
		for range 3 + r.IntN(11) {
			word = append(word, r.of("a", "e", "s", "y", "i", "x", "h", "n")[0])
		}
		one, other := string(word), r.slip(string(word))
		if r.once(3) {
			other = r.of(one+"s", one+"es", one[:len(one)-1]+"ies")
		}
		if !areNear([]string{one}, []string{other}) {
			continue
		}
		compared++
		if have := patternsOf(one); !slices.ContainsFunc(patternsOf(other), func(p string) bool { return slices.Contains(have, p) }) {
			t.Fatalf("%s and %s share none", one, other)
		}
	}
	if compared < 50_000 {
		t.Errorf("only %d pairs were compared", compared)
	}
}

func patternsOf(name string) []string {
	var list []string
	var p patterns
	for pattern := range p.of(name) {
		list = append(list, string(pattern))
	}
	return list
}
