package change

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/report"
)

// Text returns a report for a terminal: each change with the lines before and after
// and its examples, then what is unknown, unused scopes and unmet
// requirements.
func (r *Report) Text() string {
	var b strings.Builder
	for _, c := range r.Changes {
		fmt.Fprintln(&b, strings.Join(c.lines(), "\n  "))
	}
	for _, t := range r.Unknown {
		fmt.Fprintf(&b, "unknown: a lock file does not tell whether type %s is there still, without its guard\n", t)
	}
	for _, s := range r.Unused {
		fmt.Fprintf(&b, "scope %s: no method needs it any more\n", s)
	}
	for _, m := range r.Unmet {
		fmt.Fprintf(&b, "unmet: no declared scopes meet the requirement of %s\n", m)
	}
	fmt.Fprintln(&b, r.summary())
	return b.String()
}

// lines returns the labels and the subject, the lines before and after, and the
// examples. No line begins with a text of the declarations, which a workflow could
// take for a command.
func (c Change) lines() []string {
	lines := []string{fmt.Sprintf("%s: %s", strings.Join(c.Labels, ", "), c.Subject)}
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

// summary returns the number of changes with each label: "2 changes: 1 widened, 1 text".
func (r *Report) summary() string {
	if len(r.Changes) == 0 {
		return "no change of who may do what"
	}
	var counts []string
	for _, l := range r.Labels() {
		n := 0
		for _, c := range r.Changes {
			if c.Has(l) {
				n++
			}
		}
		counts = append(counts, fmt.Sprintf("%d %s", n, l))
	}
	noun := "changes"
	if len(r.Changes) == 1 {
		noun = "change"
	}
	return fmt.Sprintf("%d %s: %s", len(r.Changes), noun, strings.Join(counts, ", "))
}

// Markdown returns a report for a comment on a pull request.
func (r *Report) Markdown() string {
	var b strings.Builder
	summary := r.summary()
	fmt.Fprintf(&b, "### Who may do what\n\n%s.\n", strings.ToUpper(summary[:1])+summary[1:])
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
	if len(r.Unknown)+len(r.Unused)+len(r.Unmet) > 0 {
		fmt.Fprintln(&b)
	}
	for _, t := range r.Unknown {
		fmt.Fprintf(&b, "- A lock file does not tell whether type %s is there still, without its guard.\n", span(t))
	}
	for _, s := range r.Unused {
		fmt.Fprintf(&b, "- No method needs the scope %s any more.\n", span(s))
	}
	for _, m := range r.Unmet {
		fmt.Fprintf(&b, "- No declared scopes meet the requirement of %s.\n", span(m))
	}
	return b.String()
}

// emphasised returns labels, those that matter for security in bold.
func emphasised(labels []Label) string {
	return strings.NewReplacer(Unguarded, "**unguarded**", Widened, "**widened**", Anonymous, "**anonymous**", Unchecked, "**unchecked**").Replace(strings.Join(labels, ", "))
}

// cell escapes markup for a cell of a table.
func cell(text string) string {
	return markup.Replace(text)
}

var markup = strings.NewReplacer("|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "<", "&lt;", "[", `\[`, "@", "&#64;")

// code returns text as a code span within a table.
func code(text string) string { return strings.ReplaceAll(span(text), "|", `\|`) }

func span(text string) string {
	if text == "" {
		return ""
	}
	longest, run := 0, 0 // of backticks
	for i := range len(text) {
		if run++; text[i] != '`' {
			run = 0
		}
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	if len(fence) > 1 {
		text = " " + text + " "
	}
	return fence + text + fence
}

// GitHub returns the changes as workflow commands, which GitHub shows as annotations:
// an error if the change has a label of failOn, a warning if it changes access, else
// a notice. location returns the file and line of the annotation.
func (r *Report) GitHub(failOn []Label, location func(Change) (file string, line int)) string {
	var b strings.Builder
	for _, c := range r.Changes {
		level := "notice"
		switch {
		case c.hasAny(failOn):
			level = "error"
		case c.hasAny([]Label{Widened, Narrowed, Anonymous, Unchecked, Closed}):
			level = "warning"
		}
		file, line := location(c)
		at := ""
		if line > 0 {
			at = strconv.Itoa(line)
		}
		b.WriteString(report.WorkflowCommand(level, strings.Join(c.lines(), "\n"), "file", file, "line", at, "title", strings.Join(c.Labels, ", ")))
	}
	return b.String()
}

func (c Change) hasAny(labels []Label) bool { return slices.ContainsFunc(labels, c.Has) }

// Has reports whether any change has one of the labels.
func (r *Report) Has(labels []Label) bool {
	return slices.ContainsFunc(r.Changes, func(c Change) bool { return c.hasAny(labels) })
}

// JSON returns a report for programs: an object with the lists changes, unknown,
// unused and unmet. Each change has subject, labels, before, after and examples. Each example
// has method, credentials ("none", "oauth2" or "apitoken"), scopes and now, which is
// true for a request that is now allowed.
func (r *Report) JSON() (string, error) {
	type example struct {
		Example
		Text string `json:"text"`
	}
	type item struct {
		Change
		Examples []example `json:"examples,omitempty"`
	}
	out := struct {
		Version int      `json:"version"`
		Changes []item   `json:"changes"`
		Unknown []string `json:"unknown"`
		Unused  []string `json:"unused"`
		Unmet   []string `json:"unmet"`
	}{1, []item{}, append([]string{}, r.Unknown...), append([]string{}, r.Unused...), append([]string{}, r.Unmet...)}
	for _, c := range r.Changes {
		i := item{Change: c}
		for _, e := range c.Examples {
			i.Examples = append(i.Examples, example{e, e.String()})
		}
		out.Changes = append(out.Changes, i)
	}
	return report.EncodeJSON(out)
}
