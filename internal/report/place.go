package report

import (
	"path/filepath"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// Path returns the path that a service knows a file by, with slashes: relative
// to Root, or absolute if the file is outside of it. The name is relative to Dir.
func (opts Options) Path(name string) string {
	path := resolve(opts.Dir, name)
	if opts.Root == "" && !filepath.IsAbs(path) {
		return filepath.ToSlash(path)
	}
	root, rootErr := filepath.Abs(opts.Root)
	full, err := filepath.Abs(path)
	if rootErr != nil || err != nil {
		return filepath.ToSlash(path)
	}
	if relative, err := filepath.Rel(root, full); err == nil && filepath.IsLocal(relative) {
		return filepath.ToSlash(relative)
	}
	return filepath.ToSlash(full)
}

// A region is a place as services count it: from 1, columns in UTF-16 code
// units, the end being the first column after it. What is not known is 0.
type region struct{ line, column, end int }

func (s *sources) region(d diag.Diagnostic) region {
	r := region{line: d.Pos.Line}
	if s, ok := s.span(d); ok && s.start >= 0 {
		r.column, r.end = 1+units(s.line[:s.start]), 1+units(s.line[:s.end])
	}
	return r
}

// units returns how many code units a text has in UTF-16. A byte that is not
// UTF-8 counts as the replacement character that readers make of it.
func units[Text string | []byte](text Text) int {
	n := 0
	for rest := []byte(text); len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		n += utf16.RuneLen(r)
		rest = rest[size:]
	}
	return n
}
