package generator

import (
	"context"
	"os"
	"path/filepath"

	"github.com/webapi-gen/webapi-gen/generator/parallel"
)

// walk adds a folder and those below it that ./... of the go command means:
// none that begins with . or _, no testdata, no vendor and no other module. It
// does not know the ignore directives of go.mod.
func (f *finder) walk(ctx context.Context, path, real string) error {
	top := &listing{path: path, real: real}
	for level := []*listing{top}; len(level) > 0; {
		parallel.Do(len(level), func(i int) {
			if level[i].err = ctx.Err(); level[i].err == nil {
				f.seen.step()
				level[i].read(f.Dir)
			}
		})
		var below []*listing
		for _, l := range level {
			below = append(below, l.below...)
		}
		level = below
	}
	return f.keepAll(top)
}

// keepAll adds the folders of a listing, each before those below it.
func (f *finder) keepAll(l *listing) error {
	if l.err != nil {
		return l.err
	}
	folder := f.keep(l.path, l.real, l.entries)
	folder.whole, folder.only = true, nil
	folder.full = folder.full || f.full
	for _, below := range l.below {
		if err := f.keepAll(below); err != nil {
			return err
		}
	}
	return nil
}

// A listing is what is in a folder.
type listing struct {
	path, real string
	entries    []os.DirEntry
	below      []*listing // the folders in it that a walk goes on to
	err        error
}

// read reads the folder.
func (l *listing) read(base string) {
	l.entries, l.err = os.ReadDir(open(base, l.path))
	for _, e := range l.entries {
		if name := e.Name(); e.IsDir() && !skipped(name) {
			below := filepath.Join(l.path, name)
			if !hasModule(open(base, below)) {
				l.below = append(l.below, &listing{path: below, real: filepath.Join(l.real, name)})
			}
		}
	}
}
