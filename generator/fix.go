package generator

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A Mending is what can be mended mechanically in the input of a run.
type Mending struct {
	Files []File    // the Go files and specs that change, sorted by path; their status is Changed
	Fixed diag.List // what is mended, where it stands before [Mending.Write]
	Left  diag.List // what is wrong all the same, where it stands after [Mending.Write]
	Was   diag.List // the same, where it stands before

	dir string
}

// Fix reads what cfg names, as [Packages] does, and mends in memory what has a
// fix, until nothing is left that has one. A fix is taken only if what it mends
// is gone after it and it brings no contradiction with what is written elsewhere.
// Of Go files it changes comments alone, and those that gofmt had formatted stay so.
//
// What is wrong with the input is no error of Fix; cfg is, as for [Packages], and
// files that cannot be read are.
func Fix(ctx context.Context, cfg Config) (*Mending, error) {
	m := &mender{
		cfg: cfg,
		packages: func(texts map[string][]byte) error {
			cfg := cfg
			cfg.overlay = texts
			_, err := Packages(ctx, cfg)
			return err
		},
		texts: map[string][]byte{}, old: map[string][]byte{},
		rounds: map[string][][]diag.Edit{}, refused: map[place]bool{},
	}
	var err error
	if m.found, err = m.judge(m.texts); err != nil {
		return nil, err
	}
	for range mostPasses {
		before := m.texts
		if err := m.pass(); err != nil {
			return nil, err
		}
		if maps.EqualFunc(before, m.texts, bytes.Equal) {
			break
		}
	}
	return m.mending(), nil
}

// Done returns what is done about what is mended: its messages are those of the fixes.
func (m *Mending) Done() diag.List {
	done := slices.Clone(m.Fixed)
	for i, d := range done {
		done[i].Message = d.Fix.Message
	}
	return done
}

// Write writes the files, each at once and with the permissions that it has. A
// file that was changed since it was read is left alone, and so are all others.
// Of a symbolic link it is the file to which it leads that is written.
func (m *Mending) Write() error {
	targets := Result{}
	for _, f := range m.Files {
		path, err := realPath(m.dir, f.Path)
		if err != nil {
			return err
		}
		now, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if !bytes.Equal(now, f.Old) {
			return fmt.Errorf("%s was changed while it was read; nothing was written, run again", f.Path)
		}
		same := func(o File) bool { return o.Path == path }
		if !slices.ContainsFunc(targets.Files, same) { // two names of one file
			f.Path = path
			targets.Files = append(targets.Files, f)
		}
	}
	return targets.Write()
}
