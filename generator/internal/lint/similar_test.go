package lint

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBlockingKeys checks that similar words share a blocking key if they begin alike,
// since words without a common key are not compared.
func TestBlockingKeys(t *testing.T) {
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
		if have := keysOf(one); !slices.ContainsFunc(keysOf(other), func(p string) bool { return slices.Contains(have, p) }) {
			t.Fatalf("%s and %s share none", one, other)
		}
	}
	if compared < 50_000 {
		t.Errorf("only %d pairs were compared", compared)
	}
}

func keysOf(name string) []string {
	var list []string
	var keys blockingKeys
	for key := range keys.of(name) {
		list = append(list, string(key))
	}
	return list
}
