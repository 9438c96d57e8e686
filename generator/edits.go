package generator

import (
	"bytes"
	"cmp"
	"go/scanner"
	"go/token"
	"slices"
	"strconv"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

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
