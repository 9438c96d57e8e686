package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/webapi-gen/webapi-gen/peers/input"
	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// A server is a program that serves the whole API by what a tool has written.
// No handler does anything: all but the types and the routes is the tool's.
type server struct {
	tool string
	main string // the form of its main package
	api  string // the form that the tool reads
	sub  string // the folder of that
	args []string
}

// nobody is the tool of a server without guards: what an API has anyway.
const nobody = ""

func servers() map[string]server {
	return map[string]server{
		nobody:      {main: input.ServerPlain, api: input.Plain, sub: "reviews"},
		ours:        {ours, input.ServerWebAPI, input.Spec, "reviews", []string{"./reviews"}},
		oapiCodegen: {oapiCodegen, input.ServerOAPICodegen, input.OpenAPI, "", []string{"-config", "oapi-codegen.yaml", "openapi.yaml"}},
		ogen:        {ogen, input.ServerOgen, input.OpenAPI, "", []string{"-clean", "-target", "reviews", "-package", "reviews", "openapi.yaml"}},
	}
}

// build compares what the compiler and the linker make of the outputs.
func build(ctx context.Context, l *lab) ([]finding, error) {
	n := l.size(1000)
	var cases []measure.Case
	for _, tool := range []string{ours, oapiCodegen} {
		c, err := l.compile(ctx, servers()[tool], n)
		if err != nil {
			return nil, err
		}
		cases = append(cases, c)
	}
	r, err := l.inTurn(ctx, l.runs, cases...)
	if err != nil {
		return nil, err
	}
	sizes := map[string]float64{}
	for tool, n := range map[string]int{nobody: n, ours: n, oapiCodegen: n, ogen: min(n, 100)} {
		if sizes[tool], err = l.perResource(ctx, servers()[tool], n); err != nil {
			return nil, err
		}
	}
	own := sizes[ours]
	compiled, linked, err := l.whatIsBuilt(ctx, servers()[ours], n)
	if err != nil {
		return nil, err
	}
	return []finding{
		atMost(0.25, slower(r[0], r[1]), fmt.Sprintf("go build of %s, their package not in the cache: at most 0.25 of oapi-codegen's", resources(n)),
			times(r[0], r[1]), compiled),
		{asked: "binary for each resource: at most 2.2 KB",
			measured: fmt.Sprintf("%s KB (oapi-codegen %s, ogen %s)", number(own), number(sizes[oapiCodegen]), number(sizes[ogen])),
			met:      own <= 2.2,
			why: fmt.Sprintf("%s KB are the types and routes, which a server without guards has too; %s; the rest describes types, lines and variables, for reflection, stack traces and debuggers",
				number(sizes[nobody]), linked)},
	}, nil
}

// compile returns the case of go build on the package that a tool has written.
// All that it imports is compiled. A file that changes with each run keeps the
// package itself from being found in the cache.
func (l *lab) compile(ctx context.Context, s server, n int) (measure.Case, error) {
	dir, err := l.server(ctx, s, n)
	if err != nil {
		return measure.Case{}, err
	}
	args := []string{"go", "build", "./reviews"}
	if _, err := output(ctx, dir, l.buildEnv(), args[0], args[1:]...); err != nil {
		return measure.Case{}, err
	}
	run := 0
	return measure.Case{
		Name: "go build for " + s.tool,
		Dir:  dir,
		Args: args,
		Env:  l.buildEnv(),
		Before: func() error {
			run++
			text := fmt.Sprintf("package reviews\n\n// Run %d.\n", run)
			return os.WriteFile(filepath.Join(dir, "reviews", "run.go"), []byte(text), 0o666)
		},
	}, nil
}

// whatIsBuilt says which functions a package has, and which of them a server.
func (l *lab) whatIsBuilt(ctx context.Context, s server, n int) (compiled, linked string, err error) {
	dir, err := l.server(ctx, s, n)
	if err != nil {
		return "", "", err
	}
	if _, err := output(ctx, dir, l.buildEnv(), "go", "build", "-o", "reviews.a", "./reviews"); err != nil {
		return "", "", err
	}
	if compiled, err = l.functions(ctx, dir, "reviews.a", n); err != nil {
		return "", "", err
	}
	linked, err = l.functions(ctx, dir, "server", n)
	return compiled, linked, err
}

// perResource returns by how many KB a server grows with each resource.
func (l *lab) perResource(ctx context.Context, s server, n int) (float64, error) {
	var sizes [2]int64
	for i, n := range []int{1, n} {
		dir, err := l.server(ctx, s, n)
		if err != nil {
			return 0, err
		}
		l.say("  linking the server of %s by %s", resources(n), cmp.Or(s.tool, "nobody"))
		if _, err := output(ctx, dir, l.buildEnv(), "go", "build", "-o", "server", "."); err != nil {
			return 0, err
		}
		info, err := os.Stat(filepath.Join(dir, "server"))
		if err != nil {
			return 0, err
		}
		sizes[i] = info.Size()
	}
	return float64(sizes[1]-sizes[0]) / float64(n-1) / 1000, nil
}

// buildEnv has a cache of its own, in memory.
func (l *lab) buildEnv() []string {
	return append([]string{"GOCACHE=" + filepath.Join(l.dir, "cache")}, l.env...)
}

// server returns the folder of a server's source, which is written if it is not
// there. Its module has the requirements of this one.
func (l *lab) server(ctx context.Context, s server, n int) (string, error) {
	dir := filepath.Join(l.dir, fmt.Sprintf("%s-%d", s.main, n))
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	if err := input.Write(s.main, dir, n); err != nil {
		return "", err
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(l.peers(), name))
		if err != nil {
			return "", err
		}
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			return "", err
		}
	}
	reviews := filepath.Join(dir, "reviews")
	if err := os.Mkdir(reviews, 0o777); err != nil {
		return "", err
	}
	if err := input.Write(s.api, filepath.Join(dir, s.sub), n); err != nil {
		return "", err
	}
	const self = "github.com/webapi-gen/webapi-gen"
	if _, err := output(ctx, dir, l.env, "go", "mod", "edit", "-module=example.com/reviews",
		"-replace="+self+"="+l.root, "-replace="+self+"/webapi="+filepath.Join(l.root, "webapi")); err != nil {
		return "", err
	}
	if s.tool == nobody {
		return dir, nil
	}
	_, err := output(ctx, dir, l.env, l.bin(s.tool), s.args...)
	return dir, err
}
