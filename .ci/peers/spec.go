package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/webapi-gen/webapi-gen/peers/input"
	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// spec compares a first run on one YAML spec with the parser that it is read by.
func spec(ctx context.Context, l *lab) ([]finding, error) {
	n := l.size(10_000)
	t := toolNamed(ours)
	t.form, t.args = input.Spec, always()
	mine, err := l.cold(t, n)
	if err != nil {
		return nil, err
	}
	const file = "webapi.yaml"
	r, err := l.inTurn(ctx, l.often(n), mine, l.floor(mine, "yaml", file))
	if err != nil {
		return nil, err
	}
	emission, err := emission(ctx, mine, l.often(n))
	if err != nil {
		return nil, err
	}
	left := r[0]
	left.Wall = max(0, left.Wall-emission)
	return []finding{atMost(1.5, slower(left, r[1]),
		fmt.Sprintf("YAML spec of %s: at most 1.5 times yaml.v3's parse into nodes, plus emission", resources(n)),
		fmt.Sprintf("%s, less %s for emission, to %s", wall(r[0]), duration(emission), wall(r[1])),
		"what the spec means, and the memory for it: "+spent(r...))}, nil
}

// emission returns how long a run of webapi-gen emits, compares and writes files,
// as it says itself.
func emission(ctx context.Context, c measure.Case, runs int) (time.Duration, error) {
	var taken []time.Duration
	for range runs {
		if err := c.Before(); err != nil {
			return 0, err
		}
		cmd := exec.CommandContext(ctx, c.Args[0], append(c.Args[1:len(c.Args):len(c.Args)], "--timings")...)
		var errs bytes.Buffer
		cmd.Dir, cmd.Stderr = c.Dir, &errs
		if err := cmd.Run(); err != nil {
			return 0, fmt.Errorf("%v: %w\n%s", cmd.Args, err, &errs)
		}
		sum := time.Duration(0)
		for _, phase := range []string{"emit", "compare", "write"} {
			d, err := timed(errs.String(), phase)
			if err != nil {
				return 0, err
			}
			sum += d
		}
		taken = append(taken, sum)
	}
	slices.Sort(taken)
	return taken[len(taken)/2], nil
}

// timed returns the time of a phase in what --timings prints: "emit  15.2 ms ...".
func timed(timings, phase string) (time.Duration, error) {
	for line := range strings.Lines(timings) {
		if words := strings.Fields(line); len(words) > 2 && words[0] == phase {
			return time.ParseDuration(words[1] + words[2])
		}
	}
	return 0, fmt.Errorf("no time of %q in:\n%s", phase, timings)
}
