package export

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/webapi-gen/webapi-gen/model"
)

// Markdown describes an API as a page of GitHub Flavored Markdown, with a line for each
// operation, so that a change of who may do what is a line in its diff.
func Markdown(api *API) string {
	m := markdown{API: api}
	m.line("# Who may call what")
	if api.Module != "" {
		m.line("The API of %s. Whom an operation allows is what the guards in its source decide, the least powerful of several alternatives first.", code(api.Module))
	} else {
		m.line("Whom an operation allows is what the guards in its source decide, the least powerful of several alternatives first.")
	}
	if api.NotLookedAt != "" {
		m.line("**Routes were not looked at**: %s.", escaped(api.NotLookedAt))
	}
	m.operations()
	m.scopes()
	m.severalGuards()
	m.bare()
	m.unmounted()
	m.unread()
	return m.String()
}

type markdown struct {
	strings.Builder
	*API
}

// line writes a paragraph or a heading.
func (m *markdown) line(format string, args ...any) {
	fmt.Fprintf(m, "\n"+format+"\n", args...)
}

// table writes a table, whose cells are Markdown.
func (m *markdown) table(head []string, rows [][]string) {
	m.line("| %s |", strings.Join(head, " | "))
	m.WriteString(strings.Repeat("|---", len(head)) + "|\n")
	for _, row := range rows {
		m.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
}

func (m *markdown) operations() {
	m.line("## Operations")
	head := []string{"resource", "operation", "action", "allowed", "routes"}
	if m.NotLookedAt != "" {
		head = head[:len(head)-1]
	}
	var rows [][]string
	for _, r := range m.Resources {
		for _, o := range r.Operations {
			row := []string{code(r.ID), code(o.Name), escaped(o.Action), m.allowed(&r, &o), m.routes(&o)}
			rows = append(rows, row[:len(head)])
		}
	}
	if len(rows) == 0 {
		m.line("There is none.")
		return
	}
	m.table(head, rows)
}

// allowed returns whom an operation allows.
func (m *markdown) allowed(r *Resource, o *Operation) string {
	var list []string
	switch {
	case o.Public:
		return "everybody: it is public"
	case o.Anonymous:
		list = append(list, "no credentials")
	case o.Authenticated && r.OAuth2:
		list = append(list, "any valid token")
	}
	for _, all := range o.Requires {
		list = append(list, codes(all, " and "))
	}
	if o.APITokens {
		list = append(list, "an API token")
	}
	if len(list) == 0 {
		list = append(list, "no token")
	}
	separator := " or "
	if slices.ContainsFunc(o.Requires, func(all []string) bool { return len(all) > 1 }) {
		separator = ", or "
	}
	allowed := strings.Join(list, separator)
	if len(o.ACR) > 0 {
		allowed += "; after a login by " + codes(o.ACR, " or ")
	}
	if o.MaxAge > 0 {
		allowed += "; after a login within " + model.FormatAge(time.Duration(o.MaxAge)*time.Second)
	}
	return allowed
}

// routes returns the routes of an operation.
func (m *markdown) routes(o *Operation) string {
	var list []string
	for _, r := range o.Routes {
		list = append(list, code(r.Method+" "+known(r.Pattern)))
	}
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, "<br>")
}

func (m *markdown) scopes() {
	m.line("## Scopes")
	if len(m.Scopes) == 0 {
		m.line("There is none.")
		return
	}
	head := []string{"scope", "allows", "includes"}
	if !slices.ContainsFunc(m.Scopes, func(s Scope) bool { return len(s.Implies) > 0 }) {
		head = head[:2]
	}
	var rows [][]string
	for _, s := range m.Scopes {
		rows = append(rows, []string{code(s.Name), escaped(s.Text), codes(s.Implies, ", ")}[:len(head)])
	}
	m.table(head, rows)
}

// severalGuards writes the routes whose requests need more than what the table of operations
// has.
func (m *markdown) severalGuards() {
	var rows [][]string
	get := map[string]bool{}
	for _, r := range m.Routes {
		if r.Guard == Guarded && r.Methods[0] == "GET" {
			get[r.Pattern] = true
		}
		if r.Guard != Guarded || r.Methods[0] == "HEAD" && get[r.Pattern] || len(r.Guards) < 2 && r.By == "" && r.Reason == "" {
			continue
		}
		var list []string
		for _, call := range r.Guards {
			list = append(list, code(call.Operation+":"+call.Resource))
		}
		if r.By != "" {
			list = append(list, escaped(r.By))
		}
		if r.Reason != "" {
			list = append(list, "perhaps more: "+escaped(r.Reason))
		}
		rows = append(rows, []string{code(methods(&r) + " " + known(r.Pattern)), strings.Join(list, "<br>")})
	}
	if len(rows) > 0 {
		m.line("## Routes with further guards")
		m.line("A request must get through all of them.")
		m.table([]string{"route", "guards"}, rows)
	}
}

// bare writes the routes that no guard of a resource protects.
func (m *markdown) bare() {
	if m.NotLookedAt != "" {
		return
	}
	m.line("## Routes without the guard of a resource")
	var rows [][]string
	for _, r := range m.Routes {
		if r.Guard == Guarded {
			continue
		}
		state := string(r.Guard)
		switch r.Guard {
		case Unguarded:
			state = "**unguarded**: nothing that is known"
		case Unknown:
			state = "**not readable**"
		case Wrapped:
			state = "guarded by " + escaped(r.By)
		case Public:
			if r.Why != "" {
				state += ": " + escaped(r.Why)
			}
		}
		if r.Reason != "" {
			state += ": " + escaped(r.Reason)
		}
		rows = append(rows, []string{code(methods(&r) + " " + known(r.Pattern)), state, code(r.Handler)})
	}
	if len(rows) == 0 {
		m.line("There is none.")
		return
	}
	m.table([]string{"route", "what stands before the handler", "handler"}, rows)
}

func (m *markdown) unmounted() {
	var list []string
	for _, r := range m.Resources {
		if r.Unmounted {
			list = append(list, r.ID)
		}
	}
	if len(list) > 0 {
		m.line("## Resources that nothing mounts")
		m.line("No route that could be read has the guard of %s.", codes(list, ", "))
	}
}

func (m *markdown) unread() {
	seen := map[string]bool{}
	for _, u := range m.Unread {
		item := escaped(u.Reason)
		if u.File != "" {
			item = code(u.File) + ": " + item
		}
		if seen[item] {
			continue
		}
		if len(seen) == 0 {
			m.line("## What could not be read")
			m.line("Routes may be missing on this page.")
			m.WriteString("\n")
		}
		seen[item] = true
		m.WriteString("- " + item + "\n")
	}
}

// methods returns the methods of a route, * for all.
func methods(r *Route) string {
	if len(r.Methods) == 0 {
		return "*"
	}
	return strings.Join(r.Methods, ",")
}

// known returns a pattern, ? if it is not known.
func known(pattern string) string {
	if pattern == "" {
		return "?"
	}
	return pattern
}

// code returns words as code in a cell of a table.
func code(words string) string {
	words = oneLine(words)
	if words == "" {
		return ""
	}
	fence := "`"
	for strings.Contains(words, fence) {
		fence += "`"
	}
	if strings.HasPrefix(words, "`") || strings.HasSuffix(words, "`") {
		words = " " + words + " "
	}
	return fence + strings.ReplaceAll(words, "|", `\|`) + fence
}

func codes(list []string, separator string) string {
	marked := make([]string, len(list))
	for i, words := range list {
		marked[i] = code(words)
	}
	return strings.Join(marked, separator)
}

// escaped returns words in which nothing is markup.
func escaped(words string) string {
	var b strings.Builder
	for _, c := range oneLine(words) {
		switch {
		case c == '&':
			b.WriteString("&amp;")
		case c == '<':
			b.WriteString("&lt;")
		case strings.ContainsRune("\\`*_[]|~$", c):
			b.WriteString("\\" + string(c))
		default:
			b.WriteRune(c)
		}
	}
	return b.String()
}

// oneLine returns words without line breaks and other control characters.
func oneLine(words string) string {
	return strings.Join(strings.FieldsFunc(words, func(c rune) bool { return c < ' ' || c == '\u007f' || c == '\u0085' || c == '\u2028' || c == '\u2029' }), " ")
}
