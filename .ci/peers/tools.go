package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/peers/input"
	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// A tool is a generator that is measured.
type tool struct {
	name    string // of its program
	what    string // it writes
	form    string // of the API
	most    int    // resources; beyond, time or memory do not suffice
	sub     string // folder of the input in which it is run
	args    func(n int) []string
	outputs []string // patterns of their names
}

const ours, controllerGen, oapiCodegen, ogen = "webapi-gen", "controller-gen", "oapi-codegen", "ogen"

func always(args ...string) func(int) []string { return func(int) []string { return args } }

// tools returns webapi-gen and its peers. For moq and stringer all resources are
// in one package, since they take one at a time.
func tools() []tool {
	return []tool{
		{name: ours, what: "guards", form: input.WebAPI, most: 10_000, args: always("./..."),
			outputs: []string{"*_webapi.go", "webapi_catalog.go"}},
		{name: controllerGen, what: "deepcopy", form: input.ControllerGen, most: 10_000, args: always("object", "paths=./..."),
			outputs: []string{"zz_generated.*"}},
		{name: oapiCodegen, what: "std-http server", form: input.OpenAPI, most: 10_000,
			args: always("-config", "oapi-codegen.yaml", "openapi.yaml"), outputs: []string{"api.gen.go"}},
		{name: ogen, what: "server and client", form: input.OpenAPI, most: 1000,
			args: always("-clean", "-target", "ogen", "-package", "reviews", "openapi.yaml"), outputs: []string{"oas_*.go"}},
		{name: "goverter", what: "converters", form: input.Goverter, most: 10_000, args: always("gen", "./..."),
			outputs: []string{"generated.go"}},
		{name: "mockery", what: "mocks", form: input.Mockery, most: 1000, args: always("--config", "mockery.yml"),
			outputs: []string{"mocks_test.go"}},
		{name: "moq", what: "mocks", form: input.Moq, most: 1000, sub: "api", args: func(n int) []string {
			args := []string{"-out", "mocks_test.go", "."}
			for _, name := range input.Types(n) {
				args = append(args, name+"Store")
			}
			return args
		}, outputs: []string{"mocks_test.go"}},
		{name: "stringer", what: "String methods", form: input.Stringer, most: 1000, sub: "api", args: func(n int) []string {
			return []string{"-output", "strings.go", "-type", strings.Join(input.Types(n), ",")}
		}, outputs: []string{"strings.go"}},
		{name: "swag", what: "OpenAPI", form: input.Swag, most: 10_000, args: always("init", "--quiet", "-g", "main.go", "-o", "docs"),
			outputs: []string{"docs.go", "swagger.*"}},
	}
}

func toolNamed(name string) tool {
	all := tools()
	return all[slices.IndexFunc(all, func(t tool) bool { return t.name == name })]
}

// run returns the case of a tool with an API of n resources, as it is.
func (l *lab) run(t tool, n int) (measure.Case, error) {
	dir, err := l.input(t.form, n)
	return measure.Case{
		Name:  t.name,
		Dir:   filepath.Join(dir, t.sub),
		Args:  append([]string{l.bin(t.name)}, t.args(n)...),
		Env:   l.env,
		After: func() error { return hasOutputs(dir, t.outputs) },
	}, err
}

// cold returns the case of a tool that has not been run before.
func (l *lab) cold(t tool, n int) (measure.Case, error) {
	c, err := l.run(t, n)
	if t.form == input.OpenAPI { // oapi-codegen makes no folder
		err = errors.Join(err, os.MkdirAll(filepath.Join(c.Dir, "reviews"), 0o777))
	}
	c.Before = func() error { return removeOutputs(c.Dir, t.outputs) }
	return c, err
}

// edited returns the case of a tool for which one resource has changed since it
// was run: there and back by turns.
func (l *lab) edited(t tool, n int) (measure.Case, error) {
	c, err := l.run(t, n)
	if err != nil {
		return c, err
	}
	dir, err := l.input(t.form, n)
	edited := false
	c.Before = func() error {
		edited = !edited
		return input.Edit(t.form, dir, n, edited)
	}
	return c, err
}

func hasOutputs(dir string, patterns []string) error {
	found := false
	err := eachOutput(dir, patterns, func(string) error {
		found = true
		return fs.SkipAll
	})
	if err == nil && !found {
		return errors.New("it has written nothing")
	}
	return err
}

func removeOutputs(dir string, patterns []string) error {
	return eachOutput(dir, patterns, os.Remove)
}

func eachOutput(dir string, patterns []string, do func(name string) error) error {
	return filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for _, pattern := range patterns {
			ok, err := filepath.Match(pattern, d.Name())
			if err != nil {
				return err
			}
			if ok {
				return do(name)
			}
		}
		return nil
	})
}
