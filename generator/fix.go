package generator

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"go/format"
	"go/token"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
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
		ctx: ctx, cfg: cfg,
		texts: map[string][]byte{}, old: map[string][]byte{},
		rounds: map[string][][]diag.Edit{}, refused: map[place]bool{},
	}
	var err error
	if m.found, err = m.judge(m.texts); err != nil {
		return nil, err
	}
	for range mostRounds {
		again, err := m.round()
		if err != nil {
			return nil, err
		}
		if !again {
			break
		}
	}
	return m.mending()
}

// mostRounds is how often the input is mended and read again. One mistake hides
// a few others at most.
const mostRounds = 20

// A mender mends texts in memory.
type mender struct {
	ctx     context.Context
	cfg     Config
	texts   map[string][]byte        // the files that have fixes, as they are now
	old     map[string][]byte        // as they were read, once
	rounds  map[string][][]diag.Edit // what was done to a file, one after the other
	found   diag.List                // what is wrong now
	fixed   diag.List                // where it stood at first
	refused map[place]bool           // whose fixes do harm
}

// A place is where a diagnostic stood at first. What is mended at a place shows
// in that there is no diagnostic of its code any more.
type place struct {
	file   string
	offset int
	code   language.Code
}

// place returns where a diagnostic about the present texts stood at first.
func (m *mender) place(d diag.Diagnostic) place {
	return place{d.Pos.Filename, trace(m.rounds[d.Pos.Filename], d.Pos.Offset), d.Code}
}

// judge returns what is wrong with the input if some files have other texts. It
// adds to them those of the files that have fixes: a file that somebody edits in
// the meantime must not be mended by what was found in another text.
func (m *mender) judge(texts map[string][]byte) (diag.List, error) {
	for {
		cfg := m.cfg
		cfg.overlay = texts
		_, err := Packages(m.ctx, cfg)
		var list diag.List
		if err != nil && !errors.As(err, &list) {
			return nil, err
		}
		complete := true
		for _, d := range list {
			if _, have := texts[d.Pos.Filename]; d.Fix == nil || have {
				continue
			}
			text, err := m.cfg.read(d.Pos.Filename)
			if err != nil {
				return nil, err
			}
			texts[d.Pos.Filename], complete = text, false
			if m.old[d.Pos.Filename] == nil {
				m.old[d.Pos.Filename] = text
			}
		}
		if complete {
			return list, nil
		}
	}
}

// round mends what can be mended at once. If that does harm, it takes one fix
// after the other, and refuses those that do. It reports whether another round
// is wanted.
func (m *mender) round() (bool, error) {
	todo := m.todo()
	if len(todo) == 0 {
		return false, nil
	}
	best, err := m.try(todo)
	if err != nil {
		return false, err
	}
	if best == nil {
		if best, err = m.tryEach(todo); err != nil {
			return false, err
		}
	}
	if best != nil {
		m.accept(best)
	}
	return true, nil
}

// todo returns what can be mended at once. Directives are moved last, so that what
// is wrong within them is said to be where people see it.
func (m *mender) todo() diag.List {
	todo := slices.DeleteFunc(slices.Clone(m.found), func(d diag.Diagnostic) bool { return d.Fix == nil || m.refused[m.place(d)] })
	within := slices.DeleteFunc(slices.Clone(todo), func(d diag.Diagnostic) bool { return d.Code == language.Misplaced })
	if len(within) > 0 {
		return within
	}
	return todo
}

// tryEach applies those of some fixes that do no harm beside those before them.
func (m *mender) tryEach(todo diag.List) (*trial, error) {
	var best *trial
	var harmless diag.List
	for _, d := range todo {
		t, err := m.try(append(harmless[:len(harmless):len(harmless)], d))
		if err != nil {
			return nil, err
		}
		if t == nil {
			m.refused[m.place(d)] = true
			continue
		}
		best, harmless = t, append(harmless, d)
	}
	return best, nil
}

// A trial is what comes of some fixes.
type trial struct {
	fixed  diag.List
	texts  map[string][]byte
	rounds map[string][][]diag.Edit
	found  diag.List
}

func (m *mender) accept(t *trial) {
	for _, d := range t.fixed {
		d.Pos = m.first(d.Pos)
		m.fixed = append(m.fixed, d)
	}
	m.texts, m.rounds, m.found = t.texts, t.rounds, t.found
}

// try applies the fixes of some diagnostics. It returns nil if they do harm.
func (m *mender) try(todo diag.List) (*trial, error) {
	t := &trial{texts: maps.Clone(m.texts), rounds: maps.Clone(m.rounds)}
	edits := map[string][]diag.Edit{}
	for _, d := range todo {
		if all, ok := merge(edits[d.Pos.Filename], d.Fix.Edits); ok {
			edits[d.Pos.Filename] = all
			t.fixed = append(t.fixed, d)
		}
	}
	for path, list := range edits {
		old := m.texts[path]
		text, ok := apply(old, list)
		if !ok || strings.HasSuffix(path, ".go") && !sameCode(old, text) {
			return nil, nil
		}
		t.texts[path] = text
		t.rounds[path] = append(slices.Clone(t.rounds[path]), list)
	}
	var err error
	if t.found, err = m.judge(t.texts); err != nil {
		return nil, err
	}
	if m.harms(t) {
		return nil, nil
	}
	return t, nil
}

// harms reports whether something that was mended is there still, or something
// new contradicts what is there.
func (m *mender) harms(t *trial) bool {
	had, mended := map[place]bool{}, map[place]bool{}
	for _, d := range m.found {
		had[m.place(d)] = true
	}
	for _, d := range t.fixed {
		mended[m.place(d)] = true
		for _, e := range d.Fix.Edits { // where it would be if it was moved only
			d.Pos.Offset = e.Offset
			mended[m.place(d)] = true
		}
	}
	after := mender{rounds: t.rounds}
	return slices.ContainsFunc(t.found, func(d diag.Diagnostic) bool {
		at := after.place(d)
		return mended[at] || !had[at] && contradicts(d)
	})
}

// contradicts reports whether a diagnostic that is there since something was
// mended speaks against having mended it: what was written now stands twice, or
// where nothing can be done about it.
func contradicts(d diag.Diagnostic) bool {
	switch d.Code {
	case language.GoSyntax, language.SpecSyntax, language.Repeated, language.DeclaredTwice, language.ScopeTwice, language.NotAResource:
		return true
	case language.Misplaced:
		return d.Fix == nil
	}
	return false
}

// mending returns what was done.
func (m *mender) mending() (*Mending, error) {
	out := &Mending{Fixed: m.fixed, dir: m.cfg.Dir}
	for _, d := range m.found {
		d.Pos = m.first(d.Pos)
		out.Was = append(out.Was, d)
	}
	texts := map[string][]byte{}
	for _, path := range slices.Sorted(maps.Keys(m.texts)) {
		old := m.old[path]
		texts[path] = reformat(path, old, m.texts[path])
		if !bytes.Equal(old, texts[path]) {
			out.Files = append(out.Files, File{Path: path, Status: Changed, Old: old, Content: texts[path]})
		}
	}
	var err error
	if out.Left, err = m.judge(texts); err != nil {
		return nil, err
	}
	out.Fixed.Sort()
	out.Was.Sort()
	return out, nil
}

// reformat formats a Go file that was formatted before it was mended.
func reformat(path string, old, text []byte) []byte {
	if !strings.HasSuffix(path, ".go") {
		return text
	}
	if was, err := format.Source(old); err != nil || !bytes.Equal(was, old) {
		return text
	}
	formatted, err := format.Source(text)
	if err != nil || !sameCode(text, formatted) {
		return text
	}
	return formatted
}

// first returns where a position of the present texts was at first.
func (m *mender) first(pos token.Position) token.Position {
	rounds, old := m.rounds[pos.Filename], m.old[pos.Filename]
	if len(rounds) == 0 || pos.Line == 0 {
		return pos
	}
	pos.Offset = min(trace(rounds, pos.Offset), len(old))
	before := old[:pos.Offset]
	pos.Line = 1 + bytes.Count(before, []byte("\n"))
	pos.Column = len(before) - bytes.LastIndexByte(before, '\n')
	return pos
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
