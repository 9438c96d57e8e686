package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
)

// cpus is what a benchmark's name ends with that has run on all processors.
func cpus() string {
	if runtime.NumCPU() == 1 {
		return ""
	}
	return fmt.Sprint("-", runtime.NumCPU())
}

// guard compares whole guards with what no design can do without.
func guard(ctx context.Context, l *lab) ([]finding, error) {
	b, err := l.benchmarks(ctx)
	if err != nil {
		return nil, err
	}
	subs := []string{"scopes=1", "scopes=10", "scopes=100", "scopes=1000", "resources=10", "resources=10000"}
	took, err := b.values("Guard", perOp, subs)
	if err != nil {
		return nil, err
	}
	allocated, err := b.values("Guard", allocs, subs)
	if err != nil {
		return nil, err
	}
	floor, err := b.value("LookupAndClock", perOp)
	if err != nil {
		return nil, err
	}
	most, least := slices.Max(took), slices.Min(took)
	differ := fmt.Sprintf("most with %s, least with %s", subs[slices.Index(took, most)], subs[slices.Index(took, least)])
	return []finding{
		atMost(1.5, most/floor, "guard, token of 1, 10, 100, 1000 scopes, 10, 10000 resources of one Go type: at most 1.5 times the look-up in the context and the clock",
			fmt.Sprintf("%s to %s", nanoseconds(took...), nanoseconds(floor)),
			"the resource's rules and requirement through its interface, the method's switch, and the call of the view"),
		atMost(1.1, most/least, "guard: the same for all of these, within a tenth", nanoseconds(most)+" to "+nanoseconds(least), differ),
		{asked: "guard: no allocation", measured: fmt.Sprint(slices.Max(allocated)), met: slices.Max(allocated) == 0, why: "see go test -bench Guard -memprofile"},
	}, nil
}

// scopes compares the reading of a token's scopes with strings.Split.
func scopes(ctx context.Context, l *lab) ([]finding, error) {
	b, err := l.benchmarks(ctx)
	if err != nil {
		return nil, err
	}
	subs := []string{"scopes=1", "scopes=10", "scopes=100", "scopes=1000", "scopes=10000"}
	read, err := b.values("ParseScopes", perOp, subs)
	if err != nil {
		return nil, err
	}
	split, err := b.values("Split", perOp, subs)
	if err != nil {
		return nil, err
	}
	allocated, err := b.values("ParseScopes", allocs, subs)
	if err != nil {
		return nil, err
	}
	worst := 0.0
	for i := range read {
		worst = max(worst, read[i]/split[i])
	}
	return []finding{
		atMost(3, worst, "reading 1 to 10000 scopes of a token: at most 3 times a split at spaces",
			fmt.Sprintf("%s to %s, at most", nanoseconds(read...), nanoseconds(split...)),
			"the check of each character, and the hash of each scope"),
		{asked: "reading them: at most 2 allocations", measured: fmt.Sprint(slices.Max(allocated)), met: slices.Max(allocated) <= 2,
			why: "see go test -bench ParseScopes -memprofile"},
	}, nil
}

// requirements compares four alternatives with one scope, and all processors
// with one.
func requirements(ctx context.Context, l *lab) ([]finding, error) {
	b, err := l.benchmarks(ctx)
	if err != nil {
		return nil, err
	}
	met, err := b.values("Met", perOp, []string{"single", "alternatives=4"})
	if err != nil {
		return nil, err
	}
	one, err := b.value("GuardParallel", perOp)
	if err != nil {
		return nil, err
	}
	all, err := b.value("GuardParallel"+cpus(), perOp)
	if err != nil {
		return nil, err
	}
	n := float64(runtime.NumCPU())
	return []finding{
		atMost(3, met[1]/met[0], "4 alternatives of 2 scopes: at most 3 times a single scope", nanoseconds(met[1])+" to "+nanoseconds(met[0]),
			"each alternative looks up a scope that the token has before one that it has not"),
		{asked: fmt.Sprintf("guards on %v processors: at least 0.8 of %v times as many", n, n), measured: number(one/all) + " times as many",
			met: one/all >= 0.8*n, why: "there is no lock and no counter: what else the machine has to do, see its load"},
	}, nil
}

// registry compares readers of a catalogue that is changed with readers of one
// that is not.
func registry(ctx context.Context, l *lab) ([]finding, error) {
	b, err := l.benchmarks(ctx)
	if err != nil {
		return nil, err
	}
	var p50, p99 []float64
	for _, sub := range []string{"changing=true", "changing=false"} {
		for unit, values := range map[string]*[]float64{"p50-sec/read": &p50, "p99-sec/read": &p99} {
			v, err := b.value("Registry/"+sub+cpus(), unit)
			if err != nil {
				return nil, err
			}
			*values = append(*values, v)
		}
	}
	return []finding{atMost(1.5, p99[0]/p99[1], "registry under change: 99 of 100 readers take at most 1.5 times as long as without",
		fmt.Sprintf("%s to %s, half of them %s to %s", nanoseconds(p99[0]), nanoseconds(p99[1]), nanoseconds(p50[0]), nanoseconds(p50[1])),
		"readers take no lock: what else the machine has to do, see its load")}, nil
}

// checkTable has the cost of a guard beside those of the peers' checks.
func checkTable(ctx context.Context, l *lab) ([][]string, error) {
	b, err := l.benchmarks(ctx)
	if err != nil {
		return nil, err
	}
	subs := []string{"scopes=1", "scopes=10", "scopes=100", "scopes=1000"}
	cells := [][]string{{"check of a token with", "1 scope", "10", "100", "1000", "allocations"}}
	for _, c := range []struct{ benchmark, name string }{
		{"Guard", "webapi-gen's guard"},
		{"Handle", "the same in `webapi.Handle`"},
		{"GuardMiddleware", "the same in `webapi.Guard`"},
		{"RequireScope", "a handwritten middleware: slices.Contains on the context's list"},
		{"OAPICodegen", "oapi-codegen's list in the context, and a loop"},
		{"NethttpMiddleware", "oapi-codegen/nethttp-middleware"},
		{"Goa", "goa's Validate alone"},
		{"Fosite", "ory/fosite's wildcards alone"},
		{"Casbin", "casbin's Enforce for each scope, with a policy of 40 rules"},
	} {
		took, err := b.values(c.benchmark, perOp, subs)
		if err != nil {
			return nil, err
		}
		allocated, err := b.values(c.benchmark, allocs, subs)
		if err != nil {
			return nil, err
		}
		row := []string{c.name}
		for _, t := range took {
			row = append(row, nanoseconds(t))
		}
		if few, many := slices.Min(allocated), slices.Max(allocated); few == many {
			row = append(row, fmt.Sprint(few))
		} else {
			row = append(row, fmt.Sprintf("%v to %v", few, many))
		}
		cells = append(cells, row)
	}
	return cells, nil
}

// adapterTable has the cost of a route with a guard of an adapter.
func adapterTable(ctx context.Context, l *lab) ([][]string, error) {
	b, err := l.benchmarks(ctx)
	if err != nil {
		return nil, err
	}
	cells := [][]string{{"a route of", "with an empty middleware", "allocations", "with the adapter's Guard", "allocations"}}
	for _, a := range adapters {
		row := []string{a}
		for _, name := range []string{"Empty", "Guard"} {
			took, err := b.value(a+"."+name, perOp)
			if err != nil {
				return nil, err
			}
			allocated, err := b.value(a+"."+name, allocs)
			if err != nil {
				return nil, err
			}
			row = append(row, nanoseconds(took), fmt.Sprint(allocated))
		}
		cells = append(cells, row)
	}
	return cells, nil
}
