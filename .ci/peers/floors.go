package main

import (
	"archive/tar"
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/webapi-gen/webapi-gen/peers/measure"
)

// floor returns a case of the program floor in the folder of c. Where c makes
// its folder ready and looks at what has been written, so does the floor.
func (l *lab) floor(c measure.Case, args ...string) measure.Case {
	c.Name, c.Args = "the floor", append([]string{l.bin("floor")}, args...)
	if args[0] == "parse" || args[0] == "yaml" {
		c.Before, c.After = nil, nil // it writes nothing, and does not look at outputs
	}
	return c
}

// warm returns the case of a tool that has been run before, and has nothing to do.
func (l *lab) warm(ctx context.Context, t tool, n int) (measure.Case, error) {
	c, err := l.run(t, n)
	if err != nil {
		return c, err
	}
	_, err = output(ctx, c.Dir, c.Env, c.Args[0], c.Args[1:]...)
	return c, err
}

// archive packs what a tool writes, for a floor to write it again.
func (l *lab) archive(ctx context.Context, c measure.Case, outputs []string) (name string, err error) {
	if _, err := output(ctx, c.Dir, c.Env, c.Args[0], c.Args[1:]...); err != nil {
		return "", err
	}
	name = c.Dir + ".tar"
	f, err := os.Create(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := tar.NewWriter(f)
	if err := eachOutput(c.Dir, outputs, func(name string) error { return pack(w, c.Dir, name) }); err != nil {
		return "", err
	}
	return name, w.Close()
}

func pack(w *tar.Writer, dir, name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	rel, err := filepath.Rel(dir, name)
	if err != nil {
		return err
	}
	if err := w.WriteHeader(&tar.Header{Name: filepath.ToSlash(rel), Size: int64(len(data)), Mode: 0o666}); err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}
