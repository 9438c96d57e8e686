package main

import (
	"context"
	"fmt"

	"github.com/webapi-gen/webapi-gen/peers/input"
)

// spec compares a first run on one YAML spec with its parser, and with writing
// what is generated.
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
	r, err := l.inTurn(ctx, l.often(n), mine, l.floor(mine, "yaml-write", file, archive))
	if err != nil {
		return nil, err
	}
	return []finding{atMost(2, slower(r[0], r[1]),
		fmt.Sprintf("YAML spec of %s: at most 2 times yaml.v3's parse into nodes and writing the outputs' bytes", resources(n)),
		times(r[0], r[1]), spent(r...))}, nil
}
