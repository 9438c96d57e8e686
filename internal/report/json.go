package report

import (
	"encoding/json"
	"path/filepath"
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
