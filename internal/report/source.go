package report

import (
	"bytes"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
)

// Sources are the files that diagnostics are about. Each is read once.
type sources struct {
	dir   string
	files map[string]file
}

// A file is the text of a file, and its lines without their ends. Both are nil if
// it cannot be read.
type file struct {
	text  []byte
	lines [][]byte
}

func (s *sources) file(name string) file {
	if f, ok := s.files[name]; ok {
		return f
	}
	var f file
	if text, err := generator.ReadFile(resolve(s.dir, name)); err == nil {
		f = file{text, bytes.Split(text, []byte("\n"))}
	}
	s.files[name] = f
	return f
}

// resolve returns the path to open a file of a diagnostic.
func resolve(dir, name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(dir, name)
}

// A span is the text that a diagnostic is about: the bytes of a line from start up
// to end, exclusive. Both are -1 for the entire line.
type span struct {
	line       string
	start, end int
}

// span returns false if the diagnostic is about an entire file, or its line cannot
// be read.
func (s *sources) span(d diag.Diagnostic) (span, bool) {
	if d.Pos.Line < 1 {
		return span{}, false
	}
	lines := s.file(d.Pos.Filename).lines
	if d.Pos.Line > len(lines) {
		return span{}, false
	}
	line := strings.TrimSuffix(string(lines[d.Pos.Line-1]), "\r")
	if d.Pos.Column < 1 {
		return span{line, -1, -1}, true
	}
	start := min(d.Pos.Column-1, len(line))
	text := line[start:]
	length := extent(text)
	for i, quoted := range strings.Split(d.Message, `"`) {
		if i%2 == 1 && strings.HasPrefix(text, quoted) { // all of it, even if it is several words
			length = max(length, len(quoted))
		}
	}
	return span{line, start, start + length}, true
}

// extent returns the length of the word that text begins with: the first word of a
// comment with the slashes before it, a quoted string, or the longest run of
// letters, digits and the punctuation of names and scopes. Otherwise it is one
// character.
func extent(text string) int {
	switch {
	case text == "":
		return 0
	case strings.HasPrefix(text, "//"), strings.HasPrefix(text, "/*"):
		blanks := len(text) - len(strings.TrimLeft(text[2:], " \t"))
		return blanks + wordLength(text[blanks:], unicode.IsSpace)
	case text[0] == '"' || text[0] == '`' || text[0] == '\'':
		return quotedLength(text)
	}
	n := wordLength(text, func(r rune) bool { return !isWord(r) })
	if trimmed := strings.TrimRight(text[:n], ".:"); trimmed != "" { // the end of a sentence or of a key in YAML
		n = len(trimmed)
	}
	if n == 0 {
		_, n = utf8.DecodeRuneInString(text)
	}
	return n
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.:/+@", r)
}

// wordLength returns the length of the text before the first rune that ends the
// word.
func wordLength(text string, ends func(rune) bool) int {
	if i := strings.IndexFunc(text, ends); i >= 0 {
		return i
	}
	return len(text)
}

// quotedLength returns the length of a string with its quotes. A string that is not
// closed extends to the end of the line.
func quotedLength(text string) int {
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && text[0] != '`':
			i++
		case text[i] == text[0]:
			return i + 1
		}
	}
	return len(strings.TrimRightFunc(text, unicode.IsSpace))
}

// Path returns the path that a service knows a file by, with slashes: relative to
// Root, or absolute if the file is not within Root. The name is relative to Dir.
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

// A region is a location as services count it: from 1, columns in UTF-16 code units,
// with the column after it as its end. A field that is not known is 0.
type region struct{ line, column, end int }

func (s *sources) region(d diag.Diagnostic) region {
	r := region{line: d.Pos.Line}
	if s, ok := s.span(d); ok && s.start >= 0 {
		r.column, r.end = 1+units(s.line[:s.start]), 1+units(s.line[:s.end])
	}
	return r
}

// units returns the length of a text in UTF-16 code units. A byte that is not UTF-8
// counts as one replacement character.
func units[Text string | []byte](text Text) int {
	n := 0
	for rest := []byte(text); len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		n += utf16.RuneLen(r)
		rest = rest[size:]
	}
	return n
}
