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
		// The labels come first: no line begins with a text of the declarations,
		// which a workflow could take for a command.
		fmt.Fprintf(&b, "%s: %s\n", join(c.Labels), c.Subject)
		if c.Before != "" {
			fmt.Fprintf(&b, "  - %s\n", c.Before)
		}
		if c.After != "" {
			fmt.Fprintf(&b, "  + %s\n", c.After)
		}
		for _, e := range c.Examples {
			fmt.Fprintf(&b, "    %s\n", e)
		}
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
