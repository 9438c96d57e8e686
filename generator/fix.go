package generator

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/format"
	"go/scanner"
	"go/token"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

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
			out.Files = append(out.Files, File{Path: path, Status: Changed, Old: old, Content: m.texts[path]})
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

// merge returns the edits of a file with those of a further fix, unless they
// overlap: then the fix has to wait. Edits that are there already are shared.
// Texts that are put at the same place stay in the order in which they come.
func merge(edits, more []diag.Edit) ([]diag.Edit, bool) {
	all := slices.Clone(edits)
	for _, e := range more {
		if slices.Contains(edits, e) {
			continue
		}
		for _, have := range edits {
			if e.Offset < have.End && have.Offset < e.End {
				return nil, false
			}
		}
		all = append(all, e)
	}
	slices.SortStableFunc(all, func(a, b diag.Edit) int { return cmp.Or(cmp.Compare(a.Offset, b.Offset), cmp.Compare(a.End, b.End)) })
	return all, true
}

// apply returns a text after edits in order, and whether they fit.
func apply(text []byte, edits []diag.Edit) ([]byte, bool) {
	var out bytes.Buffer
	last := 0
	for _, e := range edits {
		if e.Offset < last || e.End < e.Offset || e.End > len(text) {
			return nil, false
		}
		out.Write(text[last:e.Offset])
		out.WriteString(e.New)
		last = e.End
	}
	out.Write(text[last:])
	return out.Bytes(), true
}

// trace returns where something was before edits that is at offset after them.
// What an edit wrote was where the edit begins.
func trace(edits []diag.Edit, offset int) int {
	shift := 0
	for _, e := range edits {
		start := e.Offset + shift
		if offset < start {
			break
		}
		if offset < start+len(e.New) {
			return e.Offset
		}
		shift += len(e.New) - (e.End - e.Offset)
	}
	return offset - shift
}

// lineEdits returns the edits that make one text of another, line by line.
func lineEdits(old, text []byte) []diag.Edit {
	var edits []diag.Edit
	lines := slices.Collect(bytes.Lines(old))
	offset, line := 0, 0 // in the old text
	to := func(n int) {
		for ; line < min(n, len(lines)); line++ {
			offset += len(lines[line])
		}
	}
	const header = 3
	for i, l := range slices.Collect(bytes.Lines(diff.Diff("", old, "", text))) {
		from := offset
		switch {
		case i < header:
		case l[0] == '@': // @@ -line,count +line,count @@
			n, _, _ := bytes.Cut(bytes.TrimPrefix(l, []byte("@@ -")), []byte(","))
			first, _ := strconv.Atoi(string(n))
			to(first - 1)
		case l[0] == '+':
			edits = append(edits, diag.Edit{Offset: from, End: from, New: string(l[1:])})
		case l[0] == '-':
			to(line + 1)
			edits = append(edits, diag.Edit{Offset: from, End: offset})
		case l[0] == ' ':
			to(line + 1)
		}
	}
	return edits
}

// sameCode reports whether two Go files differ in comments and blanks alone.
func sameCode(a, b []byte) bool { return slices.Equal(tokens(a), tokens(b)) }

// A lexeme is a token and its text.
type lexeme struct {
	token token.Token
	text  string
}

func tokens(src []byte) []lexeme {
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(src)), src, func(token.Position, string) {}, 0)
	var list []lexeme
	for {
		_, tok, text := s.Scan()
		if tok == token.EOF {
			return list
		}
		list = append(list, lexeme{tok, text})
	}
}
