package change

import (
	"fmt"
	"strings"
)

// Text returns a report for a terminal: each change with what it was, what it is
// and an example, then what has become of the catalogue.
func (r *Report) Text() string {
	var b strings.Builder
	for _, c := range r.Changes {
		fmt.Fprintln(&b, strings.Join(c.lines(), "\n  "))
	}
	for _, s := range r.Unused {
		fmt.Fprintf(&b, "scope %s: no method needs it any more\n", s)
	}
	for _, m := range r.Unmet {
		fmt.Fprintf(&b, "unmet: no declared scopes meet the requirement of %s\n", m)
	}
	fmt.Fprintln(&b, r.Summary())
	return b.String()
}

// lines says what has changed, what it was, what it is and an example. The labels
// come first: no line begins with a text of the declarations, which a workflow
// could take for a command.
func (c Change) lines() []string {
	lines := []string{fmt.Sprintf("%s: %s", join(c.Labels), c.Subject)}
	if c.Before != "" {
		lines = append(lines, "- "+c.Before)
	}
	if c.After != "" {
		lines = append(lines, "+ "+c.After)
	}
	for _, e := range c.Examples {
		lines = append(lines, "  "+e.String())
	}
	return lines
}

// Summary returns how many changes have each label: "2 changes: 1 widened, 1 text".
func (r *Report) Summary() string {
	if len(r.Changes) == 0 {
		return "no change of who may do what"
	}
	var parts []string
	for _, l := range r.Labels() {
		n := 0
		for _, c := range r.Changes {
			if c.Has(l) {
				n++
			}
		}
		parts = append(parts, fmt.Sprintf("%d %s", n, l))
	}
	noun := "changes"
	if len(r.Changes) == 1 {
		noun = "change"
	}
	return fmt.Sprintf("%d %s: %s", len(r.Changes), noun, strings.Join(parts, ", "))
}

func join(labels []Label) string {
	list := make([]string, len(labels))
	for i, l := range labels {
		list[i] = string(l)
	}
	return strings.Join(list, ", ")
}
