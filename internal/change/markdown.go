package change

import (
	"fmt"
	"strings"
)

// Markdown returns a report for the comment on a change request.
func (r *Report) Markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### Who may do what\n\n%s.\n", sentenceCase(r.Summary()))
	if len(r.Changes) > 0 {
		fmt.Fprint(&b, "\n| what | change | before | after | for example |\n|---|---|---|---|---|\n")
	}
	for _, c := range r.Changes {
		var list []string
		for _, e := range c.Examples {
			list = append(list, cell(e.String()))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n",
			code(c.Subject), emphasised(c.Labels), code(c.Before), code(c.After), strings.Join(list, "<br>"))
	}
	if len(r.Unused)+len(r.Unmet) > 0 {
		fmt.Fprintln(&b)
	}
	for _, s := range r.Unused {
		fmt.Fprintf(&b, "- No method needs the scope %s any more.\n", span(s))
	}
	for _, m := range r.Unmet {
		fmt.Fprintf(&b, "- No declared scopes meet the requirement of %s.\n", span(m))
	}
	return b.String()
}

func sentenceCase(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// emphasised returns labels with those in bold that are a question of security.
func emphasised(labels []Label) string {
	list := make([]string, len(labels))
	for i, l := range labels {
		if list[i] = string(l); l == Widened || l == Anonymous {
			list[i] = "**" + list[i] + "**"
		}
	}
	return strings.Join(list, ", ")
}

// cell escapes what would be markup in a table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "@", "&#64;").Replace(text)
}

// code returns text in a code span that stands in a table.
func code(text string) string { return strings.ReplaceAll(span(text), "|", `\|`) }

// span returns text in a code span.
func span(text string) string {
	if text == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	if len(fence) > 1 {
		text = " " + text + " "
	}
	return fence + text + fence
}
