package report

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

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
	doc := struct { // described in the package comment
		Version     int          `json:"version"`
		Diagnostics []diagnostic `json:"diagnostics"`
	}{Version: 1, Diagnostics: []diagnostic{}}
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
	return EncodeJSON(doc)
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

// EncodeJSON returns a value as indented JSON.
func EncodeJSON(v any) (string, error) {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.String(), err
}

// WorkflowCommand returns the workflow command that annotates a file with a
// message, with escapes for invisible characters other than line feeds. The level is error, warning or notice. Properties are alternating names
// and values; those with an empty value are left out.
func WorkflowCommand(level, message string, properties ...string) string {
	var list []string
	for i := 0; i+1 < len(properties); i += 2 {
		if name, value := properties[i], properties[i+1]; value != "" {
			list = append(list, name+"="+commandProperty.Replace(diag.Visible(value)))
		}
	}
	return fmt.Sprintf("::%s %s::%s\n", level, strings.Join(list, ","), commandData.Replace(VisibleLines(message)))
}

// VisibleLines is [diag.Visible] for a text of several lines, in which tabs stay too.
func VisibleLines(text string) string {
	return visibleRuns.ReplaceAllStringFunc(text, diag.Visible)
}

var visibleRuns = regexp.MustCompile(`[^\n\t]+`)

func printGitHub(list diag.List, files *sources, opts Options) string {
	var b strings.Builder
	for _, d := range list {
		file, message, r := "", d.Message, files.region(d)
		if d.Pos.Filename != "" {
			file = opts.Path(d.Pos.Filename)
		}
		if d.Fix != nil {
			message += "\nfix: " + d.Fix.Message
		}
		b.WriteString(WorkflowCommand(severity(d.Code), message,
			"file", file, "line", number(r.line), "col", number(r.column), "endColumn", number(r.end),
			"title", fmt.Sprintf("%s %s", d.Code, meaning(d.Code).Title)))
	}
	return b.String()
}

// number returns n in decimal, or "" for 0, which stands for unknown.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// The escapes of workflow commands (actions/toolkit, packages/core/src/command.ts).
var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
