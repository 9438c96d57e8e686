package report

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// The document, which the package comment describes.
type document struct {
	Version     int          `json:"version"`
	Diagnostics []diagnostic `json:"diagnostics"`
}

type diagnostic struct {
	File      string    `json:"file"`
	Line      int       `json:"line,omitempty"`
	Column    int       `json:"column,omitempty"`
	EndLine   int       `json:"endLine,omitempty"`
	EndColumn int       `json:"endColumn,omitempty"`
	Severity  string    `json:"severity"`
	Code      diag.Code `json:"code"`
	Title     string    `json:"title"`
	Message   string    `json:"message"`
	Fix       *fix      `json:"fix,omitempty"`
}

type fix struct {
	Message string `json:"message"`
	Edits   []edit `json:"edits"`
}

type edit struct {
	Offset int    `json:"offset"`
	End    int    `json:"end"`
	New    string `json:"new"`
}

func printJSON(list diag.List, files *sources) (string, error) {
	doc := document{Version: 1, Diagnostics: []diagnostic{}}
	for _, d := range list {
		item := diagnostic{
			File: filepath.ToSlash(d.Pos.Filename), Line: d.Pos.Line, Column: d.Pos.Column,
			Severity: severity(d.Code), Code: d.Code, Title: meaning(d.Code).Title, Message: d.Message, Fix: fixOf(d),
		}
		if s, ok := files.span(d); ok && s.start >= 0 {
			item.EndLine, item.EndColumn = d.Pos.Line, s.end+1
		}
		doc.Diagnostics = append(doc.Diagnostics, item)
	}
	return encode(doc)
}

func fixOf(d diag.Diagnostic) *fix {
	if d.Fix == nil {
		return nil
	}
	f := &fix{Message: d.Fix.Message, Edits: []edit{}}
	for _, e := range d.Fix.Edits {
		f.Edits = append(f.Edits, edit(e))
	}
	return f
}

// encode returns a document that a person can read, too.
func encode(document any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(document)
	return b.String(), err
}

// WorkflowCommand returns the line by which a workflow makes an annotation of a
// message. The level is error, warning or notice, and properties are names and
// values in turn, of which those without a value are left out.
func WorkflowCommand(level, message string, properties ...string) string {
	var list []string
	for i := 0; i+1 < len(properties); i += 2 {
		if name, value := properties[i], properties[i+1]; value != "" {
			list = append(list, name+"="+commandProperty.Replace(value))
		}
	}
	return fmt.Sprintf("::%s %s::%s\n", level, strings.Join(list, ","), commandData.Replace(message))
}

// printGitHub prints a workflow command for each diagnostic.
func printGitHub(list diag.List, files *sources, opts Options) string {
	var b strings.Builder
	for _, d := range list {
		b.WriteString(WorkflowCommand(severity(d.Code), withFix(d), properties(d, files, opts)...))
	}
	return b.String()
}

func properties(d diag.Diagnostic, files *sources, opts Options) []string {
	file := ""
	if d.Pos.Filename != "" {
		file = opts.Path(d.Pos.Filename)
	}
	at := files.region(d)
	return []string{
		"file", file, "line", number(at.line), "col", number(at.column), "endColumn", number(at.end),
		"title", fmt.Sprintf("%s %s", d.Code, meaning(d.Code).Title),
	}
}

// number returns what is counted from 1 as a text, and "" for 0.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// withFix is the message, and what would mend it on a line of its own.
func withFix(d diag.Diagnostic) string {
	if d.Fix == nil {
		return d.Message
	}
	return d.Message + "\nfix: " + d.Fix.Message
}

// The escapes of workflow commands (actions/toolkit, packages/core/src/command.ts).
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
