package generator

import (
	"bytes"
	"errors"
	"go/format"
	"go/token"
	"maps"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/templates"
)

// A mender mends texts in memory.
type mender struct {
	cfg      Config
	packages func(texts map[string][]byte) error // reads the input if files have these texts
	texts    map[string][]byte                   // the files that have fixes, as they are now
	old      map[string][]byte                   // as they were read, once
	rounds   map[string][][]diag.Edit            // what was done to a file, one after the other
	found    diag.List                           // what is wrong now
	fixed    diag.List                           // where it stood at first
	refused  map[place]bool                      // whose fixes do harm to the texts as they are now
}

// A place is where a diagnostic stands. What is mended at a place shows in that
// there is no diagnostic of its code any more.
type place struct {
	file   string
	offset int
	code   diag.Code
}

func placeOf(d diag.Diagnostic) place { return place{d.Pos.Filename, d.Pos.Offset, d.Code} }

// The number of rounds is bounded, since each takes a fix or refuses one and a
// mistake hides a few others at most.
const (
	mostPasses = 8
	mostRounds = 100
)

// pass mends until nothing is left that can be, and formats what was formatted.
func (m *mender) pass() error {
	for range mostRounds {
		again, err := m.round()
		if err != nil {
			return err
		}
		if !again {
			break
		}
	}
	return m.format()
}

// judge returns what is wrong with the input if some files have other texts. It
// adds to them those of the files that have fixes: a file that somebody edits in
// the meantime must not be mended by what was found in another text.
func (m *mender) judge(texts map[string][]byte) (diag.List, error) {
	for {
		var list diag.List
		if err := m.packages(texts); err != nil && !errors.As(err, &list) {
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
	todo := slices.DeleteFunc(slices.Clone(m.found), func(d diag.Diagnostic) bool { return d.Fix == nil || m.refused[placeOf(d)] })
	within := slices.DeleteFunc(slices.Clone(todo), func(d diag.Diagnostic) bool { return d.Code == diag.Misplaced })
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
			m.refused[placeOf(d)] = true
			continue
		}
		best, harmless = t, append(harmless, d)
	}
	return best, nil
}

// A trial is what comes of some fixes.
type trial struct {
	fixed diag.List
	edits map[string][]diag.Edit
	texts map[string][]byte
	found diag.List
}

// accept takes over what a trial has made. What did harm before may do none now.
func (m *mender) accept(t *trial) {
	for _, d := range t.fixed {
		d.Pos = m.first(d.Pos)
		m.fixed = append(m.fixed, d)
	}
	for path, edits := range t.edits {
		m.rounds[path] = append(m.rounds[path], edits)
	}
	m.texts, m.found = t.texts, t.found
	clear(m.refused)
}

// try applies the fixes of some diagnostics. It returns nil if they do harm.
func (m *mender) try(todo diag.List) (*trial, error) {
	t := &trial{edits: map[string][]diag.Edit{}, texts: maps.Clone(m.texts)}
	for _, d := range todo {
		if all, ok := merge(t.edits[d.Pos.Filename], d.Fix.Edits); ok {
			t.edits[d.Pos.Filename] = all
			t.fixed = append(t.fixed, d)
		}
	}
	for path, edits := range t.edits {
		text, ok := apply(m.texts[path], edits)
		if !ok || strings.HasSuffix(path, ".go") && !sameCode(m.texts[path], text) {
			return nil, nil
		}
		t.texts[path] = text
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
		had[placeOf(d)] = true
	}
	for _, d := range t.fixed {
		mended[placeOf(d)] = true
		for _, e := range d.Fix.Edits { // where it would be if it was moved only
			mended[place{d.Pos.Filename, e.Offset, d.Code}] = true
		}
	}
	return slices.ContainsFunc(t.found, func(d diag.Diagnostic) bool {
		at := placeOf(d)
		at.offset = trace(t.edits[at.file], at.offset)
		return mended[at] || !had[at] && contradicts(d)
	})
}

// contradicts reports whether a diagnostic that is there since something was
// mended speaks against having mended it: what was written now stands twice, or
// where nothing can be done about it.
func contradicts(d diag.Diagnostic) bool {
	switch d.Code {
	case diag.GoSyntax, diag.SpecSyntax, diag.Repeated, diag.DeclaredTwice, diag.ScopeTwice, diag.NotAResource:
		return true
	case diag.Misplaced:
		return d.Fix == nil
	}
	return false
}

// format formats the Go files that were formatted before they were mended.
func (m *mender) format() error {
	t := &trial{edits: map[string][]diag.Edit{}, texts: maps.Clone(m.texts)}
	for path, text := range m.texts {
		t.texts[path] = reformat(path, m.old[path], text)
		t.edits[path] = lineEdits(text, t.texts[path])
	}
	var err error
	if t.found, err = m.judge(t.texts); err != nil {
		return err
	}
	m.accept(t)
	return nil
}

// mending returns what was done.
func (m *mender) mending() *Mending {
	out := &Mending{Fixed: m.fixed, Left: m.found, dir: m.cfg.Dir}
	for _, d := range m.found {
		d.Pos = m.first(d.Pos)
		out.Was = append(out.Was, d)
	}
	for _, path := range slices.Sorted(maps.Keys(m.texts)) {
		if old := m.old[path]; !bytes.Equal(old, m.texts[path]) {
			out.Files = append(out.Files, File{Path: path, Status: Changed, Old: old, Content: templates.TextOf(m.texts[path])})
		}
	}
	out.Fixed.Sort()
	out.Was.Sort()
	return out
}

// reformat formats a Go file that was formatted before it was mended.
func reformat(path string, old, text []byte) []byte {
	if !strings.HasSuffix(path, ".go") {
		return text
	}
	if bytes.Equal(old, text) {
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
	for _, edits := range slices.Backward(rounds) {
		pos.Offset = trace(edits, pos.Offset)
	}
	pos.Offset = min(pos.Offset, len(old))
	before := old[:pos.Offset]
	pos.Line = 1 + bytes.Count(before, []byte("\n"))
	pos.Column = len(before) - bytes.LastIndexByte(before, '\n')
	return pos
}
