package generator

import (
	"bytes"
	"go/token"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// Stale returns what [Result.Write] would mend, as diagnostics about the outputs:
// those that are missing, those that have another content, at the first line
// that differs, and those that no resource wants any more.
func (r *Result) Stale() diag.List {
	var list diag.List
	for _, f := range r.Files {
		pos := token.Position{Filename: f.Path}
		switch f.Status {
		case Created:
			list.Add(pos, diag.OutputMissing, "this file is missing: webapi-gen would write it")
		case Changed:
			pos.Line, pos.Column = firstDifference(f.Old, f.Content.Bytes()), 1
			list.Add(pos, diag.OutputChanged, "this file is not up to date: from this line on, webapi-gen would write something else")
		case Removed:
			list.Add(pos, diag.OutputOrphaned, "no resource wants this file any more: webapi-gen would remove it")
		}
	}
	return list
}

// firstDifference returns the number of the first line of which two texts have
// something else.
func firstDifference(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return 1 + bytes.Count(a[:n], []byte("\n"))
}
