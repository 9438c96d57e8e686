// Package report prints diagnostics: for people, for programs and for the
// services that show them beside a change.
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
	Version  string // of the tool
	Snippets bool   // text: show the line of each diagnostic, with a caret below it
	Colour   bool   // text: use colours
}

// Print prints diagnostics, which may be none.
func Print(w io.Writer, list diag.List, format Format, opts Options) error {
	_, err := fmt.Fprintln(w, list)
	return err
}
