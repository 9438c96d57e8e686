package main

import (
	"fmt"
	"go/token"
	"io"
	"slices"
	"strings"
)

// A column of the table.
type column struct {
	title string
	cell  func(row) string
}

// tableOf returns a table of the rows. What is long stands last, so that it pushes
// nothing else aside.
func tableOf(rows []row, f filter) *table {
	columns := []column{
		{"RESOURCE", func(r row) string { return r.short }},
		{"METHOD", func(r row) string { return r.method.Name }},
		{"ACTION", func(r row) string { return r.method.Action }},
		{"REQUIREMENT", row.who},
		{positionTitle, func(r row) string { return fmt.Sprintf("%s:%d", visible(r.Pos.Filename), r.Pos.Line) }},
	}
	if slices.ContainsFunc(rows, func(r row) bool { return r.pkg != rows[0].pkg }) {
		columns = slices.Insert(columns, 0, column{"PACKAGE", func(r row) string { return r.pkg.Name }})
	}
	if len(f.scopes) > 0 {
		columns = slices.Insert(columns, len(columns)-2, column{"OPENS", row.opens})
	}
	if slices.ContainsFunc(rows, func(r row) bool { return len(r.routes) > 0 }) {
		columns = append(columns, column{routesTitle, row.patterns})
	}
	var t table
	for _, r := range rows {
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = c.cell(r)
		}
		t.lines = append(t.lines, line)
	}
	t.lines = foldHead(t.lines, slices.IndexFunc(columns, func(c column) bool { return c.title == "METHOD" }))
	for _, c := range columns {
		t.titles = append(t.titles, c.title)
	}
	return &t
}

// noRoutes is the cell of what has no routes.
const noRoutes = "-"

// The titles of columns that a narrow terminal does not get.
const (
	positionTitle = "POSITION"
	routesTitle   = "ROUTES"
)

// printRows prints a table of the rows. If it would be wider than the columns of
// the terminal, the routes of a row stand below it, and if that is not enough,
// no positions are printed. Columns are 0 where there is no terminal.
func printRows(w io.Writer, rows []row, f filter, columns int) error {
	t := tableOf(rows, f)
	var below []string
	if columns > 0 && t.width() > columns {
		below = t.take(routesTitle)
	}
	if columns > 0 && t.width() > columns {
		t.take(positionTitle)
	}
	return t.print(w, below)
}

// foldHead drops the lines of HEAD that say nothing else than those of GET, which
// are before them.
func foldHead(lines [][]string, method int) [][]string {
	var folded [][]string
	for _, line := range lines {
		if n := len(folded); n > 0 && line[method] == "HEAD" {
			get := slices.Clone(line)
			if get[method] = "GET"; slices.Equal(get, folded[n-1]) {
				continue
			}
		}
		folded = append(folded, line)
	}
	return folded
}

// who says who gets past the guard.
func (r row) who() string {
	var who []string
	if r.method.Anonymous {
		who = append(who, "anonymous")
	}
	if r.OAuth2 {
		scopes := r.method.Requires.String()
		if len(r.method.Requires) == 1 && len(r.method.Requires[0]) > 1 && (r.method.Anonymous || r.APITokens) {
			scopes = "(" + scopes + ")"
		}
		who = append(who, scopes)
	}
	if r.APITokens {
		who = append(who, "API token")
	}
	if len(who) == 0 {
		who = append(who, "nobody")
	}
	text := strings.Join(who, " or ")
	if !r.OAuth2 {
		text += " (oauth2=deny)"
	}
	return text
}

// opens says whether the scopes of --scope open the method.
func (r row) opens() string {
	if len(r.missing) == 0 {
		return "yes"
	}
	return "with " + strings.Join(r.missing, " and ")
}

// patterns returns the patterns of the routes, each once and on a line of its own.
func (r row) patterns() string {
	var patterns []string
	for _, route := range r.routes {
		if p := visible(route.Pattern); !slices.Contains(patterns, p) {
			patterns = append(patterns, p)
		}
	}
	if len(patterns) == 0 {
		return noRoutes
	}
	return strings.Join(patterns, "\n")
}

// unreadNote says what could not be read, so that nobody takes a route that is not
// listed for one that there is not.
func unreadNote(w io.Writer, unread []token.Position) {
	const few = 10
	if len(unread) == 0 {
		return
	}
	var where []string
	for _, pos := range unread[:min(len(unread), few)] {
		where = append(where, fmt.Sprintf("%s:%d", visible(pos.Filename), pos.Line))
	}
	more := ""
	if n := len(unread) - few; n > 0 {
		more = fmt.Sprintf(" and %d more", n)
	}
	fmt.Fprintf(w, "webapi-gen: %s of resources could not be read, so routes may be missing: %s%s\n",
		count(len(unread), "registration"), strings.Join(where, ", "), more)
}

// listJSON is what list --json prints.
type listJSON struct {
	Methods []rowJSON      `json:"methods"`
	Unread  []positionJSON `json:"unread"`
}

type rowJSON struct {
	callJSON
	Action    string       `json:"action"`
	APITokens bool         `json:"apitokens"`
	Position  positionJSON `json:"position"`
	Routes    []routeJSON  `json:"routes"`
	Missing   *[]string    `json:"missing,omitempty"` // with --scope only
}

type routeJSON struct {
	Pattern  string       `json:"pattern"`
	List     bool         `json:"list"`
	Position positionJSON `json:"position"`
}

type positionJSON struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

func position(pos token.Position) positionJSON {
	return positionJSON{pos.Filename, pos.Line, pos.Column}
}

func positions(list []token.Position) []positionJSON {
	all := make([]positionJSON, len(list))
	for i, pos := range list {
		all[i] = position(pos)
	}
	return all
}

func rowsJSON(rows []row, f filter) []rowJSON {
	list := make([]rowJSON, len(rows))
	for i, r := range rows {
		list[i] = rowJSON{
			callJSON: r.json(), Action: r.method.Action, APITokens: r.APITokens, Position: position(r.Pos),
			Routes: []routeJSON{},
		}
		for _, route := range r.routes {
			list[i].Routes = append(list[i].Routes, routeJSON{route.Pattern, route.List, position(route.Pos)})
		}
		if len(f.scopes) > 0 {
			missing := nonNil(r.missing)
			list[i].Missing = &missing
		}
	}
	return list
}
