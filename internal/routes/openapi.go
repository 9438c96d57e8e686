package routes

import (
	"cmp"
	"strings"
)

// OpenAPIPath returns a pattern as a path of OpenAPI: :id, {id:[0-9]+} and {id...} become
// {id}, and a wildcard without a name {path}. It leaves out a host. It returns "" if nothing
// of the pattern is known.
func OpenAPIPath(pattern string) string {
	_, pattern = splitHost(pattern)
	if !strings.HasPrefix(pattern, "/") {
		return ""
	}
	var b strings.Builder
	for _, s := range segmentsOf(pattern[1:]) {
		b.WriteByte('/')
		if name, ok := strings.CutPrefix(s, "*"); ok {
			b.WriteString("{" + cmp.Or(name, "path") + "}")
			continue
		}
		if name, ok := strings.CutPrefix(s, ":"); ok {
			b.WriteString("{" + name + "}")
			continue
		}
		for s != "" {
			before, word, after, found := cutBraces(s)
			b.WriteString(before)
			if name, _, _ := strings.Cut(strings.TrimSuffix(word, "..."), ":"); found && name != "$" {
				b.WriteString("{" + name + "}")
			}
			s = after
		}
	}
	return b.String()
}
