package main

import (
	"context"
	"fmt"

	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// toolTable has what each tool takes for a first run, and for one after an edit.
func toolTable(ctx context.Context, l *lab) ([][]string, error) {
	sizes, one := l.sizesFrom(100, 10_000), l.size(1000)
	head, rows := []string{"tool", "writes"}, map[string][]string{}
	for _, n := range sizes {
		head = append(head, "first run, "+resources(n), "memory")
		if err := toolColumn(ctx, l, l.cold, n, func(tool string, r measure.Result) {
			rows[tool] = append(rows[tool], wall(r), memorySize(r))
		}); err != nil {
			return nil, err
		}
	}
	head = append(head, "one edit among "+fmt.Sprint(one))
	if err := toolColumn(ctx, l, l.edited, one, func(tool string, r measure.Result) {
		rows[tool] = append(rows[tool], wall(r))
	}); err != nil {
		return nil, err
	}
	cells := [][]string{head}
	for _, t := range tools() {
		cells = append(cells, append([]string{t.name, t.what}, rows[t.name]...))
	}
	return cells, nil
}

// toolColumn measures all tools in turn with an API of n resources. A tool that
// cannot do so many has the zero result.
func toolColumn(ctx context.Context, l *lab, of func(tool, int) (measure.Case, error), n int, add func(string, measure.Result)) error {
	var cases []measure.Case
	for _, t := range tools() {
		if n > t.most {
			continue
		}
		c, err := of(t, n)
		if err != nil {
			return err
		}
		cases = append(cases, c)
	}
	l.say("%s in turn, %s", fmt.Sprint(len(cases), " tools"), resources(n))
	results, err := l.inTurn(ctx, l.runs, cases...)
	if err != nil {
		return err
	}
	for _, t := range tools() {
		var result measure.Result
		for _, r := range results {
			if r.Name == t.name {
				result = r
			}
		}
		add(t.name, result)
	}
	return nil
}
