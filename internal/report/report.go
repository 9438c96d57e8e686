// Package report prints diagnostics: for people, for programs and for the
// services that show them beside a change.
//
// # Text
//
// A diagnostic is a line as compilers write it, by which editors jump to the
// place:
//
//	notes.go:5:19: unknown key "metods" of webapi:resource (did you mean "methods"?) [WA014]
//
// With [Options.Snippets] the line of source follows, with a caret below it.
//
// # JSON
//
// The output is one document. What it has keeps its meaning as long as version
// is 1; later versions of the tool may add fields.
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
// The severity is error or warning. The file is relative to [Options.Dir], as in text, and its folders are
// separated by slashes. Lines and columns count from 1, columns count bytes, and
// endColumn is the first after the text that is meant. A field is left out where
// it says nothing: line and what follows it where a whole file is meant, column
// where a whole line is, the end where the file cannot be read, fix where there
// is none. An edit replaces the bytes from offset, which counts from 0, to
// before end.
//
// # GitHub and SARIF
//
// Both are formats of others. Their columns count UTF-16 code units and are left
// out where the file cannot be read. The rules of a SARIF document are those that
// have a result. See the [workflow commands] and [SARIF 2.1.0].
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

// A Format is a way to print diagnostics. It is a flag's value (pflag.Value).
type Format string

// The formats.
const (
	Text   Format = "text"   // file:line:col: message [code], for people
	JSON   Format = "json"   // one document, for programs
	GitHub Format = "github" // commands of a workflow, which make annotations of them
	SARIF  Format = "sarif"  // SARIF 2.1.0, for code scanning
)

// Formats returns the names of all formats.
func Formats() []string {
	return []string{string(Text), string(JSON), string(GitHub), string(SARIF)}
}

// String returns the name.
func (f *Format) String() string { return string(*f) }

// Set takes a name.
func (f *Format) Set(name string) error {
	if !slices.Contains(Formats(), name) {
		return fmt.Errorf("must be one of %s", strings.Join(Formats(), ", "))
	}
	*f = Format(name)
	return nil
}

// Type returns what the value is called in a usage message.
func (f *Format) Type() string { return "format" }

// Options say how to print.
type Options struct {
	Dir      string // what the paths of diagnostics are relative to; the current folder by default
	Root     string // GitHub, SARIF: what printed paths are relative to, if they are below it; the current folder by default
	Version  string // SARIF: of the tool
	Snippets bool   // text: show the line of each diagnostic, its fix, and where to read on
	Colour   bool   // text: use colours
	Width    int    // text: columns of the terminal, which the line of a snippet does not exceed; 80 by default
}

// Print prints diagnostics, which may be none. It reads the files that they are
// about, to see what text is meant; one that cannot be read does no harm.
func Print(w io.Writer, list diag.List, format Format, opts Options) error {
	files := &sources{dir: opts.Dir}
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

// severity returns "error" or "warning", which is what all formats call them.
func severity(code diag.Code) string {
	if code.Warning() {
		return "warning"
	}
	return "error"
}

// meaning returns what a code stands for. One that the language does not have
// stands for itself.
func meaning(code diag.Code) diag.Meaning {
	for _, m := range diag.Codes() {
		if m.Code == code {
			return m
		}
	}
	return diag.Meaning{Code: code, Title: string(code), Summary: string(code)}
}
