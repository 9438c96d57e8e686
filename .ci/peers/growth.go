package main

import (
	"context"
	"fmt"
	"math"
	"strings"

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
	return []finding{
		exponent("first run", sizes, first),
		exponent("nothing has changed", sizes, again),
		bounded("first run", sizes, first),
		bounded("nothing has changed", sizes, again),
		runs(sizes[len(sizes)-1], first[len(first)-1]),
	}, nil
}

// runs is a finding about a large API that is generated at all.
func runs(n int, r measure.Result) finding {
	f := finding{asked: "100000 resources run", measured: fmt.Sprintf("%s in %s", resources(n), wall(r)),
		met: !r.Over, why: "it was ended then"}
	if n < 100_000 {
		f.skipped, f.why = true, "-n leaves 100000 out"
	}
	return f
}

// exponent is a finding about k where n resources take n^k.
func exponent(what string, sizes []int, r []measure.Result) finding {
	last := len(r) - 1
	k := math.Log(slower(r[last], r[0])) / math.Log(float64(sizes[last])/float64(sizes[0]))
	f := atMost(1.05, k, growing(what, sizes)+": time with an exponent of at most 1.05", list(r, wall), spent(r[0], r[last]))
	return f.ifGrown(sizes, list(r, wall))
}

// bounded is a finding about memory that is that of some packages, not of all.
func bounded(what string, sizes []int, r []measure.Result) finding {
	f := atMost(2, larger(r[len(r)-1], r[0]), growing(what, sizes)+": memory at most doubles", list(r, memorySize),
		"all packages are held until nothing is known to be wrong, since nothing is written before; the heap may grow to several times what is in use")
	return f.ifGrown(sizes, list(r, memorySize))
}

func growing(what string, sizes []int) string {
	var parts []string
	for _, n := range sizes {
		parts = append(parts, fmt.Sprint(n))
	}
	return what + ", " + strings.Join(parts, ", ") + " resources"
}

// ifGrown returns f, or that it was not measured if there is one size alone.
func (f finding) ifGrown(sizes []int, measured string) finding {
	if len(sizes) == 1 {
		f.skipped, f.measured, f.why = true, measured, "-n has one size of at least 1000"
	}
	return f
}

func list(results []measure.Result, of func(measure.Result) string) string {
	var parts []string
	for _, r := range results {
		parts = append(parts, of(r))
	}
	return strings.Join(parts, ", ")
}
