package main

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// functions says which functions of package reviews have the most code in a
// compiled file, for each of n resources. Methods of one name count as one.
func (l *lab) functions(ctx context.Context, dir, file string, n int) (string, error) {
	data, err := output(ctx, dir, l.buildEnv(), "go", "tool", "nm", "-size", file)
	if err != nil {
		return "", err
	}
	code := functionSizes(string(data))
	names := slices.SortedFunc(maps.Keys(code), func(a, b string) int {
		return cmp.Or(cmp.Compare(code[b], code[a]), strings.Compare(a, b))
	})
	var parts []string
	for _, name := range names[:min(4, len(names))] {
		parts = append(parts, fmt.Sprintf("%s %d B", name, code[name]/n))
	}
	return "code of each: " + strings.Join(parts, ", "), nil
}

// functionSizes reads what nm prints: an address, a size, a kind and a name.
func functionSizes(symbols string) map[string]int {
	code := map[string]int{}
	for line := range strings.Lines(symbols) {
		fields := strings.Fields(line)
		if len(fields) != 4 || !strings.EqualFold(fields[2], "T") {
			continue
		}
		name, found := strings.CutPrefix(fields[3], "example.com/reviews/reviews.")
		size, err := strconv.Atoi(fields[1])
		if !found || err != nil {
			continue
		}
		code[name[strings.LastIndexByte(name, '.')+1:]] += size
	}
	return code
}
