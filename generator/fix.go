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
	"slices"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A FixResult has the fixes for the input of a run.
type FixResult struct {
	Files []File    // the Go files and specs that change, sorted by path; their status is Changed
	Fixed diag.List // the diagnostics that are fixed, at their positions before [FixResult.Write]
	Left  diag.List // those that are left, at their positions after [FixResult.Write]
	Was   diag.List // those that are left, at their positions before it

	dir string
}

// Fix reads what cfg names, as [Packages] does, and applies fixes in memory until no
// diagnostic has one. It rejects a fix that does not make its diagnostic disappear, or
// that contradicts what is written elsewhere. Of Go files it changes comments alone, and
// formats those that gofmt had formatted.
//
// Diagnostics about the input are no error of Fix. A wrong cfg is one, as for
// [Packages], and so is a file that cannot be read.
func Fix(ctx context.Context, cfg Config) (*FixResult, error) {
	f := &fixer{
		cfg: cfg,
		packages: func(texts map[string][]byte) error {
			cfg := cfg
			cfg.overlay = texts
			_, err := Packages(ctx, cfg)
			return err
		},
		texts: map[string][]byte{}, old: map[string][]byte{},
		applied: map[string][][]diag.Edit{}, rejected: map[key]bool{},
	}
	var err error
	if f.found, err = f.diagnose(f.texts); err != nil {
		return nil, err
	}
	for range maxFormats {
		before := f.texts
		if err := f.fixAndFormat(); err != nil {
			return nil, err
		}
		if maps.EqualFunc(before, f.texts, bytes.Equal) {
			break
		}
	}
	return f.result(), nil
}

// Done returns what is fixed, with the messages of the fixes.
func (r *FixResult) Done() diag.List {
	done := slices.Clone(r.Fixed)
	for i, d := range done {
		done[i].Message = d.Fix.Message
	}
	return done
}

// Write replaces each file at once, and keeps its permissions. If a file has changed
// since it was read, Write fails and changes nothing. Instead of a symbolic link it
// replaces the file that the link leads to.
func (r *FixResult) Write() error {
	targets := Result{}
	for _, f := range r.Files {
		path, err := resolvePath(r.dir, f.Path)
		if err != nil {
			return err
		}
		now, err := ReadFile(path)
		if err != nil {
			return err
		}
		if !bytes.Equal(now, f.Old) {
			return fmt.Errorf("%s was changed while it was read; nothing was written, run again", f.Path)
		}
		same := func(o File) bool { return o.Path == path }
		if !slices.ContainsFunc(targets.Files, same) { // else it has two names
			f.Path = path
			targets.Files = append(targets.Files, f)
		}
	}
	return targets.Write()
}

// A fixer applies fixes to texts in memory.
type fixer struct {
	cfg      Config
	packages func(texts map[string][]byte) error // reads the input with other texts for some files
	texts    map[string][]byte                   // the files that have fixes, as they are now
	old      map[string][]byte                   // as they were when they were first read
	applied  map[string][][]diag.Edit            // the edits of each file, one iteration after the other
	found    diag.List                           // the present diagnostics
	fixed    diag.List                           // at their original positions
	rejected map[key]bool                        // whose fixes are not safe for the present texts
}

// A key identifies a diagnostic: it is fixed when there is none with its key.
type key struct {
	file   string
	offset int
	code   diag.Code
}

func keyOf(d diag.Diagnostic) key { return key{d.Pos.Filename, d.Pos.Offset, d.Code} }

// The iterations are bounded, since each accepts or rejects a fix, and one diagnostic
// hides a few others at most.
const (
	maxFormats    = 8
	maxIterations = 100
)

// fixAndFormat applies fixes until none is left, and formats what was formatted.
func (f *fixer) fixAndFormat() error {
	for range maxIterations {
		again, err := f.iterate()
		if err != nil {
			return err
		}
		if !again {
			break
		}
	}
	return f.format()
}

// diagnose returns the diagnostics of the input with other texts for some files. It adds
// the text of each file that has a fix, so that fixes are applied to the text that they
// were found in, even if the file changes in the meantime.
func (f *fixer) diagnose(texts map[string][]byte) (diag.List, error) {
	for {
		var list diag.List
		if err := f.packages(texts); err != nil && !errors.As(err, &list) {
			return nil, err
		}
		complete := true
		for _, d := range list {
			if _, have := texts[d.Pos.Filename]; d.Fix == nil || have {
				continue
			}
			text, err := f.cfg.read(d.Pos.Filename)
			if err != nil {
				return nil, err
			}
			texts[d.Pos.Filename], complete = text, false
			if f.old[d.Pos.Filename] == nil {
				f.old[d.Pos.Filename] = text
			}
		}
		if complete {
			return list, nil
		}
	}
}

// iterate applies all fixes that can be applied together. If that is not safe, it tries
// one after the other and rejects those that are not. It reports whether there may be
// more fixes.
func (f *fixer) iterate() (bool, error) {
	todo := f.todo()
	if len(todo) == 0 {
		return false, nil
	}
	best, err := f.try(todo)
	if err != nil {
		return false, err
	}
	if best == nil {
		if best, err = f.tryEach(todo); err != nil {
			return false, err
		}
	}
	if best != nil {
		f.accept(best)
	}
	return true, nil
}

// todo returns the diagnostics to fix next. Directives are moved last, so that what is
// fixed within them is reported at its position in the file of the user.
func (f *fixer) todo() diag.List {
	todo := slices.DeleteFunc(slices.Clone(f.found), func(d diag.Diagnostic) bool { return d.Fix == nil || f.rejected[keyOf(d)] })
	within := slices.DeleteFunc(slices.Clone(todo), func(d diag.Diagnostic) bool { return d.Code == diag.Misplaced })
	if len(within) > 0 {
		return within
	}
	return todo
}

// tryEach applies those fixes that are safe together with the ones before them.
func (f *fixer) tryEach(todo diag.List) (*attempt, error) {
	var best *attempt
	var safe diag.List
	for _, d := range todo {
		t, err := f.try(append(safe[:len(safe):len(safe)], d))
		if err != nil {
			return nil, err
		}
		if t == nil {
			f.rejected[keyOf(d)] = true
			continue
		}
		best, safe = t, append(safe, d)
	}
	return best, nil
}

// An attempt is the result of applying some fixes.
type attempt struct {
	fixed diag.List
	edits map[string][]diag.Edit
	texts map[string][]byte
	found diag.List
}

// accept takes over the result of an attempt. Fixes that were rejected may be safe now.
func (f *fixer) accept(t *attempt) {
	for _, d := range t.fixed {
		d.Pos = f.original(d.Pos)
		f.fixed = append(f.fixed, d)
	}
	for path, edits := range t.edits {
		f.applied[path] = append(f.applied[path], edits)
	}
	f.texts, f.found = t.texts, t.found
	clear(f.rejected)
}

// try applies the fixes of some diagnostics. It returns nil if they are not safe.
func (f *fixer) try(todo diag.List) (*attempt, error) {
	t := &attempt{edits: map[string][]diag.Edit{}, texts: maps.Clone(f.texts)}
	for _, d := range todo {
		if all, ok := merge(t.edits[d.Pos.Filename], d.Fix.Edits); ok {
			t.edits[d.Pos.Filename] = all
			t.fixed = append(t.fixed, d)
		}
	}
	for path, edits := range t.edits {
		text, ok := apply(f.texts[path], edits)
		if !ok || strings.HasSuffix(path, ".go") && !sameCode(f.texts[path], text) {
			return nil, nil
		}
		t.texts[path] = text
	}
	var err error
	if t.found, err = f.diagnose(t.texts); err != nil {
		return nil, err
	}
	if f.regresses(t) {
		return nil, nil
	}
	return t, nil
}

// regresses reports whether a diagnostic that was fixed is still found, or a new one
// contradicts the fixes.
func (f *fixer) regresses(t *attempt) bool {
	had, fixed := map[key]bool{}, map[key]bool{}
	for _, d := range f.found {
		had[keyOf(d)] = true
	}
	for _, d := range t.fixed {
		fixed[keyOf(d)] = true
		for _, e := range d.Fix.Edits { // where it is if it was only moved
			fixed[key{d.Pos.Filename, e.Offset, d.Code}] = true
		}
	}
	return slices.ContainsFunc(t.found, func(d diag.Diagnostic) bool {
		at := keyOf(d)
		at.offset = originalOffset(t.edits[at.file], at.offset)
		return fixed[at] || !had[at] && contradicts(d)
	})
}

// contradicts reports whether a diagnostic that fixes have caused makes them wrong: what
// they wrote was there already, or is in a place that has no fix.
func contradicts(d diag.Diagnostic) bool {
	switch d.Code {
	case diag.GoSyntax, diag.SpecSyntax, diag.Repeated, diag.DeclaredTwice, diag.ScopeTwice, diag.NotAResource:
		return true
	case diag.Misplaced:
		return d.Fix == nil
	}
	return false
}

// format formats the Go files that gofmt had formatted before.
func (f *fixer) format() error {
	t := &attempt{edits: map[string][]diag.Edit{}, texts: maps.Clone(f.texts)}
	for path, text := range f.texts {
		t.texts[path] = reformat(path, f.old[path], text)
		t.edits[path] = lineEdits(text, t.texts[path])
	}
	var err error
	if t.found, err = f.diagnose(t.texts); err != nil {
		return err
	}
	f.accept(t)
	return nil
}

// result returns what was fixed and what is left.
func (f *fixer) result() *FixResult {
	out := &FixResult{Fixed: f.fixed, Left: f.found, dir: f.cfg.Dir}
	for _, d := range f.found {
		d.Pos = f.original(d.Pos)
		out.Was = append(out.Was, d)
	}
	for _, path := range slices.Sorted(maps.Keys(f.texts)) {
		if old := f.old[path]; !bytes.Equal(old, f.texts[path]) {
			out.Files = append(out.Files, File{Path: path, Status: Changed, Old: old, Content: f.texts[path]})
		}
	}
	out.Fixed.Sort()
	out.Was.Sort()
	return out
}

// reformat formats a Go file whose old text gofmt had formatted.
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

// original returns the original position of a position in the present texts.
func (f *fixer) original(pos token.Position) token.Position {
	applied, old := f.applied[pos.Filename], f.old[pos.Filename]
	if len(applied) == 0 || pos.Line == 0 {
		return pos
	}
	for _, edits := range slices.Backward(applied) {
		pos.Offset = originalOffset(edits, pos.Offset)
	}
	pos.Offset = min(pos.Offset, len(old))
	before := old[:pos.Offset]
	pos.Line = 1 + bytes.Count(before, []byte("\n"))
	pos.Column = len(before) - bytes.LastIndexByte(before, '\n')
	return pos
}

// merge returns the edits of a file with those of another fix, or false if they overlap:
// then the fix has to wait. Two fixes may have an edit in common. Insertions at the same
// offset stay in order.
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

// apply returns a text after sorted edits, or false if they overlap or are out of range.
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

// originalOffset returns the offset before edits for an offset after them. That of a new
// text is where its edit begins.
func originalOffset(edits []diag.Edit, offset int) int {
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

// lineEdits returns the edits, line by line, that turn one text into another.
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

// sameCode reports whether two Go files differ in comments and whitespace alone.
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
