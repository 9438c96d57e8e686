package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/perf/benchfmt"

	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// Benchmarks are what go test -bench printed: values by a benchmark's full name,
// with the number of processors if that is not one, and by unit.
type benchmarks map[string]map[string][]float64

// The units of a benchmark's time, as benchfmt has them, and of allocations.
const (
	perOp  = "sec/op"
	allocs = "allocs/op"
)

// A program has benchmarks, which are run with some numbers of processors.
type program struct{ prefix, dir, name, cpus, benchmarks string }

// adapters are the folders of adapters that have benchmarks, and their tests' prefixes.
var adapters = []string{"gin", "echo4", "echo5"}

func (l *lab) programs() []program {
	webapi, checks := filepath.Join(l.root, "webapi"), filepath.Join(l.peers(), "checks")
	all := []program{
		{"", webapi, "webapi.test", "1", "Guard|GuardMiddleware|Handle|RequireScope|LookupAndClock|Met|ParseScopes|Split"},
		{"", webapi, "webapi.test", fmt.Sprint("1,", runtime.NumCPU()), "GuardParallel"},
		{"", webapi, "webapi.test", fmt.Sprint(runtime.NumCPU()), "Registry"},
		{"", checks, "checks.test", "1", ".*"},
	}
	for _, a := range adapters {
		all = append(all, program{a + ".", l.adapter(a), a + ".test", "1", "Empty|Guard"})
	}
	return all
}

func (l *lab) adapter(name string) string { return filepath.Join(l.root, "adapters", name) }

// benchmarks runs the benchmarks of package webapi, those of the adapters and those of
// the peers' checks, in turn, if they have not been.
func (l *lab) benchmarks(ctx context.Context) (benchmarks, error) {
	if l.measured != nil {
		return l.measured, nil
	}
	all := benchmarks{}
	for i := range l.runs {
		l.say("benchmarks, run %d of %d", i+1, l.runs)
		for _, p := range l.programs() {
			data, err := output(ctx, p.dir, nil, l.bin(p.name), "-test.run=^$", "-test.benchtime=200ms",
				"-test.cpu="+p.cpus, "-test.bench=^Benchmark("+p.benchmarks+")$")
			if err != nil {
				return nil, err
			}
			if err := all.add(p.prefix, data); err != nil {
				return nil, fmt.Errorf("output of %s: %w", p.name, err)
			}
		}
	}
	l.measured = all
	return all, nil
}

// add adds what a run printed, with a prefix to each name.
func (b benchmarks) add(prefix string, printed []byte) error {
	results := benchfmt.NewReader(bytes.NewReader(printed), "")
	for results.Scan() {
		switch r := results.Result().(type) {
		case *benchfmt.SyntaxError:
			return r
		case *benchfmt.Result:
			name := prefix + string(r.Name)
			if b[name] == nil {
				b[name] = map[string][]float64{}
			}
			for _, v := range r.Values {
				b[name][v.Unit] = append(b[name][v.Unit], v.Value)
			}
		}
	}
	return results.Err()
}

// value returns the median of a benchmark. That there is none, because somebody
// has given it another name, is an error.
func (b benchmarks) value(name, unit string) (float64, error) {
	values := b[name][unit]
	if len(values) == 0 {
		return 0, fmt.Errorf("no benchmark gives the %s of %s", unit, name)
	}
	return measure.Median(values, func(v float64) float64 { return v }), nil
}

// values returns the medians of one benchmark with each of several names after
// the slash.
func (b benchmarks) values(name, unit string, subs []string) ([]float64, error) {
	var all []float64
	for _, sub := range subs {
		v, err := b.value(name+"/"+sub, unit)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// nanoseconds prints times of benchmarks.
func nanoseconds(seconds ...float64) string {
	var parts []string
	for _, s := range seconds {
		unit, factor := " ns", 1e9
		if s >= 10e-6 {
			unit, factor = " us", 1e6
		}
		parts = append(parts, number(s*factor)+unit)
	}
	return strings.Join(parts, ", ")
}
