package change

import (
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/report"
)

// GitHub returns the changes as commands of a workflow, which make annotations of
// them: an error for those that fail has one of failOn, else a warning where
// access changes, else a notice. place returns the file and line that a change
// is shown at.
func (r *Report) GitHub(failOn []Label, place func(Change) (file string, line int)) string {
	var b strings.Builder
	for _, c := range r.Changes {
		level := "notice"
		switch {
		case c.hasAny(failOn):
			level = "error"
		case c.hasAny([]Label{Widened, Narrowed, Anonymous, Closed}):
			level = "warning"
		}
		file, line := place(c)
		at := ""
		if line > 0 {
			at = strconv.Itoa(line)
		}
		b.WriteString(report.WorkflowCommand(level, strings.Join(c.lines(), "\n"), "file", file, "line", at, "title", join(c.Labels)))
	}
	return b.String()
}

func (c Change) hasAny(labels []Label) bool {
	for _, l := range labels {
		if c.Has(l) {
			return true
		}
	}
	return false
}

// Has reports whether any change has one of the labels.
func (r *Report) Has(labels []Label) bool {
	for _, c := range r.Changes {
		if c.hasAny(labels) {
			return true
		}
	}
	return false
}
