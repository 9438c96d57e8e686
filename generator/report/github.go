package report

import (
	"fmt"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// printGitHub prints a workflow command for each diagnostic.
func printGitHub(list diag.List, files *sources, opts Options) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "::%s %s::%s\n", severity(d.Code), properties(d, files, opts), commandData.Replace(withFix(d)))
	}
	return b.String()
}

func properties(d diag.Diagnostic, files *sources, opts Options) string {
	var list []string
	add := func(name string, value any) {
		list = append(list, name+"="+commandProperty.Replace(fmt.Sprint(value)))
	}
	if d.Pos.Filename != "" {
		add("file", opts.path(d.Pos.Filename))
	}
	at := files.region(d)
	if at.line > 0 {
		add("line", at.line)
	}
	if at.column > 0 {
		add("col", at.column)
		add("endColumn", at.end)
	}
	add("title", fmt.Sprintf("%s %s", d.Code, meaning(d.Code).Title))
	return strings.Join(list, ",")
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
