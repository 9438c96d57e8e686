package generator

import (
	"bytes"
	"errors"
	"fmt"
	"go/build/constraint"
	"io/fs"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/templates"
)

// headerName is the name of the file, beside go.mod, with the comment that the outputs of a
// module begin with, such as a licence.
const headerName = "webapi.header"

// header returns the header of the module of a folder.
func (f *folder) header() (string, error) {
	if path := f.module.headerPath(); f.allFiles && LeadsOut(f.module.top, path) {
		return "", errLeadsOut(path)
	}
	return f.module.header()
}

func readHeader(path string) (string, error) {
	data, err := ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	} else if err != nil {
		return "", err
	}
	text := append(bytes.TrimSpace(lineFeeds(data)), '\n')
	n := commentEnd(text)
	if n < len(text) {
		line := 1 + bytes.Count(text[:n], []byte("\n"))
		return "", fmt.Errorf("%s:%d:1: outputs begin with this file, so each line must be of a comment, and none a directive, a build constraint or that of generated code", path, line)
	}
	return string(text) + "\n", nil
}

// splitHeader splits an output before its generated line. It reports whether there is one,
// below nothing but comments (golang.org/s/generatedcode).
func splitHeader(text []byte) (header, rest []byte, ok bool) {
	if isGeneratedLine(text) {
		return nil, text, true
	}
	n := commentEnd(text)
	return text[:n], text[n:], isGeneratedLine(text[n:])
}

func isGeneratedLine(text []byte) bool {
	line, _, _ := bytes.Cut(text, []byte("\n"))
	return string(bytes.TrimSuffix(line, []byte("\r"))) == templates.Header
}

// commentEnd returns the offset of the first line of a text that is neither blank nor of a
// comment, or that a tool reads.
func commentEnd(text []byte) int {
	offset, block := 0, false
	for line := range bytes.Lines(text) {
		trimmed := bytes.TrimRight(line, " \t\r\n")
		text, opens := bytes.CutPrefix(trimmed, []byte("/*"))
		if block {
			text = trimmed
		}
		switch _, after, closes := bytes.Cut(text, []byte("*/")); {
		case (block || opens) && !closes:
			block = true
		case (block || opens) && len(after) > 0:
			return offset
		case block || opens:
			block = false
		case len(trimmed) == 0:
		case !bytes.HasPrefix(trimmed, []byte("//")), bytes.Contains(trimmed, []byte("\ufeff")),
			annotations.IsDirective(string(trimmed)), constraint.IsPlusBuild(string(trimmed)), bytes.HasPrefix(trimmed, []byte("// Code generated ")):
			return offset
		}
		offset += len(line)
	}
	return offset
}
