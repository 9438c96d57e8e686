package lint

import (
	"fmt"
	"go/token"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestLinked compares linked with a search of all pairs of declarations.
func TestLinked(t *testing.T) {
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 2))
		const folders = 8
		imports := map[string][]string{}
		var has [folders][folders]bool // whether the first has the second
		for from := folders - 1; from >= 0; from-- {
			has[from][from] = true
			for to := from + 1; to < folders; to++ {
				if r.IntN(4) == 0 {
					imports[fmt.Sprint(from)] = append(imports[fmt.Sprint(from)], fmt.Sprint(to))
					for i := range folders {
						has[from][i] = has[from][i] || has[to][i]
					}
				}
			}
		}
		var list []declaration
		var in []int
		for i := range 2 + r.IntN(10) {
			in = append(in, r.IntN(folders))
			list = append(list, declaration{folder: fmt.Sprint(in[i]), pos: token.Position{Line: i}, explicitScope: r.IntN(3) == 0})
		}
		var want []linkedDeclaration
		for i, d := range list {
			l, n := linkedDeclaration{declaration: d}, 0
			for j, other := range list {
				together := slices.ContainsFunc(has[:], func(folder [folders]bool) bool { return folder[in[i]] && folder[in[j]] })
				if in[i] == in[j] || !together {
					continue
				}
				if n++; n == 1 {
					l.other = other
				}
				l.explicitOther = l.explicitOther || other.explicitScope
			}
			if l.more = n - 1; n > 0 {
				want = append(want, l)
			}
		}
		p := &programs{source: Source{Imports: func() (map[string][]string, error) { return imports, nil }}}
		if got := p.linked(slices.Clone(list)); !slices.Equal(got, want) {
			t.Fatalf("seed %d: got\n%+v, want\n%+v", seed, got, want)
		}
	}
}

// BenchmarkLinked links packages that share a name, in a chain of imports.
func BenchmarkLinked(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		imports := map[string][]string{}
		var list []declaration
		for i := range n {
			imports[fmt.Sprint(i+1)] = []string{fmt.Sprint(i)}
			list = append(list, declaration{folder: fmt.Sprint(i), pos: token.Position{Line: i}})
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				p := &programs{source: Source{Imports: func() (map[string][]string, error) { return imports, nil }}}
				p.linked(list)
			}
		})
	}
}
