package change

import (
	"fmt"
	"strings"
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
		text := fmt.Sprintf("%s: %s", c.Subject, join(c.Labels))
		for _, part := range []string{c.Before, c.After} {
			text += "\n" + part
		}
		for _, e := range c.Examples {
			text += "\n" + e.String()
		}
		at := ""
		if file, line := place(c); file != "" {
			at = fmt.Sprintf("file=%s,line=%d,", property.Replace(file), line)
		}
		fmt.Fprintf(&b, "::%s %stitle=%s::%s\n", level, at, property.Replace(join(c.Labels)), data.Replace(text))
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

// How workflow commands escape what is said, and their properties.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
