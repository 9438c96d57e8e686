// Package report prints diagnostics for people, for programs and for services that
// show them beside a change.
//
// # Text
//
// A diagnostic is a line as compilers write it, which editors can jump to:
//
//	notes.go:5:19: unknown key "metods" of webapi:resource (did you mean "methods"?) [WA014]
//
// With [Options.Snippets] the line of source follows, with a caret below it.
//
// # JSON
//
// The output is one document. Its fields keep their meaning while version is 1;
// later versions of the tool may add fields.
//
//	{
//	  "version": 1,
//	  "diagnostics": [
//	    {
//	      "file": "notes.go",
//	      "line": 5,
//	      "column": 1,
//	      "endLine": 5,
//	      "endColumn": 19,
//	      "severity": "error",
//	      "code": "WA011",
//	      "title": "not quite a directive",
//	      "message": "...",
//	      "fix": {"message": "...", "edits": [{"offset": 40, "end": 41, "new": ""}]}
//	    }
//	  ]
//	}
//
// The severity is error or warning. The file is relative to [Options.Dir], as in
// text, with slashes. Lines and columns count from 1, columns count bytes, and
// endColumn is the column after the text. Line and column fields are left out if
// the diagnostic is about an entire file, column fields if it is about an entire
// line, the end if the file cannot be read, and fix if there is none. An edit
// replaces the bytes from offset, which counts from 0, up to end, exclusive.
//
// # GitHub and SARIF
//
// Columns count UTF-16 code units and are left out if the file cannot be read. The
// rules of a SARIF document are those that have a result. See the
// [workflow commands] and [SARIF 2.1.0].
//
// [workflow commands]: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
// [SARIF 2.1.0]: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A Format is a format of printed diagnostics. It implements pflag.Value.
type Format string

// The formats.
const (
	Text   Format = "text"   // file:line:col: message [code], for people
	JSON   Format = "json"   // one document, for programs
	GitHub Format = "github" // workflow commands, which GitHub shows as annotations
	SARIF  Format = "sarif"  // SARIF 2.1.0, for code scanning
)

// Formats returns the names of all formats.
func Formats() []string {
	return []string{string(Text), string(JSON), string(GitHub), string(SARIF)}
}

// String returns the name of the format.
func (f *Format) String() string { return string(*f) }

// Set sets the format to the one with the name.
func (f *Format) Set(name string) error {
	if !slices.Contains(Formats(), name) {
		return fmt.Errorf("must be one of %s", strings.Join(Formats(), ", "))
	}
	*f = Format(name)
	return nil
}

// Type returns the name of the value in a usage message.
func (f *Format) Type() string { return "format" }

// Options configure [Print].
type Options struct {
	Dir      string // the folder of relative paths in diagnostics; the current folder by default
	Root     string // GitHub, SARIF: the folder that printed paths within it are relative to; the current folder by default
	Version  string // SARIF: of the tool
	Snippets bool   // text: print the line of each diagnostic, its fix, and commands to run next
	Colour   bool   // text: use colours
	Width    int    // text: the greatest width of a snippet in columns; 80 by default
}

// Print prints diagnostics. It reads the files that they are about to find the text
// of each; a file that cannot be read is no error.
func Print(w io.Writer, list diag.List, format Format, opts Options) error {
	files := &sources{dir: opts.Dir, files: map[string]file{}}
	if opts.Width == 0 {
		opts.Width = 80
	}
	var out string
	var err error
	switch format {
	case Text:
		out = printText(list, files, opts)
	case JSON:
		out, err = printJSON(list, files)
	case GitHub:
		out = printGitHub(list, files, opts)
	case SARIF:
		out, err = printSARIF(list, files, opts)
	default:
		err = fmt.Errorf("unknown format %q", format)
	}
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, out)
	return err
}

func severity(code diag.Code) string {
	if code.Warning() {
		return "warning"
	}
	return "error"
}

// meaning returns the meaning of a code. An unknown code is its own title.
func meaning(code diag.Code) diag.Meaning {
	if i := slices.IndexFunc(diag.Codes(), func(m diag.Meaning) bool { return m.Code == code }); i >= 0 {
		return diag.Codes()[i]
	}
	return diag.Meaning{Code: code, Title: string(code), Summary: string(code)}
}
