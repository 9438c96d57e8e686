package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/webapi-gen/webapi-gen/peers/input"
	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// described is the number of resources whose OpenAPI document has 10 MB.
const described = 4000

// imported compares the import of an OpenAPI document with its library's parse.
func imported(ctx context.Context, l *lab) ([]finding, error) {
	dir, err := l.input(input.OpenAPI, described)
	if err != nil {
		return nil, err
	}
	document := filepath.Join(dir, "openapi.yaml")
	info, err := os.Stat(document)
	if err != nil {
		return nil, err
	}
	spec := filepath.Join(dir, "reviews", "webapi.yaml")
	mine := measure.Case{
		Name:   "webapi-gen import",
		Dir:    dir,
		Args:   []string{l.bin("webapi-import"), "--lists=any", "--output", spec, document},
		Before: func() error { return os.RemoveAll(filepath.Dir(spec)) },
		After: func() error {
			_, err := os.Stat(spec)
			return err
		},
	}
	r, err := l.inTurn(ctx, l.runs, mine, measure.Case{Name: "libopenapi", Dir: dir, Args: []string{l.bin("openapi"), document}})
	if err != nil {
		return nil, err
	}
	what := fmt.Sprintf("import of %.1f MB of OpenAPI, %d operations: at most 1.5 times", float64(info.Size())/1e6, 4*described)
	return []finding{
		atMost(1.5, slower(r[0], r[1]), what+" its library's parse", times(r[0], r[1]), spent(r...)),
		atMost(1.5, larger(r[0], r[1]), what+" that parse's memory", fmt.Sprintf("%s to %s", memorySize(r[0]), memorySize(r[1])),
			"the operations, and the spec until it is written"),
	}, nil
}
