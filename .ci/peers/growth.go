package main

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/webapi-gen/webapi-gen/peers/input"
	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// growth looks at how time and memory grow with the API.
func growth(ctx context.Context, l *lab) ([]finding, error) {
	sizes := l.sizesFrom(1000, 100_000)
	var first, again []measure.Result
	for _, n := range sizes {
		mine, err := l.cold(toolNamed(ours), n)
		if err != nil {
			return nil, err
		}
		warm := mine
		warm.Name, warm.Before = "nothing has changed", nil
		r, err := l.inTurn(ctx, l.runs, mine, warm)
		if err != nil {
			return nil, err
		}
		first, again = append(first, r[0]), append(again, r[1])
	}
	last := sizes[len(sizes)-1]
	most := fmt.Sprintf(", %d to %s", sizes[0], resources(last))
	return []finding{
		exponent("first run"+most, sizes, first),
		exponent("nothing has changed"+most, sizes, again),
		bounded("first run"+most, first),
		bounded("nothing has changed"+most, again),
		{asked: "100000 resources run", measured: fmt.Sprintf("%s in %s", resources(last), wall(first[len(first)-1])),
			met: last == 100_000 && !first[len(first)-1].Over, why: "not measured: -n leaves 100000 out"},
	}, nil
}

// exponent is a finding about k where n resources take n^k.
func exponent(what string, sizes []int, r []measure.Result) finding {
	last := len(r) - 1
	f := finding{asked: what + ": time grows with an exponent of at most 1.05", measured: list(r, wall)}
	if last == 0 {
		f.why = "not measured: -n has one size"
		return f
	}
	k := math.Log(slower(r[last], r[0])) / math.Log(float64(sizes[last])/float64(sizes[0]))
	return atMost(1.05, k, f.asked, f.measured, spent(r[0], r[last]))
}

// bounded is a finding about memory that is that of some packages, not of all.
func bounded(what string, r []measure.Result) finding {
	last := len(r) - 1
	asked, measured := what+": memory at most doubles", list(r, memorySize)
	if last == 0 {
		return finding{asked: asked, measured: measured, why: "not measured: -n has one size"}
	}
	return atMost(2, larger(r[last], r[0]), asked, measured,
		"what is kept of all packages until none is known to be wrong")
}

func list(results []measure.Result, of func(measure.Result) string) string {
	var parts []string
	for _, r := range results {
		parts = append(parts, of(r))
	}
	return strings.Join(parts, ", ")
}

// spec compares a first run on one YAML spec with the parser that it is read by.
func spec(ctx context.Context, l *lab) ([]finding, error) {
	n := l.size(10_000)
	t := toolNamed(ours)
	t.form, t.args = input.Spec, always()
	mine, err := l.cold(t, n)
	if err != nil {
		return nil, err
	}
	archive, err := l.archive(ctx, mine, t.outputs)
	if err != nil {
		return nil, err
	}
	const file = "webapi.yaml"
	r, err := l.inTurn(ctx, l.runs, mine, l.floor(mine, "yaml", file), l.floor(mine, "yaml-write", file, archive))
	if err != nil {
		return nil, err
	}
	// Emission is taken at its least: what writing the bytes adds to the parser.
	emission := max(0, r[2].Wall-r[1].Wall)
	left := r[0]
	left.Wall = max(0, left.Wall-emission)
	return []finding{atMost(1.5, slower(left, r[1]),
		fmt.Sprintf("YAML spec of %s: at most 1.5 times yaml.v3's parse into nodes, plus writing the outputs' bytes", resources(n)),
		fmt.Sprintf("%s, less %s for writing, to %s", wall(r[0]), duration(emission), wall(r[1])), spent(r[0], r[2]))}, nil
}
