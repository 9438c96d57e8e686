package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/webapi-gen/webapi-gen/peers/input"
	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// routed is the number of resources whose server has 1000 routes.
const routed = 250

// routes compares the commands that look at routes with go vet, which loads the same
// packages. A file that changes with each run keeps go vet from finding its last answer.
// The server is built before each run: the commands read what the compiler has written,
// and would else build it, which go build need not do again.
func routes(ctx context.Context, l *lab) ([]finding, error) {
	dir, err := l.server(ctx, server{ours, input.ServerRoutes, input.Spec, "reviews", []string{"./reviews"}}, routed)
	if err != nil {
		return nil, err
	}
	if _, err := output(ctx, dir, l.buildEnv(), l.bin(ours), "lock"); err != nil {
		return nil, err
	}
	run := 0
	edit := func() error {
		run++
		if err := os.WriteFile(filepath.Join(dir, "run.go"), fmt.Appendf(nil, "package main\n\n// Run %d.\n", run), 0o666); err != nil {
			return err
		}
		_, err := output(ctx, dir, l.buildEnv(), "go", "build", "-o", os.DevNull, ".")
		return err
	}
	var cases []measure.Case
	for _, c := range []measure.Case{
		{Name: "go vet", Args: []string{"go", "vet", "./..."}},
		{Name: "webapi-vet", Args: []string{l.bin("webapi-vet"), "./..."}},
		{Name: "webapi-gen check", Args: []string{l.bin(ours), "check", "./..."}},
		{Name: "webapi-gen list", Args: []string{l.bin(ours), "list", "./..."}},
		{Name: "webapi-gen lock", Args: []string{l.bin(ours), "lock"}},
	} {
		c.Dir, c.Env, c.Before = dir, l.buildEnv(), edit
		cases = append(cases, c)
	}
	r, err := l.inTurn(ctx, l.often(1000), cases...)
	if err != nil {
		return nil, err
	}
	var found []finding
	for _, mine := range r[1:] {
		found = append(found, atMost(2, slower(mine, r[0]), fmt.Sprintf("%s, a server with 1000 routes, built before: at most 2 times go vet", mine.Name),
			times(mine, r[0]), spent(mine, r[0])))
	}
	return found, nil
}
