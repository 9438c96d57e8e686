package main

import (
	"fmt"
	"testing"

	"github.com/webapi-gen/webapi-gen/model"
)

// BenchmarkCalls resolves as many words as there are resources.
func BenchmarkCalls(b *testing.B) {
	words := map[string]func(i int) string{
		"known":     func(i int) string { return fmt.Sprintf("GET:a%d", i) },
		"ambiguous": func(int) string { return "GET:A" },
		"unknown":   func(i int) string { return fmt.Sprintf("GET:b%d", i) },
		"all":       func(int) string { return "GET:*" },
	}
	for name, of := range words {
		for _, n := range []int{1_000, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				pkg := &model.Package{Name: "api", Dir: "api"}
				var c catalogue
				for i := range n {
					r := &model.Resource{Name: fmt.Sprintf("a%d", i), Type: "A", Methods: []model.Method{{Name: "GET"}}}
					c = append(c, resource{r, pkg})
				}
				words := repeat(n, of)
				for b.Loop() {
					_, _, errs := c.calls(words)
					_ = usageErrors(errs)
				}
			})
		}
	}
}
