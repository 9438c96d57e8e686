package lint

import (
	"fmt"
	"go/token"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func programsOf(list []declaration, imports map[string][]string) *programs {
	var packages []Package
	for _, d := range list {
		packages = append(packages, Package{Folder: d.folder})
	}
	return newPrograms(packages, Source{Imports: func() (map[string][]string, error) { return imports, nil }})
}

// TestLinked compares linked and twoTexts with a search of all pairs of declarations.
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
			list = append(list, declaration{folder: fmt.Sprint(in[i]), pos: token.Position{Line: i + 1}, explicitScope: r.IntN(3) == 0, text: fmt.Sprint(r.IntN(3))})
		}
		var want []linkedDeclaration
		texts := map[int]int{} // by the number of a declaration, the number of an earlier one that has another text
		for i, d := range list {
			l, n := linkedDeclaration{declaration: d}, 0
			for j, other := range list {
				together := slices.ContainsFunc(has[:], func(folder [folders]bool) bool { return folder[in[i]] && folder[in[j]] })
				if _, found := texts[i+1]; !found && together && j < i && d.text != other.text {
					texts[i+1] = j + 1
				}
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
		lines := map[int]int{}
		run := &run{}
		run.twoTexts("s", slices.Clone(list), programsOf(list, imports))
		for _, d := range run.found {
			_, other, _ := strings.Cut(d.Message, " at ")
			var line int
			_, _ = fmt.Sscanf(other, "%d", &line)
			lines[d.Pos.Line] = line
		}
		if !maps.Equal(lines, texts) {
			t.Fatalf("seed %d: got %v, want %v, of\n%+v", seed, lines, texts, run.found)
		}
		if got := programsOf(list, imports).linked(slices.Clone(list)); !slices.Equal(got, want) {
			t.Fatalf("seed %d: got\n%+v, want\n%+v", seed, got, want)
		}
	}
}

// BenchmarkLinked links packages that share a name, by what imports each.
func BenchmarkLinked(b *testing.B) {
	forms := map[string]func(i int) map[string][]string{
		"chain":           func(i int) map[string][]string { return map[string][]string{fmt.Sprint(i + 1): {fmt.Sprint(i)}} },
		"program of each": func(i int) map[string][]string { return map[string][]string{fmt.Sprint("main", i): {fmt.Sprint(i)}} },
		"chain, and program of each": func(i int) map[string][]string {
			return map[string][]string{fmt.Sprint(i + 1): {fmt.Sprint(i)}, fmt.Sprint("main", i): {fmt.Sprint(i)}}
		},
	}
	for name, importers := range forms {
		for _, n := range []int{1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				imports := map[string][]string{}
				var list []declaration
				for i := range n {
					maps.Copy(imports, importers(i))
					list = append(list, declaration{folder: fmt.Sprint(i), pos: token.Position{Line: i}})
				}
				for b.Loop() {
					programsOf(list, imports).linked(list)
				}
			})
		}
	}
}
