package main

import (
	"context"
	"fmt"

	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// cold compares first runs with those of the fastest peer.
func cold(ctx context.Context, l *lab) ([]finding, error) {
	var found []finding
	for _, n := range l.sizesFrom(1000, 10_000) {
		mine, err := l.cold(toolNamed(ours), n)
		if err != nil {
			return nil, err
		}
		theirs, err := l.cold(toolNamed(controllerGen), n)
		if err != nil {
			return nil, err
		}
		r, err := l.inTurn(ctx, l.runs, mine, theirs)
		if err != nil {
			return nil, err
		}
		why := spent(r...)
		found = append(found,
			atMost(0.2, slower(r[0], r[1]), fmt.Sprintf("first run, %s: at most 0.2 of %s's time", resources(n), controllerGen), times(r[0], r[1]), why),
			atMost(0.5, larger(r[0], r[1]), fmt.Sprintf("first run, %s: at most 0.5 of %s's memory", resources(n), controllerGen),
				fmt.Sprintf("%s to %s", memorySize(r[0]), memorySize(r[1])), "syntax trees of the inputs, and the outputs until all are known to be right"))
	}
	return found, nil
}

// coldFloor compares first runs with reading, parsing and writing alone.
func coldFloor(ctx context.Context, l *lab) ([]finding, error) {
	var found []finding
	for _, n := range l.sizesFrom(1000, 10_000) {
		mine, err := l.cold(toolNamed(ours), n)
		if err != nil {
			return nil, err
		}
		archive, err := l.archive(ctx, mine, toolNamed(ours).outputs)
		if err != nil {
			return nil, err
		}
		floor := l.floor(mine, "parse-write", ".", archive)
		parse := l.floor(mine, "parse", ".")
		r, err := l.inTurn(ctx, l.often(n), mine, floor, parse)
		if err != nil {
			return nil, err
		}
		found = append(found, atMost(2, slower(r[0], r[1]),
			fmt.Sprintf("first run, %s: at most 2 times reading and parsing the inputs and writing the outputs' bytes", resources(n)),
			times(r[0], r[1]), fmt.Sprintf("parsing is %s of the floor; %s", wall(r[2]), spent(r[:2]...))))
	}
	return found, nil
}

// unchanged compares runs that have nothing to do with reading alone.
func unchanged(ctx context.Context, l *lab) ([]finding, error) {
	var found []finding
	for _, n := range l.sizesFrom(1000, 10_000) {
		mine, err := l.warm(ctx, toolNamed(ours), n)
		if err != nil {
			return nil, err
		}
		r, err := l.inTurn(ctx, l.often(n), mine, l.floor(mine, "parse-read", "."))
		if err != nil {
			return nil, err
		}
		found = append(found, atMost(2, slower(r[0], r[1]),
			fmt.Sprintf("nothing has changed, %s: at most 2 times reading and parsing the inputs and reading the outputs", resources(n)),
			times(r[0], r[1]), spent(r...)))
	}
	return found, nil
}

// edit compares runs after one edit with those after none.
func edit(ctx context.Context, l *lab) ([]finding, error) {
	n := l.size(1000)
	none, err := l.warm(ctx, toolNamed(ours), n)
	if err != nil {
		return nil, err
	}
	one, err := l.edited(toolNamed(ours), n)
	if err != nil {
		return nil, err
	}
	one.Name = "after an edit"
	r, err := l.inTurn(ctx, l.often(n), one, none)
	if err != nil {
		return nil, err
	}
	return []finding{atMost(1.2, slower(r[0], r[1]), fmt.Sprintf("one edit among %s: at most 1.2 times a run after none", resources(n)),
		times(r[0], r[1]), spent(r...))}, nil
}

// start measures what go generate does for a package most often, for which a
// process is started each time.
func start(ctx context.Context, l *lab) ([]finding, error) {
	package10 := toolNamed(ours)
	package10.sub, package10.args = "api0000", always()
	first, err := l.cold(package10, 10)
	if err != nil {
		return nil, err
	}
	again, err := l.warm(ctx, package10, 10)
	if err != nil {
		return nil, err
	}
	for _, c := range []*measure.Case{&first, &again} {
		c.Env = append(c.Env, "GOPACKAGE=api0000", "GOFILE=review00000.go", "GOLINE=1")
	}
	empty := measure.Case{Name: "an empty program", Dir: first.Dir, Args: []string{l.bin("empty")}}
	version := measure.Case{Name: "its version", Dir: first.Dir, Args: []string{l.bin(ours), "--version"}}
	r, err := l.inTurn(ctx, l.often(10), first, again, version, empty)
	if err != nil {
		return nil, err
	}
	why := fmt.Sprintf("webapi-gen --version takes %s", wall(r[2]))
	return []finding{
		atMost(5, slower(r[0], r[3]), "a package of 10 under go generate, first run: at most 5 times the start of an empty program", times(r[0], r[3]), why),
		atMost(5, slower(r[1], r[3]), "the same when nothing has changed", times(r[1], r[3]), why),
	}, nil
}
